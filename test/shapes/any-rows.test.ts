// What GET shows, every write and every filter takes: random rows of random columns. The same in every run; SAPWOOD_ROWS_SEED and
// SAPWOOD_ROWS_TABLES look for more.
import { describe, expect, test } from "vitest";
import { chanceOf } from "../effects/random.js";
import { odderPreludes } from "../fixtures/odder-values.js";
import { preludes } from "../fixtures/types.js";
import { anyFramework } from "../support/apps.js";
import { type Created, type DatabaseName, ddlNameOf, everyDatabase } from "../support/databases.js";
import { anyTable } from "./any-rows.js";
import { RowJudge } from "./row-judge.js";
import { RowUses } from "./row-uses.js";

const { SAPWOOD_ROWS_SEED = "1", SAPWOOD_ROWS_TABLES = "4" } = process.env;
const seed = Number(SAPWOOD_ROWS_SEED);

/** What a session needs to store what is odd. */
const session: Readonly<Record<DatabaseName, readonly string[]>> = {
  sqlite: [],
  postgres: [],
  mariadb: ["SET sql_mode = ''", "SET time_zone = '+00:00'"],
};

async function run({ knex }: Created, name: DatabaseName, sql: string): Promise<boolean> {
  const work = knex.transaction(async (trx) => {
    for (const statement of session[name]) await trx.raw(statement);
    // A `?` is no placeholder.
    await trx.raw(sql.replaceAll("?", "\\?"));
  });
  return work.then(
    () => true,
    () => false,
  );
}

/** Types of MariaDB that MySQL lacks. */
const lacking: Readonly<Record<string, readonly string[]>> = { mysql: ["uuid", "inet4", "inet6"] };

for (const database of everyDatabase)
  describe.skipIf(database.skip)(`${database.name}, seed ${seed}`, () => {
    const name = ddlNameOf(database.name);
    for (let i = 0; i < Number(SAPWOOD_ROWS_TABLES); i++)
      test(`table ${i}`, { timeout: 120_000 }, async () => {
        const chance = chanceOf(seed * 1_000_003 + i);
        const table = anyTable(name, i, chance, new Set(lacking[database.name]));
        const created = await database.create(preludes[name] + odderPreludes[name]);
        try {
          const isKeyed = await run(created, name, table.create);
          if (!isKeyed) expect(await run(created, name, table.plain), table.plain).toBe(true);
          const made = [isKeyed ? table.create : table.plain];
          for (const row of table.rows) if (await run(created, name, row)) made.push(row);
          if (isKeyed) for (const sql of table.child.statements) if (await run(created, name, sql)) made.push(sql);
          const app = await anyFramework.start(created.url, { resourcePathPlural: false });
          try {
            const place = { app, created, name, table };
            await new RowUses(place).judge();
            await new RowJudge(place).judge();
          } catch (error) {
            throw new Error(`${made.join(";\n")};\n\n${(error as Error).message}\n${app.errors.at(-1) ?? ""}`, {
              cause: error,
            });
          } finally {
            await app.close();
          }
        } finally {
          await created.drop();
        }
      });
  });
