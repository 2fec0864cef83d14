// The option `roles`, against a schema: who may do what with which columns of which rows. What is not granted is denied.

import { ConfigError, checkKeys } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import type { FilterLimits } from "../plan/condition.js";
import type { Names } from "../plan/filter.js";
import type { QueryLimits } from "../request/query.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { isNamed } from "../schema/routine.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { type Claim, claimIn, isClaim } from "./claim.js";
import { type Rule, ruleOf } from "./rule.js";

export const rights = ["read", "create", "update", "delete", "restore"] as const;
/** What a role may do with a table's rows. `restore` is to see those that are marked as deleted, and to bring them back. PUT and PATCH are `update`; `add` and `delete` of a link are `create` and `delete` on its table. */
export type Right = (typeof rights)[number];

/** One right, several, or `*` for all. */
export type RightsOption = Right | "*" | readonly Right[];

/** What a role may do with one table. */
export interface GrantOptions {
  readonly operations: RightsOption;
  /** The fields that it reads; all when left out. Those of the primary key always: a row's address is made of them. */
  readonly read?: readonly string[];
  /** The fields that its bodies may say; all when left out. */
  readonly write?: readonly string[];
  /**
   * The rows that there are for it, as a query string's filters, with claims of whoever asks: `owner_id=eq:$user.sub`. With two
   * rules `write` says which of those that it reads it may change, and that new ones must be like.
   */
  readonly rows?: string | { readonly read?: string; readonly write?: string };
  /** Fields that each of its writes sets, to a claim or a constant: `{ owner_id: "$user.sub" }`. */
  readonly set?: Readonly<Record<string, unknown>>;
}

/** By tables, `*` being all that are not named; `*` alone is every right on every table. */
export type RoleOptions =
  | "*"
  | (Readonly<Record<string, RightsOption | GrantOptions | Readonly<Record<string, RoutineRight>>>> & {
      /** Functions and procedures that it may call, by name or `name(types)`. None when left out. */
      readonly routines?: Readonly<Record<string, RoutineRight>> | RightsOption | GrantOptions;
    });

/** What a role may do with a function or procedure. */
export type RoutineRight = "execute";

/** By the roles' names. A caller has one: the first of these that its role claim names. `anonymous` is for those who say nothing. */
export type RolesOptions = Readonly<Record<string, RoleOptions>>;

/** A role's rights on one table. */
export interface Grant {
  readonly rights: ReadonlySet<Right>;
  readonly fields: ReadonlyMap<string, Column>;
  readonly writable: ReadonlyMap<string, Column>;
  readonly read?: Rule;
  readonly write?: Rule;
  /** By field. */
  readonly set: ReadonlyMap<string, Setting>;
}

export type Setting = { readonly claim: Claim } | { readonly constant: unknown };

/** By table id. A table that is not there is one that the role has nothing to do with. */
export interface Role {
  readonly name: string;
  readonly grants: ReadonlyMap<string, Grant>;
  /** The `id`s of routines that it may call. */
  readonly routines: ReadonlySet<string>;
}

type Limits = FilterLimits & QueryLimits;

/** Throws `ConfigError` for what the schema does not have. */
export function rolesOf(options: RolesOptions, names: Names, limits: Limits): ReadonlyMap<string, Role> {
  if (typeof options !== "object" || options === null || Array.isArray(options) || Object.keys(options).length === 0)
    throw new ConfigError("options.roles", 'is an object of roles: { member: { posts: "read" }, admin: "*" }.');
  return new Map(
    Object.entries(options).map(([name, role]) => [name, roleOf(name, role, names, limits, `options.roles.${name}`)]),
  );
}

function roleOf(name: string, options: RoleOptions, names: Names, limits: Limits, place: string): Role {
  // Whole numbers come first among an object's keys, whatever the order they were written in.
  if (/^\d+$/.test(name)) throw new ConfigError(place, "a role's name is no number: their order could not be told.");
  const tables = (options === "*" ? { "*": "*" } : options) as Readonly<Record<string, RightsOption | GrantOptions>>;
  if (typeof tables !== "object" || tables === null || Array.isArray(tables))
    throw new ConfigError(place, `is "*", or an object of tables: { posts: "read", "*": ["read", "create"] }.`);
  const grants = new Map<string, Grant>();
  const { "*": others, ...named } = tables;
  const routines = routinesIn(named, names, place);
  for (const [table, grant] of Object.entries(named)) {
    if (table === "routines" && isCalls(grant)) continue;
    const entry = entryNamed(table, names, `${place}.${table}`);
    grants.set(entry.table.id, grantOf(grant, entry, names, limits, `${place}.${table}`));
  }
  if (others === undefined) return { name, grants, routines };
  for (const [id, entry] of names.lookup)
    if (!grants.has(id) && entry.routine === undefined)
      grants.set(id, grantOf(onlyRights(others, `${place}.*`), entry, names, limits, `${place}.*`));
  return { name, grants, routines };
}

const isCalls = (grant: unknown): grant is Readonly<Record<string, unknown>> =>
  typeof grant === "object" && grant !== null && !Array.isArray(grant) && !Object.hasOwn(grant, "operations");

