// New rows where an INSERT does not answer with them → the same rows, read by their keys: those that were said, those that the
// database numbered (it tells the first number), and those that it makes of a default, which is asked for before.
import { type RowGroup, toInsert } from "../../plan/insert.js";
import type { Canonical } from "../../plan/value.js";
import { defaultsToSay, keysWritten } from "../../plan/written.js";
import { readByKeys } from "../../run/by-key.js";
import type { RequestContext } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { columnOf, type TableLookup } from "../../schema/lookup.js";

export interface InsertedByKeys {
  /** The rows with what was said for them beside the client's own words. */
  readonly said: RowGroup;
  /** In the rows' order; one that is nowhere is left undefined. Nothing where no key leads to them. */
  readonly byKeys?: readonly (string | undefined)[] | undefined;
}

export async function insertByKeys(
  group: RowGroup,
  entry: TableLookup,
  context: RequestContext,
): Promise<InsertedByKeys> {
  const said = await withDefaults(group, entry, context);
  const { insertId } = await run(toInsert(said, entry.table.id), context);
  const numbers = insertId === undefined ? [] : await numbersFrom(insertId, said, entry, context);
  const keys = keysWritten(said.rows, numbers, entry);
  return { said, byKeys: keys && (await readByKeys(entry.table.primaryKey, keys, entry, context)) };
}

/** The same rows with those defaults said without which they would not be found again. */
async function withDefaults(
  { columns, rows, at }: RowGroup,
  entry: TableLookup,
  context: RequestContext,
): Promise<RowGroup> {
  const made = defaultsToSay(columns, entry);
  if (made.length === 0) return { columns, rows, at };
  const all = rows.map((row) => new Map(row));
  for (const column of made) {
    const plan = { kind: "default", table: entry.table.id, column, rows: rows.length } as const;
    const asked = await run({ plan, values: [] }, context);
    const { type } = columnOf(entry, column);
    for (const [i, row] of all.entries()) row.set(column, { value: asked.rows[i]?.[0] as Canonical, type });
  }
  return { columns: [...columns, ...made], rows: all, at };
}

/** One statement's rows are numbered one after the other (MySQL: innodb-auto-increment-handling, «simple inserts»). */
async function numbersFrom(
  first: string,
  { rows: { length } }: RowGroup,
  { table }: TableLookup,
  context: RequestContext,
): Promise<string[]> {
  if (length === 1) return [first];
  const asked = await run({ plan: { kind: "number-step", table: table.id }, values: [] }, context);
  const step = BigInt(String(asked.rows[0]?.[0]));
  return Array.from({ length }, (_, i) => String(BigInt(first) + step * BigInt(i)));
}
