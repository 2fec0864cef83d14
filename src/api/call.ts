// One request that has found its route.
import type { Matched } from "../routes/match.js";
import type { Route } from "../routes/tree.js";
import type { ApiRequest } from "./message.js";

export interface Call {
  readonly request: ApiRequest;
  readonly route: Route;
  readonly matched: Matched;
  /** The path's parameters, still percent-encoded. */
  readonly params: readonly string[];
}
