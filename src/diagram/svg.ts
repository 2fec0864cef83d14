// A graph → SVG. A large one takes seconds to lay out: a thread does it, and the event loop goes on.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Graph } from "@viz-js/viz";
import { orNotInstalled } from "../base/not-installed.js";
import { layOut } from "./layout.js";

const program = new URL("./thread.js", import.meta.url);

/** Milliseconds. A picture has at most some dozen boxes, and takes seconds on a slow machine. */
const PATIENCE = 60_000;

/** The `<svg>` element. Rejects where it would take longer than a minute, and with a `NotInstalled` where Graphviz is left out. */
export function toSvg(graph: Graph): Promise<string> {
  // A bundler may have left the thread's program out.
  return orNotInstalled("A picture", existsSync(program) ? inThread(graph) : layOut(graph));
}

async function inThread(graph: Graph): Promise<string> {
  const worker = new Worker(program, { workerData: graph });
  try {
    const [svg] = await once(worker, "message", { signal: AbortSignal.timeout(PATIENCE) });
    return svg;
  } finally {
    await worker.terminate();
  }
}