/** `routines: { promote: "execute" }`: a table that is called so has its rights by another form. */
function routinesIn(named: Readonly<Record<string, unknown>>, { lookup }: Names, place: string): ReadonlySet<string> {
  const { routines: said } = named;
  if (!isCalls(said)) return new Set();
  const known = [...lookup.values()].flatMap(({ routine }) => routine ?? []);
  return new Set(
    Object.entries(said).flatMap(([name, right]) => {
      if (right !== "execute") throw new ConfigError(`${place}.routines.${name}`, 'a routine is granted by "execute".');
      const meant = known.filter((routine) => isNamed(routine, name));
      if (meant.length > 0) return meant.map(({ id }) => id);
      const hint = didYouMean(name, new Set(known.map((routine) => routine.name)));
      throw new ConfigError(`${place}.routines.${name}`, `there is no such function or procedure.${hint}`);
    }),
  );
}

/** Columns and rows are those of a table that has a name. */
function onlyRights(grant: RightsOption | GrantOptions, place: string): RightsOption {
  if (typeof grant === "string" || Array.isArray(grant)) return grant as RightsOption;
  throw new ConfigError(place, `takes rights alone: "read", ["read", "create"] or "*". Columns and rows need a table.`);
}

/** By its name in the database, or by its path's. */
function entryNamed(name: string, { lookup }: Names, place: string): TableLookup {
  const entries = [...lookup.values()].filter(({ routine }) => routine === undefined);
  const found =
    lookup.get(name) ?? entries.find(({ table }) => table.name === name) ?? entries.find(({ label }) => label === name);
  if (found !== undefined) return found;
  const known = entries.flatMap(({ table, label }) => [table.id, label]);
  throw new ConfigError(place, `there is no such table.${didYouMean(name, new Set(known))}`);
}

const grantKeys = ["operations", "read", "write", "rows", "set"];

function grantOf(
  option: RightsOption | GrantOptions,
  entry: TableLookup,
  names: Names,
  limits: Limits,
  place: string,
): Grant {
  if (typeof option === "string" || Array.isArray(option))
    return { rights: rightsIn(option, place), fields: entry.all, writable: entry.all, set: new Map() };
  const { operations, read, write, rows = {}, set = {} } = option as GrantOptions;
  checkKeys(option, grantKeys, place);
  const rights = rightsIn(operations, `${place}.operations`);
  const rules = typeof rows === "string" ? { read: rows } : rows;
  checkKeys(rules, ["read", "write"], `${place}.rows`);
  const rule = (text: unknown, of: string) =>
    text === undefined ? {} : { [of]: ruleOf(text, entry, names, limits, `${place}.rows`) };
  requireKey(rules, rights, entry, place);
  return {
    rights,
    fields: fieldsNamed(read, entry, `${place}.read`, entry.table.primaryKey),
    writable: fieldsNamed(write, entry, `${place}.write`, []),
    ...rule(rules.read, "read"),
    ...rule(rules.write, "write"),
    set: settingsOf(set, entry, `${place}.set`),
  };
}

function rightsIn(option: unknown, place: string): ReadonlySet<Right> {
  if (option === "*") return new Set(rights);
  const words = [option].flat();
  for (const word of words)
    if (!(rights as readonly unknown[]).includes(word))
      throw new ConfigError(
        place,
        `${JSON.stringify(word) ?? "nothing"} is no right: they are ${rights.join(", ")}, or "*" for all.${typeof word === "string" ? didYouMean(word, rights) : ""}`,
      );
  return new Set(words as Right[]);
}

/** What was written is looked at again, and found by its key. */
function requireKey(rules: object, granted: ReadonlySet<Right>, { table, label }: TableLookup, place: string): void {
  const writes = granted.has("create") || granted.has("update");
  if (Object.keys(rules).length > 0 && writes && table.primaryKey.length === 0)
    throw new ConfigError(
      `${place}.rows`,
      `${label} has no primary key: whether a row that was written is within the rule could not be told. Grant "read" or "delete" alone, or leave the rule out.`,
    );
}

function fieldsNamed(
  names: readonly string[] | undefined,
  entry: TableLookup,
  place: string,
  always: readonly string[],
): ReadonlyMap<string, Column> {
  if (names === undefined) return entry.all;
  if (!Array.isArray(names)) throw new ConfigError(place, 'is an array of fields: ["id", "title"].');
  for (const name of names) requireField(name, entry, place);
  const keys = new Set(always.map((name) => fieldOf(columnOf(entry, name))));
  const some = [...entry.all].filter(([field]) => names.includes(field) || keys.has(field));
  return some.length === entry.all.size ? entry.all : new Map(some);
}

function requireField(name: unknown, { all: known, label }: TableLookup, place: string): void {
  if (typeof name === "string" && known.has(name)) return;
  const hint = typeof name === "string" ? didYouMean(name, known.keys()) : "";
  throw new ConfigError(place, `${label} has no column ${JSON.stringify(name)}.${hint}`);
}

function settingsOf(set: unknown, entry: TableLookup, place: string): ReadonlyMap<string, Setting> {
  if (typeof set !== "object" || set === null || Array.isArray(set))
    throw new ConfigError(place, 'is an object of fields and what they are set to: { owner_id: "$user.sub" }.');
  return new Map(
    Object.entries(set).map(([field, value]) => {
      requireField(field, entry, `${place}.${field}`);
      if (entry.all.get(field)?.generated)
        throw new ConfigError(`${place}.${field}`, "is computed by the database: it cannot be set.");
      return [field, isClaim(value) ? { claim: claimIn(value, `${place}.${field}`) } : { constant: value }] as const;
    }),
  );
}
