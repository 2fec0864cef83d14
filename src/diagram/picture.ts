// The route tree → what a picture of it shows: each table, its relations by type, the routes that each of them brings, and functions.
import { groupBy } from "../base/group-by.js";
import type { Relation } from "../routes/relations.js";
import { type NamedRelation, type Resource, type RouteNode, type RouteTree, segmentOf } from "../routes/tree.js";

export interface Picture {
  readonly tables: readonly PicturedTable[];
  readonly lines: readonly PicturedLine[];
  /** Paths of functions and procedures that belong to no table. */
  readonly functions: readonly string[];
}

export interface PicturedTable {
  readonly table: string;
  /** What its path is called. */
  readonly name: string;
  /** A link table is `n-n`; one with columns of its own is a root as well. */
  readonly root: boolean;
  readonly link: boolean;
  readonly view: boolean;
  /** What it brings by itself: its own paths, those between the two tables that it links, and its rows' functions and procedures. */
  readonly routes: readonly string[];
}

/** A foreign key, from the table that is referred to (`from`) to the one that holds it (`to`). */
export interface PicturedLine {
  readonly from: string;
  readonly to: string;
  readonly type: "1-n" | "1-1" | "n-n";
  /** The columns that hold the key. */
  readonly columns: readonly string[];
  /** What it brings: from a row of `from` to those that belong to it. Nothing where it is a side of a mere link, whose table brings them. */
  readonly down: readonly string[];
  /** And from a row of `to` back to its parent. */
  readonly up: readonly string[];
}

/** The address a table leads to when it is clicked. */
export type Address = (table: PicturedTable) => string | undefined;

/** More tables or lines than these, and the routes that lines bring would hide the tables. */
export const MOST_SHOWN = { tables: 40, lines: 120 };

export const isLarge = ({ tables, lines }: Picture): boolean =>
  tables.length > MOST_SHOWN.tables || lines.length > MOST_SHOWN.lines;

/** A box names no more functions than these. */
const MOST_FUNCTIONS = 12;

/** Of the picture only these tables, by their ids, and the lines between them. */
export const pictureWithin = ({ tables, lines }: Picture, ids: ReadonlySet<string>): Picture => ({
  tables: tables.filter(({ table }) => ids.has(table)),
  lines: lines.filter(({ from, to }) => ids.has(from) && ids.has(to)),
  functions: [],
});

/** Paths of three tables and more (`depth`) are made of these, and not shown. A path of rows stands for that of their list. */
export function pictureOfTree(tree: RouteTree): Picture {
  const routes = routesByRelation(tree);
  const { routines = [] } = tree;
  const ofRows = groupBy(
    routines.flatMap(({ belongsTo }) => belongsTo ?? []),
    ({ table }) => table,
  );
  return {
    tables: tree.resources.map((resource) => {
      const functions = (ofRows.get(resource.table) ?? []).map(({ path }) => path);
      const { routes: own, ...table } = tableOf(resource, tree.root, routes);
      return { ...table, routes: [...own, ...shortened(functions)] };
    }),
    lines: tree.resources.flatMap(({ decisions }) => linesOf(decisions, routes)),
    functions: shortened(routines.flatMap(({ path, belongsTo }) => (belongsTo ? [] : (path ?? [])))),
  };
}

/** Overloads share a path. */
function shortened(paths: readonly string[]): string[] {
  const all = [...new Set(paths)];
  return all.length <= MOST_FUNCTIONS
    ? all
    : [...all.slice(0, MOST_FUNCTIONS), `${all.length - MOST_FUNCTIONS} more functions`];
}

function tableOf(resource: Resource, root: RouteNode, routes: Brought): PicturedTable {
  const { table, name, decisions, view = false } = resource;
  const link = decisions.some(({ type }) => type === "n-n");
  const own = resource.root ? ownRoutes(root.literals[name]) : [];
  return {
    table,
    name,
    root: resource.root,
    link,
    view,
    routes: [...own, ...(link ? (routes.get(linkKey(table))?.down ?? []) : [])],
  };
}

function ownRoutes(node: RouteNode | undefined): string[] {
  if (node === undefined) return [];
  return [node.pattern, ...(node.param === undefined ? [] : [node.param.node.pattern])];
}

function linesOf(decisions: readonly Relation[], routes: Brought): PicturedLine[] {
  const drawn = new Set<string>();
  const keys = decisions.flatMap((decision): PicturedLine[] => {
    if (decision.type !== "one-n") return [];
    const { table, parent, unique } = decision;
    const key = foreignKey(table, parent.columns);
    drawn.add(key);
    const shared = { from: parent.table, to: table, columns: parent.columns };
    return [{ ...shared, type: unique ? "1-1" : "1-n", ...(routes.get(key) ?? nothing) }];
  });
  const sides = decisions.flatMap((decision): PicturedLine[] => {
    if (decision.type !== "n-n") return [];
    const { table: to, sides } = decision;
    return sides
      .filter(({ table, columns }) => {
        const line = JSON.stringify([table, to, columns]);
        return !drawn.has(foreignKey(to, columns)) && !drawn.has(line) && drawn.add(line);
      })
      .map(({ table: from, columns }) => ({ from, to, columns, type: "n-n", ...nothing }));
  });
  return [...keys, ...sides];
}

/** Paths by the foreign key or the link table that they follow. */
type Brought = ReadonlyMap<string, Pick<PicturedLine, "down" | "up">>;

const nothing = { down: [], up: [] };

function routesByRelation({ resources, root }: RouteTree): Brought {
  const brought = new Map<string, { down: string[]; up: string[] }>();
  for (const { table, name, relations } of resources) {
    const row = root.literals[name]?.param?.node;
    for (const relation of relations) {
      const node = row?.literals[segmentOf(relation)];
      if (node === undefined) continue;
      const key = keyOf(table, relation);
      const ways = brought.get(key) ?? { down: [], up: [] };
      ways[relation.join.via === "parent" ? "up" : "down"].push(pathOf(node));
      brought.set(key, ways);
    }
  }
  return brought;
}

/** `/groups/:id/members/:memberId add, delete` */
function pathOf(node: RouteNode): string {
  const row = node.param?.node;
  if (row === undefined) return node.pattern;
  const actions = Object.entries(row.literals)
    .filter(([, { routes }]) => routes.POST?.operation === "link" || routes.POST?.operation === "unlink")
    .map(([name]) => name);
  return [row.pattern, actions.join(", ")].filter((part) => part !== "").join(" ");
}

function keyOf(source: string, { table, join }: NamedRelation): string {
  if (join.via === "link") return linkKey(join.link);
  return foreignKey(join.via === "child" ? table : source, join.columns);
}

const linkKey = (table: string): string => JSON.stringify([table]);
const foreignKey = (table: string, columns: readonly string[]): string => JSON.stringify([table, ...columns]);
