// Relations → the name each has in its table's paths. Whatever would collide is named deterministically and reported.

import { type Naming, type Renaming, wordsOf } from "../base/naming.js";
import { lastingOf } from "../schema/lasting.js";
import type { Column, Schema, Table } from "../schema/schema.js";
import { fieldsIn, groundOf } from "./naming-ground.js";
import type { Unrelated } from "./relation.js";
import type { Related } from "./relations.js";
import type { TableNouns } from "./table-nouns.js";
import type { NamedRelation, Resource } from "./tree.js";
import { isReadOnly } from "./tree.js";
import { type Wish, wishesOf } from "./wishes.js";

export interface Named {
  readonly resources: Resource[];
  readonly renamings: Renaming[];
}

export function nameResources(schema: Schema, { relations, unrelated, nouns }: Related): Named {
  const { naming } = nouns;
  const renamings: Renaming[] = [];
  const roots = new Set(relations.flatMap((relation) => (relation.type === "root" ? [relation.table] : [])));
  const tables = inOrder(schema, nouns);
  const paths = namePaths(tables, roots, nouns, renamings);
  const ground = groundOf(tables, relations, paths, nouns);
  const granted = new Map(
    tables.map((table) => [
      table.id,
      grant({ resource: paths.get(table.id) as string, table, naming, renamings }, wishesOf(table.id, ground)),
    ]),
  );
  const resources = schema.tables.map((table) => ({
    table: table.id,
    name: paths.get(table.id) as string,
    noun: naming.noun(wordsOf(paths.get(table.id) as string)),
    root: roots.has(table.id),
    ...(table.kind === "view" && { view: true as const }),
    readOnly: isReadOnly(table),
    ...(table.denied === undefined ? {} : { denied: table.denied }),
    columns: table.columns,
    primaryKey: table.primaryKey,
    uniqueKeys: table.uniqueKeys,
    ...(table.comment === undefined ? {} : { comment: table.comment }),
    ...lastingOf(table),
    relations: granted.get(table.id) as NamedRelation[],
    decisions: ground.own.get(table.id) ?? [],
    ...(unrelated.get(table.id)?.length ? { unrelated: unrelated.get(table.id) as readonly Unrelated[] } : {}),
  }));
  return { resources, renamings };
}

/** Who comes first where names collide: a path from the config, the default schema, a name that is the path already. */
function inOrder(schema: Schema, nouns: TableNouns): Table[] {
  const ranked = schema.tables.map((table) => ({
    table,
    rank: [table.resource !== undefined, table.id === table.name, resourceOf(table, nouns) === table.name],
  }));
  const before = (a: readonly boolean[], b: readonly boolean[]) => {
    const at = a.findIndex((yes, i) => yes !== b[i]);
    return at === -1 ? 0 : a[at] ? -1 : 1;
  };
  return ranked.sort((a, b) => before(a.rank, b.rank) || (a.table.id < b.table.id ? -1 : 1)).map(({ table }) => table);
}

/** The path's name of what stands behind a prefix. */
function resourceOf(table: Table, { naming, wordsOf: words }: TableNouns): string {
  const said = words(table).join(" ");
  const { name } = table;
  // The prefix ends where what is left has these words: `tblOrders`, `oc_order`.
  const starts = Array.from(name, (_, i) => i).filter((i) => i === 0 || /[\p{L}\p{N}]/u.test(name[i] as string));
  return naming.resource(name.slice(starts.find((i) => wordsOf(name.slice(i)).join(" ") === said) ?? 0));
}

/** Roots first, so that a link table, which has no path of its own, never takes a root's name. */
function namePaths(tables: readonly Table[], roots: ReadonlySet<string>, nouns: TableNouns, renamings: Renaming[]) {
  const { naming } = nouns;
  const taken = new Set<string>();
  const paths = new Map<string, string>();
  const order = [...tables].sort((a, b) => Number(roots.has(b.id)) - Number(roots.has(a.id)));
  for (const table of order) {
    const wanted = table.resource ?? resourceOf(table, nouns);
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

const nameless = (place: string): string => `a path has letters or digits, and there are none in ${place}`;

interface Granting {
  readonly resource: string;
  readonly table: Table;
  readonly naming: Naming;
  readonly renamings: Renaming[];
}

/** Wishes come in the order of their right. No relation is called like a column, but for the column that it stands in the place of. */
function grant({ resource, table, naming, renamings }: Granting, wishes: readonly Wish[]): NamedRelation[] {
  const fields = fieldsIn(table);
  const standing = new Map(table.columns.map((column) => [column.name, column]));
  const taken = new Set<string>();
  const takenFields = new Set<string>();
  return wishes.map(({ names, because, relation, column, said }) => {
    const stands = column !== undefined && mayStand(standing.get(column));
    const others = (field: string) => fields.has(field) && !(stands && fields.get(field) === column);
    const [wanted] = names as [string];
    const fieldOf = (segment: string) => (segment === wanted && said !== undefined ? said : naming.field(segment));
    const isTaken = (segment: string) => taken.has(segment) || takenFields.has(fieldOf(segment));
    const segment = firstFree(names, { has: (one) => isTaken(one) || others(fieldOf(one)) });
    const name = fieldOf(segment);
    taken.add(segment);
    takenFields.add(name);
    if (segment !== wanted && !(others(fieldOf(wanted)) && column !== undefined)) {
      const path = `/${resource}/:id/`;
      const holder = others(fieldOf(wanted))
        ? `${table.id} has a column ${fieldOf(wanted)}`
        : `${path}${wanted} is taken`;
      renamings.push({
        wanted: path + wanted,
        given: path + segment,
        because: wanted === "" ? nameless(because) : `${holder}; this one is ${because}`,
      });
    }
    const apart = segment === name ? {} : { segment };
    return { name, ...apart, ...relation, ...(fields.has(name) ? { inPlace: true as const } : {}) };
  });
}

/** Where a value may be an object itself, an object is no related row. */
const mayStand = (column: Column | undefined): boolean =>
  column !== undefined && !["json", "array", "other"].includes(column.type.kind);

export function firstFree(names: readonly string[], taken: Pick<ReadonlySet<string>, "has">): string {
  const free = names.find((name) => name !== "" && !taken.has(name));
  if (free !== undefined) return free;
  const last = names.findLast((name) => name !== "") ?? "unnamed";
  for (let i = 2; ; i++) if (!taken.has(`${last}_${i}`)) return `${last}_${i}`;
}
