// Relations → the name each has in its table's paths. Whatever would collide is named deterministically and reported.

import { type Naming, wordsOf } from "../base/naming.js";
import { lastingOf } from "../schema/lasting.js";
import type { Schema, Table } from "../schema/schema.js";
import type { Reference, Relation } from "./relations.js";
import type { NamedRelation, Renaming, Resource } from "./tree.js";
import { isReadOnly } from "./tree.js";

/** A relation with the names it would like, best first. */
interface Wish {
  readonly names: readonly string[];
  readonly because: string;
  readonly relation: Omit<NamedRelation, "name">;
}

export interface Named {
  readonly resources: Resource[];
  readonly renamings: Renaming[];
}

export function nameResources(schema: Schema, relations: readonly Relation[], naming: Naming): Named {
  const renamings: Renaming[] = [];
  const roots = new Set(relations.flatMap((relation) => (relation.type === "root" ? [relation.table] : [])));
  const tables = inOrder(schema, naming);
  const paths = namePaths(tables, roots, naming, renamings);
  const ground = groundOf(tables, relations, paths);
  const granted = new Map(
    tables.map(({ id }) => [id, grant(paths.get(id) as string, wishesOf(id, ground, naming), renamings)]),
  );
  const resources = schema.tables.map((table) => ({
    table: table.id,
    name: paths.get(table.id) as string,
    noun: naming.noun(wordsOf(paths.get(table.id) as string)),
    root: roots.has(table.id),
    readOnly: isReadOnly(table),
    columns: table.columns,
    primaryKey: table.primaryKey,
    uniqueKeys: table.uniqueKeys,
    ...(table.comment === undefined ? {} : { comment: table.comment }),
    ...lastingOf(table),
    relations: granted.get(table.id) as NamedRelation[],
    decisions: ground.own.get(table.id) ?? [],
  }));
  return { resources, renamings };
}

/** Who comes first where names collide: a path from the config, the default schema, a name that is the path already. */
function inOrder(schema: Schema, naming: Naming): Table[] {
  const ranked = schema.tables.map((table) => ({
    table,
    rank: [table.resource !== undefined, table.id === table.name, naming.resource(table.name) === table.name],
  }));
  const before = (a: readonly boolean[], b: readonly boolean[]) => {
    const at = a.findIndex((yes, i) => yes !== b[i]);
    return at === -1 ? 0 : a[at] ? -1 : 1;
  };
  return ranked.sort((a, b) => before(a.rank, b.rank) || (a.table.id < b.table.id ? -1 : 1)).map(({ table }) => table);
}

type OneToN = Extract<Relation, { type: "one-n" }>;
type Link = Extract<Relation, { type: "n-n" }>;

/** What naming looks up, gathered once: the cost of a table does not grow with the number of all tables. */
interface Ground {
  readonly tables: ReadonlyMap<string, Table>;
  readonly paths: ReadonlyMap<string, string>;
  /** By the table that they stand on. */
  readonly own: ReadonlyMap<string, readonly Relation[]>;
  /** By the table that they refer to. */
  readonly children: ReadonlyMap<string, readonly OneToN[]>;
  /** By the table at the near side. */
  readonly links: ReadonlyMap<string, readonly { link: Link; near: Reference; far: Reference }[]>;
}

function groundOf(
  tables: readonly Table[],
  relations: readonly Relation[],
  paths: ReadonlyMap<string, string>,
): Ground {
  const own = grouped(relations, (relation) => relation.table);
  const ordered = tables.flatMap(({ id }) => own.get(id) ?? []);
  const links = ordered.flatMap((link) => {
    if (link.type !== "n-n") return [];
    const [one, other] = link.sides;
    return [
      { link, near: one, far: other },
      { link, near: other, far: one },
    ];
  });
  return {
    tables: new Map(tables.map((table) => [table.id, table])),
    paths,
    own,
    children: grouped(
      ordered.filter((relation) => relation.type === "one-n"),
      ({ parent }) => parent.table,
    ),
    links: grouped(links, ({ near }) => near.table),
  };
}

export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Roots first, so that a link table, which has no path of its own, never takes a root's name. */
function namePaths(tables: readonly Table[], roots: ReadonlySet<string>, naming: Naming, renamings: Renaming[]) {
  const taken = new Set<string>();
  const paths = new Map<string, string>();
  const order = [...tables].sort((a, b) => Number(roots.has(b.id)) - Number(roots.has(a.id)));
  for (const table of order) {
    const wanted = table.resource ?? naming.resource(table.name);
    const wishes = [wanted, naming.path(wordsOf(table.id)), naming.path([...wordsOf(table.id), table.kind])];
    const given = firstFree(wishes, taken);
    if (given !== wanted) {
      renamings.push({
        wanted: `/${wanted}`,
        given: `/${given}`,
        because: wanted === "" ? nameless(table.id) : `another table is /${wanted} already; this is ${table.id}`,
      });
    }
    taken.add(given);
    paths.set(table.id, given);
  }
  return paths;
}

