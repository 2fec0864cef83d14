// The clusters → a graph of them: a box a cluster, and a line between two that have relations.
import type { Graph } from "@viz-js/viz";
import { boxLabel, color, edgeAttributes, graphAttributes, leadsTo, nodeAttributes, row, tooltip } from "./box.js";
import type { Cluster } from "./clusters.js";
import { MOST_SHOWN, type PicturedLine } from "./picture.js";

export interface NamedCluster extends Cluster {
  readonly title: string;
  readonly address: string | undefined;
}

/** Lines of a cluster to others: with more, they would say that everything belongs to everything. */
const STRONGEST = 2;

/** The largest clusters, as many as a picture may have tables. */
export function overviewGraph(all: readonly NamedCluster[], lines: readonly PicturedLine[]): Graph {
  const clusters = all.slice(0, MOST_SHOWN.tables);
  return {
    directed: false,
    graphAttributes: { ...graphAttributes, nodesep: 0.3, ranksep: 0.9 },
    nodeAttributes,
    edgeAttributes,
    nodes: clusters.map((cluster, i) => ({ name: `c${i}`, attributes: attributesOf(cluster) })),
    edges: strongest(relationsBetween(clusters, lines)).map(({ a, b, count }) => ({
      tail: `c${a}`,
      head: `c${b}`,
      attributes: { ...tooltip([`${count} ${count === 1 ? "relation" : "relations"}`]), penwidth: count > 9 ? 3 : 1 },
    })),
  };
}

function attributesOf({ title, address, tables }: NamedCluster) {
  const rows = [row(`${tables.length} ${tables.length === 1 ? "table" : "tables"}`)];
  return { label: boxLabel({ background: color.table, title, rows }), ...tooltip([title]), ...leadsTo(address) };
}

/** How many relations there are between two clusters, by their places. */
interface Between {
  readonly a: number;
  readonly b: number;
  readonly count: number;
}

function relationsBetween(clusters: readonly Cluster[], lines: readonly PicturedLine[]): Between[] {
  const placeOf = new Map(clusters.flatMap(({ tables }, i) => tables.map((table) => [table, i] as const)));
  const found = new Map<string, Between>();
  for (const { from, to } of lines) {
    const [x, y] = [placeOf.get(from), placeOf.get(to)];
    if (x === undefined || y === undefined || x === y) continue;
    const [a, b] = [Math.min(x, y), Math.max(x, y)];
    found.set(`${a} ${b}`, { a, b, count: (found.get(`${a} ${b}`)?.count ?? 0) + 1 });
  }
  return [...found.values()].sort((one, other) => other.count - one.count);
}

/** Those that are among the strongest of one of their two clusters. */
function strongest(between: readonly Between[]): Between[] {
  const drawn = new Map<number, number>();
  return between.filter(({ a, b }) => {
    const [ofA, ofB] = [drawn.get(a) ?? 0, drawn.get(b) ?? 0];
    if (ofA >= STRONGEST && ofB >= STRONGEST) return false;
    drawn.set(a, ofA + 1).set(b, ofB + 1);
    return true;
  });
}
