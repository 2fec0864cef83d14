// A tree → the pages of its diagram, by the ends of their addresses. What is costly is made when it is first asked for.
import type { Graph } from "@viz-js/viz";
import { once } from "../base/once.js";
import { toGraph } from "../diagram/graph.js";
import { toMermaid } from "../diagram/mermaid.js";
import { type Address, pictureOfTree } from "../diagram/picture.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";
import { HttpError, problemResponse } from "../http/problem.js";
import type { RouteTree } from "../routes/tree.js";
import { addressesIn, clusterAddress, queryOf, tableAddress } from "./address.js";
import { html, image, textAnswer } from "./answers.js";
import { clustersGraph } from "./diagram-graph.js";
import { diagramHtml } from "./diagram-html.js";
import { type DiagramView, type Drawable, diagramView, toDrawable } from "./diagram-view.js";
import { Drawings } from "./drawings.js";

type Operations = ReadonlyMap<string, readonly string[]>;

/** `here` is the documentation's own name; `operations` says of each table which operation lists it. */
export function diagramPages(
  tree: RouteTree,
  here: string,
  operations: () => Operations,
): Readonly<Record<string, (request: ApiRequest) => Promise<ApiResponse>>> {
  const drawable = once(() => toDrawable(pictureOfTree(tree), tree.profile));
  const address = once(() => addressesIn(operations(), here, tree.profile));
  const drawings = new Drawings();
  const draw = (view: DiagramView) =>
    drawings.of(queryOf(view, drawable()), () => graphOf(view, drawable(), leadOf(view, drawable(), address)));
  const page = async (view: DiagramView) => {
    const svg = await draw(view).catch(() => undefined);
    const operations = view.kind === "table" ? address()(view.table) : undefined;
    return html(diagramHtml({ here, view, drawable: drawable(), svg, operations }));
  };
  const answers = {
    "/diagram": page,
    "/diagram.svg": async (view: DiagramView) => image(await draw(view)),
    "/diagram.mmd": async ({ picture }: DiagramView) => textAnswer("text/plain; charset=utf-8", toMermaid(picture)),
  };
  return Object.fromEntries(
    Object.entries(answers).map(([path, answer]) => [
      path,
      ({ query }: ApiRequest) => orProblem(async () => answer(diagramView(query, drawable()))),
    ]),
  );
}

const graphOf = (view: DiagramView, drawable: Drawable, address: Address): Graph =>
  view.kind === "clusters"
    ? clustersGraph(drawable, (cluster) => clusterAddress(cluster, drawable))
    : toGraph(view.picture, address, view.kind === "table" ? view.table.table : undefined);

/** In a picture of all tables they lead to their operations; in a part of it, to the part around them. */
const leadOf = ({ kind }: DiagramView, drawable: Drawable, address: () => Address): Address =>
  kind === "whole" ? address() : (table) => tableAddress(table, drawable);

async function orProblem(answer: () => Promise<ApiResponse>): Promise<ApiResponse> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof HttpError) return problemResponse(error);
    throw error;
  }
}
