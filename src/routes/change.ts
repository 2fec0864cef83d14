// One thing about an API that is not what it was, and what that means for its clients.
import type { TableLookup } from "../schema/lookup.js";
import type { Resource } from "./tree.js";

/** From the worst on. */
export const severities = ["breaking", "may break", "new"] as const;
export type Severity = (typeof severities)[number];

export interface RouteChange {
  readonly severity: Severity;
  /** What it is about: `/albums`, `/albums title`, `GET PATCH /albums/:id`. */
  readonly at: string;
  /** What has become of it, for people. */
  readonly text: string;
}

export const change = (severity: Severity, at: string, text: string): RouteChange => ({ severity, at, text });

/** A resource on one side, with the table that its rows are of. */
export interface ShownResource {
  readonly path: string;
  readonly resource: Resource;
  readonly entry: TableLookup;
  /** The paths of all tables, by their ids. */
  readonly paths: ReadonlyMap<string, string>;
}
