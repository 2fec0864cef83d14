// A view of the tables and its drawing → the page: the list of all tables by clusters, and the picture with what is said of it.
import { escapeXml } from "../base/escape-xml.js";
import type { Cluster } from "../diagram/clusters.js";
import { STEPS } from "../diagram/neighbourhood.js";
import { isLarge, type PicturedTable } from "../diagram/picture.js";
import { clusterAddress, queryOf, tableAddress } from "./address.js";
import { clusterTitle } from "./cluster-title.js";
import type { Around, DiagramView, Drawable } from "./diagram-view.js";
import { pageHtml, profileLinks, profileQuery } from "./html.js";

export interface DiagramParts {
  /** The documentation's own name, beside this page's folder. */
  readonly here: string;
  readonly view: DiagramView;
  readonly drawable: Drawable;
  /** Left out where it could not be drawn. */
  readonly svg: string | undefined;
  /** Where the operations of the view's table are. */
  readonly operations: string | undefined;
}

export function diagramHtml(parts: DiagramParts): string {
  const { here, view, drawable, svg } = parts;
  const query = escapeXml(queryOf(view, drawable));
  const picture =
    svg ?? `<p>This picture could not be drawn. <a href="diagram.mmd${query}">As text</a> it is there.</p>`;
  const { profile } = drawable;
  const all = view.kind === "whole" ? "" : ` <a href="diagram${profileQuery(profile)}">All tables</a>`;
  return pageHtml(
    "Picture of the tables",
    ["pages.css"],
    `<nav><a href="../${here}${profileQuery(profile)}">API documentation</a>${all}${profileLinks("diagram", profile)} ${legend(view)}
<label class="push"><input type="checkbox" id="fit"> fit to the window</label> <a href="diagram.svg${query}">SVG</a></nav>
${view.kind === "whole" ? `<main>${picture}</main>` : besideList(parts, picture)}`,
  );
}

const besideList = (parts: DiagramParts, picture: string): string =>
  `<div class="beside">
<aside><label id="search" hidden>Find a table <input type="search" id="find" autocomplete="off"></label>
${parts.drawable.clusters.map((cluster) => listOf(cluster, parts)).join("\n")}
</aside>
<main>${headingOf(parts)}
${picture}</main>
</div>
<script src="diagram.js"></script>`;

function listOf(cluster: Cluster, { drawable, view }: DiagramParts): string {
  const tables = cluster.tables.map((id) => drawable.byId.get(id) as PicturedTable);
  const open = tables.some((table) => isCentre(table, view)) || isShown(cluster, view) ? " open" : "";
  return `<details${open}><summary>${escapeXml(clusterTitle(cluster, drawable))} <small>${tables.length}</small></summary>
<ul><li class="all">${link(clusterAddress(cluster, drawable), "all of these", isShown(cluster, view))}</li>
${tables.map((table) => `<li>${link(tableAddress(table, drawable), table.name, isCentre(table, view))}</li>`).join("\n")}
</ul></details>`;
}

const isCentre = ({ table }: PicturedTable, view: DiagramView): boolean =>
  view.kind === "table" && view.table.table === table;

const isShown = (cluster: Cluster, view: DiagramView): boolean => view.kind === "cluster" && view.cluster === cluster;

const link = (address: string, text: string, current = false): string =>
  `<a href="${escapeXml(address)}"${current ? ' aria-current="page"' : ""}>${escapeXml(text)}</a>`;

function headingOf({ view, drawable, operations }: DiagramParts): string {
  if (view.kind === "table") return aroundHeading(view, drawable, operations);
  if (view.kind === "cluster") {
    const title = clusterTitle(view.cluster, drawable);
    return `<h1>${escapeXml(title)}</h1>\n<p>A table leads to what is around it.</p>`;
  }
  const { clusters, picture } = drawable;
  return `<h1>${picture.tables.length} tables</h1>
<p>They are shown in ${clusters.length} groups of tables that belong together. A group leads to its tables.</p>`;
}

function aroundHeading({ table, steps, leftOut }: Around, drawable: Drawable, operations: string | undefined): string {
  const reach = STEPS.map((step) =>
    link(
      tableAddress(table, drawable, Number(step)),
      step === "1" ? "1 step" : `${step} steps`,
      Number(step) === steps,
    ),
  );
  const routes = operations === undefined ? "" : `${link(operations, "Its operations")} · `;
  return `<h1>${escapeXml(table.name)}</h1>
<p>${routes}around it: ${reach.join(" ")}</p>${leftOut.length === 0 ? "" : leftOutList(leftOut, drawable)}`;
}

const leftOutList = (tables: readonly PicturedTable[], drawable: Drawable): string =>
  `\n<details><summary>${tables.length} more ${tables.length === 1 ? "table is" : "tables are"} as near, and not in the picture</summary>
<p>${tables.map((table) => link(tableAddress(table, drawable), table.name)).join(" ")}</p></details>`;

function legend({ kind, picture }: DiagramView): string {
  if (kind === "clusters") return "<span>A line stands for relations between two groups.</span>";
  const ends = isLarge(picture) ? ", a crow's foot stands at many" : "";
  const leads = kind === "whole" ? "its operations" : "what is around it";
  return `<span>A line leads from one row (1) to those that hold its key (n)${ends}; <span class="n-n">n-n</span> links two tables.
A table leads to ${leads}.</span>`;
}
