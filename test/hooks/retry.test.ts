// Writes that meet: run again as a whole, body and hooks included, until they succeed or have been tried often enough.
import Database from "better-sqlite3";
import express from "express";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeRoutes } from "../../adapters/express.js";
import type { HookContext } from "../../src/run/hooks.js";
import { isProblem } from "../conformance/case.js";
import { deferred } from "../fixtures/deferred.js";
import type { App } from "../support/apps.js";
import { listen, request } from "../support/http.js";
import { onEveryServer, type Place } from "../support/matrix.js";

const table = `
CREATE TABLE pots (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, amount INTEGER NOT NULL DEFAULT 0);
INSERT INTO pots (id, name, amount) VALUES (1, 'one', 0), (2, 'two', 0);`;
const ddl = { sqlite: table, postgres: table, mariadb: table };

/** Opens when so many have come, and stays open. */
function barrier(size: number): () => Promise<void> {
  let [arrived, open] = [0, () => {}];
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    if (++arrived === size) open();
    return opened;
  };
}

type Hook = (context: HookContext) => unknown;

/** An app whose hooks can be changed from test to test; `seen` is what preSave and afterCommit were called with. */
function hooked(place: Place, retries?: number) {
  const state = { hook: undefined as Hook | undefined, saved: [] as unknown[], committed: 0, app: {} as App };
  beforeAll(async () => {
    state.app = await place.app({
      ...(retries === undefined ? {} : { retries }),
      hooks: {
        preSave: (context) => {
          state.saved.push(structuredClone(context.body));
          return state.hook?.(context);
        },
        afterCommit: () => void state.committed++,
      },
    });
  });
  afterEach(async () => {
    Object.assign(state, { hook: undefined, saved: [], committed: 0 });
    await place.db().knex("pots").update({ name: "as before", amount: 0 });
  });
  return state;
}

/** Locks the other row, waits until the other request has done so too, and then wants its own: one of the two must give way. */
const crossing = (): Hook => {
  const both = barrier(2);
  return async ({ trx, params, body }) => {
    body.name = `${body.name}!`;
    await trx?.("pots")
      .where("id", params.id === "1" ? 2 : 1)
      .increment("amount", 1);
    await both();
  };
};

const cross = ({ app }: { app: App }, headers = {}) =>
  Promise.all([1, 2].map((id) => app.ask(`PATCH /pots/${id}`, { body: { name: `pot ${id}` }, headers })));

onEveryServer(
  ddl,
  (place) => {
    describe("a deadlock of two writes", () => {
      const state = hooked(place);

      test("both succeed, one of them at its second try, which begins with the body that was sent", async () => {
        state.hook = crossing();
        const answers = await cross(state);
        expect(answers.map(({ status }) => status)).toEqual([200, 200]);
        expect(answers.map(({ json }) => json.name)).toEqual(["pot 1!", "pot 2!"]);
        const names = state.saved.map((body) => (body as { name: string }).name);
        // At load the second try may meet the other one again.
        expect(names.length).toBeGreaterThanOrEqual(3);
        expect(new Set(names)).toEqual(new Set(["pot 1", "pot 2"]));
        expect(state.committed).toBe(2);
        expect(await place.db().knex("pots").orderBy("id")).toMatchObject([
          { name: "pot 1!", amount: 1 },
          { name: "pot 2!", amount: 1 },
        ]);
      });

      test("of two batches: the whole of one runs again", async () => {
        const both = barrier(2);
        let firsts = 0;
        state.hook = ({ body }) => (body.name === "first" ? void firsts++ : both());
        const entry = (id: number, name: string) => ({ method: "PATCH", path: `/pots/${id}`, body: { name } });
        const batch = (one: number, other: number) => [entry(one, "first"), entry(other, "second")];
        const answers = await Promise.all([
          state.app.ask("POST /batch", { body: batch(1, 2) }),
          state.app.ask("POST /batch", { body: batch(2, 1) }),
        ]);
        expect(answers.map(({ status }) => status)).toEqual([200, 200]);
        expect([firsts, state.saved.length, state.committed]).toEqual([3, 6, 4]);
        const names = await place.db().knex("pots").orderBy("id").pluck("name");
        expect([...names].sort()).toEqual(["first", "second"]);
      });

      test("when it is only tried, too", async () => {
        state.hook = crossing();
        const answers = await cross(state, { prefer: "tx=rollback" });
        expect(answers.map(({ status }) => status)).toEqual([200, 200]);
        expect(state.saved.length).toBeGreaterThanOrEqual(3);
        expect(state.committed).toBe(0);
      });
    });

    describe("with retries: 0", () => {
      const state = hooked(place, 0);

      test("one of the two is a 409", async () => {
        state.hook = crossing();
        const answers = await cross(state);
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
        isProblem(answers.find(({ status }) => status === 409) as never, 409, "conflict");
        expect(state.saved).toHaveLength(2);
      });
    });

    describe("a row that somebody else keeps locked", () => {
      const state = hooked(place, 2);

      test("is asked for three times, and then it is a 409", async () => {
        const outer = await place.db().knex.transaction();
        try {
          await outer("pots").where("id", 1).update({ name: "mine" });
          state.hook = ({ trx }) => trx?.raw("SELECT id FROM pots WHERE id = 1 FOR UPDATE NOWAIT");
          isProblem(await state.app.ask("PATCH /pots/1", { body: { name: "yours" } }), 409, "conflict");
          expect([state.saved.length, state.committed]).toEqual([3, 0]);
        } finally {
          await outer.rollback();
        }
        expect((await state.app.ask("PATCH /pots/1", { body: { name: "yours" } })).status).toBe(200);
      });
    });
  },
  ["postgres", "mariadb"],
);

