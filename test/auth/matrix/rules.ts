// Every kind of rule: as the option `roles` says it for one table, and as the model knows it.
import type { GrantOptions, RightsOption } from "../../../src/access/roles.js";
import { type Relation, type Row, relations, type State, type TableName, tableNames, tables } from "./rows.js";

export const claims = { sub: "ann", groups: ["red", "blue"] };

type Test = (row: Row, state: State, table: TableName) => boolean;

interface Kind {
  readonly grant: (table: TableName) => RightsOption | GrantOptions;
  readonly rights?: readonly string[];
  readonly sees?: Test;
  readonly changes?: Test;
  /** Columns that it does not read; not those of the key. */
  readonly unread?: (table: TableName) => readonly string[];
  readonly unwritten?: readonly string[];
  readonly set?: Row;
  readonly on?: readonly TableName[];
}

const own = "owner=eq:$user.sub";
const isOwn: Test = ({ owner }) => owner === "ann";
const inGroups: Test = ({ grp }) => grp === "red" || grp === "blue";
const never: Test = () => false;

/** Of which relation's rows one must be the caller's. */
const ways: Readonly<Record<TableName, string>> = {
  areas: "posts",
  tags: "posts",
  posts: "area",
  notes: "post",
  covers: "post",
  posts_tags: "tag",
};
const isOwnBy: Test = (row, state, table) =>
  follow(row, relations[table][ways[table]] as Relation, state).some((other) => other.owner === "ann");

/** All rows that a relation leads to, whoever asks. */
export function follow(row: Row, { to, join }: Relation, state: State): readonly Row[] {
  if (join.via === "parent") return state[to].filter(({ id }) => id === row[join.column]);
  if (join.via === "child") return state[to].filter((other) => other[join.column] === row.id);
  const links = state.posts_tags.filter((link) => link[join.near] === row.id);
  return state[to].filter(({ id }) => links.some((link) => link[join.far] === id));
}

const foreign = (table: TableName) => Object.keys(tables[table].foreign);
const without = (table: TableName, names: readonly string[]) =>
  tables[table].columns.filter((name) => !names.includes(name));
const rows = (rows: GrantOptions["rows"]) => (): GrantOptions => ({ operations: "*", ...(rows && { rows }) });

export const kinds: Readonly<Record<string, Kind>> = {
  all: { grant: () => "*" },
  own: { grant: rows(own), sees: isOwn },
  related: { grant: (table) => ({ operations: "*", rows: `${ways[table]}.${own}` }), sees: isOwnBy },
  split: { grant: rows({ read: "grp=in:$user.groups", write: own }), sees: inGroups, changes: isOwn },
  guarded: { grant: rows({ write: own }), changes: isOwn },
  either: {
    grant: rows("or=(owner=eq:$user.sub,grp=eq:green)"),
    sees: (row, ...rest) => isOwn(row, ...rest) || row.grp === "green",
  },
  negated: {
    grant: rows("not.or=(grp=in:$user.groups,grp=is:null)"),
    sees: (row, ...rest) => row.grp !== null && !inGroups(row, ...rest),
  },
  groups: { grant: rows("grp=in:$user.groups"), sees: inGroups },
  missing: { grant: rows("owner=eq:$user.nothing"), sees: never },
  missingBelowNot: { grant: rows("owner=not.eq:$user.nothing"), sees: never },
  cutRead: {
    grant: (table) => ({ operations: "*", read: without(table, ["owner", "secret"]) }),
    unread: () => ["owner", "secret"],
  },
  cutKeys: {
    grant: (table) => ({ operations: "*", read: without(table, foreign(table)) }),
    unread: foreign,
    on: ["posts", "notes", "covers"],
  },
  cutWrite: {
    grant: (table) => ({ operations: "*", write: without(table, ["owner", "secret"]) }),
    unwritten: ["owner", "secret"],
  },
  set: {
    grant: () => ({ operations: "*", rows: own, set: { owner: "$user.sub" } }),
    sees: isOwn,
    set: { owner: "ann" },
  },
  setAlone: { grant: () => ({ operations: "*", set: { grp: "black" } }), set: { grp: "black" } },
  readOnly: { grant: () => "read", rights: ["read"] },
  createOnly: { grant: () => "create", rights: ["create"] },
  noDelete: { grant: () => ["read", "create", "update"], rights: ["read", "create", "update"] },
  closed: { grant: () => [], rights: [] },
};

/** What one role may do, as the model knows it. */
export class Access {
  private readonly kind: Kind;

  constructor(
    readonly name: string,
    readonly subject: TableName,
  ) {
    this.kind = kinds[name] as Kind;
  }

  get role(): string {
    return `${this.name} ${this.subject}`;
  }

  private of(table: TableName): Partial<Kind> {
    return table === this.subject ? this.kind : {};
  }

  may = (right: string, table: TableName): boolean => this.of(table).rights?.includes(right) ?? true;
  sees = (table: TableName, row: Row, state: State): boolean => this.of(table).sees?.(row, state, table) ?? true;
  /** What it may change it sees. */
  changes = (table: TableName, row: Row, state: State): boolean =>
    this.sees(table, row, state) && (this.of(table).changes?.(row, state, table) ?? true);
  reads = (table: TableName, column: string): boolean =>
    tables[table].key.includes(column) ||
    (this.may("read", table) && !(this.of(table).unread?.(table) ?? []).includes(column));
  writes = (table: TableName, column: string): boolean =>
    (this.may("create", table) || this.may("update", table)) &&
    !(this.of(table).unwritten ?? []).includes(column) &&
    !Object.hasOwn(this.set(table), column);
  set = (table: TableName): Row => this.of(table).set ?? {};

  /** Is the relation there for the role? */
  has(table: TableName, { to, join }: Relation): boolean {
    const ends = this.may("read", table) && this.may("read", to);
    if (join.via === "link") return ends && this.may("read", "posts_tags");
    return ends && this.reads(join.via === "child" ? to : table, join.column);
  }

  shown(table: TableName, row: Row): Row {
    return Object.fromEntries(Object.entries(row).filter(([column]) => this.reads(table, column)));
  }
}

export const accesses: readonly Access[] = Object.entries(kinds).flatMap(([name, { on = tableNames }]) =>
  on.map((subject) => new Access(name, subject)),
);

export const roles = Object.fromEntries(
  accesses.map(({ name, subject, role }) => [
    role,
    { [subject]: (kinds[name] as Kind).grant(subject), "*": "*" as const },
  ]),
);
