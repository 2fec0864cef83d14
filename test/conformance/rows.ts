// All rows of the fixtures' tables, to see that nothing was written; and the way back when something was.
import type { Knex } from "knex";
import { rows as community } from "../fixtures/community.js";
import { insert } from "../fixtures/literal.js";
import { samples } from "../fixtures/values-rows.js";
import type { DatabaseName } from "../support/databases.js";

/** Parents before children. */
const tables = Object.keys(community);
const withoutNumber = new Set(["groups_members", "meetups_members", "airports", "stocks", "logs"]);

export async function snapshot(knex: Knex): Promise<Record<string, string[]>> {
  const all = await Promise.all(
    [...tables, "samples", "badges"].map(async (table) => {
      const rows: object[] = await knex(table).select();
      return [table, rows.map((row) => JSON.stringify(row)).sort()] as const;
    }),
  );
  return Object.fromEntries(all);
}

/** Cases leave the numbered samples as they are, so only what was added goes. */
export function restore(database: DatabaseName, knex: Knex): Promise<void> {
  return knex.transaction(async (trx) => {
    await trx("samples").where("id", ">", samples.length).delete();
    await trx("badges").delete();
    // MariaDB checks a self reference row by row.
    await trx("employees").update({ manager_id: null });
    for (const table of tables.toReversed()) await trx(table).delete();
    for (const table of tables) {
      const rows = (community[table] ?? []).map((row, i) => (withoutNumber.has(table) ? row : { id: i + 1, ...row }));
      await trx.raw(insert(database, table, rows));
    }
  });
}
