// examples/sync as it is started, and killed in the middle of its work again and again: no row is lost, none is there twice.
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Running, start } from "../cli/cli.js";
import { until } from "../outbox/shop.js";
import { type Created, mariadb, postgres, sqlite } from "../support/databases.js";

const config = fileURLToPath(new URL("../../examples/sync/sapwood.config.mjs", import.meta.url));
const orders = "CREATE TABLE orders (id INTEGER PRIMARY KEY, title VARCHAR(40) NOT NULL)";

/** How long it lives each time, in milliseconds. */
const lives = [300, 50, 700, 150, 20];

describe.each([
  [sqlite, postgres],
  [postgres, mariadb],
])("from $0.name into $1.name", (from, into) => {
  describe.skipIf(from.skip ?? into.skip)("a server that is killed", () => {
    let shop: Created;
    let warehouse: Created;
    let server: Running | undefined;
    beforeAll(async () => {
      [shop, warehouse] = [await from.create(`${orders};`), await into.create(orders)];
    });
    afterAll(async () => {
      server?.signal("SIGKILL");
      await server?.ended;
      await shop?.drop();
      await warehouse?.drop();
    });
    const begin = () =>
      start(["serve", "--config", config, "--port", "0"], { SHOP_URL: shop.url, WAREHOUSE_URL: warehouse.url });
    /** A killed process has its lease for up to a minute: as if that were over. */
    const endLease = () => shop.knex("sapwood_lanes").update({ held_until: 0 });
    const rows = (database: Created) => database.knex("orders").select("id", "title").orderBy("id");

    test("every write that was answered is in both, once", { timeout: 120_000 }, async () => {
      const answered = new Set<number>();
      let next = 1;
      for (const life of lives) {
        const running = await begin();
        server = running;
        const isOver = setTimeout(life, "over");
        const writing = Array.from({ length: 4 }, async () => {
          for (;;) {
            const id = next++;
            const answer = await fetch(`${running.url}/api/shop/orders`, {
              method: "POST",
              headers: { "content-type": "application/json" },
              body: JSON.stringify({ id, title: `n${id}` }),
            });
            if (answer.status !== 201) throw new Error(await answer.text());
            answered.add(id);
            await setTimeout(20);
          }
        });
        await isOver;
        running.signal("SIGKILL");
        // Each ends by its cut connection.
        const ends = await Promise.allSettled(writing);
        expect(ends.map((end) => end.status === "rejected" && end.reason.message)).toEqual(
          ends.map(() => expect.stringMatching(/fetch failed|terminated/)),
        );
        await running.ended;
        await endLease();
      }
      server = await begin();
      await until(async () => Number((await shop.knex("sapwood_outbox").count({ n: "*" }))[0]?.n) === 0);
      const made = await rows(shop);
      expect(await rows(warehouse)).toEqual(made);
      const ids = new Set(made.map(({ id }) => Number(id)));
      expect([...answered].filter((id) => !ids.has(id))).toEqual([]);
      expect(answered.size).toBeGreaterThan(lives.length);
    });
  });
});
