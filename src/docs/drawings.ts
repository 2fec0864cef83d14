// Graphs → their SVG, each drawn once for all who ask, a few at a time, and kept as long as there is room.
import type { Graph } from "@viz-js/viz";
import { BoundedCache } from "../base/bounded-cache.js";
import { NotInstalled } from "../base/not-installed.js";
import { Semaphore } from "../base/semaphore.js";
import { toSvg } from "../diagram/svg.js";
import { problem } from "../http/problem.js";

/** Of one tree: how many drawings are kept, and how many characters of them. */
const MOST = 64;
const MOST_CHARACTERS = 8_388_608;

/** Each takes a processor for a moment: one at a time for all APIs of the process. */
const desk = new Semaphore(1, 32, () => problem("busy", "Many pictures are drawn at the moment. Try again."));

export class Drawings {
  readonly #drawn = new BoundedCache<string>(MOST, MOST_CHARACTERS);
  readonly #running = new Map<string, Promise<string>>();

  /** Equal keys are equal graphs. */
  async of(key: string, toGraph: () => Graph): Promise<string> {
    const known = this.#drawn.get(key) ?? this.#running.get(key);
    if (known !== undefined) return known;
    const drawing = this.#draw(key, toGraph).finally(() => this.#running.delete(key));
    this.#running.set(key, drawing);
    return drawing;
  }

  async #draw(key: string, toGraph: () => Graph): Promise<string> {
    const svg = await desk.run(async () => toSvg(toGraph())).catch(orNoPicture);
    this.#drawn.set(key, svg, svg.length);
    return svg;
  }
}

/** An app that has left the optional packages out has meant to. */
function orNoPicture(cause: unknown): never {
  if (!(cause instanceof NotInstalled)) throw cause;
  const detail = "This server draws no pictures: what draws them is not installed. diagram.mmd has the same as text.";
  throw problem("no_route", detail, { cause });
}
