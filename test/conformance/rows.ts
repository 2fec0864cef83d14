// All rows of the fixtures' tables, to see that nothing was written; and the way back when something was.
import type { Knex } from "knex";
import { rows as community, insertNumbered } from "../fixtures/community.js";
import { samples } from "../fixtures/values-rows.js";
import type { AnyDatabaseName } from "../support/databases.js";

/** Parents before children. */
const tables = Object.keys(community);

export async function snapshot(knex: Knex): Promise<Record<string, string[]>> {
  const all = await Promise.all(
    [...tables, "samples", "badges", "articles"].map(async (table) => {
      const rows: object[] = await knex(table).select();
      return [table, rows.map((row) => JSON.stringify(row)).sort()] as const;
    }),
  );
  return Object.fromEntries(all);
}

/** Cases leave the numbered samples as they are, so only what was added goes. */
export function restore(database: AnyDatabaseName, knex: Knex): Promise<void> {
  return knex.transaction(async (trx) => {
    await trx("samples").where("id", ">", samples.length).delete();
    await trx("badges").delete();
    // MariaDB checks a self reference row by row.
    await trx("employees").update({ manager_id: null });
    for (const table of tables.toReversed()) await trx(table).delete();
    for (const table of tables) await trx.raw(insertNumbered(database, table));
  });
}
