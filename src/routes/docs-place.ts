// Where the API's own pages are: beside the tables' paths, and never in front of them.
import { ConfigError } from "../base/config-error.js";
import type { Renaming } from "../base/naming.js";
import { firstFree } from "./path-names.js";
import type { DocsPlace } from "./tree.js";

/** `false`: nowhere. A path moves the page. */
export type DocsOption = boolean | string;

/**
 * A table that is called `docs` keeps its path, and the page gives way; where the options themselves name a table's path, that
 * is an error. `taken` are the paths' names at the top.
 */
export function placeDocs(
  taken: ReadonlySet<string>,
  option: DocsOption | undefined,
): { docs?: DocsPlace; moved: Renaming[] } {
  if (option === false) return { moved: [] };
  const document = `/${firstFree(["openapi.json", "openapi_document.json"], taken)}`;
  const page = typeof option === "string" ? chosen(option, taken) : `/${firstFree(["docs", "api_docs"], taken)}`;
  const wanted = typeof option === "string" ? page : "/docs";
  const explore = exploreBeside(page, taken);
  const renaming = (from: string, given: string): Renaming[] =>
    from === given ? [] : [{ wanted: from, given, because: `a table is ${from}; this is the API's own page` }];
  return {
    docs: { page, document, explore },
    moved: [...renaming(wanted, page), ...renaming("/openapi.json", document), ...renaming("/explore", explore)],
  };
}

/** The path of the page to look around in. */
export function exploreBeside(page: string, taken: ReadonlySet<string>): string {
  const [, other] = page.split("/");
  return `/${firstFree(["explore", "api_explore"], { has: (name) => name === other || taken.has(name) })}`;
}

/** Throws `ConfigError` where it is no path. */
export function checkDocs(option: unknown, place: string): void {
  if (option === undefined || typeof option === "boolean") return;
  if (typeof option !== "string" || !/^(\/[\w.~-]*[\w~-][\w.~-]*)+$/.test(option))
    throw new ConfigError(
      place,
      `is true, false or a path of letters, digits, '-', '_', '.' and '~', such as "/reference", not ${JSON.stringify(option)}.`,
    );
}

function chosen(path: string, taken: ReadonlySet<string>): string {
  const [, first = ""] = path.split("/");
  if (!taken.has(first)) return path;
  throw new ConfigError("options.docs", `${path} is within the paths of a table, /${first}. Choose another, or false.`);
}
