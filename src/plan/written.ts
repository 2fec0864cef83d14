// How rows that were just inserted are found again where the database does not hand them back.

import { columnOf, type TableLookup } from "../schema/lookup.js";
import { equals } from "./path.js";
import type { Condition, Value } from "./terms.js";
import type { Values } from "./values.js";
import type { NewRow } from "./write.js";

/** Kinds that come back exactly as they were said: nothing is rounded. */
const exact: ReadonlySet<string> = new Set(["integer", "boolean", "date", "uuid", "enum", "text", "binary"]);

/**
 * The columns whose default must be asked for and said, or nothing would lead back to the row: a key that the database
 * makes up (`DEFAULT uuid()`), and every default where there is no key.
 */
export function defaultsToSay(said: readonly string[], { table }: TableLookup): string[] {
  return table.columns
    .filter(({ name }) => !said.includes(name) && (table.primaryKey.length === 0 || table.primaryKey.includes(name)))
    .filter((column) => column.default !== null && !column.identity && exact.has(column.type.kind))
    .map(({ name }) => name);
}

/** Each row's primary key, as it was said or as the database numbered it; nothing where that does not make it whole. */
export function keysWritten(
  rows: readonly NewRow[],
  numbers: readonly string[],
  entry: TableLookup,
): Value[][] | undefined {
  const columns = entry.table.primaryKey.map((name) => columnOf(entry, name));
  const keys = rows.map((row, i) =>
    columns.flatMap(({ name, identity, type }) => {
      const said = row.get(name);
      if (said !== undefined) return [said];
      return identity && numbers[i] !== undefined ? [{ value: numbers[i], type }] : [];
    }),
  );
  return columns.length > 0 && keys.every((key) => key.length === columns.length) ? keys : undefined;
}

/** Where no key leads back: a row that agrees in all that was said. Nothing can tell two such rows apart. */
export function whereWritten(row: NewRow, entry: TableLookup, values: Values): Condition[] {
  const said = [...row].flatMap(([column, value]) => agreesIn(column, value, values));
  const empty = entry.table.columns.filter(
    (column) => !row.has(column.name) && column.nullable && column.default === null && !column.generated,
  );
  return [...said, ...empty.map(({ name }): Condition => ({ type: "null", column: name, negated: false }))];
}

function agreesIn(column: string, said: Value, values: Values): Condition[] {
  const { value, type } = said;
  if (value === null) return [{ type: "null", column, negated: false }];
  // `=` may overlook the case; a pattern minds spaces at the end, which not every column keeps.
  if (type.kind === "text" && typeof value === "string" && !value.endsWith(" ")) {
    const pattern: Value = { value: value.replace(/[\\%_]/g, "\\$&"), type, pattern: { matchCase: true } };
    return [{ type: "like", column, matchCase: true, value: values.add(pattern) }];
  }
  return exact.has(type.kind) ? equals([column], [values.add(said)]) : [];
}