function wishesOf(id: string, ground: Ground, naming: Naming): Wish[] {
  const path = (table: string) => ground.paths.get(table) as string;
  const base = (reference: Reference) => baseWords(reference, ground, naming);
  const wishes: Wish[] = [];
  const singles: Wish[] = [];
  const children = ground.children.get(id) ?? [];
  const siblings = grouped(children, ({ table }) => table);
  for (const relation of children) {
    const alone = siblings.get(relation.table)?.length === 1;
    const childWords = wordsOf(path(relation.table));
    const words = [...base(relation.parent), ...childWords];
    const qualified = naming.path(words);
    const join = { via: "child" as const, ...pick(relation.parent) };
    const shared = { table: relation.table, join, evidence: relation.evidence };
    wishes.push({
      names: alone ? [path(relation.table), qualified] : [qualified],
      because: placeOf(relation),
      relation: { ...shared, many: true, relation: relation.unique ? "one-one" : "one-n" },
    });
    if (!relation.unique) continue;
    const single = naming.path(alone ? childWords : words, "one");
    // `/users/:id/news` and, with singular paths, `/user/:id/profile` are the collection's name already.
    if (single === (alone ? path(relation.table) : qualified)) continue;
    singles.push({
      names: [single, naming.path(words, "one")],
      because: `the one row of ${placeOf(relation)}`,
      relation: { ...shared, many: false, relation: "one-one" },
    });
  }
  for (const { link, near, far } of ground.links.get(id) ?? []) {
    const self = near.table === far.table;
    const linkWords = wordsOf((ground.tables.get(link.table) as Table).name);
    const wanted = self || far.as !== undefined ? naming.path(base(far), "many") : path(far.table);
    wishes.push({
      names: [wanted, naming.path([...linkWords, ...wordsOf(wanted)])],
      because: `through ${link.table}`,
      relation: {
        table: far.table,
        many: true,
        relation: "n-n",
        evidence: link.evidence,
        join: { via: "link", link: link.table, near: end(near), far: end(far) },
      },
    });
  }
  for (const relation of ground.own.get(id) ?? []) {
    if (relation.type !== "one-n") continue;
    const words = base(relation.parent);
    const join = { via: "parent" as const, columns: relation.parent.columns, references: relation.parent.references };
    wishes.push({
      names: [
        naming.path(words),
        naming.path([...words, ...wordsOf(relation.parent.table)], "one"),
        naming.path([...words, "parent"]),
      ],
      because: placeOf(relation),
      relation: { table: relation.parent.table, join, many: false, relation: "parent", evidence: relation.evidence },
    });
  }
  return [...wishes, ...singles];
}

const placeOf = ({ table, parent }: OneToN): string => `${table}.${parent.columns.join(",")}`;
const nameless = (place: string): string => `a path has letters or digits, and there are none in ${place}`;

/** Wishes come in the order of their right: children, links, parents, and last the second name of a 1-to-1. */
function grant(resource: string, wishes: readonly Wish[], renamings: Renaming[]): NamedRelation[] {
  const taken = new Set<string>();
  return wishes.flatMap(({ names, because, relation }) => {
    const [wanted] = names as [string];
    const name = firstFree(names, taken);
    taken.add(name);
    if (name !== wanted) {
      const path = `/${resource}/:id/`;
      renamings.push({
        wanted: path + wanted,
        given: path + name,
        because: wanted === "" ? nameless(because) : `${path}${wanted} is taken; this one is ${because}`,
      });
    }
    return [{ name, ...relation }];
  });
}

export function firstFree(names: readonly string[], taken: ReadonlySet<string>): string {
  const free = names.find((name) => name !== "" && !taken.has(name));
  if (free !== undefined) return free;
  const last = names.findLast((name) => name !== "") ?? "unnamed";
  for (let i = 2; ; i++) if (!taken.has(`${last}_${i}`)) return `${last}_${i}`;
}

/** The words of a foreign key without its `id`: `origin_id` → origin; `ReportsTo` → reports to. A bare `id` (a shared key) says nothing: its parent's noun. */
function baseWords({ columns, as, table }: Reference, ground: Ground, naming: Naming): string[] {
  if (as !== undefined) return wordsOf(as);
  const words = columns.flatMap((column) => {
    const words = wordsOf(column);
    return words.length > 1 && words.at(-1) === "id" ? words.slice(0, -1) : words;
  });
  if (words.join() !== "id") return words;
  return wordsOf(naming.noun(wordsOf(ground.tables.get(table)?.name ?? "")));
}

const end = ({ columns, references }: { columns: readonly string[]; references: readonly string[] }) => ({
  columns,
  references,
});
const pick = ({
  columns,
  references,
  enforced,
}: {
  columns: readonly string[];
  references: readonly string[];
  enforced: boolean;
}) => ({
  columns,
  references,
  enforced,
});
