// The database has done it, and its answer is lost on the way: whoever asked is told that nobody can say whether it was done.
import { afterEach, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { onEveryDatabase } from "../support/matrix.js";
import { startRelay } from "./relay.js";

const notes = "CREATE TABLE notes (id INTEGER PRIMARY KEY, body VARCHAR(50))";
const unknown = /Nobody can say whether the change was kept: look at the rows before you send it again\.$/;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

onEveryDatabase(
  { sqlite: "", postgres: notes, mariadb: notes },
  (place) => {
    async function open(options: ApiOptions) {
      const relay = await startRelay(place.db().url);
      ends.push(relay.down);
      const api = await createApi(relay.url, { poolMin: 0, poolMax: 1, ...options });
      ends.push(() => api.close());
      const post = async (path: string, value: unknown) => {
        const request = { method: "POST", path, query: "", prefix: "", raw: undefined };
        const body = async () => ({ kind: "parsed", value }) as const;
        const answer = await api.handle({ ...request, header: () => undefined, body });
        return { status: answer?.status, detail: JSON.parse(answer?.body ?? "{}").detail };
      };
      return { relay, post };
    }
    const ids = () => place.db().knex("notes").orderBy("id").pluck("id");

    test("of a statement that is its own transaction", async () => {
      const { relay, post } = await open({ statementTimeout: 1 });
      expect((await post("/notes", { id: 1, body: "a" })).status).toBe(201);
      relay.mute();
      expect(await post("/notes", { id: 2, body: "a" })).toEqual({
        status: 504,
        detail: expect.stringMatching(unknown),
      });
      expect(await ids()).toEqual([1, 2]);
    }, 60_000);

    test.each([
      ["the dialect's own", {}],
      ["knex's", { overrides: [{ name: "notes", preSave: () => {} }] }],
    ])(
      "of a commit, %s",
      async (_whose, options: ApiOptions) => {
        const { relay, post } = await open(options);
        const before = await ids();
        const body = { id: before.length + 1, body: "a" };
        expect((await post("/batch", [{ method: "POST", path: "/notes", body }])).status).toBe(200);
        relay.mute("COMMIT");
        const asked = post("/batch", [{ method: "POST", path: "/notes", body: { ...body, id: body.id + 1 } }]);
        while ((await ids()).length < before.length + 2) await new Promise((resolve) => setTimeout(resolve, 50));
        // Its end is heard, as of a server that has gone.
        await relay.down();
        expect(await asked).toEqual({ status: 503, detail: expect.stringMatching(unknown) });
      },
      60_000,
    );
  },
  ["postgres", "mariadb"],
);
