// Relations → the name each has in its table's paths. Whatever would collide is named deterministically and reported.
import { type Naming, wordsOf } from "../schema/naming.js";
import type { Schema, Table } from "../schema/schema.js";
import type { Relation } from "./relations.js";
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
  const paths = namePaths(schema, roots, naming, renamings);
  const resources = schema.tables.map((table) => {
    const wishes = wishesOf(table, schema, relations, naming, paths);
    return {
      table: table.id,
      name: paths.get(table.id) as string,
      root: roots.has(table.id),
      readOnly: isReadOnly(table),
      relations: grant(paths.get(table.id) as string, wishes, renamings),
      decisions: relations.filter((relation) => relation.table === table.id),
    };
  });
  return { resources, renamings };
}

/** Roots first, so that a link table, which has no path of its own, never takes a root's name. */
function namePaths(schema: Schema, roots: ReadonlySet<string>, naming: Naming, renamings: Renaming[]) {
  const taken = new Set<string>();
  const paths = new Map<string, string>();
  const order = [...schema.tables].sort((a, b) => Number(roots.has(b.id)) - Number(roots.has(a.id)));
  for (const table of order) {
    const wanted = table.resource ?? naming.resource(table.name);
    const wishes = [wanted, naming.path(wordsOf(table.id)), naming.path([...wordsOf(table.id), table.kind])];
    const given = firstFree(wishes, taken);
    if (given !== wanted) {
      renamings.push({
        wanted: `/${wanted}`,
        given: `/${given}`,
        because: `another table is /${wanted} already; this is ${table.id}`,
      });
    }
    taken.add(given);
    paths.set(table.id, given);
  }
  return paths;
}

function wishesOf(
  table: Table,
  schema: Schema,
  relations: readonly Relation[],
  naming: Naming,
  paths: ReadonlyMap<string, string>,
): Wish[] {
  const byId = new Map(schema.tables.map((entry) => [entry.id, entry]));
  const path = (id: string) => paths.get(id) as string;
  const wishes: Wish[] = [];
  const children = relations.filter((r) => r.type === "one-n" && r.parent.table === table.id);
  for (const relation of children) {
    if (relation.type !== "one-n") continue;
    const siblings = children.filter((other) => other.table === relation.table);
    const base = baseWords(relation.parent.columns);
    const childWords = wordsOf(path(relation.table));
    const qualified = naming.path([...base, ...childWords]);
    const join = { via: "child" as const, ...pick(relation.parent) };
    const shared = { table: relation.table, join, evidence: relation.evidence };
    wishes.push({
      names: siblings.length > 1 ? [qualified] : [path(relation.table), qualified],
      because: `${relation.table}.${relation.parent.columns.join(",")}`,
      relation: { ...shared, many: true, relation: relation.unique ? "one-one" : "one-n" },
    });
    if (!relation.unique) continue;
    const single = naming.path(siblings.length > 1 ? [...base, ...childWords] : childWords, "one");
    wishes.push({ names: [single], because: "", relation: { ...shared, many: false, relation: "one-one" } });
  }
  for (const relation of relations) {
    if (relation.type !== "n-n") continue;
    for (const [near, far] of [relation.sides, [...relation.sides].reverse()] as const) {
      if (near?.table !== table.id || far === undefined) continue;
      const self = near.table === far.table;
      const link = wordsOf((byId.get(relation.table) as Table).name);
      const wanted = self ? naming.path(baseWords(far.columns), "many") : path(far.table);
      wishes.push({
        names: [wanted, naming.path([...link, ...wordsOf(wanted)])],
        because: `through ${relation.table}`,
        relation: {
          table: far.table,
          many: true,
          relation: "n-n",
          evidence: relation.evidence,
          join: { via: "link", link: relation.table, near: end(near), far: end(far) },
        },
      });
    }
  }
  for (const relation of relations) {
    if (relation.type !== "one-n" || relation.table !== table.id) continue;
    const base = naming.path(baseWords(relation.parent.columns));
    const join = { via: "parent" as const, columns: relation.parent.columns, references: relation.parent.references };
    wishes.push({
      names: [
        base,
        naming.path([...baseWords(relation.parent.columns), ...wordsOf(relation.parent.table)], "one"),
        `${base}_parent`,
      ],
      because: `${table.id}.${relation.parent.columns.join(",")}`,
      relation: { table: relation.parent.table, join, many: false, relation: "parent", evidence: relation.evidence },
    });
  }
  return wishes;
}

/** Wishes come in the order of their right: children, links, parents; a 1-to-1's second name is left out when it is taken. */
function grant(resource: string, wishes: readonly Wish[], renamings: Renaming[]): NamedRelation[] {
  const taken = new Set<string>();
  return wishes.flatMap(({ names, because, relation }) => {
    const [wanted] = names as [string];
    if (because === "" && (taken.has(wanted) || wishes.some((wish) => wish.because !== "" && wish.names[0] === wanted)))
      return [];
    const name = firstFree(names, taken);
    taken.add(name);
    if (name !== wanted) {
      const path = `/${resource}/:id/`;
      renamings.push({
        wanted: path + wanted,
        given: path + name,
        because: `${path}${wanted} is taken; this one is ${because}`,
      });
    }
    return [{ name, ...relation }];
  });
}

function firstFree(names: readonly string[], taken: ReadonlySet<string>): string {
  const free = names.find((name) => name !== "" && !taken.has(name));
  if (free !== undefined) return free;
  const last = names.findLast((name) => name !== "") ?? "unnamed";
  for (let i = 2; ; i++) if (!taken.has(`${last}_${i}`)) return `${last}_${i}`;
}

/** The words of a foreign key without its `id`: `origin_id` → origin; `ReportsTo` → reports to. */
function baseWords(columns: readonly string[]): string[] {
  return columns.flatMap((column) => {
    const words = wordsOf(column);
    return words.length > 1 && words.at(-1) === "id" ? words.slice(0, -1) : words;
  });
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
