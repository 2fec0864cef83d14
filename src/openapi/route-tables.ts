// The tables and columns that a route's path speaks of.
import type { Join, Route, Step } from "../routes/tree.js";
import { isNeeded } from "./fields.js";
import { type Described, type Ground, tableIn } from "./ground.js";

/** Columns that the path fills in. */
export function filledBy({ steps }: Route): readonly string[] {
  const join = steps.at(-1)?.join;
  return join?.via === "child" ? join.columns : [];
}

export const needsBody = ({ written }: Described, said: readonly string[]): boolean =>
  written.some((column) => isNeeded(column) && !said.includes(column.name));

type LinkJoin = Extract<Join, { via: "link" }>;

const linkJoin = ({ steps }: Route): LinkJoin => (steps.at(-1) as Step).join as LinkJoin;

export const linkTable = (route: Route, ground: Ground): Described => tableIn(ground, linkJoin(route).link);

/** The link's columns that the path says. */
export function endsOf(route: Route): readonly string[] {
  const { near, far } = linkJoin(route);
  return [...near.columns, ...far.columns];
}
