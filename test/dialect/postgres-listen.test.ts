// LISTEN on a connection whose server goes without a word: it is found out, and what was missed is looked for.
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { expect, test, vi } from "vitest";
import { createApi } from "../../src/api/create.js";
import { listen } from "../../src/dialect/postgres/listen.js";
import { startRelay } from "../server/relay.js";
import { databases, type TestDatabase } from "../support/databases.js";
import { jsonRequest } from "../support/json-request.js";
import { withoutListen } from "../support/without-listen.js";

const [, postgres] = databases as [TestDatabase, TestDatabase];

test.skipIf(postgres.skip)(
  "a heartbeat that nobody answers ends the connection, and the next one hears again",
  async () => {
    const created = await postgres.create("");
    const relay = await startRelay(created.url);
    const connect = async () => {
      const client = new pg.Client({ connectionString: relay.url, connectionTimeoutMillis: 500 });
      client.on("error", () => {});
      await client.connect();
      return client;
    };
    let heard = 0;
    const listening = listen(connect, () => heard++, "sapwood", { every: 100, patience: 200 });
    const notify = () => created.knex.raw("NOTIFY sapwood");
    await listening.ready;
    await notify();
    await vi.waitFor(() => expect(heard).toBe(1), 5_000);

    relay.silence();
    await notify();
    await vi.waitFor(() => expect(listening.isConnected).toBe(false), 5_000);
    expect(heard).toBe(1);

    relay.speak();
    // Made anew, it has missed what was said meanwhile, and says so.
    await vi.waitFor(() => expect([heard, listening.isConnected]).toEqual([2, true]), 10_000);
    await notify();
    await vi.waitFor(() => expect(heard).toBe(3), 5_000);

    await listening.close();
    await relay.down();
    await created.drop();
  },
);

test.skipIf(postgres.skip)("notifyChannel: what is said on this channel is heard, and on no other", async () => {
  const created = await postgres.create("CREATE TABLE clubs (id integer PRIMARY KEY)");
  const api = await createApi(created.url, { notifyChannel: 'Shop "1"' });
  try {
    await created.knex.raw("CREATE TABLE boats (id integer PRIMARY KEY); NOTIFY sapwood; NOTIFY shop");
    await sleep(500);
    expect(api.schema.tables).toHaveLength(1);
    await created.knex.raw(`NOTIFY "Shop ""1"""`);
    await vi.waitFor(() => expect(api.schema.tables).toHaveLength(2), 5_000);
  } finally {
    await api.close();
    await created.drop();
  }
});

test.skipIf(postgres.skip)(
  "a server without LISTEN: the log says what to do, and answers are kept all the same",
  async () => {
    const created = await postgres.create("CREATE TABLE clubs (id integer PRIMARY KEY, name text)");
    const server = await withoutListen(created.url);
    const lines: string[] = [];
    const say = (_fields: object, text = "") => void lines.push(text);
    const logger = { debug: say, info: say, warn: say, error: say };
    const api = await createApi(server.url, { cache: { ttl: 600 }, serverTiming: true, logger });
    try {
      expect(lines).toContainEqual(expect.stringMatching(/^this server has no NOTIFY: set schemaPoll/));
      expect(lines).toContainEqual(expect.stringMatching(/^kept answers are dropped by writes of this process only/));
      expect(api.schemaState.listening).toBe(false);
      const outcome = async () => {
        const answer = await api.handle(jsonRequest("GET", "/clubs"));
        return [
          answer?.headers["server-timing"]?.match(/cache;desc="(\w+)"/)?.[1],
          String(answer?.bytes ?? answer?.body),
        ];
      };
      expect(await outcome()).toEqual(["miss", "[]"]);
      expect(await outcome()).toEqual(["hit", "[]"]);
      expect((await api.handle(jsonRequest("POST", "/clubs", { id: 1, name: "Rowing" })))?.status).toBe(201);
      expect(await outcome()).toEqual(["miss", '[{"id":1,"name":"Rowing"}]']);
    } finally {
      await api.close();
      server.close();
      await created.drop();
    }
  },
);
