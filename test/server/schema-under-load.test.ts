// Tables changed at random through /schema/tables while clients read and write them: nobody gets a 5xx but 503 with Retry-After.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { type Created, everyDatabase } from "../support/databases.js";
import { request } from "../support/http.js";

const CLIENTS = 8;
const CHANGES = 40;
const PATH = "/schema/tables/things";

/** Numbers from 0 to below `most`, the same in each run (a linear congruential generator). */
function numbersFrom(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * most);
  };
}

const types = ["string(20)", "string(40)", "text", "integer", "bigint", "boolean", "date", "json"];

/** A change that fits the columns there are, and the columns after it. */
function anyChange(columns: readonly string[], i: number, random: (most: number) => number): [object, string[]] {
  const [picked = ""] = columns.slice(random(columns.length));
  const rest = columns.filter((name) => name !== picked);
  const fresh = `c${i}`;
  const what = columns.length === 0 ? 0 : random(5);
  const type = types[random(types.length)];
  if (what <= 1) return [{ add: [{ name: fresh, type }] }, [...columns, fresh]];
  if (what === 2) return [{ rename: { [picked]: fresh } }, [...rest, fresh]];
  if (what === 3) return [{ drop: [picked] }, rest];
  return [{ change: [{ name: picked, type: "string(60)" }] }, [...columns]];
}

for (const database of everyDatabase) {
  describe.skipIf(database.skip)(`tables changed under load on ${database.name}`, () => {
    let created: Created;
    let server: RunningServer;
    beforeAll(async () => {
      created = await database.create();
      server = await serve(created.url, { port: 0, schemaRoutes: true });
      await send("POST", "/schema/tables", {
        name: "things",
        columns: [
          { name: "id", type: "increments" },
          { name: "name", type: "string(20)", notNull: true, default: "new" },
        ],
      });
    });
    afterAll(async () => {
      await server?.close();
      await created?.drop();
    });
    const send = (method: string, path: string, body?: unknown) => request(server.url, method, path, { body });

    test(`${CHANGES} changes, and ${CLIENTS} clients`, { timeout: 300_000 }, async () => {
      const bad: unknown[] = [];
      const met = new Map<number, number>();
      let isOver = false;
      const ask = async (method: string, path: string, body?: unknown) => {
        const answer = await send(method, path, body);
        met.set(answer.status, (met.get(answer.status) ?? 0) + 1);
        const isBusy = answer.status === 503 && answer.headers["retry-after"] !== undefined;
        if (answer.status >= 500 && !isBusy) bad.push([method, path, answer.status, answer.json]);
        return answer;
      };
      const client = async (n: number) => {
        const random = numbersFrom(n);
        while (!isOver) {
          const id = 1 + random(20);
          const all = [
            () => ask("POST", "/api/things", { name: `n${id}` }),
            () => ask("GET", "/api/things?limit=5&order-by=name:asc"),
            () => ask("GET", `/api/things/${id}`),
            () => ask("PATCH", `/api/things/${id}`, { name: `m${id}` }),
            () => ask("GET", "/api/things?select=name,count()&limit=3"),
          ];
          await all[random(all.length)]?.();
        }
      };
      const clients = Array.from({ length: CLIENTS }, (_, n) => client(n + 1));
      const random = numbersFrom(7);
      let columns: string[] = [];
      let done = 0;
      for (let i = 0; i < CHANGES; i++) {
        const [change, after] = anyChange(columns, i, random);
        const { status } = await ask("PATCH", `${PATH}?allow=breaking`, change);
        if (status === 200) columns = after;
        if (status === 200) done++;
      }
      isOver = true;
      await Promise.all(clients);
      expect(bad).toEqual([]);
      expect(done).toBeGreaterThan(CHANGES / 2);
      expect(met.get(201)).toBeGreaterThan(0);
      const { json } = await send("GET", PATH);
      const names = json.columns.map(({ name }: { name: string }) => name);
      expect(names.sort()).toEqual(["id", "name", ...columns].sort());
      expect(Object.keys((await send("GET", "/api/things/1")).json).sort()).toEqual(names);
    });
  });
}
