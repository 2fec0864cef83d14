// A request that a recipe makes, and what it is made for.
import type { RequestParts } from "../support/http.js";

export interface Call extends RequestParts {
  readonly path: string;
  /** What it is made for; left out once that was seen. */
  readonly wanted?: string;
  /** What its answer must be. */
  readonly must?: number;
  /** Asked of an API that takes bodies of one byte. */
  readonly narrow?: boolean;
}
