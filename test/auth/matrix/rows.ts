// Tables whose columns are alike, so that every rule can stand on each: a parent, its children, theirs, a 1-to-1 and an N-to-N.
import { insert } from "../../fixtures/literal.js";
import type { DatabaseName } from "../../support/databases.js";

export type Row = Readonly<Record<string, string | number | null>>;
export type State = Readonly<Record<TableName, readonly Row[]>>;

/** In an order in which each refers to those before it. */
export const tableNames = ["areas", "tags", "posts", "notes", "covers", "posts_tags"] as const;
export type TableName = (typeof tableNames)[number];

export interface Table {
  readonly key: readonly string[];
  /** What refers to another table's `id`. */
  readonly foreign: Readonly<Record<string, TableName>>;
  readonly unique?: string;
  readonly columns: readonly string[];
}

const plain = ["owner", "grp", "title", "secret"];
const table = (foreign: Readonly<Record<string, TableName>>, unique?: string): Table => ({
  ...{ key: ["id"], foreign, columns: ["id", ...plain, ...Object.keys(foreign)] },
  ...(unique && { unique }),
});

export const tables: Readonly<Record<TableName, Table>> = {
  areas: table({}),
  tags: table({}),
  posts: table({ area_id: "areas" }),
  notes: table({ post_id: "posts" }),
  covers: table({ post_id: "posts" }, "post_id"),
  posts_tags: {
    key: ["post_id", "tag_id"],
    foreign: { post_id: "posts", tag_id: "tags" },
    columns: ["post_id", "tag_id", ...plain],
  },
};

/** What a relation's rows have to do with the row that it is of. */
export type Join =
  | { readonly via: "child"; readonly column: string }
  | { readonly via: "parent"; readonly column: string }
  | { readonly via: "link"; readonly near: string; readonly far: string };
export interface Relation {
  readonly to: TableName;
  readonly many: boolean;
  readonly join: Join;
}

const child = (to: TableName, column: string, many = true): Relation => ({ to, many, join: { via: "child", column } });
const parent = (to: TableName, column: string): Relation => ({ to, many: false, join: { via: "parent", column } });
const linked = (to: TableName, near: string, far: string): Relation => ({
  to,
  many: true,
  join: { via: "link", near, far },
});

export const relations: Readonly<Record<TableName, Readonly<Record<string, Relation>>>> = {
  areas: { posts: child("posts", "area_id") },
  tags: { posts: linked("posts", "tag_id", "post_id"), posts_tags: child("posts_tags", "tag_id") },
  posts: {
    area: parent("areas", "area_id"),
    notes: child("notes", "post_id"),
    covers: child("covers", "post_id"),
    cover: child("covers", "post_id", false),
    tags: linked("tags", "post_id", "tag_id"),
    posts_tags: child("posts_tags", "post_id"),
  },
  notes: { post: parent("posts", "post_id") },
  covers: { post: parent("posts", "post_id") },
  posts_tags: { post: parent("posts", "post_id"), tag: parent("tags", "tag_id") },
};

/** Two owners of one name but for a capital, who are one to many a collation; and NULL, which is equal to nobody. */
const owners = ["ann", "bob", "Ann", null, "ann", "bob"];
const groups = ["red", "green", "blue", "green", null, "red", "blue"];

const row = (i: number, foreign: Row): Row => ({
  ...foreign,
  owner: owners[i % owners.length] ?? null,
  grp: groups[i % groups.length] ?? null,
  title: `t${i}`,
  secret: `s${i}`,
});
const keyed = (from: number, foreign: readonly Row[]) => foreign.map((it, i) => ({ id: i + 1, ...row(from + i, it) }));

export const seed: State = {
  areas: keyed(0, [{}, {}, {}]),
  tags: keyed(3, [{}, {}, {}, {}]),
  posts: keyed(0, [{ area_id: 1 }, { area_id: 1 }, { area_id: 2 }, { area_id: 2 }, { area_id: null }, { area_id: 1 }]),
  notes: keyed(4, [{ post_id: 1 }, { post_id: 1 }, { post_id: 2 }, { post_id: 4 }, { post_id: 3 }]),
  covers: keyed(1, [{ post_id: 1 }, { post_id: 2 }, { post_id: 4 }]),
  posts_tags: [
    [1, 1],
    [1, 2],
    [1, 4],
    [2, 1],
    [2, 3],
    [3, 2],
    [4, 4],
  ].map(([post_id = 0, tag_id = 0], i) => row(i + 2, { post_id, tag_id })),
};

export function ddl(database: DatabaseName): string {
  const made = tableNames.map((name) => {
    const { key, foreign, unique, columns } = tables[name];
    const lines = [
      ...columns.map((column) => (plain.includes(column) ? `${column} VARCHAR(20)` : `${column} INTEGER`)),
      `PRIMARY KEY (${key.join(", ")})`,
      ...(unique === undefined ? [] : [`UNIQUE (${unique})`]),
      ...Object.entries(foreign).map(([column, to]) => `FOREIGN KEY (${column}) REFERENCES ${to} (id)`),
    ];
    return `CREATE TABLE ${name} (${lines.join(", ")});`;
  });
  return [...made, ...tableNames.map((name) => insert(database, name, seed[name]))].join("\n");
}

export const keyOf = (name: TableName, it: Row): string => tables[name].key.map((column) => it[column]).join(",");

/** All rows as texts, whatever order they are in. */
export const textOf = (state: State): string[] =>
  tableNames.flatMap((name) =>
    state[name]
      .map((it) => `${name} ${JSON.stringify(tables[name].columns.map((column) => it[column] ?? null))}`)
      .sort(),
  );
