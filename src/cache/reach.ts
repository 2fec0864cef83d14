// The tables that a request wrote → the tables whose rows may have changed, by foreign keys and triggers too.
import { ANY_TABLE } from "../plan/tables-in.js";
import type { Touched } from "../run/touched.js";
import { reachesOthers } from "../schema/effects.js";
import type { Schema, Table } from "../schema/schema.js";

const everything: readonly string[] = [ANY_TABLE];

/** By their names. `hides`: there may be tables that the schema does not show. */
export function reachedBy({ inserted, changed }: Touched, { tables }: Schema, hides: boolean): readonly string[] {
  if (changed.has(ANY_TABLE)) return everything;
  // Through a table that is not shown a key's change may reach one that is.
  if (hides && changed.size > 0) return everything;
  const byId = new Map(tables.map((table) => [table.id, table]));
  const reached = new Set([...inserted, ...changed]);
  const following = new Set(changed);
  // What a foreign key does is not read. Rows that refer to a changed row may be changed with it.
  for (const id of following)
    for (const table of tables) if (table.foreignKeys.some((key) => key.table === id)) following.add(table.id);
  for (const id of following) reached.add(id);
  const found = [...reached].map((id) => byId.get(id));
  return found.some((table) => table === undefined || isFar(table))
    ? everything
    : found.map((table) => (table as Table).name);
}

/** A view writes tables that are not named here, and a trigger may write any table. */
const isFar = (table: Table): boolean => table.kind === "view" || reachesOthers(table);

/** The names of tables, the same in every process. */
export const namesOf = (ids: Iterable<string>, { tables }: Schema): readonly string[] => {
  const wanted = new Set(ids);
  const names = tables.flatMap(({ id, name }) => (wanted.has(id) ? [name] : []));
  return names.length === wanted.size ? names : [...names, ANY_TABLE];
};