onEveryServer(
  ddl,
  (place) => {
    test("two serializable transactions that read what the other writes", async () => {
      const knex = place.db().knex;
      await knex.raw(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$",
      );
      const both = barrier(2);
      const app = await place.app({
        hooks: {
          preSave: async ({ trx, body }) => {
            const [row] = (await trx?.("pots").sum({ all: "amount" })) ?? [];
            await both();
            body.amount = Number(row?.all) + 1;
          },
        },
      });
      const answers = await Promise.all([1, 2].map((id) => app.ask(`PATCH /pots/${id}`, { body: { name: "sum" } })));
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(answers.map(({ json }) => json.amount).sort()).toEqual([1, 2]);
    });
  },
  ["postgres"],
);

onEveryServer(
  ddl,
  (place) => {
    const state = hooked(place);
    const patience = hooked(place, 1);
    /** Has the file for itself, until so many milliseconds after `leave` was called. */
    const occupy = () => {
      const other = new Database(place.db().url.replace(/^sqlite:/, ""));
      other.exec("BEGIN IMMEDIATE; UPDATE pots SET amount = 7 WHERE id = 2");
      return { leave: (after = 1) => setTimeout(() => other.open && other.exec("COMMIT").close(), after) };
    };

    test("a file that another connection began to write: the write succeeds once that is done", async () => {
      state.hook = ({ body }) => {
        // The lock was free when the transaction began; its first write is to come yet.
        if (state.saved.length === 1) occupy().leave(200);
        body.name += "!";
      };
      const answer = await state.app.ask("PATCH /pots/1", { body: { name: "mine" } });
      expect([answer.status, answer.json.name]).toEqual([200, "mine!"]);
      expect(state.saved).toEqual([{ name: "mine" }, { name: "mine" }]);
      expect(state.committed).toBe(1);
    });

    test("and is a 409 when it is never done, after which everything goes on", async () => {
      const other = occupy();
      isProblem(await patience.app.ask("PATCH /pots/1", { body: { name: "mine" } }), 409, "conflict");
      // No hook was asked of a write that could not begin.
      expect(patience.saved).toEqual([]);
      expect((await patience.app.ask("GET /pots/1")).json.name).toBe("as before");
      other.leave();
      expect((await patience.app.ask("PATCH /pots/1", { body: { name: "mine" } })).status).toBe(200);
    });

    test("what a hook does to a body that the app had parsed is not seen by the second try", async () => {
      let tries = 0;
      const api = await makeRoutes(place.db().url, {
        hooks: {
          preSave: ({ body }) => {
            if (tries++ === 0) occupy().leave(200);
            const parts = body.name as unknown as string[];
            parts.push("!");
            body.name = parts.join("");
          },
        },
      });
      const { base, close } = await listen(express().use(express.json()).use(api));
      const answer = await request(base, "PATCH", "/pots/1", { body: { name: ["a", "b"] } });
      expect([tries, answer.status, answer.json.name]).toEqual([2, 200, "ab!"]);
      await close();
      await api.close();
    });
  },
  ["sqlite"],
);

onEveryServer(
  deferred,
  (place) => {
    test("a commit that is refused leaves nothing behind, and no transaction open", async () => {
      const app = await place.app({ hooks: { preSave: () => {} } });
      for (let i = 0; i < 12; i++)
        isProblem(await app.ask("POST /leaves", { body: { id: 1, tree_id: 7 } }), 409, "foreign_key_violation");
      expect((await app.ask("GET /leaves")).json).toEqual([]);
      expect((await app.ask("POST /trees", { body: { id: 7 } })).status).toBe(201);
      expect((await app.ask("POST /leaves", { body: { id: 1, tree_id: 7 } })).status).toBe(201);
    });
  },
  ["sqlite", "postgres"],
);
