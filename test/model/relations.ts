// What relations a schema's tables have and what they are called, as contract 2.1 and 2.2 say; and the rows they lead to.
import type { Rows } from "./rows.js";
import { type ForeignKey, type Schema, singular, type Table } from "./schema.js";
import { compare, type Row, type Value } from "./value.js";

export interface Relation {
  readonly name: string;
  readonly to: string;
  readonly many: boolean;
  /** What makes it, the same from both ends: a foreign key or a link table. */
  readonly by: string;
  /** The related rows of one row, in no order. */
  readonly follow: (row: Row, rows: Rows) => readonly Row[];
}

export type Relations = ReadonlyMap<string, readonly Relation[]>;

export function relationsOf(schema: Schema): Relations {
  const relations = new Map<string, Relation[]>(schema.map(({ name }) => [name, []]));
  const add = (table: string, relation: Relation) => relations.get(table)?.push(relation);
  for (const table of schema) {
    if (table.link) for (const [from, relation] of linked(table)) add(from, relation);
    if (table.link === "bare") continue;
    for (const foreignKey of table.foreignKeys) {
      add(table.name, toParent(table, foreignKey));
      for (const relation of toChildren(table, foreignKey)) add(foreignKey.table, relation);
    }
  }
  return relations;
}

/** `home_id`, `home_tag`, and the columns `home_part` and `home_nr` together. */
const nameOf = ({ columns }: ForeignKey): string => (columns[0] as string).replace(/_[^_]*$/, "");

const holds = (child: Row, { columns, references }: ForeignKey, parent: Row): boolean =>
  columns.every((name, i) => same(child[name] ?? null, parent[references[i] as string] ?? null));
const same = (a: Value, b: Value): boolean => a !== null && b !== null && compare(a, b) === 0;

const toParent = (table: Table, foreignKey: ForeignKey): Relation => ({
  name: nameOf(foreignKey),
  to: foreignKey.table,
  many: false,
  by: `${table.name}.${nameOf(foreignKey)}`,
  follow: (row, rows) => (rows[foreignKey.table] ?? []).filter((parent) => holds(row, foreignKey, parent)),
});

function toChildren({ name, foreignKeys }: Table, foreignKey: ForeignKey): Relation[] {
  const several = foreignKeys.filter(({ table }) => table === foreignKey.table).length > 1;
  // Of several, the one that is called like the parent has the plain name.
  const isPlain = !several || nameOf(foreignKey) === singular(foreignKey.table);
  const before = isPlain ? "" : `${nameOf(foreignKey)}_`;
  const follow: Relation["follow"] = (row, rows) => (rows[name] ?? []).filter((child) => holds(child, foreignKey, row));
  const list = { name: before + name, to: name, many: true, by: `${name}.${nameOf(foreignKey)}`, follow };
  return foreignKey.unique ? [list, { ...list, name: before + singular(name), many: false }] : [list];
}

function linked({ name, foreignKeys }: Table): [string, Relation][] {
  const [left, right] = foreignKeys as [ForeignKey, ForeignKey];
  const self = left.table === right.table;
  return [[left, right] as const, [right, left] as const].map(([here, there]) => [
    here.table,
    {
      name: self ? `${nameOf(there)}s` : there.table,
      to: there.table,
      many: true,
      by: name,
      follow: (row, rows) => {
        const links = (rows[name] ?? []).filter((link) => holds(link, here, row));
        return (rows[there.table] ?? []).filter((other) => links.some((link) => holds(link, there, other)));
      },
    },
  ]);
}
