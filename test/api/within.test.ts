// A context inside a transaction: one session for everything, one commit for everybody.
import { expect, test } from "vitest";
import { openDatabase } from "../../src/database/database.js";
import type { Database } from "../../src/database/session.js";
import type { RequestContext } from "../../src/run/context.js";
import type { TableHooks } from "../../src/run/hooks.js";
import { transaction } from "../../src/run/transaction.js";
import { onEveryServer } from "../support/matrix.js";

const table = "CREATE TABLE notes (text VARCHAR(20) NOT NULL);";
const insert = "INSERT INTO notes (text) VALUES ('one')";
const count = "SELECT count(*) FROM notes";

const someHooks = new Map([["notes", {} as TableHooks]]);

onEveryServer({ sqlite: table, postgres: table, mariadb: table }, (place) => {
  const counted = async ({ run }: Pick<Database, "run">) => Number((await run(count, [])).rows[0]?.[0]);

  async function inside(
    work: (inner: RequestContext, done: string[]) => Promise<void>,
    hooks = new Map(),
  ): Promise<string[]> {
    const database = openDatabase(place.db().url);
    const { dialect } = database;
    const context = { session: database, snapshot: { dialect, hooks, runs: new Map() } } as unknown as RequestContext;
    const done: string[] = [];
    try {
      await transaction(context, (inner) => work(inner, done));
      done.push(`and ${await counted(database)} kept`);
    } catch (error) {
      done.push(`${(error as Error).message}, and ${await counted(database)} kept`);
    } finally {
      await database.run("DELETE FROM notes", []);
      await database.close();
    }
    return done;
  }

  for (const [kind, hooks] of [
    ["without hooks", new Map()],
    ["with hooks", someHooks],
  ] as const) {
    test(`${kind}, a transaction in it is the same one, and what waits for a commit waits for the outer one`, async () => {
      const done = await inside(async (inner, done) => {
        await transaction(inner, async (_, session) => {
          expect(session.run).toBe(inner.session.run);
          await session.run(insert, []);
          session.onCommit(async () => void done.push("committed"));
        });
        expect(await counted(inner.session)).toBe(1);
        done.push("outer ends");
      }, hooks);
      expect(done).toEqual(["outer ends", "committed", "and 1 kept"]);
    });

    test(`${kind}, when the outer one fails, nothing is kept and nothing that waited is done`, async () => {
      const done = await inside(async (inner, done) => {
        await transaction(inner, async (_, session) => {
          await session.run(insert, []);
          session.onCommit(async () => void done.push("committed"));
        });
        throw new Error("no");
      }, hooks);
      expect(done).toEqual(["no, and 0 kept"]);
    });
  }

  test("hooks have it as knex's, and without any of them nobody has", async () => {
    await inside(async ({ session }) => expect(session.trx).toBeUndefined());
    await inside(async ({ session }) => {
      await session.run(insert, []);
      expect(await session.trx?.("notes").select()).toEqual([{ text: "one" }]);
    }, someHooks);
  });
});
