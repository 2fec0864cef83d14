// The picture → a graph for Graphviz, which lays it out. A table is a box: its name, and below it the routes that begin there.
import type { Attributes, Edge, Graph } from "@viz-js/viz";
import { grouped } from "../routes/naming-ground.js";
import { type Address, isLarge, type Picture, type PicturedLine, type PicturedTable } from "./picture.js";

/** In a picture of many tables, lines from one that more than so many refer to would cover everything: its name stands in their boxes instead. */
const HUB = 12;

const color = {
  inside: "#ffffff",
  table: "#dbeafe",
  link: "#fde9c8",
  view: "#e5e7eb",
  line: "#64748b",
  linkLine: "#b45309",
  text: "#0f172a",
};

/** Graphviz has no fonts here, and knows the width of Courier's letters; other monospaced fonts have nearly the same. */
const font = { fontname: "Courier", fontsize: 10 };

/** What boxes and lines look up. */
interface Ground {
  readonly many: boolean;
  readonly hubs: ReadonlySet<string>;
  readonly names: ReadonlyMap<string, string>;
  /** How Graphviz knows the tables: names of its own, for theirs may hold anything. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly from: ReadonlyMap<string, readonly PicturedLine[]>;
  readonly to: ReadonlyMap<string, readonly PicturedLine[]>;
}

export function toGraph(picture: Picture, address: Address = () => undefined): Graph {
  const { tables, lines } = picture;
  const ground = groundOf(picture);
  const { many, hubs } = ground;
  // Packing takes the labels from the middle of lines (Graphviz 16): they stand at their ends where it is needed.
  const spacing: Attributes = many
    ? { nodesep: 0.12, ranksep: 0.6, pack: 12, packmode: "array" }
    : { nodesep: 0.3, ranksep: 0.7 };
  return {
    directed: true,
    graphAttributes: { rankdir: "LR", bgcolor: "transparent", tooltip: " ", ...spacing },
    nodeAttributes: { ...font, shape: "plain", fontcolor: color.text },
    edgeAttributes: { ...font, color: color.line, fontcolor: color.line, arrowsize: 0.6 },
    nodes: tables.map((table) => ({
      name: ground.nodes.get(table.table) as string,
      attributes: { label: { html: boxOf(table, ground) }, ...tipOf(table, ground), ...leadsTo(address(table)) },
    })),
    edges: lines.filter(({ from }) => !hubs.has(from)).map((line) => edgeOf(line, ground)),
  };
}

function groundOf(picture: Picture): Ground {
  const { tables, lines } = picture;
  const many = isLarge(picture);
  const from = grouped(lines, (line) => line.from);
  return {
    many,
    hubs: new Set(many ? [...from].flatMap(([table, { length }]) => (length > HUB ? [table] : [])) : []),
    names: new Map(tables.map(({ table, name }) => [table, name])),
    nodes: new Map(tables.map(({ table }, i) => [table, `t${i}`])),
    from,
    to: grouped(lines, (line) => line.to),
  };
}

function boxOf(table: PicturedTable, ground: Ground): string {
  const background = table.view ? color.view : table.root ? color.table : color.link;
  const mark = table.view ? "view" : table.link ? "n-n" : "";
  const inDatabase = table.table === table.name ? "" : ` (${table.table})`;
  const title = `<td align="left"><b>${escaped(table.name)}</b>${escaped(inDatabase)}</td>`;
  const right = mark === "" ? "" : `<td align="right">  <i>${mark}</i></td>`;
  const rows = ground.many ? hubRows(table, ground) : routeRows(table, ground);
  return [
    `<table border="1" color="${color.line}" bgcolor="${color.inside}" cellborder="0" cellspacing="0" cellpadding="3">`,
    `<tr><td port="title" bgcolor="${background}">`,
    `<table border="0" cellborder="0" cellspacing="0" cellpadding="0"><tr>${title}${right}</tr></table>`,
    `</td></tr>${rows.join("")}</table>`,
  ].join("");
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

const row = (text: string, more = ""): string => `<tr><td align="left" ${more}>${escaped(text)}</td></tr>`;

const portAt = (line: number): string => `p${line}`;

function edgeOf(line: PicturedLine, { many, from, nodes }: Ground): Edge {
  const { type, down, up, columns } = line;
  const atRoute = !many && down.length > 0 && line.from !== line.to;
  const [tail = "", head = ""] = type.split("-");
  const linked = type === "n-n";
  return {
    tail: nodes.get(line.from) as string,
    head: nodes.get(line.to) as string,
    attributes: {
      ...tooltip([columns.join(", "), ...down, ...up]),
      ...(many ? !linked && { taillabel: tail, headlabel: head, labeldistance: 1.3 } : { label: ` ${type} ` }),
      ...(atRoute && { tailport: portAt(from.get(line.from)?.indexOf(line) ?? 0), headport: "title" }),
      ...(linked && { dir: "none", style: "dashed", color: color.linkLine, fontcolor: color.linkLine }),
    },
  };
}

function tipOf(table: PicturedTable, { from, to }: Ground): Attributes {
  const down = (from.get(table.table) ?? []).flatMap((line) => line.down);
  const up = (to.get(table.table) ?? []).flatMap((line) => line.up);
  return tooltip([table.name, ...table.routes, ...down, ...up]);
}

const tooltip = (lines: readonly string[]): Attributes => ({
  tooltip: lines.map(escaped).join("\n"),
});

const leadsTo = (address: string | undefined): Attributes => (address === undefined ? {} : { URL: escaped(address) });

/** For XML 1.0, which has no place for control characters and lone surrogates, and for Graphviz, to which `\N` means the node's name. */
const escaped = (text: string): string =>
  text
    .replace(/\s/g, " ")
    .replace(/[^\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replaceAll("\\", "\\\\");
