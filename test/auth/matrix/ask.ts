// Every request of the matrix: kinds of paths × operations, on rows that there are and that there are not.
import { keyOf, type Relation, type Row, relations, seed, type TableName, tableNames, tables } from "./rows.js";

export interface Step {
  readonly name: string;
  readonly table: TableName;
  readonly relation?: Relation;
  readonly key?: string;
  /** Any row of the table, linked or not: the far end of `add` and `delete`. */
  readonly any?: boolean;
}

export interface Ask {
  readonly op:
    | "list"
    | "read"
    | "create"
    | "merge"
    | "ignore"
    | "update"
    | "replace"
    | "putUpsert"
    | "delete"
    | "updateMany"
    | "deleteMany"
    | "link"
    | "unlink"
    | "unlinkMany"
    | "relink"
    /** A list with the rows of a relation in each of its own, and those of its rows that have such. */
    | "embed"
    | "through"
    /** A row with rows of a relation in its body: a new one, or one that is there. */
    | "nest";
  readonly steps: readonly Step[];
  readonly body?: Row;
  readonly ids?: readonly number[];
  /** What the filters of a list select by; all of the seed when left out. */
  readonly titles?: readonly string[];
  readonly relation?: string;
  readonly related?: readonly Row[];
}

const methods: Readonly<Record<Ask["op"], string>> = {
  list: "GET",
  read: "GET",
  create: "POST",
  merge: "POST",
  ignore: "POST",
  update: "PATCH",
  replace: "PUT",
  putUpsert: "PUT",
  delete: "DELETE",
  updateMany: "PATCH",
  deleteMany: "DELETE",
  link: "POST",
  unlink: "POST",
  unlinkMany: "DELETE",
  relink: "PUT",
  embed: "GET",
  through: "GET",
  nest: "POST",
};

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export function requestOf(ask: Ask): Request {
  const { op, steps, body, ids, titles, relation = "", related } = ask;
  const tail = op === "link" ? "/add" : op === "unlink" ? "/delete" : "";
  const path = steps.map(({ name, key }) => `/${name}${key === undefined ? "" : `/${key}`}`).join("") + tail;
  const filter = titles === undefined ? "title=startswith:t" : `title=in:${titles.join(",")}`;
  const query: Partial<Record<Ask["op"], string>> = {
    ...{ list: titles && filter, updateMany: filter, deleteMany: filter, unlinkMany: filter },
    ...{ merge: "on-conflict=merge", ignore: "on-conflict=ignore" },
    embed: `select=*,${relation}(*)&count=exact`,
    through: `${relation}.title=startswith:t`,
  };
  const headers: Readonly<Record<string, string>> = op === "putUpsert" ? { prefer: "resolution=upsert" } : {};
  if (op === "nest") {
    const { many } = relations[(steps[0] as Step).table][relation] as Relation;
    const method = steps[0]?.key === undefined ? "POST" : "PATCH";
    const whole = { ...body, [relation]: many ? related : related?.[0] };
    return { method, path, query: "", headers, body: whole };
  }
  return { method: methods[op], path, query: query[op] ?? "", headers, body: ids ?? body };
}

/** The same as the only entry of a batch. */
export const inBatch = ({ method, path, query, headers, body }: Request): Request => ({
  ...{ method: "POST", path: "/batch", query: "", headers: {} },
  body: [{ method, path: query === "" ? path : `${path}?${query}`, headers, ...(body === undefined ? {} : { body }) }],
});

/** The tables that it has to do with. */
export const tablesIn = ({ steps, relation }: Ask): readonly TableName[] =>
  [...steps, ...(relation === undefined ? [] : [furtherStep(steps, relation)])].flatMap(({ table, relation }) =>
    relation?.join.via === "link" ? [table, "posts_tags" as const] : [table],
  );

const furtherStep = (steps: readonly Step[], name: string): Step => {
  const relation = relations[(steps.at(-1) as Step).table][name] as Relation;
  return { name, table: relation.to, relation };
};

