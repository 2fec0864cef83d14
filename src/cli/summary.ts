// What a server that has started serves, for people at a terminal.
import type { Api } from "../api/api.js";
import { warningText } from "../schema/warnings.js";
import type { RunningServer } from "../server/serve.js";

/** So many of the things that are left out are named. */
const NAMED = 3;

/** Addresses, databases, tables and relations, a line each; what is left out, or less than it could be, at the end. */
export function summaryOf({
  authDbs,
  docs,
  explore,
  mounts,
  url,
}: Pick<RunningServer, "authDbs" | "docs" | "explore" | "mounts" | "url">): string {
  const lines: (readonly [string, string])[] = [
    ...mounts.map(({ name, prefix }) => [name === undefined ? "API" : `API ${name}`, url + (prefix || "/")] as const),
    ...(explore === undefined ? [] : [["explore", explore] as const]),
    ...(docs === undefined ? [] : [["docs", docs] as const]),
    ...(docs === undefined || mounts.length > 1 ? [] : [["diagram", `${docs}/diagram`] as const]),
    ...mounts.map(({ name, api }) => [name ?? "database", contentsOf(api)] as const),
    ...authDbs.map((db) => ["accounts", db] as const),
    ...mounts.flatMap(({ api }) => leftOutOf(api)),
  ];
  const width = Math.max(...lines.map(([label]) => label.length)) + 2;
  return lines.map(([label, text]) => `  ${label.padEnd(width)}${text}\n`).join("");
}

function contentsOf({ dialect, tree: { resources, routines = [] } }: Pick<Api, "dialect" | "tree">): string {
  const views = resources.filter(({ view }) => view).length;
  const all = resources.flatMap(({ relations }) => relations);
  const links = new Set(all.flatMap(({ join }) => (join.via === "link" ? [join.link] : [])));
  const relations = all.filter(({ relation }) => relation === "parent").length + links.size;
  return [
    dialect.name,
    counted(resources.length - views, "table"),
    ...(views > 0 ? [counted(views, "view")] : []),
    counted(relations, "relation"),
    ...(routines.length > 0 ? [counted(routines.length, "function or procedure", "functions and procedures")] : []),
  ].join(", ");
}

function leftOutOf({ tree: { warnings = [] } }: Pick<Api, "tree">): (readonly [string, string])[] {
  const more = warnings.length - NAMED;
  return [
    ...warnings.slice(0, NAMED).map((warning) => ["limited", warningText(warning)] as const),
    ...(more > 0 ? [["", `and ${more} more: sapwood routes --why tells them all`] as const] : []),
  ];
}

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
