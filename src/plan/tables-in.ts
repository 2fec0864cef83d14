// A plan → the tables whose rows it looks at, or writes: those of its relations, conditions, sortings and row rules too.
import { type Lookup, type TableLookup, tableOf } from "../schema/lookup.js";
import type { Plan } from "./plan.js";

/** Stands for tables that are not known: those that a view, a function or a policy of the database looks at. */
export const ANY_TABLE = "*";

/** Where plans name a table (`CountOf.countOf`, `Join.link`), and where a routine. */
const naming: ReadonlySet<string> = new Set(["table", "link", "countOf"]);
const calling: ReadonlySet<string> = new Set(["routine", "call"]);

/** By their ids; with `ANY_TABLE` where others may be among them. */
export function tablesOfPlan(plan: Plan, lookup: Lookup): readonly string[] {
  const found = new Set<string>();
  collect(plan, found);
  for (const id of found) if (id !== ANY_TABLE && isOpen(tableOf(lookup, id))) found.add(ANY_TABLE);
  return [...found];
}

/** Every part of a plan is plain data, so that none is missed. */
function collect(part: unknown, found: Set<string>): void {
  if (Array.isArray(part)) for (const one of part) collect(one, found);
  else if (typeof part === "object" && part !== null)
    for (const [name, inner] of Object.entries(part)) {
      if (typeof inner !== "string") collect(inner, found);
      else if (naming.has(name)) found.add(inner);
      else if (calling.has(name)) found.add(ANY_TABLE);
    }
}

/** May its rows come from other tables, or be chosen by them? */
function isOpen({ table, columns, routine }: TableLookup): boolean {
  const { kind, effects, arbiter, uniqueKeys } = table;
  return (
    kind === "view" ||
    routine !== undefined ||
    // A row-level policy may look anywhere.
    Object.values(effects ?? {}).includes("policy") ||
    // A key that no conflict is asked for: other tables may inherit from this one (PostgreSQL), whose rows are its own as well.
    arbiter === false ||
    uniqueKeys.some((key) => key.arbiter === false) ||
    [...columns.values()].some(({ computed }) => computed !== undefined)
  );
}