const root = (table: TableName, key?: string): Step => ({ name: table, table, ...(key !== undefined && { key }) });
const keys = (table: TableName): string[] => [...seed[table].map((row) => keyOf(table, row)), absent(table)];
const absent = (table: TableName): string => (table === "posts_tags" ? "3,3" : "90");

/** Whose rows a relation is asked of: each. */
const sources = tableNames.flatMap((table) =>
  Object.entries(relations[table]).flatMap(([name, relation]) =>
    keys(table).map((key) => ({ before: [root(table, key)], at: { name, table: relation.to, relation }, key })),
  ),
);
/** One step further. */
const deeper = sources.flatMap(({ before, at }) =>
  at.table !== "posts" || before[0]?.table !== "areas"
    ? []
    : seed.posts.flatMap((post) =>
        ["notes", "tags", "cover"].map((name) => {
          const relation = relations.posts[name] as Relation;
          return {
            before: [...before, { ...at, key: keyOf("posts", post) }],
            at: { name, table: relation.to, relation },
          };
        }),
      ),
);
const nested: readonly { readonly before: readonly Step[]; readonly at: Step }[] = [...sources, ...deeper];

/** Bodies for a row that is there; the last one gives it to other parents. */
const changesOf = (table: TableName): Row[] => [
  { title: "x" },
  { owner: "bob", title: "x" },
  { owner: "ann" },
  { grp: "black" },
  { grp: "red" },
  { secret: "x" },
  ...(table === "posts_tags"
    ? []
    : Object.keys(tables[table].foreign).flatMap((column) => [{ [column]: 3 }, { [column]: 80 }])),
];

const newOnes = (table: TableName, key: Row, foreign: Row): Row[] => [
  { ...key, ...foreign, title: "new" },
  { ...key, ...foreign, title: "new", owner: "ann", grp: "red" },
  { ...key, ...foreign, title: "new", owner: "bob", grp: "green" },
  { ...key, ...foreign, title: "new", owner: "ann", secret: "x" },
  ...(table === "posts_tags" ? [] : [{ ...key, ...foreign, owner: "ann", grp: "blue" }]),
];

const freshKey = (table: TableName): Row => (table === "posts_tags" ? { post_id: 3, tag_id: 3 } : { id: 50 });
const freshForeign = (table: TableName, parent: number): Row =>
  table === "posts_tags"
    ? {}
    : Object.fromEntries(Object.keys(tables[table].foreign).map((column) => [column, parent]));

function roots(table: TableName): Ask[] {
  const list = [root(table)];
  const titles = seed[table].slice(0, 2).map(({ title }) => String(title));
  const standing = seed[table].map((row) =>
    Object.fromEntries(tables[table].key.map((column) => [column, row[column] ?? null])),
  );
  const fresh = [3, 5].flatMap((parent) => newOnes(table, freshKey(table), freshForeign(table, parent)));
  return [
    { op: "list", steps: list },
    { op: "list", steps: list, titles },
    ...fresh.flatMap((body): Ask[] =>
      (["create", "merge", "ignore"] as const).map((op) => ({ op, steps: list, body })),
    ),
    ...standing.flatMap((key): Ask[] =>
      (["create", "merge", "ignore"] as const).map((op) => ({ op, steps: list, body: { ...key, title: "x" } })),
    ),
    ...standing.map((key): Ask => ({ op: "merge", steps: list, body: { ...key, owner: "ann", grp: "black" } })),
    ...changesOf(table).flatMap((body): Ask[] => [
      { op: "updateMany", steps: list, body },
      { op: "updateMany", steps: list, body, titles },
    ]),
    { op: "deleteMany", steps: list },
    { op: "deleteMany", steps: list, titles },
    ...titles.map((title): Ask => ({ op: "deleteMany", steps: list, titles: [title] })),
    ...keys(table).flatMap((key) => single([root(table, key)])),
  ];
}

