// Functions that take one row and answer a value → the fields that they are of its table.
import type { Naming } from "../base/naming.js";
import { pathNameOf, type Routine } from "../schema/routine.js";
import { type Column, fieldOf, type Schema, type Table } from "../schema/schema.js";
import type { Resource } from "./tree.js";

/** The resources with their computed fields. A name that a column or a relation has stays theirs. */
export function withComputed(resources: readonly Resource[], schema: Schema, naming: Naming): readonly Resource[] {
  const tables = new Map(schema.tables.map((table) => [table.id, table]));
  const columns = nearestFirst(schema.routines ?? []).flatMap((routine) => computedBy(routine, tables, naming));
  if (columns.length === 0) return resources;
  return resources.map((resource) => {
    const own = columns.filter(({ row }) => row.id === resource.table).map(({ column }) => column);
    const computed = free(own, namesIn(resource));
    return computed.length === 0 ? resource : { ...resource, computed };
  });
}

/** Those of the default schema come before others of the same name. */
function nearestFirst(routines: readonly Routine[]): Routine[] {
  const isFar = (routine: Routine) => Number(pathNameOf(routine) !== routine.name);
  return [...routines].sort((a, b) => isFar(a) - isFar(b));
}

interface Computed {
  readonly row: Table;
  readonly column: Column;
}

/** Nothing unless it changes nothing, takes one row and no more, and answers one value. */
function computedBy(routine: Routine, tables: ReadonlyMap<string, Table>, naming: Naming): readonly Computed[] {
  const { id, name, reads, kind, returns, comment, arguments: all } = routine;
  const [{ row: taken = "", mode } = { mode: "out" }, ...others] = all;
  const row = tables.get(taken);
  if (!reads || kind !== "function" || mode !== "in" || others.length > 0 || row === undefined) return [];
  if (returns.type !== "value" || returns.many) return [];
  const field = naming.field(name);
  const column: Column = {
    name,
    ...(field !== name && { as: field }),
    type: returns.of,
    ...{ nullable: true, default: null, generated: true, identity: false },
    ...(comment !== undefined && { comment }),
    computed: id,
  };
  return [{ row, column }];
}

const namesIn = ({ columns, relations }: Resource): ReadonlySet<string> =>
  new Set([...columns.flatMap((column) => [column.name, fieldOf(column)]), ...relations.map(({ name }) => name)]);

/** Each name once. */
function free(columns: readonly Column[], taken: ReadonlySet<string>): Column[] {
  const known = new Set(taken);
  return columns.filter((column) => {
    const names = [column.name, fieldOf(column)];
    if (names.some((name) => known.has(name))) return false;
    for (const name of names) known.add(name);
    return true;
  });
}
