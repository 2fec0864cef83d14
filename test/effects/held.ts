// All that the tables hold.
import type { Created } from "../support/databases.js";
import type { Held } from "./judge.js";
import { keys, tables } from "./tables.js";

export async function heldBy({ knex }: Created): Promise<Held> {
  const all: Record<string, Record<string, unknown>[]> = {};
  for (const table of tables) all[table] = await knex(table).orderBy(keys[table].map((column) => ({ column })));
  all.archives = await knex("archives").orderBy("id");
  return all;
}
