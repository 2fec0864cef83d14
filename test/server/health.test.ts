import { describe, expect, test } from "vitest";
import { serve } from "../../src/server/serve.js";
import { databases } from "../support/databases.js";
import { startRelay } from "./relay.js";

for (const database of databases.filter(({ name }) => name !== "sqlite")) {
  describe.skipIf(database.skip)(database.name, () => {
    test("GET /health, GET and POST /api/clubs while the database goes and comes back", async () => {
      const created = await database.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY)");
      const relay = await startRelay(created.url);
      const server = await serve(relay.url, { port: 0 });
      const health = () => fetch(`${server.url}/health`);
      const list = () => fetch(`${server.api}/clubs`);
      const headers = { "content-type": "application/json" };
      const create = () => fetch(`${server.api}/clubs`, { method: "POST", headers, body: '{"id":1}' });
      try {
        expect((await health()).status).toBe(200);
        await relay.down();
        const away = await health();
        expect(away.status).toBe(503);
        expect(away.headers.get("retry-after")).toMatch(/^\d+$/);
        expect(await away.json()).toMatchObject({ code: "database_away" });
        expect([(await list()).status, (await create()).status]).toEqual([503, 503]);
        await relay.up();
        expect((await health()).status).toBe(200);
        expect([(await list()).status, (await create()).status]).toEqual([200, 201]);
      } finally {
        await server.close();
        await relay.down();
        await created.drop();
      }
    });
  });
}
