// What a table refers to, as entries of a config say it → foreign keys. Mistakes name their place and the nearest valid word.
import { ConfigError } from "../base/config-error.js";
import { createNaming, type NamingOptions, wordsOf } from "../base/naming.js";
import { didYouMean } from "../base/suggest.js";
import { requireColumns } from "./require-columns.js";
import type { ForeignKey, ReferentialAction, Table } from "./schema.js";
import { tableNames } from "./table-prefix.js";

export interface BelongsToEntry {
  readonly table: string;
  readonly column: string | readonly string[];
  /** Default: the other table's primary key. */
  readonly references?: string | readonly string[];
  /** For people, as `init --suggest` writes it: why, and how sure it is from 0 to 1. */
  readonly because?: string;
  readonly confidence?: number;
  /** The relation's name: `/children/:id/<as>`, and the first word where two foreign keys lead to one parent. */
  readonly as?: string;
  /** For tables that are made: what becomes of a row whose parent is deleted, or gets another key. Default: that is refused. */
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
}

/** A table with what its entry refers to: an entry's relation stands in the place of a foreign key of the same columns. */
export function withBelongsTo(
  table: Table,
  entries: readonly (string | BelongsToEntry)[],
  tables: ReadonlyMap<string, Table>,
  place: string,
  naming: NamingOptions,
): Table {
  const said = entries.map((item, i) => foreignKey(table, item, tables, `${place}.belongsTo[${i}]`, naming));
  const replaced = (key: ForeignKey) => said.some((other) => other.columns.join("\0") === key.columns.join("\0"));
  const enforced = (key: ForeignKey) =>
    table.foreignKeys.some((old) => old.table === key.table && old.columns.join("\0") === key.columns.join("\0"));
  const added = said.map((key) => (enforced(key) ? { ...key, enforced: true } : key));
  return { ...table, foreignKeys: [...table.foreignKeys.filter((key) => !replaced(key)), ...added] };
}

function foreignKey(
  table: Table,
  item: string | BelongsToEntry,
  tables: ReadonlyMap<string, Table>,
  place: string,
  options: NamingOptions,
): ForeignKey {
  const name = typeof item === "string" ? item : item.table;
  const naming = createNaming(options);
  const noun = (text: string) => naming.noun(wordsOf(text));
  const names = tableNames([...tables.values()], options.tablePrefix, naming.singular);
  const nounBehind = ({ id }: Table) => naming.noun(names.get(id)?.words ?? []);
  const parent =
    tables.get(name) ??
    [...tables.values()].find((other) => noun(other.name) === noun(name)) ??
    [...tables.values()].find((other) => nounBehind(other) === noun(name));
  if (parent === undefined)
    throw new ConfigError(place, `there is no table '${name}'.${didYouMean(name, tables.keys())}`);
  const references =
    typeof item === "string" || item.references === undefined ? parent.primaryKey : [item.references].flat();
  if (references.length === 0)
    throw new ConfigError(place, `${parent.id} has no primary key: say which column is referred to, in references.`);
  requireColumns(references, parent, `${place}.references`);
  const columns = typeof item === "string" ? [columnNamedAfter(table, noun(name), place)] : [item.column].flat();
  requireColumns(columns, table, `${place}.column`);
  if (columns.length !== references.length) {
    throw new ConfigError(
      place,
      `(${columns.join(", ")}) cannot refer to (${references.join(", ")}): as many columns on both sides.`,
    );
  }
  return { name: null, columns, table: parent.id, references, configured: true, ...manner(item) };
}

/** What a relation is called, and how its rows follow their parent. */
function manner(item: string | BelongsToEntry): Pick<ForeignKey, "as" | "onDelete" | "onUpdate"> {
  if (typeof item === "string") return {};
  const { as, onDelete, onUpdate } = item;
  return {
    ...(as === undefined ? {} : { as }),
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
  };
}

function columnNamedAfter(table: Table, noun: string, place: string): string {
  const column = table.columns.find(({ name }) => wordsOf(name).join("_") === `${noun}_id`);
  if (column !== undefined) return column.name;
  throw new ConfigError(place, `${table.id} has no column '${noun}_id': say which it is, with { table, column }.`);
}
