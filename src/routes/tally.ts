// How many routes a tree has while it grows. A depth of 3 makes tens of thousands of a hundred tables, which nobody sees coming.

import { ConfigError, checkIsCount } from "../base/config-error.js";
import { type RouteNode, routesOf } from "./tree.js";

const MOST = 100_000;
/** It is known by then that they are too many: counting them all could take as long as making them. */
const COUNTED = 400_000;

export class Tally {
  #routes = 0;
  readonly #most: number;

  /** Up to two tables a path, routes are as many as tables and relations: there is no product to be afraid of. */
  constructor(
    private readonly depth: number,
    most: number | undefined,
  ) {
    checkIsCount(most, "options.maxRoutes");
    this.#most = depth > 2 ? (most ?? MOST) : Number.POSITIVE_INFINITY;
  }

  get isOver(): boolean {
    return this.#routes > this.#most;
  }

  /** Those that a place has by now. */
  count(node: RouteNode): void {
    if (this.depth <= 2) return;
    this.#routes += routesOf(node).length;
    if (this.isOver && this.#routes > Math.max(COUNTED, this.#most)) throw this.#tooMany(`more than ${count(COUNTED)}`);
  }

  /** Throws a `ConfigError` with the number. */
  end(): void {
    if (this.isOver) throw this.#tooMany(count(this.#routes));
  }

  #tooMany(routes: string): ConfigError {
    return new ConfigError(
      "options.depth",
      `of ${this.depth} makes ${routes} routes of these tables, and maxRoutes is ${count(this.#most)}. Set depth to ${this.depth - 1}, name fewer tables (include, exclude), or set maxRoutes.`,
    );
  }
}

const count = (number: number): string => number.toLocaleString("en");
