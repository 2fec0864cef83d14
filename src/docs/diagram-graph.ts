// All tables of a large picture → the graph of their clusters.
import type { Graph } from "@viz-js/viz";
import type { Cluster } from "../diagram/clusters.js";
import { overviewGraph } from "../diagram/overview.js";
import { clusterTitle } from "./cluster-title.js";
import type { Drawable } from "./diagram-view.js";

/** `addressOf` is where a click on a cluster leads. */
export const clustersGraph = (drawable: Drawable, addressOf?: (cluster: Cluster) => string): Graph =>
  overviewGraph(
    drawable.clusters.map((cluster) => ({
      ...cluster,
      title: clusterTitle(cluster, drawable),
      address: addressOf?.(cluster),
    })),
    drawable.picture.lines,
  );
