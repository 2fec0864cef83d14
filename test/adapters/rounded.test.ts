// Numbers that a parser of the host has read before the API did: what a column would keep wrong is refused, and says what to try.
import { bodyParser } from "@koa/bodyparser";
import express from "express";
import Koa from "koa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRoutes as expressRoutes } from "../../adapters/express.js";
import { makeRoutes as koaRoutes } from "../../adapters/koa.js";
import type { ApiOptions } from "../../src/api/options.js";
import { isProblem } from "../conformance/case.js";
import { type Created, databases } from "../support/databases.js";
import { type Listening, listen, request } from "../support/http.js";

const ddl = `
  CREATE TABLE amounts (
    id BIGINT PRIMARY KEY, whole BIGINT, price DECIMAL(10,2), exact DECIMAL(30,10), measure DOUBLE PRECISION, label VARCHAR(40)
  );
  CREATE TABLE parts (id INTEGER PRIMARY KEY, amount_id BIGINT REFERENCES amounts (id));
  INSERT INTO amounts (id) VALUES (1);`;

interface Host {
  readonly base: string;
  close(): Promise<void>;
}

const hosts = {
  "express.json() before the API": async (url: string, options: ApiOptions): Promise<Host> => {
    const api = await expressRoutes(url, options);
    return closing(await listen(express().use(express.json()).use(api)), api);
  },
  "@koa/bodyparser before the API": async (url: string, options: ApiOptions): Promise<Host> => {
    const api = await koaRoutes(url, options);
    return closing(await listen(new Koa().use(bodyParser()).use(api.routes()).callback()), api);
  },
};

const closing = ({ base, close }: Listening, api: { close(): Promise<void> }): Host => ({
  base,
  close: () => close().then(() => api.close()),
});

const advice =
  /digits in a JSON parser that ran before the API: send it as a text, or mount the API before that parser/;

for (const { name, create, skip } of databases) {
  describe.skipIf(skip).each(Object.entries(hosts))(`${name}, %s`, (_, start) => {
    let database: Created;
    let host: Host;
    const seen: unknown[] = [];
    beforeAll(async () => {
      database = await create(ddl);
      const preSave = ({ body }: { body: Record<string, unknown> }) => void seen.push(body.measure);
      host = await start(database.url, { overrides: [{ name: "amounts", preSave }] });
    });
    afterAll(async () => {
      await host?.close();
      await database?.drop();
    });
    const send = (line: string, body: string) => {
      const [method = "", path = ""] = line.split(" ");
      return request(host.base, method, path, { body, headers: { "content-type": "application/json" } });
    };

    test.each([
      ["POST /amounts", '{"id":2,"whole":9007199254740993}', "whole"],
      ["POST /amounts", '{"id":9007199254740993}', "id"],
      ["POST /amounts", '{"id":2,"exact":1234567890123456.7891}', "exact"],
      ["POST /amounts", '{"id":2,"exact":12345678901234567890}', "exact"],
      ["POST /amounts", '[{"id":2},{"id":3,"whole":-9007199254740993}]', "[1].whole"],
      ["PATCH /amounts/1", '{"whole":9007199254740993}', "whole"],
      ["PATCH /amounts?id=1", '{"whole":9007199254740993}', "whole"],
      ["PUT /amounts/1", '{"exact":1234567.1234567890123}', "exact"],
      ["POST /parts", '{"id":1,"amount":{"id":2,"whole":9007199254740993}}', "amount.whole"],
    ])("%s %s is a 422", async (line, body, field) => {
      const refused = await send(line, body);
      isProblem(refused, 422, "invalid_value");
      expect(refused.json.errors[0]).toMatchObject({ field, message: expect.stringMatching(advice) });
      expect(await database.knex("amounts").count({ n: "*" })).toEqual([{ n: expect.anything() }]);
      expect((await request(host.base, "GET", "/amounts")).json).toHaveLength(1);
    });

    test("a row is not named by one either: a nested parent, an entry of a batch", async () => {
      const nested = await send("POST /parts", '{"id":1,"amount":{"id":9007199254740993}}');
      isProblem(nested, 422, "invalid_value");
      const batch = '[{"method":"POST","path":"/amounts","body":{"id":9007199254740993}}]';
      isProblem(await send("POST /batch", batch), 422, "invalid_value");
    });

    test("what is certain is taken", async () => {
      const sent = '{"id":9007199254740991,"whole":"9007199254740993","price":0.3,"exact":0.5,"label":"x"}';
      const made = await send("POST /amounts", sent);
      expect(made.status, made.text).toBe(201);
      expect(made.text).toContain('"whole":9007199254740993');
      expect(made.json.price).toBe(0.3);
      expect((await send("DELETE /amounts/9007199254740991", "")).status).toBe(204);
    });

    test("columns of doubles keep doubles, and hooks find numbers", async () => {
      seen.length = 0;
      const made = await send("POST /amounts", '{"id":5,"measure":13.404953999999975}');
      expect([made.status, made.json.measure]).toEqual([201, 13.404953999999975]);
      expect((await send("PATCH /amounts/5", '{"measure":1e300}')).json.measure).toBe(1e300);
      expect(seen).toEqual([13.404953999999975, 1e300]);
      await send("DELETE /amounts/5", "");
    });
  });
}
