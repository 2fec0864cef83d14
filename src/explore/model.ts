// A tree as whoever asks may see it → what the page to look around in needs to know of it, as plain data.
import {
  type Join,
  type NamedRelation,
  type Operation,
  type Resource,
  type RouteNode,
  type RouteTree,
  segmentOf,
} from "../routes/tree.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { type ExploredBytes, type ExploredField, fieldOfColumn, placeOfBytes } from "./model-fields.js";
import { type ExploredRoutine, type RoutineForm, routinesBelow } from "./model-routines.js";

export type { ExploredBytes, ExploredField, ExploredRoutine, RoutineForm };

/** All that the page shows comes from here, and from the API's own answers. */
export interface ExploreModel {
  readonly tables: readonly ExploredTable[];
  /** Functions and procedures with paths of their own. */
  readonly routines: readonly ExploredRoutine[];
  /** OpenAPI's own, by their names: how callers may say who they are. Empty where nobody is asked. */
  readonly signIn: Readonly<Record<string, SignInScheme>>;
}

/** A security scheme of OpenAPI, as far as the page can use one. */
export interface SignInScheme {
  readonly type?: string;
  readonly scheme?: string;
  readonly in?: string;
  readonly name?: string;
  readonly description?: string;
  readonly flows?: { readonly password?: { readonly tokenUrl: string } };
}

/** A table with a list of its own. */
export interface ExploredTable {
  /** In paths: `/name`. */
  readonly name: string;
  /** What one row is called: `invoice line`. */
  readonly noun: string;
  readonly comment?: string;
  /** Fields of its key, in key order; empty where there is none, and then rows have no page of their own. */
  readonly key: readonly string[];
  /** The field that tells people which row it is. */
  readonly label?: string;
  readonly may: readonly Possible[];
  readonly fields: readonly ExploredField[];
  readonly relations: readonly ExploredRelation[];
  /** Those that are called below one of its rows. */
  readonly routines: readonly ExploredRoutine[];
}

/** A way from a row to others, which is a path: `/albums/1/tracks`. */
export interface ExploredRelation {
  readonly segment: string;
  /** The other table's name in paths. What has no list of its own is left out. */
  readonly table: string;
  readonly kind: NamedRelation["relation"];
  readonly many: boolean;
  readonly may: readonly Possible[];
  /** Fields that are equal: those of this table, and those of the other one. Left out for an N-to-N. */
  readonly on?: readonly (readonly [own: string, other: string])[];
  /** What a link of an N-to-N says besides its two keys. */
  readonly linkFields?: readonly ExploredField[];
}

export function modelOf(tree: RouteTree, signIn: ExploreModel["signIn"]): ExploreModel {
  const resources = new Map(tree.resources.map((resource) => [resource.table, resource]));
  const shown = tree.resources.filter((resource) => listOf(resource, tree) !== undefined);
  const names = new Set(shown.map(({ table }) => table));
  const tables = shown.map((resource) => tableOf(resource, tree, { resources, names }));
  return { tables, routines: Object.values(tree.root.literals).flatMap(routinesBelow), signIn };
}

interface Ground {
  readonly resources: ReadonlyMap<string, Resource>;
  /** Tables with lists. */
  readonly names: ReadonlySet<string>;
}

const listOf = ({ root, name }: Resource, tree: RouteTree): RouteNode | undefined => {
  const node = root && Object.hasOwn(tree.root.literals, name) ? tree.root.literals[name] : undefined;
  return node?.routes.GET?.operation === "list" ? node : undefined;
};

