// LISTEN on a connection whose server goes without a word: it is found out, and what was missed is looked for.
import pg from "pg";
import { expect, test, vi } from "vitest";
import { listen } from "../../src/dialect/postgres/listen.js";
import { startRelay } from "../server/relay.js";
import { databases, type TestDatabase } from "../support/databases.js";

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
    const listening = listen(connect, () => heard++, { every: 100, patience: 200 });
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
