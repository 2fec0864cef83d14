// Schemas in a few words, for the pure steps: `schemaOf({ albums: "id title artist_id > artists", logs: { columns: "text", key: "" } })`.
import type { Column, ColumnType, ForeignKey, Schema, Table, ValueKind } from "../../src/schema/schema.js";

export interface TableWords {
  /** `name`, `name:kind` or `name?` (nullable), apart by spaces. `name > table` adds a foreign key to that table's key. */
  readonly columns: string;
  /** Column names, apart by spaces. Default: `id`, where there is such a column; `""` for none. */
  readonly key?: string;
  readonly unique?: readonly string[];
  /** For composite keys and chosen columns: `warehouse sku > stocks(warehouse sku)`. */
  readonly foreignKeys?: readonly string[];
  readonly view?: boolean;
  readonly resource?: string;
  readonly relationTypes?: Table["relationTypes"];
}

/** Tables by their id (`users`, `auth.users`), in the order given. */
export function schemaOf(tables: Readonly<Record<string, string | TableWords>>): Schema {
  const said = Object.entries(tables).map(
    ([id, words]) => [id, typeof words === "string" ? { columns: words } : words] as const,
  );
  const keys = new Map(said.map(([id, words]) => [id, keyOf(words)]));
  return { tables: said.map(([id, words]) => tableOf(id, words, keys)) };
}

export function column(name: string, kind: ValueKind, more: Partial<Column> & { type?: ColumnType } = {}): Column {
  const base = { nullable: false, default: null, generated: false, identity: false };
  return { name, type: { kind, native: kind }, ...base, ...more };
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");
const columnWords = ({ columns }: TableWords): string[] => words(columns.replace(/\s*>\s*/g, ">"));
const nameOf = (word: string): string => word.replace(/[:?>].*$/, "");

const keyOf = (table: TableWords): string[] =>
  words(table.key ?? (columnWords(table).map(nameOf).includes("id") ? "id" : ""));

function tableOf(id: string, table: TableWords, keys: ReadonlyMap<string, string[]>): Table {
  const inline = columnWords(table).flatMap((word) => (word.includes(">") ? [word.replace(/[:?][^>]*/, "")] : []));
  const dot = id.indexOf(".");
  return {
    id,
    name: id.slice(dot + 1),
    schema: dot === -1 ? null : id.slice(0, dot),
    kind: table.view ? "view" : "table",
    ...(table.view && { denied: ["insert", "update", "delete"] as const }),
    columns: columnWords(table).map(toColumn),
    primaryKey: keyOf(table),
    uniqueKeys: (table.unique ?? []).map((text) => ({ name: null, columns: words(text) })),
    foreignKeys: [...inline, ...(table.foreignKeys ?? [])].map((text) => toForeignKey(text, keys)),
    ...(table.resource === undefined ? {} : { resource: table.resource }),
    ...(table.relationTypes === undefined ? {} : { relationTypes: table.relationTypes }),
  };
}

function toColumn(word: string): Column {
  const name = nameOf(word);
  const kind = /:(\w+)/.exec(word)?.[1] ?? (/(^|_)id$|Id$/i.test(name) ? "integer" : "text");
  return column(name, kind as ValueKind, { nullable: word.includes("?") });
}

function toForeignKey(text: string, keys: ReadonlyMap<string, string[]>): ForeignKey {
  const [, columns = "", table = "", references] = /^(.+?)\s*>\s*([^(]+?)(?:\((.+)\))?$/.exec(text) ?? [];
  return {
    name: null,
    columns: words(columns),
    table,
    references: references === undefined ? (keys.get(table) ?? []) : words(references),
  };
}
