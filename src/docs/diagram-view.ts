// A query string, the picture of all tables → what of it is shown: all, its clusters, one of them, or what is around a table.
import { didYouMean, excerpt } from "../base/suggest.js";
import { type Cluster, clustersOf } from "../diagram/clusters.js";
import { neighbourhoodOf, noSuchTable, STEPS, tableNamed } from "../diagram/neighbourhood.js";
import { isLarge, type Picture, type PicturedTable, pictureWithin } from "../diagram/picture.js";
import { problem } from "../http/problem.js";
import type { Profile } from "../routes/tree.js";

export type DiagramView = Whole | Clusters | OneCluster | Around;

interface Whole {
  readonly kind: "whole";
  readonly picture: Picture;
}

interface Clusters {
  readonly kind: "clusters";
  readonly picture: Picture;
}

interface OneCluster {
  readonly kind: "cluster";
  readonly picture: Picture;
  readonly cluster: Cluster;
}

export interface Around {
  readonly kind: "table";
  readonly picture: Picture;
  readonly table: PicturedTable;
  readonly steps: number;
  readonly leftOut: readonly PicturedTable[];
}

/** What a tree's views are cut out of. */
export interface Drawable {
  readonly picture: Picture;
  readonly byId: ReadonlyMap<string, PicturedTable>;
  readonly clusters: readonly Cluster[];
  /** Which of several schemas it is. */
  readonly profile?: Profile | undefined;
}

export const toDrawable = (picture: Picture, profile?: Profile): Drawable => ({
  profile,
  picture,
  byId: new Map(picture.tables.map((table) => [table.table, table])),
  clusters: clustersOf(picture),
});

const known = ["table", "steps", "cluster"] as const;

/** Views of the same address are the same. Throws what the client is told. */
export function diagramView(query: string, drawable: Drawable): DiagramView {
  const { table, steps, cluster } = parametersOf(query);
  if (table !== undefined && cluster !== undefined)
    throw problem("malformed_query", "A picture is of a table or of a cluster: table and cluster do not go together.");
  if (table !== undefined) return around(table, steps, drawable);
  if (steps !== undefined) throw problem("malformed_query", "steps goes with table: ?table=orders&steps=2.");
  if (cluster !== undefined) return oneCluster(cluster, drawable);
  const { picture } = drawable;
  return { kind: isLarge(picture) ? "clusters" : "whole", picture };
}

function parametersOf(query: string): Partial<Record<(typeof known)[number], string>> {
  const parameters = [...new URLSearchParams(query)];
  for (const [i, [name]] of parameters.entries()) {
    if (!known.some((one) => one === name))
      throw problem("unknown_parameter", `There is no parameter ${excerpt(name)}.${didYouMean(name, known)}`);
    if (parameters.findIndex(([other]) => other === name) < i)
      throw problem("malformed_query", `${name} stands here more than once.`);
  }
  return Object.fromEntries(parameters);
}

function around(wanted: string, steps: string = STEPS[0], { picture, byId }: Drawable): Around {
  const table = named(wanted, picture);
  if (!STEPS.some((one) => one === steps))
    throw problem("malformed_query", `steps is ${STEPS.join(" or ")}, not ${excerpt(steps)}.`);
  const near = neighbourhoodOf(picture, table.table, Number(steps));
  const leftOut = near.leftOut.map((id) => byId.get(id) as PicturedTable);
  return { kind: "table", picture: near.picture, table, steps: Number(steps), leftOut };
}

/** The cluster that the table is in: so an address stays right when another table becomes the centre. */
function oneCluster(wanted: string, { picture, clusters }: Drawable): OneCluster {
  const { table } = named(wanted, picture);
  const cluster = clusters.find(({ tables }) => tables.includes(table)) as Cluster;
  return { kind: "cluster", picture: pictureWithin(picture, new Set(cluster.tables)), cluster };
}

function named(wanted: string, picture: Picture): PicturedTable {
  const table = tableNamed(picture, wanted);
  if (table === undefined) throw problem("no_route", noSuchTable(picture, wanted));
  return table;
}
