// Where pictures and their tables lead to: pages beside the diagram's own.
import type { Cluster } from "../diagram/clusters.js";
import type { Address, PicturedTable } from "../diagram/picture.js";
import type { Profile } from "../routes/tree.js";
import type { DiagramView, Drawable } from "./diagram-view.js";
import { profileQuery } from "./html.js";

/** Operations in Swagger UI. A root leads to its group of operations; other tables lead to the first one about them. */
export const addressesIn =
  (operations: ReadonlyMap<string, readonly string[]>, here: string, profile?: Profile): Address =>
  ({ table, name, root }) => {
    const parts = root ? [name] : operations.get(table);
    return parts && `../${here}${profileQuery(profile)}#/${parts.map(encodeURIComponent).join("/")}`;
  };

/** What is around a table. */
export const tableAddress = (table: PicturedTable, { profile }: Pick<Drawable, "profile">, steps = 1): string =>
  `diagram${tableQuery(table, steps)}${profileQuery(profile, "&")}`;

export const clusterAddress = (cluster: Cluster, drawable: Drawable): string =>
  `diagram${clusterQuery(cluster, drawable)}${profileQuery(drawable.profile, "&")}`;

/** The one spelling of a view's query string. */
export function queryOf(view: DiagramView, drawable: Drawable): string {
  const { profile } = drawable;
  if (view.kind === "table") return tableQuery(view.table, view.steps) + profileQuery(profile, "&");
  return view.kind === "cluster"
    ? clusterQuery(view.cluster, drawable) + profileQuery(profile, "&")
    : profileQuery(profile);
}

const tableQuery = ({ name }: PicturedTable, steps: number): string =>
  `?table=${encodeURIComponent(name)}${steps === 1 ? "" : `&steps=${steps}`}`;

const clusterQuery = ({ centre }: Cluster, { byId }: Drawable): string =>
  `?cluster=${encodeURIComponent((byId.get(centre) as PicturedTable).name)}`;
