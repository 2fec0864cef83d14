// How a row that was just inserted is found again where the database does not hand it back.
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { equals } from "./path.js";
import type { Assignment, Condition, Value } from "./plan.js";

/** Kinds that come back exactly as they were said: nothing is rounded. */
const exact: ReadonlySet<string> = new Set(["integer", "boolean", "date", "uuid", "enum", "text", "binary"]);

/**
 * The columns whose default must be asked for and said, or nothing would lead back to the row: a key that the database
 * makes up (`DEFAULT uuid()`), and every default where there is no key.
 */
export function defaultsToSay(set: readonly Assignment[], { table }: TableLookup): string[] {
  const said = new Set(set.map(({ column }) => column));
  return table.columns
    .filter(({ name }) => !said.has(name) && (table.primaryKey.length === 0 || table.primaryKey.includes(name)))
    .filter((column) => column.default !== null && !column.identity && exact.has(column.type.kind))
    .map(({ name }) => name);
}

/**
 * By its key, as it was said or as the database numbered it. Where no key leads back, one that agrees in all that was said:
 * in a table without a key nothing can tell the two apart.
 */
export function whereWritten(
  set: readonly Assignment[],
  insertId: string | undefined,
  entry: TableLookup,
  values: Value[],
): Condition[] {
  const { primaryKey } = entry.table;
  const key = primaryKey.flatMap((name) => {
    const said = set.find(({ column }) => column === name)?.value;
    if (said !== undefined) return [said];
    const { identity, type } = columnOf(entry, name);
    return identity && insertId !== undefined ? [values.push({ value: insertId, type }) - 1] : [];
  });
  if (primaryKey.length > 0 && key.length === primaryKey.length) return equals(primaryKey, key);
  const said = set.flatMap(({ column, value }) => (value === undefined ? [] : agreesIn(column, value, values)));
  const named = new Set(set.map(({ column }) => column));
  const empty = entry.table.columns.filter(
    (column) => !named.has(column.name) && column.nullable && column.default === null && !column.generated,
  );
  return [...said, ...empty.map(({ name }): Condition => ({ type: "null", column: name, negated: false }))];
}

function agreesIn(column: string, index: number, values: Value[]): Condition[] {
  const { value, type } = values[index] as Value;
  if (value === null) return [{ type: "null", column, negated: false }];
  // `=` may overlook the case; a pattern minds spaces at the end, which not every column keeps.
  if (type.kind === "text" && typeof value === "string" && !value.endsWith(" ")) {
    const pattern: Value = { value: value.replace(/[\\%_]/g, "\\$&"), type, pattern: { matchCase: true } };
    return [{ type: "like", column, matchCase: true, value: values.push(pattern) - 1 }];
  }
  return exact.has(type.kind) ? equals([column], [index]) : [];
}
