// Every row of a few tables, seen by a connection of its own: to see that nothing was written.
import type { Knex } from "knex";

export async function snapshot(knex: Knex, tables: readonly string[]): Promise<Record<string, string[]>> {
  const all = await Promise.all(
    tables.map(async (table) => {
      const rows: object[] = await knex(table).select();
      return [table, rows.map((row) => JSON.stringify(row)).sort()] as const;
    }),
  );
  return Object.fromEntries(all);
}
