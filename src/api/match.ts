// What a path below the mount point leads to.
import type { PageMatch } from "../http/page.js";
import type { Matched } from "../routes/match.js";
import type { Snapshot } from "../run/snapshot.js";

export type Match = RouteMatch | PageMatch;

/** A node of a tree, and the snapshot whose tree it is: a request runs where its path was found. */
export interface RouteMatch extends Matched {
  readonly type: "route";
  /** `/albums/:id/tracks`. */
  readonly pattern: string;
  readonly snapshot: Snapshot;
  /** `/query` stood behind its path: a POST there asks the list. */
  readonly byQuery?: true;
}
