// A catalogue's references → foreign keys, and what is said of those that make none.
import { groupBy } from "../base/group-by.js";
import { type Column, collatesWith, type ForeignKey, ledElsewhere, type Table } from "../schema/schema.js";
import type { SchemaWarning } from "../schema/warnings.js";
import type { CatalogueReference } from "./catalogue.js";
import { trueColumn } from "./catalogue-names.js";

export interface Linking {
  readonly find: (schema: string | null, name: string) => Table | undefined;
  readonly idOf: (schema: string | null, table: string) => string;
  readonly warnings: SchemaWarning[];
  readonly breaks: boolean;
}

/** References that lead to no single row of a table that was read are left out: what their columns are called is no evidence then. */
export function withForeignKeys(table: Table, references: readonly CatalogueReference[], linking: Linking): Table {
  const keys = new Map<string, ForeignKey>();
  const elsewhere = new Set<string>();
  for (const parts of groupBy(references, (part) => part.id).values()) {
    const columns = parts.map((part) => trueColumn(table.columns, part.column));
    const found = foreignKey(table, columns, parts, linking);
    if ("code" in found) {
      for (const name of columns) elsewhere.add(name);
      if (columns.every((name) => holds(table, name))) linking.warnings.push({ table: table.id, columns, ...found });
      continue;
    }
    if (found.enforced === false)
      linking.warnings.push({ code: "unchecked_foreign_key", table: table.id, columns, about: found.table });
    const identity = JSON.stringify([columns, found.table, found.references]);
    if (!keys.has(identity)) keys.set(identity, found);
  }
  return { ...ledElsewhere(table, elsewhere), foreignKeys: [...keys.values()] };
}

const holds = (table: Table, name: string): boolean => table.columns.some((column) => column.name === name);

/** The key, or why there is none. */
function foreignKey(
  table: Table,
  columns: readonly string[],
  parts: readonly CatalogueReference[],
  { find, idOf, breaks }: Linking,
): ForeignKey | Pick<SchemaWarning, "code" | "about"> {
  const { name, toSchema, toTable, unchecked, temporal } = parts[0] as CatalogueReference;
  const target = find(toSchema, toTable);
  if (target === undefined) {
    return { code: breaks ? "broken_foreign_key" : "foreign_key_elsewhere", about: idOf(toSchema, toTable) };
  }
  const named = parts.flatMap((part) => (part.toColumn === null ? [] : [trueColumn(target.columns, part.toColumn)]));
  const references = named.length === 0 ? target.primaryKey : named;
  const about = references.length === 0 ? target.id : `${target.id}(${references.join(", ")})`;
  if (temporal) return { code: "temporal_foreign_key", about };
  const isKey = keysOf(target).some((key) => key.every((name) => references.includes(name)));
  const known = columns.every((name) => holds(table, name)) && references.every((name) => holds(target, name));
  if (references.length !== columns.length || (!isKey && known)) {
    return { code: breaks ? "broken_foreign_key" : "foreign_key_not_unique", about };
  }
  if (!known) return { code: breaks ? "broken_foreign_key" : "foreign_key_elsewhere", about };
  const ends = columns.map(
    (column, i) => [columnIn(table, column), columnIn(target, references[i] as string)] as const,
  );
  if (!ends.every(([own, other]) => collatesWith(own, other))) return { code: "relation_not_comparable", about };
  return { name, columns, table: target.id, references, ...(unchecked ? { enforced: false as const } : {}) };
}

const columnIn = (table: Table, name: string): Column => table.columns.find((column) => column.name === name) as Column;

const keysOf = ({ primaryKey, uniqueKeys }: Table): (readonly string[])[] =>
  [primaryKey, ...uniqueKeys.map(({ columns }) => columns)].filter((columns) => columns.length > 0);