/** A row that its path names. */
function single(steps: readonly Step[]): Ask[] {
  const { table, relation } = steps.at(-1) as Step;
  if (relation?.join.via === "link" || relation?.join.via === "parent") return [{ op: "read", steps }];
  const own = relation?.join.via === "child" ? relation.join.column : "";
  const bodies = changesOf(table).filter((body) => !Object.hasOwn(body, own));
  const isKeyed = steps.at(-1)?.key !== undefined;
  return [
    { op: "read", steps },
    { op: "delete", steps },
    ...bodies.map((body): Ask => ({ op: "update", steps, body })),
    ...bodies.map((body): Ask => ({ op: "replace", steps, body })),
    ...(isKeyed && steps.length === 1 ? bodies.slice(0, 4).map((body): Ask => ({ op: "putUpsert", steps, body })) : []),
  ];
}

function below({ before, at }: (typeof nested)[number]): Ask[] {
  const { table, relation } = at as Step & { readonly relation: Relation };
  const list = [...before, at];
  if (!relation.many) return single(list);
  const keyed = keys(table).map((key): Step => ({ ...at, key }));
  if (relation.join.via === "link")
    return [
      { op: "list", steps: list },
      ...keyed.map((step): Ask => ({ op: "read", steps: [...before, step] })),
      ...keyed.flatMap((step): Ask[] => [
        { op: "link", steps: [...before, { ...step, any: true }], body: {} },
        { op: "link", steps: [...before, { ...step, any: true }], body: { owner: "ann", grp: "red" } },
        { op: "unlink", steps: [...before, { ...step, any: true }] },
      ]),
      { op: "unlinkMany", steps: list },
      { op: "unlinkMany", steps: list, titles: ["t3", "t4", "t0", "t1"] },
      ...[[], [1], [1, 2], [2, 4], [3], [1, 2, 3, 4], [90]].map((ids): Ask => ({ op: "relink", steps: list, ids })),
    ];
  const own = relation.join.via === "child" ? relation.join.column : "";
  const foreign = table === "posts_tags" ? { [own === "post_id" ? "tag_id" : "post_id"]: 3 } : {};
  const key = table === "posts_tags" ? {} : freshKey(table);
  return [
    { op: "list", steps: list },
    ...newOnes(table, key, foreign).map((body): Ask => ({ op: "create", steps: list, body })),
    { op: "updateMany", steps: list, body: { title: "x" } },
    { op: "updateMany", steps: list, body: { owner: "bob" } },
    { op: "deleteMany", steps: list },
    ...keyed.flatMap((step) => single([...before, step])),
  ];
}

/** What a relation of the table shows, and takes. */
function withRelated(table: TableName): Ask[] {
  const list = [root(table)];
  return Object.entries(relations[table]).flatMap(([relation, { to, join }]): Ask[] => {
    const reading: Ask[] = [
      { op: "embed", steps: list, relation },
      { op: "through", steps: list, relation },
    ];
    // A link's ends are its key, which its place does not say.
    if (to === "posts_tags" || table === "posts_tags") return reading;
    const some = [seed[to][0], seed[to][1], seed[to][2]] as Row[];
    const taken = some.map(({ id = null }) => ({ id }));
    const changed = taken.map((key) => ({ ...key, title: "x" }));
    const fresh = newOnes(to, { id: 60 }, {}).slice(0, 3);
    const each = [...taken, ...changed, ...fresh].map((one) => [one]);
    const several =
      join.via === "parent" || relation === "cover" ? [] : [taken, [...changed.slice(0, 1), ...fresh.slice(0, 1)]];
    const sets = [...each, ...several];
    return [
      ...reading,
      ...sets.map(
        (related): Ask => ({
          op: "nest",
          steps: list,
          body: { id: 50, title: "new", owner: "ann", grp: "red" },
          relation,
          related,
        }),
      ),
      ...keys(table)
        .slice(0, 4)
        .flatMap((key) =>
          sets.map((related): Ask => ({ op: "nest", steps: [root(table, key)], body: {}, relation, related })),
        ),
    ];
  });
}

export const asks: readonly Ask[] = [
  ...tableNames.flatMap(roots),
  ...tableNames.flatMap(withRelated),
  ...nested.flatMap(below),
];
