// Grants that look like mistakes: what `sapwood check` warns of. Each is allowed, and each has been somebody's open database.

import { ANONYMOUS } from "../http/caller.js";
import { lastingNotes } from "../schema/lasting.js";
import { type Lookup, type TableLookup, tableOf } from "../schema/lookup.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { type Grant, type Role, type RolesOptions, rights } from "./roles.js";
import { columnsNamed, type Rule } from "./rule.js";

export interface Finding {
  readonly role: string;
  /** By its path's name. Left out where the finding is about routines. */
  readonly table?: string;
  /** The `id`s of the functions and procedures that it is about. */
  readonly routines?: readonly string[];
  /** A stable word for programs. */
  readonly code: keyof typeof looks | "all_tables" | "anonymous_definer";
  readonly message: string;
}

/** What is known of a database beside its schema. */
interface Known {
  readonly lookup: Lookup;
  /** Is there an index that begins with the column? */
  isIndexed(table: string, column: string): boolean;
}

interface Place {
  readonly role: Role;
  readonly entry: TableLookup;
  readonly grant: Grant;
  readonly roles: readonly Role[];
  readonly known: Known;
}

/** In the order of the roles and their tables. */
export function findingsOf(options: RolesOptions, roles: readonly Role[], known: Known): Finding[] {
  const { [ANONYMOUS]: open = {} } = options;
  const all = open === "*" || "*" in open ? [OPEN] : [];
  const each = roles.flatMap((role) =>
    [...role.grants].flatMap(([id, grant]): Finding[] => {
      const entry = tableOf(known.lookup, id);
      const place: Place = { role, entry, grant, roles, known };
      return Object.entries(looks).flatMap(([code, look]) =>
        look(place).map(
          (message): Finding => ({ role: role.name, table: entry.label, code: code as Finding["code"], message }),
        ),
      );
    }),
  );
  return [...all, ...each, ...roles.flatMap((role) => openDefiners(role, known))];
}

/** One for all of them: on MySQL and MariaDB `SQL SECURITY DEFINER` is what is not said. */
function openDefiners({ name, routines }: Role, { lookup }: Known): Finding[] {
  if (name !== ANONYMOUS) return [];
  const open = [...lookup.values()].flatMap(({ routine }) =>
    routine?.definer && routines.has(routine.id) ? [routine.id] : [],
  );
  if (open.length === 0) return [];
  const message = `whoever has not signed in may call ${open.join(", ")} with the rights of the owner (SECURITY DEFINER): is it meant?`;
  return [{ role: name, routines: open, code: "anonymous_definer", message }];
}

const OPEN: Finding = {
  role: ANONYMOUS,
  table: "*",
  code: "all_tables",
  message:
    "whoever has not signed in has this on every table, and on each that is made later: name the tables instead.",
};

const writes = ({ rights }: Grant): boolean => rights.has("create") || rights.has("update");

const looks = {
  anonymous_write: ({ role, grant }: Place): string[] => {
    const rights = [...grant.rights].filter((right) => right !== "read");
    if (role.name !== ANONYMOUS || rights.length === 0) return [];
    return [`whoever has not signed in may ${rights.join(", ")} rows: is it meant?`];
  },
  /** A column that says whose a row is, by some role's rule, and that clients may write. */
  writable_owner: (place: Place): string[] => {
    const { roles, entry, grant } = place;
    if (!writes(grant)) return [];
    const owners = roles.flatMap(({ grants }) => ownersBy(grants.get(entry.table.id)));
    return [...new Set(owners)]
      .filter((field) => grant.writable.has(field) && !grant.set.has(field) && !isUnbound(place))
      .map(
        (field) => `clients may write ${field}, which says whose a row is: name the others in "write", or "set" it.`,
      );
  },
  secret_read: (place: Place): string[] => {
    const { grant, entry } = place;
    if (!grant.rights.has("read") || grant.fields !== entry.all || isUnbound(place)) return [];
    return [...entry.all.keys()]
      .filter((field) => SECRET.test(field))
      .map((field) => `shows ${field}, as it shows every column: name those to show in "read".`);
  },
  unindexed_rule: ({ grant, entry, known }: Place): string[] =>
    columnsOf(entry, grant.read, grant.write)
      .filter(({ name }) => !known.isIndexed(entry.table.name, name))
      .map(
        (column) =>
          `its rule looks at ${fieldOf(column)}, which no index begins with: each request may read the whole table.`,
      ),
  /** Half of what is promised of writes does not hold there, and a rule cannot be kept. */
  no_transactions: ({ grant, entry: { table } }: Place): string[] => {
    if (table.transactional !== false || !(writes(grant) || grant.rights.has("delete"))) return [];
    const ruled = writes(grant) && (grant.read !== undefined || grant.write !== undefined);
    return [
      ...lastingNotes(table),
      ...(ruled ? ["it has a rule, and can neither make nor change rows there"] : []),
    ].map((note) => `${note}.`);
  },
  no_effect: ({ grant, entry }: Place): string[] => [
    ...(writes(grant) && [...grant.writable.keys()].every((field) => grant.set.has(field)) && entry.all.size > 0
      ? ["it may make or change rows, and write none of their columns."]
      : []),
    ...(grant.rights.size === 0 ? ["nothing is granted here."] : []),
  ],
} as const satisfies Record<string, (place: Place) => string[]>;

/** Everything is granted on the table, and no rule: an administrator's role. */
const isUnbound = ({ grant, entry }: Place): boolean =>
  grant.read === undefined &&
  grant.write === undefined &&
  grant.writable === entry.all &&
  grant.rights.size === rights.length;

const SECRET =
  /(^|_)(password|passwd|pwd|secret|token|hash|salt|api_?key|private_?key|ssn|iban|otp|pin)(_|$)|password|secret/i;

const ownersBy = (grant: Grant | undefined): string[] =>
  [grant?.read, grant?.write].flatMap((rule) => (rule === undefined ? [] : columnsNamed(rule, true)));

const columnsOf = ({ all: known }: TableLookup, ...rules: readonly (Rule | undefined)[]): Column[] => {
  const names = rules.flatMap((rule) => (rule === undefined ? [] : columnsNamed(rule, false)));
  return [...new Set(names)].flatMap((name) => known.get(name) ?? []);
};
