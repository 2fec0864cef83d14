// The picture → a graph for Graphviz, which lays it out. A table is a box: its name, and below it the routes that begin there.
import type { Attributes, Edge, Graph } from "@viz-js/viz";
import { groupBy } from "../base/group-by.js";
import { boxLabel, color, edgeAttributes, graphAttributes, leadsTo, nodeAttributes, row, tooltip } from "./box.js";
import { type Address, isLarge, type Picture, type PicturedLine, type PicturedTable } from "./picture.js";

/** In a picture of many tables, lines from one that more than so many refer to would cover everything: its name stands in their boxes instead. */
const HUB = 12;

/** What boxes and lines look up. */
interface Ground {
  readonly many: boolean;
  readonly centre: string | undefined;
  readonly hubs: ReadonlySet<string>;
  readonly names: ReadonlyMap<string, string>;
  /** How Graphviz knows the tables: names of its own, for theirs may hold anything. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly from: ReadonlyMap<string, readonly PicturedLine[]>;
  readonly to: ReadonlyMap<string, readonly PicturedLine[]>;
}

/** `centre` is the table that the picture is about. */
export function toGraph(picture: Picture, address: Address = () => undefined, centre?: string): Graph {
  const { tables, lines } = picture;
  const ground = groundOf(picture, centre);
  const { many, hubs } = ground;
  // Packing takes the labels from the middle of lines (Graphviz 16): where it is needed, the lines' ends say the same by their form.
  const spacing: Attributes = many
    ? { nodesep: 0.12, ranksep: 0.6, pack: 12, packmode: "array" }
    : { nodesep: 0.3, ranksep: 0.7 };
  return {
    directed: true,
    graphAttributes: { ...graphAttributes, ...spacing },
    nodeAttributes,
    edgeAttributes,
    nodes: [
      ...tables.map((table) => ({
        name: ground.nodes.get(table.table) as string,
        attributes: { label: boxOf(table, ground), ...tipOf(table, ground), ...leadsTo(address(table)) },
      })),
      ...functionsOf(picture),
    ],
    edges: lines.filter(({ from }) => !hubs.has(from)).map((line) => edgeOf(line, ground)),
  };
}

function groundOf(picture: Picture, centre: string | undefined): Ground {
  const { tables, lines } = picture;
  const many = isLarge(picture);
  const from = groupBy(lines, (line) => line.from);
  return {
    many,
    centre,
    hubs: new Set(many ? [...from].flatMap(([table, { length }]) => (length > HUB ? [table] : [])) : []),
    names: new Map(tables.map(({ table, name }) => [table, name])),
    nodes: new Map(tables.map(({ table }, i) => [table, `t${i}`])),
    from,
    to: groupBy(lines, (line) => line.to),
  };
}

const boxOf = (table: PicturedTable, ground: Ground): { readonly html: string } =>
  boxLabel({
    background: table.view ? color.view : table.root ? color.table : color.link,
    title: table.name,
    also: table.table === table.name ? undefined : table.table,
    mark: table.view ? "view" : table.link ? "n-n" : undefined,
    rows: ground.many ? hubRows(table, ground) : routeRows(table, ground),
    central: table.table === ground.centre,
  });

/** Those that belong to no table have a box of their own. */
function functionsOf({ functions }: Picture): Required<Graph>["nodes"] {
  if (functions.length === 0) return [];
  const label = boxLabel({ background: color.view, title: "functions", rows: functions.map((path) => row(path)) });
  return [{ name: "functions", attributes: { label, ...tooltip(functions) } }];
}

/** Its lines begin at the routes that they bring. */
function routeRows({ table, routes }: PicturedTable, { from, to }: Ground): string[] {
  const down = (from.get(table) ?? []).flatMap((line, at) =>
    line.down.map((route, i) => row(route, i === 0 ? `port="${portAt(at)}"` : "")),
  );
  const up = (to.get(table) ?? []).flatMap((line) => line.up.map((route) => row(route)));
  return [...routes.map((route) => row(route)), ...down, ...up];
}

function hubRows({ table }: PicturedTable, { to, hubs, names }: Ground): string[] {
  const parents = (to.get(table) ?? []).filter(({ from }) => hubs.has(from));
  return [...new Set(parents.map(({ from, type }) => row(`${names.get(from)} ${type}`)))];
}

const portAt = (line: number): string => `p${line}`;

function edgeOf(line: PicturedLine, { many, from, nodes }: Ground): Edge {
  const { type, down, up, columns } = line;
  const atRoute = !many && down.length > 0 && line.from !== line.to;
  const linked = type === "n-n";
  return {
    tail: nodes.get(line.from) as string,
    head: nodes.get(line.to) as string,
    attributes: {
      ...tooltip([`${type} ${columns.join(", ")}`, ...down, ...up]),
      ...(many ? crowsFoot(type) : { label: ` ${type} ` }),
      ...(atRoute && { tailport: portAt(from.get(line.from)?.indexOf(line) ?? 0), headport: "title" }),
      ...(linked && { dir: "none", style: "dashed", color: color.linkLine, fontcolor: color.linkLine }),
    },
  };
}

/** The ends of lines as diagrams of entities have them: a bar for one row, a crow's foot for many. */
const crowsFoot = (type: PicturedLine["type"]): Attributes => ({
  dir: "both",
  arrowtail: "tee",
  arrowhead: type === "1-n" ? "crow" : "tee",
});

function tipOf(table: PicturedTable, { from, to }: Ground): Attributes {
  const down = (from.get(table.table) ?? []).flatMap((line) => line.down);
  const up = (to.get(table.table) ?? []).flatMap((line) => line.up);
  return tooltip([table.name, ...table.routes, ...down, ...up]);
}
