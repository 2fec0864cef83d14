// examples/sync: rows are copied into a second database, none lost and none twice, though its server goes away and ours stops.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
// @ts-expect-error an example is plain JavaScript
import { copiesBy } from "../../examples/sync/copies.mjs";
import { jsonRequest } from "../../src/http/json-request.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { until } from "../outbox/shop.js";
import { type Relay, startRelay } from "../server/relay.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";

const [sqlite, ...others] = databases as [TestDatabase, ...TestDatabase[]];
const orders = "CREATE TABLE orders (id INTEGER PRIMARY KEY, title VARCHAR(40) NOT NULL)";

describe.each(others)("into $name", (database) => {
  describe.skipIf(database.skip)("a server of two databases", () => {
    let shop: Created;
    let warehouse: Created;
    let relay: Relay;
    let server: RunningServer;
    const begin = () =>
      serve(
        { databases: { shop: { db: shop.url, outbox: [copiesBy(jsonRequest)] }, warehouse: relay.url } },
        { port: 0, logLevel: "silent" },
      );
    beforeAll(async () => {
      [shop, warehouse] = [await sqlite.create(`${orders};`), await database.create(orders)];
      relay = await startRelay(warehouse.url);
      server = await begin();
    });
    afterAll(async () => {
      await server?.close();
      await relay?.down();
      await shop?.drop();
      await warehouse?.drop();
    });
    const send = (method: string, path: string, body?: unknown) =>
      fetch(`${server.api}/shop${path}`, {
        method,
        headers: { "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const make = async (first: number, last: number) => {
      for (let id = first; id <= last; id++)
        expect((await send("POST", "/orders", { id, title: `n${id}` })).status).toBe(201);
    };
    const copied = async () => (await warehouse.knex("orders").orderBy("id")).map(({ id, title }) => `${id} ${title}`);
    const waiting = async () => Number((await shop.knex("sapwood_outbox").count({ n: "*" }))[0]?.n);

    test("none is lost and none is there twice", async () => {
      await make(1, 10);
      // Some are copied, some are not, when it goes away.
      await relay.down();
      await make(11, 20);
      expect((await send("PATCH", "/orders/3", { title: "changed" })).status).toBe(200);
      expect((await send("DELETE", "/orders/4")).status).toBe(204);
      expect(await waiting()).toBeGreaterThan(0);
      await relay.up();
      await until(async () => (await waiting()) === 0);
      // Ours stops while there is something left: the next one goes on.
      await relay.down();
      await make(21, 25);
      expect(await waiting()).toBeGreaterThan(0);
      await server.close();
      await relay.up();
      server = await begin();
      await until(async () => (await waiting()) === 0);
      const expected = Array.from({ length: 25 }, (_, i) => i + 1)
        .filter((id) => id !== 4)
        .map((id) => `${id} ${id === 3 ? "changed" : `n${id}`}`);
      expect(await copied()).toEqual(expected);
    }, 120_000);
  });
});
