// The option `idempotency`: what it takes, which table it makes, and who may write to that.
import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { openDatabase } from "../../src/database/database.js";
import { Store } from "../../src/database/store.js";
import { IdempotentAnswers } from "../../src/idempotency/answers.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { askJson } from "../support/json-request.js";
import { limitedUser } from "../support/limited-user.js";
import { ddl } from "./shop.js";

const [sqlite, postgres] = databases as [TestDatabase, TestDatabase];

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function made(database: TestDatabase): Promise<Created> {
  const created = await database.create(ddl[database.name]);
  ends.push(() => created.drop());
  return created;
}

async function open(url: string, options: ApiOptions): Promise<Api> {
  const api = await createApi(url, options);
  ends.push(() => api.close());
  return api;
}

/** POST with a key. */
const post = (api: Api, key: string, body: unknown) =>
  askJson(api, "POST /orders", body, { headers: { "idempotency-key": key } });

describe("the option", () => {
  test.each([
    [{ idempotency: "yes" }, "options.idempotency: is an object; its options are ttl, create."],
    [{ idempotency: { tll: 1 } }, "options.idempotency.tll: there is no such option. Perhaps you meant 'ttl'."],
    [{ idempotency: { ttl: 0 } }, "options.idempotency.ttl: is a number of seconds from 1 to 31536000, not 0."],
    [{ idempotency: true, readOnly: true }, "options.readOnly: is true, and options.idempotency keeps answers"],
    [{ idempotency: { create: false } }, "options.idempotency: the database has no sapwood_answers"],
  ])("%j is refused", async (options, words) => {
    const { url } = await made(sqlite);
    await expect(createApi(url, options as ApiOptions)).rejects.toThrow(words);
  });

  test("{ create: false } uses the table that is there", async () => {
    const { url } = await made(sqlite);
    await (await createApi(url, { idempotency: true })).close();
    const api = await open(url, { idempotency: { create: false } });
    expect((await post(api, "a", { title: "x" })).status).toBe(201);
  });

  test("{ ttl } is how long an answer is kept", async () => {
    const { url, knex } = await made(sqlite);
    const api = await open(url, { idempotency: { ttl: 60 } });
    const before = Date.now();
    await post(api, "a", { title: "x" });
    const [{ expires_at: end }] = await knex("sapwood_answers");
    expect(end).toBeGreaterThanOrEqual(before + 60_000);
    expect(end).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  test("is in the document, where it is on", async () => {
    const { url } = await made(sqlite);
    const named = async (options: ApiOptions) => {
      const { paths } = (await open(url, options)).openApi();
      const of = (path: string, method: string) => {
        const { [method]: operation, parameters } = paths[path] as Record<string, unknown>;
        return JSON.stringify([operation, parameters]).includes("/Idempotency-Key");
      };
      return [of("/orders", "post"), of("/orders/{id}", "patch"), of("/batch", "post"), of("/orders/{id}", "put")];
    };
    expect(await named({ idempotency: true })).toEqual([true, true, true, false]);
    expect(await named({})).toEqual([false, false, false, false]);
  });
});

test("what has ended is removed, however much it is", async () => {
  const { url, knex } = await made(sqlite);
  await open(url, { idempotency: true });
  const rows = Array.from({ length: 1201 }, (_, i) => ({
    ...{ key_hash: `k${i}`, request_hash: "r", answer: "{}", expires_at: i < 1200 ? i + 1 : Date.now() + 60_000 },
  }));
  for (let at = 0; at < rows.length; at += 100) await knex("sapwood_answers").insert(rows.slice(at, at + 100));
  const database = openDatabase(url);
  ends.push(() => database.close());
  const answers = new IdempotentAnswers(new Store(database), 1000);
  expect([await answers.clean(), await answers.clean(), await answers.clean()]).toEqual([true, true, false]);
  expect(await knex("sapwood_answers").pluck("key_hash")).toEqual(["k1200"]);
});

describe.skipIf(postgres.skip)("PostgreSQL", () => {
  test("who may make no tables is told so at start, and may use one that is there", async () => {
    const created = await made(postgres);
    const user = await limitedUser(postgres, created, ["GRANT SELECT, INSERT ON orders TO {user}"]);
    ends.push(() => user.drop());
    await user.grant("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    await expect(createApi(user.url, { idempotency: true })).rejects.toThrow(
      /^options\.idempotency: the table sapwood_answers cannot be made.*permission denied/,
    );
    await (await createApi(created.url, { idempotency: true })).close();
    await user.grant("GRANT SELECT, INSERT, UPDATE, DELETE ON sapwood_answers TO {user}");
    const api = await open(user.url, { idempotency: { create: false } });
    expect((await post(api, "a", { title: "limited" })).status).toBe(201);
    expect((await post(api, "a", { title: "limited" })).status).toBe(201);
    expect(await created.knex("orders").where({ title: "limited" })).toHaveLength(1);
  });

  test("a caller's own role of the database needs no right to the table", async () => {
    const created = await made(postgres);
    const member = `sapwood_member_${randomBytes(4).toString("hex")}`;
    await created.knex.raw(`CREATE ROLE ${member}; GRANT ALL ON orders TO ${member}`);
    ends.push(() => created.knex.raw(`DROP OWNED BY ${member}; DROP ROLE ${member}`));
    const seen: unknown[] = [];
    const api = await open(created.url, {
      ...{ idempotency: true, roles: { member: "*" }, user: () => ({ sub: "ada", role: "member" }) },
      inDatabase: { roles: { member }, claims: true },
      hooks: {
        postSave: async ({ trx }) => {
          const answer = await trx?.raw("SELECT current_user AS is");
          seen.push(answer.rows[0].is);
        },
      },
    });
    const first = await post(api, "a", { title: "as a member" });
    expect(first.status, JSON.stringify(first.json)).toBe(201);
    expect(await post(api, "a", { title: "as a member" })).toEqual(first);
    expect(seen).toEqual([member]);
  });
});
