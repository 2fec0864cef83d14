// A role's rights → the names that there are for it: tables with the columns that it may read and write, and relations between
// what it may read. What is left out here is as if it did not exist, in every message too.
import type { RelationNames } from "../plan/column-names.js";
import type { CalledRelation, Join, NamedRelation } from "../routes/tree.js";
import { columnOf, type Lookup, type TableLookup, tableOf, withFields } from "../schema/lookup.js";
import { type Column, fieldOf } from "../schema/schema.js";
import type { Grant, Role } from "./roles.js";

export interface RoleView extends RelationNames {
  readonly lookup: Lookup;
}

export function roleView(role: Role, lookup: Lookup, { relations, called = new Map() }: RelationNames): RoleView {
  const cut: Lookup = new Map([...lookup].map(([id, entry]) => [id, cutEntry(entry, role)]));
  const known = (id: string) => [...(relations.get(id) ?? [])].filter(([, one]) => isReadable(id, one, role, cut));
  return {
    lookup: cut,
    relations: new Map([...relations.keys()].map((id) => [id, new Map(known(id))])),
    called: new Map([...called].map(([id, all]) => [id, calledBy(role, id, all)])),
  };
}

type Called = ReadonlyMap<string, CalledRelation>;

/** The function is granted, and so are the rows at both ends. */
function calledBy({ grants, routines }: Role, table: string, all: Called): Called {
  const reads = (id: string) => grants.get(id)?.rights.has("read") === true;
  return new Map([...all].filter(([, one]) => routines.has(one.join.routine) && reads(table) && reads(one.table)));
}

const NONE: ReadonlyMap<string, Column> = new Map();

/** Of a table that a role only writes to, and of one that it has nothing to do with, the key is all that is ever shown. */
function cutEntry(entry: TableLookup, { grants, routines }: Role): TableLookup {
  // Who may call it may see what it answers.
  if (entry.routine !== undefined) return entry;
  const { all: known, table } = entry;
  const grant = grants.get(table.id);
  const isGranted = ({ computed }: Column) => computed !== undefined && routines.has(computed);
  const key = new Set(table.primaryKey);
  const keyOnly = () => new Map([...known].filter(([, { name }]) => key.has(name)));
  const fields = grant?.rights.has("read") ? grant.fields : keyOnly();
  const writes = grant?.rights.has("create") || grant?.rights.has("update");
  const writable = writes ? withoutSet(grant as Grant) : NONE;
  const ruled = grant?.read !== undefined || grant?.write !== undefined;
  const computed = grant?.rights.has("read") ? [...entry.readable.values()].filter(isGranted) : [];
  return {
    ...entry,
    readable: withFields(fields, computed),
    writable,
    defaultFields: fields === known ? entry.defaultFields : [...fields.values()],
    hasPolicy: ruled,
  };
}

const withoutSet = ({ writable, set }: Grant): ReadonlyMap<string, Column> =>
  set.size === 0 ? writable : new Map([...writable].filter(([field]) => !set.has(field)));

/** Following a relation tells what the columns hold that make it: they are read by it, at both ends. */
export function isReadable(
  table: string,
  { table: target, join }: Pick<NamedRelation, "table" | "join">,
  role: Role,
  lookup: Lookup,
): boolean {
  return columnsOf(table, target, join).every(([id, columns]) => isRead(role, tableOf(lookup, id), columns));
}

/** May the role read these columns of the table? */
export function isRead({ grants }: Role, entry: TableLookup, columns: readonly string[]): boolean {
  if (!grants.get(entry.table.id)?.rights.has("read")) return false;
  return columns.every((name) => entry.readable.has(fieldOf(columnOf(entry, name))));
}

/** The tables of a join and their columns in it. */
function columnsOf(table: string, target: string, join: Join): (readonly [string, readonly string[]])[] {
  if (join.via !== "link") {
    const [here, there] = join.via === "child" ? [join.references, join.columns] : [join.columns, join.references];
    return [
      [table, here],
      [target, there],
    ];
  }
  const { link, near, far } = join;
  return [
    [table, near.references],
    [link, [...near.columns, ...far.columns]],
    [target, far.references],
  ];
}
