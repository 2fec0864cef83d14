// The picture → groups of tables that belong together, each small enough to be drawn by itself.
import { groupBy } from "../base/group-by.js";
import { neighboursOf } from "./neighbourhood.js";
import type { Picture, PicturedLine } from "./picture.js";

export interface Cluster {
  /** The table with most relations in it, by its id. No other cluster has it. */
  readonly centre: string;
  /** Are they related to each other (`related`), to the same `hub` in another cluster, or to none of the others (`apart`)? */
  readonly by: "related" | "hub" | "apart";
  readonly hub?: string;
  readonly tables: readonly string[];
}

/** Tables of a cluster: fewer than those of a picture that shows routes, for its boxes are to be read at a glance. */
const LARGEST = 24;
const SMALLEST = 4;

type Neighbours = ReadonlyMap<string, ReadonlySet<string>>;

/** The largest first. Every table is in one of them. */
export function clustersOf(picture: Picture): readonly Cluster[] {
  const neighbours = neighboursOf(picture.lines);
  const groups = joined(picture, neighbours);
  const large = groups.filter(({ length }) => length >= SMALLEST).map((tables) => clusterOf(tables, neighbours));
  const small = groups.filter(({ length }) => length < SMALLEST);
  return [...large, ...gathered(small, neighbours)].sort((a, b) => b.tables.length - a.tables.length);
}

/** Tables with few relations are joined first: they say more of what belongs together than those that everything refers to. */
function joined({ tables, lines }: Picture, neighbours: Neighbours): string[][] {
  const groups = new Map(tables.map(({ table }) => [table, [table]]));
  for (const { from, to } of lines.toSorted((a, b) => spread(a, neighbours) - spread(b, neighbours))) {
    const [one, other] = [groups.get(from) as string[], groups.get(to) as string[]];
    if (one === other || one.length + other.length > LARGEST) continue;
    one.push(...other);
    for (const table of other) groups.set(table, one);
  }
  return [...new Set(groups.values())];
}

const degree = (table: string, neighbours: Neighbours): number => neighbours.get(table)?.size ?? 0;

const spread = ({ from, to }: PicturedLine, neighbours: Neighbours): number =>
  Math.max(degree(from, neighbours), degree(to, neighbours));

function clusterOf(tables: readonly string[], neighbours: Neighbours): Cluster {
  const inside = new Set(tables);
  const relations = (table: string) => [...(neighbours.get(table) ?? [])].filter((other) => inside.has(other)).length;
  return { centre: mostOf(tables, relations), by: "related", tables };
}

/** Small groups by the table outside of them that they refer to, as many together as make a cluster. */
function gathered(groups: readonly string[][], neighbours: Neighbours): Cluster[] {
  const byHub = groupBy(groups, (group) => hubOf(group, neighbours) ?? "");
  return [...byHub].flatMap(([hub, hanging]) =>
    chunks(hanging).map((tables) => ({
      ...clusterOf(tables, neighbours),
      ...(hub === "" ? { by: "apart" as const } : { by: "hub" as const, hub }),
    })),
  );
}

function hubOf(group: readonly string[], neighbours: Neighbours): string | undefined {
  const outside = group
    .flatMap((table) => [...(neighbours.get(table) ?? [])])
    .filter((table) => !group.includes(table));
  return outside.length === 0 ? undefined : mostOf(outside, (table) => degree(table, neighbours));
}

function chunks(groups: readonly string[][]): string[][] {
  const made: string[][] = [[]];
  for (const group of groups) {
    const last = made.at(-1) as string[];
    if (last.length + group.length > LARGEST) made.push([...group]);
    else last.push(...group);
  }
  return made;
}

/** The first of those that have most. */
const mostOf = (tables: readonly string[], value: (table: string) => number): string =>
  tables.reduce((most, table) => (value(table) > value(most) ? table : most));
