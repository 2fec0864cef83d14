// A world inside a transaction: one session for everything, one commit for everybody.
import { expect, test } from "vitest";
import { type Database, openDatabase } from "../../src/api/database.js";
import { transaction, type World, within } from "../../src/api/world.js";
import { onEveryDatabase } from "../support/matrix.js";

const table = "CREATE TABLE notes (text VARCHAR(20) NOT NULL);";
const insert = "INSERT INTO notes (text) VALUES ('one')";
const count = "SELECT count(*) FROM notes";

onEveryDatabase({ sqlite: table, postgres: table, mariadb: table }, (place) => {
  const counted = async ({ run }: Pick<Database, "run">) => Number((await run(count, [])).rows[0]?.[0]);

  async function inside(work: (inner: World, done: string[]) => Promise<void>): Promise<string[]> {
    const database = openDatabase(place.db().url);
    const world = { database } as World;
    const done: string[] = [];
    try {
      await transaction(world, (session) => work(within(world, session), done));
      done.push(`and ${await counted(database)} kept`);
    } catch (error) {
      done.push(`${(error as Error).message}, and ${await counted(database)} kept`);
    } finally {
      await database.run("DELETE FROM notes", []);
      await database.close();
    }
    return done;
  }

  test("a transaction in it is the same one, and what waits for a commit waits for the outer one", async () => {
    const done = await inside(async (inner, done) => {
      await transaction(inner, async (session) => {
        expect(session.trx).toBe(inner.database.trx);
        await session.run(insert, []);
        session.onCommit(async () => void done.push("committed"));
      });
      expect(await counted(inner.database)).toBe(1);
      expect(await inner.database.knex("notes").select()).toEqual([{ text: "one" }]);
      done.push("outer ends");
    });
    expect(done).toEqual(["outer ends", "committed", "and 1 kept"]);
  });

  test("when the outer one fails, nothing is kept and nothing that waited is done", async () => {
    const done = await inside(async (inner, done) => {
      await transaction(inner, async (session) => {
        await session.run(insert, []);
        session.onCommit(async () => void done.push("committed"));
      });
      throw new Error("no");
    });
    expect(done).toEqual(["no, and 0 kept"]);
  });
});