function tableOf(resource: Resource, tree: RouteTree, ground: Ground): ExploredTable {
  const { name, noun, comment, columns, unread = [] } = resource;
  const list = listOf(resource, tree) as RouteNode;
  const row = list.param?.node;
  const fieldNamed = new Map(columns.map((column) => [column.name, fieldOf(column)]));
  const isRead = ({ name }: Column) => !unread.includes(name);
  const key = row === undefined ? [] : resource.primaryKey.flatMap((one) => fieldNamed.get(one) ?? []);
  const label = labelAmong(columns.filter(isRead), resource.primaryKey);
  return {
    name,
    noun: noun.replaceAll("_", " "),
    ...(comment !== undefined && { comment }),
    key: key.length === resource.primaryKey.length ? key : [],
    ...(label && { label }),
    may: [...operationsOf(list), ...(row ? operationsOf(row) : [])],
    fields: columns.map((column) => ({
      ...fieldOfColumn(column, resource, isRead(column)),
      ...(row && placeOfBytes(column, row)),
    })),
    routines: row === undefined ? [] : routinesBelow(row),
    relations: row === undefined ? [] : resource.relations.flatMap((one) => relationOf(one, resource, row, ground)),
  };
}

const buttons = ["list", "read", "create", "update", "delete", "link", "unlink"] as const;

/** What the page has a place for. */
export type Possible = (typeof buttons)[number] & Operation;

const operationsOf = ({ routes }: RouteNode): Possible[] => {
  const all = new Set<string>(Object.values(routes).map(({ operation }) => operation));
  return buttons.filter((one) => all.has(one));
};

function relationOf(
  relation: NamedRelation,
  own: Resource,
  row: RouteNode,
  { resources, names }: Ground,
): ExploredRelation[] {
  const segment = segmentOf(relation);
  const node = Object.hasOwn(row.literals, segment) ? row.literals[segment] : undefined;
  const other = resources.get(relation.table);
  if (node?.routes.GET === undefined || other === undefined || !names.has(other.table)) return [];
  const { join, relation: kind, many } = relation;
  const below = node.param?.node;
  const links = below === undefined ? [] : Object.values(below.literals).flatMap(operationsOf);
  const on = join.via === "link" ? undefined : pairsOf(join, own, other);
  const linkFields = join.via === "link" ? linkFieldsOf(join, resources.get(join.link)) : [];
  return [
    {
      ...{ segment, kind, many, table: other.name },
      may: [...new Set([...operationsOf(node), ...links])],
      ...(on && { on }),
      ...(linkFields.length > 0 && { linkFields }),
    },
  ];
}

/** A key of the link's own is made by the database. */
function linkFieldsOf({ near, far }: Join & { via: "link" }, link: Resource | undefined): ExploredField[] {
  if (link === undefined) return [];
  const keys = new Set([...near.columns, ...far.columns, ...link.primaryKey]);
  return link.columns
    .filter(({ name }) => !keys.has(name))
    .map((column) => fieldOfColumn(column, link, true))
    .filter(({ insert }) => insert);
}

/** Nothing where a column is not shown. */
function pairsOf(
  { via, columns, references }: { via: "child" | "parent"; columns: readonly string[]; references: readonly string[] },
  own: Resource,
  other: Resource | undefined,
): (readonly [string, string])[] | undefined {
  const [mine, theirs] = via === "parent" ? [columns, references] : [references, columns];
  const named = (of: Resource | undefined, name: string | undefined) => {
    const column = of?.columns.find((one) => one.name === name);
    return column && fieldOf(column);
  };
  const pairs = mine.map((name, i) => [named(own, name), named(other, theirs[i])] as const);
  return pairs.every(([one, two]) => one !== undefined && two !== undefined)
    ? (pairs as unknown as [string, string][])
    : undefined;
}

/** What people look for first, then any text that is no key. */
const LABELS = ["name", "title", "label", "username", "email", "code", "subject", "description"];

function labelAmong(columns: readonly Column[], key: readonly string[]): string | undefined {
  const texts = columns.filter(
    ({ name, type }) => (type.kind === "text" || type.kind === "enum") && !key.includes(name),
  );
  const named = (word: string) => texts.find((column) => fieldOf(column).toLowerCase() === word);
  const within = (word: string) => texts.find((column) => fieldOf(column).toLowerCase().endsWith(word));
  const found = [...LABELS.map(named), ...LABELS.map(within), texts[0]].find((column) => column !== undefined);
  return found && fieldOf(found);
}
