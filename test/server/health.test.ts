import { describe, expect, test } from "vitest";
import { serve } from "../../src/server/serve.js";
import { databases } from "../support/databases.js";
import { startRelay } from "./relay.js";

for (const database of databases.filter(({ can }) => can.beAway)) {
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
        const probes = ["/health/live", "/livez", "/health/ready", "/readyz"];
        const statuses = () => Promise.all(probes.map(async (path) => (await fetch(server.url + path)).status));
        expect(await statuses()).toEqual([200, 200, 503, 503]);
        expect(away.status).toBe(503);
        expect(away.headers.get("retry-after")).toMatch(/^\d+$/);
        expect(await away.json()).toMatchObject({ code: "database_away" });
        expect([(await list()).status, (await create()).status]).toEqual([503, 503]);
        await relay.up();
        expect((await health()).status).toBe(200);
        expect(await statuses()).toEqual([200, 200, 200, 200]);
        expect([(await list()).status, (await create()).status]).toEqual([200, 201]);
      } finally {
        await server.close();
        await relay.down();
        await created.drop();
      }
    });
  });
}

test("told to stop, it is not ready any more, and answers until --stop-delay has gone by", async () => {
  const server = await serve("sqlite::memory:", { port: 0, stopDelay: 0.5 });
  const ready = () => fetch(`${server.url}/health/ready`);
  expect(await (await ready()).json()).toEqual({ status: "ok" });
  const closed = server.close();
  const answer = await ready();
  expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: "stopping" })]);
  expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
  const others = ["/health/live", "/api"].map(async (path) => (await fetch(server.url + path)).status);
  expect(await Promise.all(others)).toEqual([200, 404]);
  await closed;
  await expect(ready()).rejects.toThrow();
});

test("where callers sign in, anybody may ask whether it lives and is ready, and hears nothing else", async () => {
  const auth = { jwt: { secret: "a secret that is long enough for HS256" } };
  const server = await serve("sqlite::memory:", { port: 0, auth, roles: { member: "*" } });
  for (const path of ["/health/live", "/health/ready"]) {
    const answer = await fetch(server.url + path);
    expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
    expect((await fetch(server.url + path, { method: "POST" })).status).toBe(405);
  }
  await server.close();
});
