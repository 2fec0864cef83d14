// `?deleted=with` and `?deleted=only` of a table whose rows are marked as deleted → which of its rows are meant, and the rest of the query.
import { excerpt } from "../../base/suggest.js";
import { problem } from "../../http/problem.js";
import type { Deleted } from "../../plan/deleted.js";
import { pairsOf } from "../../request/query.js";
import type { RequestContext } from "../../run/context.js";
import { requireRight } from "../../run/write-rules.js";
import type { TableLookup } from "../../schema/lookup.js";

const NAME = "deleted";
const words: ReadonlySet<string> = new Set<Deleted>(["with", "only"]);

interface Asked {
  readonly deleted?: Deleted;
  readonly rest: string;
}

/** Throws 403 for who may not see such rows. A column that is called `deleted` is filtered by all other values. */
export function deletedAsked(text: string, entry: TableLookup, context: RequestContext): Asked {
  if (entry.deleted === undefined || !text.includes(NAME)) return { rest: text };
  const parts = text.split("&");
  const isAsked = (part: string) =>
    part !== "" && pairsOf(part).some(({ name, value }) => name === NAME && isMeant(value));
  const isMeant = (value: string) => words.has(value) || !entry.readable.has(NAME);
  const asked = parts.filter(isAsked);
  const [first] = asked;
  if (first === undefined) return { rest: text };
  const value = pairsOf(first)[0]?.value ?? "";
  if (asked.length > 1) throw problem("malformed_query", "deleted stands twice: say it once.");
  if (!words.has(value)) throw problem("malformed_query", `deleted is with, or only, and not '${excerpt(value)}'.`);
  requireRight(context, "restore", entry);
  return { deleted: value as Deleted, rest: parts.filter((part) => part !== first).join("&") };
}
