// A graph → SVG, by Graphviz in WebAssembly. It is large, and loaded when the first picture is asked for.
import type { Graph } from "@viz-js/viz";

/** The `<svg>` element, with nothing before it. */
export async function layOut(graph: Graph): Promise<string> {
  const { instance } = await import("@viz-js/viz");
  const svg = (await instance()).renderString(graph, { format: "svg" });
  return svg.slice(svg.indexOf("<svg"));
}
