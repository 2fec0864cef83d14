// Functions that take one row → what they are to its table: fields, where they answer a value, and relations, where they answer rows.
import type { Naming } from "../base/naming.js";
import { pathNameOf, type Routine } from "../schema/routine.js";
import { type Column, fieldOf, type Schema } from "../schema/schema.js";
import type { CalledRelation, Resource } from "./tree.js";

/** The resources with their computed fields and relations. A name that a column or a relation has stays theirs. */
export function withComputed(resources: readonly Resource[], schema: Schema, naming: Naming): readonly Resource[] {
  const functions = nearestFirst((schema.routines ?? []).filter(isOfRow));
  if (functions.length === 0) return resources;
  return resources.map((resource) => {
    const own = functions.filter((routine) => routine.arguments[0]?.row === resource.table);
    const named = free(own, namesIn(resource), naming);
    const computed = named.flatMap((routine) => fieldBy(routine, naming));
    // Rows are found again by their key, where their lists are too long for one statement.
    const called = resource.primaryKey.length === 0 ? [] : named.flatMap((routine) => relationBy(routine, naming));
    return { ...resource, ...(computed.length > 0 && { computed }), ...(called.length > 0 && { called }) };
  });
}

/** It changes nothing, and takes one row and no more. */
const isOfRow = ({ reads, kind, arguments: all }: Routine): boolean =>
  reads && kind === "function" && all.length === 1 && all[0]?.row !== undefined && all[0].mode === "in";

/** Those of the default schema come before others of the same name. */
function nearestFirst(routines: readonly Routine[]): Routine[] {
  const isFar = (routine: Routine) => Number(pathNameOf(routine) !== routine.name);
  return [...routines].sort((a, b) => isFar(a) - isFar(b));
}

const namesIn = ({ columns, relations }: Resource): ReadonlySet<string> =>
  new Set([...columns.flatMap((column) => [column.name, fieldOf(column)]), ...relations.map(({ name }) => name)]);

/** Each name once. */
function free(routines: readonly Routine[], taken: ReadonlySet<string>, naming: Naming): Routine[] {
  const known = new Set(taken);
  return routines.filter(({ name }) => {
    const names = [name, naming.field(name)];
    if (names.some((one) => known.has(one))) return false;
    for (const one of names) known.add(one);
    return true;
  });
}

function fieldBy({ id, name, returns, comment }: Routine, naming: Naming): readonly Column[] {
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
  return [column];
}

function relationBy({ id, name, returns }: Routine, naming: Naming): readonly CalledRelation[] {
  if (returns.type !== "rows") return [];
  const { table, many } = returns;
  return [{ name: naming.field(name), table, many, join: { via: "call", routine: id } }];
}
