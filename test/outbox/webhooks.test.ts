// The option `webhooks`: signed requests after a write, tried again, given up, and never to where they must not go.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Registry } from "prom-client";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { openDatabase } from "../../src/database/database.js";
import { Store } from "../../src/database/store.js";
import { jsonRequest } from "../../src/http/json-request.js";
import { Messages } from "../../src/outbox/messages.js";
import { isPublic, publicLookup } from "../../src/outbox/public-address.js";
import type { WebhookOptions } from "../../src/outbox/webhook-options.js";
import { keepLines } from "../observe/lines.js";
import { onEveryDatabase } from "../support/matrix.js";
import { ddl, until } from "./shop.js";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const former = `whsec_${Buffer.alloc(24, 9).toString("base64")}`;

interface Got {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Keeps what it gets, and answers as it is told to. */
async function receiver(answer: (response: ServerResponse, nth: number) => void) {
  const got: Got[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    got.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    answer(response, got.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

const ok = (response: ServerResponse) => void response.writeHead(204).end();

onEveryDatabase(
  ddl,
  (place) => {
    beforeEach(async () => {
      if (await place.db().knex.schema.hasTable("sapwood_outbox")) await place.db().knex("sapwood_outbox").del();
    });

    async function open(webhook: Partial<WebhookOptions>, more: ApiOptions = {}): Promise<Api> {
      const usual = { table: "orders", url: "https://example.org", secret, retries: [0.02, 0.02] };
      const api = await createApi(place.db().url, { webhooks: [{ ...usual, ...webhook }], ...more });
      ends.push(() => api.close());
      return api;
    }
    const order = (api: Api, title: string) => api.handle(jsonRequest("POST /orders", { body: { title } }));
    const rows = () => place.db().knex("sapwood_outbox");
    const dead = () => until(async () => (await rows()).some((row) => Number(row.dead) === 1));

    test("is signed by Standard Webhooks", async () => {
      const { got, url } = await receiver(ok);
      const api = await open({ url, allowPrivate: true, on: ["create"], secret: [secret, former] });
      await order(api, "signed");
      await api.handle(jsonRequest("PATCH /orders?title=signed", { body: { total: 1 } }));
      await until(async () => got.length > 0 && (await rows()).length === 0);
      expect(got).toHaveLength(1);
      const [{ headers, body }] = got as [Got];
      for (const key of [secret, former])
        expect(new Webhook(key).verify(body, headers as Record<string, string>)).toMatchObject({
          type: "orders.create",
          data: { title: "signed", total: null },
        });
      expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow();
      expect(headers["content-type"]).toBe("application/json");
    });

    test("is tried again with the same id until it is a 2xx", async () => {
      const { got, url } = await receiver((response, nth) => void response.writeHead(nth < 3 ? 503 : 200).end());
      const api = await open({ url, allowPrivate: true });
      await order(api, "again");
      await until(async () => got.length > 0 && (await rows()).length === 0);
      expect(got).toHaveLength(3);
      expect(new Set(got.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    });

    test("is given up behind the last attempt, and delivered when it is asked for again", async () => {
      let works = false;
      const { got, url } = await receiver(
        (response) => void response.writeHead(works ? 200 : 500).end("x".repeat(100)),
      );
      const { logger, lines } = keepLines();
      const registry = new Registry();
      const api = await open({ url, allowPrivate: true }, { logger, metrics: { registry } });
      await order(api, "dead");
      await dead();
      expect(got).toHaveLength(3);
      const database = openDatabase(place.db().url);
      ends.push(() => database.close());
      const messages = new Messages(new Store(database));
      const [listed] = await messages.list(10, 0);
      expect(listed).toMatchObject({ type: "orders.create", attempts: 3, dead: true, error: "answered 500" });
      expect(lines.filter(({ level }) => level === "error")).toHaveLength(1);
      expect(JSON.stringify(lines)).not.toContain("whsec_");
      const metrics = await registry.metrics();
      const of = `database="main",queue="${listed?.queue}"`;
      expect(metrics).toContain(`sapwood_outbox_messages{${of},state="dead"} 1`);
      expect(metrics).toContain(`sapwood_outbox_attempts_total{${of},outcome="dead"} 1`);
      works = true;
      expect(await messages.again()).toBe(1);
      await order(api, "wakes it");
      await until(async () => (await rows()).length === 0);
      expect(got.map(({ body }) => JSON.parse(body).data.title).sort()).toEqual([
        "dead",
        "dead",
        "dead",
        "dead",
        "wakes it",
      ]);
    }, 30_000);

    test("follows no redirect", async () => {
      const { got: elsewhere, url: other } = await receiver(ok);
      const { got, url } = await receiver((response) => void response.writeHead(307, { location: other }).end());
      const api = await open({ url, allowPrivate: true, retries: [] });
      await order(api, "redirected");
      await dead();
      expect(got).toHaveLength(1);
      expect(elsewhere).toEqual([]);
      expect((await rows())[0].error).toBe("answered 307; redirects are not followed");
    });

    test("reads nothing of an endless answer, and waits no longer than it may", async () => {
      let streams = 0;
      const { url } = await receiver((response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write("x".repeat(65_536)), 1);
        response.on("close", () => {
          clearInterval(timer);
          streams++;
        });
      });
      const api = await open({ url, allowPrivate: true });
      await order(api, "endless");
      await until(async () => streams > 0 && (await rows()).length === 0);
      const silent = await receiver(() => {});
      const waiting = await open({ url: silent.url, allowPrivate: true, retries: [], timeout: 0.1 });
      await order(waiting, "silent");
      await dead();
      expect((await rows()).find((row) => Number(row.dead) === 1).error).toBe("took longer than 0.1 seconds");
    });

    test.each([
      ["an address of this machine", "https://127.0.0.1:1/hook"],
      ["a name that leads to it", "https://localhost:1/hook"],
      ["an IPv6 address of it", "https://[::1]:1/hook"],
      ["the cloud's metadata", "https://169.254.169.254/latest/meta-data"],
      ["an IPv4 address in IPv6", "https://[::ffff:10.0.0.1]/hook"],
      ["an address in other digits", "https://2130706433/hook"],
    ])("never goes to %s", async (kind, url) => {
      const api = await open({ url, retries: [] });
      await order(api, kind);
      await dead();
      expect((await rows())[0].error).toMatch(/^leads to an address that is not of the internet/);
    });

    test("a row's messages wait for each other, and for no other row's", async () => {
      const { got, url } = await receiver((response, nth) => void response.writeHead(nth === 1 ? 500 : 200).end());
      const api = await open({ url, allowPrivate: true, retries: [3600] });
      await order(api, "stuck");
      await until(() => got.length === 1);
      await api.handle(jsonRequest("PATCH /orders?title=stuck", { body: { total: 1 } }));
      await order(api, "goes on");
      await until(() => got.length === 2);
      expect(JSON.parse(got[1]?.body ?? "{}").data.title).toBe("goes on");
      await until(async () => (await rows()).length === 2);
      expect((await rows().orderBy("id")).map((row) => row.attempts)).toEqual([1, 0]);
    }, 30_000);
  },
  ["sqlite", "postgres"],
);

test.each([
  ["8.8.8.8", true],
  ["2606:4700::1111", true],
  ["0.0.0.0", false],
  ["10.1.2.3", false],
  ["100.64.0.1", false],
  ["127.255.0.1", false],
  ["169.254.169.254", false],
  ["172.31.255.255", false],
  ["192.168.0.1", false],
  ["198.18.0.1", false],
  ["224.0.0.1", false],
  ["255.255.255.255", false],
  ["::", false],
  ["::1", false],
  ["::ffff:8.8.8.8", false],
  ["64:ff9b::a00:1", false],
  ["fe80::1", false],
  ["fd00::1", false],
  ["ff02::1", false],
  ["2002:a00:1::", false],
  ["2001::1", false],
  ["example.org", false],
])("%s is of the internet: %s", (address, is) => expect(isPublic(address)).toBe(is));

test("a name is connected to at the address that was looked at, and one bad address is enough", async () => {
  const asked = (options: object) =>
    new Promise<unknown>((resolve) => publicLookup("localhost", options, (error) => resolve(error?.message)));
  expect(await asked({})).toMatch(/not of the internet/);
  expect(await asked({ all: true })).toMatch(/not of the internet/);
});
