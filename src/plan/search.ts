// `title=fts:cats` → its condition, or which columns can be searched.

import { didYouMean, excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import type { Filter } from "../request/filter.js";
import { parseSearch } from "../request/search.js";
import type { TableLookup } from "../schema/lookup.js";
import { type Column, type ColumnType, fieldOf } from "../schema/schema.js";
import { listOfNames } from "./column-names.js";
import { TEXT } from "./comparing.js";
import type { Condition } from "./terms.js";
import type { Values } from "./values.js";

/** What the database can search. */
export interface Searching {
  /** Empty where there is no choice. */
  readonly languages: readonly string[];
  /** Whether words are found in such a column without an index that says so. */
  unindexed(type: ColumnType): boolean;
  /** Whether it knows regular expressions. */
  readonly matches?: boolean;
}

interface SearchPlace {
  readonly entry: TableLookup;
  readonly searching: Searching | undefined;
  readonly maxWords: number;
}

/** Throws 400. */
export function planSearch(
  { language, values: [text = ""] }: Filter,
  column: Column,
  { entry: { readable, label }, searching, maxWords }: SearchPlace,
  values: Values,
): Condition {
  if (searching === undefined)
    throw problem("invalid_filter", "fts: searches a table's rows, and not the groups that are made of them.");
  const searched = (one: Column) => one.fullText !== undefined || searching.unindexed(one.type);
  if (!searched(column)) {
    const fields = [...readable.values()].filter(searched).map(fieldOf);
    const known = fields.length === 0 ? "none of its columns" : `these: ${listOfNames(fields)}`;
    throw problem(
      "invalid_filter",
      `fts: cannot search ${fieldOf(column)}: it has no full-text index of its own. Of ${label} it can search ${known}.`,
    );
  }
  if (language !== undefined) requireLanguage(language, searching.languages);
  const value = values.add({ value: text, type: TEXT, search: parseSearch(text, maxWords) });
  const index = { ...column.fullText, ...(language === undefined ? {} : { language }) };
  return { type: "search", column: column.name, index, value };
}

function requireLanguage(language: string, known: readonly string[]): void {
  if (known.includes(language)) return;
  const have = known.length === 0 ? "This database has no choice of languages." : `There are ${listOfNames(known)}.`;
  throw problem(
    "invalid_filter",
    `fts(${excerpt(language)}): is no language here.${didYouMean(language, known)} ${have}`,
  );
}

/**
 * The same conditions below a NOT: what is NULL has to stay unknown there, which no database but PostgreSQL makes of a search
 * by itself. What `within` holds is never unknown.
 */
export function keepUnknown(condition: Condition): Condition {
  if (condition.type === "search") return { ...condition, unknown: true };
  if (condition.type !== "all" && condition.type !== "any") return condition;
  return { ...condition, where: condition.where.map(keepUnknown) };
}
