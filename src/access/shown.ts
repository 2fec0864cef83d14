// The tree and the schema as a role sees them: what documents, pages and the command line show of an API. What a role may not use
// is not in them, and no evidence tells of it.
import type { Relation } from "../routes/relations.js";
import type { AnyRoute, Resource, RouteTree } from "../routes/tree.js";
import { readsWhole, type TableLookup, tableOf } from "../schema/lookup.js";
import type { Routine } from "../schema/routine.js";
import { type Column, type ForeignKey, fieldOf, type Schema, type Table } from "../schema/schema.js";
import { cutNode } from "./reach.js";
import type { Role } from "./roles.js";
import { isRead, type RoleView } from "./view.js";

export interface Shown {
  readonly tree: RouteTree;
  readonly schema: Schema;
}

export function roleShown(role: Role, whole: Shown, view: RoleView, uses: (route: AnyRoute) => boolean): Shown {
  const { tree, schema } = whole;
  const has = (table: string) => (role.grants.get(table)?.rights.size ?? 0) > 0;
  const entry = (table: string) => tableOf(view.lookup, table);
  const isWhole = schema.tables.every(({ id }) => has(id) && readsWhole(entry(id)));
  const calls = ({ id }: Routine) => role.routines.has(id);
  const reads = (table: string, columns: readonly string[]) => isRead(role, entry(table), columns);
  const isTold = (relation: Relation) => isWhole || endsOf(relation).every(([table, columns]) => reads(table, columns));
  const resources = tree.resources
    .filter(({ table }) => has(table))
    .map((resource): Resource => {
      const relations = [...(view.relations.get(resource.table)?.values() ?? [])];
      const decisions = resource.decisions.filter((one) => (one.type === "root" ? isWhole : isTold(one)));
      const rights = role.grants.get(resource.table)?.rights;
      const readOnly = resource.readOnly || !(rights?.has("create") || rights?.has("update"));
      const { unrelated, computed: all = [], called: _, ...others } = resource;
      const called = [...(view.called?.get(resource.table)?.values() ?? [])];
      const computed = all.filter((column) => entry(resource.table).readable.get(fieldOf(column)) === column);
      const told = isWhole && unrelated !== undefined ? { unrelated } : {};
      return {
        ...others,
        ...told,
        ...columnsFor(entry(resource.table)),
        readOnly,
        relations,
        decisions,
        ...(computed.length > 0 && { computed }),
        ...(called.length > 0 && { called }),
      };
    });
  const root = cutNode(tree.root, uses) ?? { pattern: tree.root.pattern, literals: {}, routes: {} };
  const key = (of: string) => (foreign: ForeignKey) =>
    reads(of, foreign.columns) && reads(foreign.table, foreign.references);
  const tables = schema.tables
    .filter(({ id }) => has(id))
    .map((table): Table => {
      const { columns, uniqueKeys } = columnsFor(entry(table.id));
      return { ...table, columns, uniqueKeys, foreignKeys: table.foreignKeys.filter(key(table.id)) };
    });
  return {
    // What is left out of the schema, and why, is its owner's to know.
    tree: {
      ...tree,
      resources,
      root,
      renamings: isWhole ? tree.renamings : [],
      ...(!isWhole && { renamed: undefined }),
      warnings: undefined,
      ...(tree.routines && { routines: tree.routines.filter(({ routine }) => calls(routine)) }),
    },
    schema: {
      ...schema,
      tables,
      warnings: undefined,
      ...(schema.routines && { routines: schema.routines.filter(calls) }),
    },
  };
}

/** What a relation tells of: tables, and columns in them. */
function endsOf(relation: Relation): readonly (readonly [string, readonly string[]])[] {
  if (relation.type === "root") return [];
  const references = relation.type === "n-n" ? relation.sides : [relation.parent];
  return references.flatMap(({ table, columns, references }) => [
    [relation.table, columns] as const,
    [table, references] as const,
  ]);
}

function columnsFor({ table, readable: fields, writable }: TableLookup) {
  const [reads, writes] = [fields, writable].map((some) => (column: Column) => some.has(fieldOf(column))) as [
    (column: Column) => boolean,
    (column: Column) => boolean,
  ];
  const columns = table.columns.filter((column) => reads(column) || writes(column));
  const named = (some: readonly Column[]) => some.map(({ name }) => name);
  const readable = new Set(named(columns.filter(reads)));
  const unread = named(columns.filter((column) => !reads(column)));
  const unwritten = named(columns.filter((column) => !writes(column)));
  return {
    columns,
    uniqueKeys: table.uniqueKeys.filter((key) => key.columns.every((name) => readable.has(name))),
    ...(unread.length > 0 && { unread }),
    ...(unwritten.length > 0 && { unwritten }),
  };
}
