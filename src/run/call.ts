// One request that has found its route.

import type { ApiRequest } from "../http/message.js";
import type { Preferences } from "../http/preference.js";
import type { Matched } from "../routes/match.js";
import type { Route } from "../routes/tree.js";

export interface Call {
  readonly request: ApiRequest;
  readonly route: Route;
  readonly matched: Matched;
  /** The path's parameters, still percent-encoded. */
  readonly params: readonly string[];
  /** What the client prefers of the answer, and of how the work is done. */
  readonly prefer: Preferences;
}
