// What is asked about rows that stand → the key by which they are told.

import { didYouMean, excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import type { OnConflict } from "../request/conflict.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";
import type { Value } from "./terms.js";
import { keyText } from "./value-identity.js";
import type { NewRow } from "./write.js";
import type { Conflict } from "./write-plan.js";

/** Throws 400 for columns that are not exactly those of a key. */
export function planConflict({ action, columns: fields }: OnConflict, entry: TableLookup): Conflict {
  const { primaryKey, uniqueKeys, arbiter } = entry.table;
  const isKnown = (name: string) => entry.readable.has(fieldOf(columnOf(entry, name)));
  const unique = uniqueKeys.filter((key) => key.arbiter !== false).map(({ columns }) => columns);
  const keys = [...(arbiter === false ? [] : [primaryKey]), ...unique].filter(
    (columns) => columns.length > 0 && columns.every(isKnown),
  );
  const asked = fields?.map((field) => columnNamed(field, entry)) ?? primaryKey;
  const key = keys.find((columns) => isSameSet(columns, asked));
  if (key !== undefined) return { action, columns: key };
  const named = keys.map((columns) => columns.map((name) => fieldOf(columnOf(entry, name))).join(","));
  if (named.length === 0) throw problem("malformed_query", `${entry.label} has no key that rows could conflict in.`);
  const why =
    fields === undefined
      ? `${entry.label} has no primary key that rows are asked for by`
      : "conflict-columns are those of one whole key";
  throw problem("malformed_query", `${why}: conflict-columns=${named.join(", or conflict-columns=")}.`);
}

function columnNamed(field: string, entry: TableLookup): string {
  const column = entry.readable.get(field);
  if (column !== undefined) return column.name;
  throw problem(
    "unknown_column",
    `${entry.label} has no column '${excerpt(field)}'.${didYouMean(field, entry.readable.keys())}`,
  );
}

const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name) => other.includes(name));

/** A row's key, where it says all of it: NULL conflicts with nothing. */
export function conflictKey(row: NewRow, columns: readonly string[]): readonly Value[] | undefined {
  const key = columns.flatMap((name) => row.get(name) ?? []);
  return key.length === columns.length && key.every(({ value }) => value !== null) ? key : undefined;
}

/** A row that stands is changed in what a new one says: in columns that the connection may change; `all`: its key's among them. */
export function requireMergeable(
  rows: readonly NewRow[],
  { action, columns }: Conflict,
  entry: TableLookup,
  all: boolean,
): void {
  if (action !== "merge") return;
  for (const { denied, ...column } of entry.table.columns) {
    if (!denied?.includes("update") || (!all && columns.includes(column.name))) continue;
    if (!rows.some((row) => row.has(column.name))) continue;
    const [field, message] = [
      fieldOf(column),
      "may stand in new rows only: the database does not let this API change it",
    ];
    throw problem("read_only_column", `${field} ${message}.`, { errors: [{ field, message }] });
  }
}

/** One row cannot be written twice in one request: which of them would count? */
export function requireDistinct(rows: readonly NewRow[], { columns }: Conflict, entry: TableLookup): void {
  const seen = new Map<string, number>();
  for (const [i, row] of rows.entries()) {
    const key = conflictKey(row, columns);
    if (key === undefined) continue;
    const before = seen.get(keyText(key));
    if (before !== undefined) throw sameRow(entry, columns, [before, i]);
    seen.set(keyText(key), i);
  }
}

export function sameRow(entry: TableLookup, columns: readonly string[], rows: readonly [number, number]) {
  const fields = columns.map((name) => fieldOf(columnOf(entry, name)));
  const [one, other] = rows;
  const message = `is the same as in [${one}]`;
  return problem(
    "invalid_body",
    `[${one}] and [${other}] are the same row by ${fields.join(", ")}: send each row once.`,
    { errors: fields.map((field) => ({ field: `[${other}].${field}`, message })) },
  );
}
