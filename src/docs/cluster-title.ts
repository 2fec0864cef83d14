// A cluster → what it is called: by its central table, and by what holds its tables together where that is another one.
import type { Cluster } from "../diagram/clusters.js";
import type { PicturedTable } from "../diagram/picture.js";
import type { Drawable } from "./diagram-view.js";

export function clusterTitle({ centre, by, hub, tables }: Cluster, { byId }: Drawable): string {
  const name = (id: string) => (byId.get(id) as PicturedTable).name;
  if (by === "related" || tables.length === 1) return name(centre);
  return hub === undefined ? `${name(centre)} and others on their own` : `${name(centre)} and others of ${name(hub)}`;
}
