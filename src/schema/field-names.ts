// `fieldCase` and `keyField` → what each column is called in JSON. What cannot have its name keeps the database's, and is reported.
import { ConfigError, checkWord } from "../base/config-error.js";
import { createNaming, type FieldCase, fieldCases, type Naming, type Renaming } from "../base/naming.js";
import { type Column, fieldOf, type Schema, type Table } from "./schema.js";

export interface FieldOptions {
  /** How the words of columns' and relations' names are joined in JSON and query strings. Default `preserve`: as the database has them. */
  readonly fieldCase?: FieldCase;
  /** What a key of one column is called in JSON, instead of its name: `id`. Default: its name. */
  readonly keyField?: string;
}

/** Throws `ConfigError`. */
export function checkFieldOptions({ fieldCase, keyField }: FieldOptions): void {
  checkWord(fieldCase, fieldCases, "options.fieldCase");
  if (keyField === undefined || (typeof keyField === "string" && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(keyField))) return;
  throw new ConfigError("options.keyField", 'is what keys of one column are called, as in "id".');
}

/** Columns with an `as` keep it. A schema that was named before stays as it is. */
export function nameFields(schema: Schema, options: FieldOptions): Schema {
  checkFieldOptions(options);
  const { fieldCase = "preserve", keyField } = options;
  if (schema.renamings !== undefined || (fieldCase === "preserve" && keyField === undefined)) return schema;
  const naming = createNaming({ fieldCase });
  const renamings: Renaming[] = [];
  const tables = schema.tables.map((table) => nameColumns(table, naming, keyField, renamings));
  return { ...schema, tables, renamings };
}

function nameColumns(table: Table, naming: Naming, keyField: string | undefined, renamings: Renaming[]): Table {
  const [key] = table.primaryKey.length === 1 ? table.primaryKey : [];
  const wantedOf = ({ name }: Column) => (name === key && keyField !== undefined ? keyField : naming.field(name));
  const holders = new Map(table.columns.flatMap(({ name, as }) => (as === undefined ? [] : [[as, name]])));
  const given = new Map<string, string>();
  const open = table.columns.filter(({ as }) => as === undefined);
  // Not in the table's order, which may be another one in another database.
  for (const column of open.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))) {
    const wanted = wantedOf(column);
    const name = firstFree([wanted, naming.field(column.name), column.name], holders);
    holders.set(name, column.name);
    given.set(column.name, name);
    if (name === wanted) continue;
    const because = `${table.id}.${holders.get(wanted)} is called so`;
    renamings.push({ wanted: `${table.id}.${wanted}`, given: `${table.id}.${name}`, because });
  }
  return { ...table, columns: table.columns.map((column) => called(column, given.get(column.name))) };

  /** What is spelt so already comes first, and a key by its `keyField` last. */
  function rank(column: Column): number {
    if (column.name === key && keyField !== undefined) return column.name === keyField ? 0 : 3;
    return column.name === naming.field(column.name) ? 1 : 2;
  }
}

const called = (column: Column, name: string | undefined): Column =>
  name === undefined || name === fieldOf(column) ? column : { ...column, as: name };

function firstFree(names: readonly string[], taken: ReadonlyMap<string, string>): string {
  const free = names.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  for (let i = 2; ; i++) if (!taken.has(`${names.at(-1)}_${i}`)) return `${names.at(-1)}_${i}`;
}
