// What most tables' names begin with (`wp_`, `oc_`, `tbl`) → each table's name without it: no part of the noun, of paths, or of relations.
import { type TablePrefix, wordsOf } from "../base/naming.js";
import type { Column, Table } from "./schema.js";

export interface TableName {
  /** Without the prefix; never empty. */
  readonly words: readonly string[];
  /** Those tables belong together that have one prefix: `wp`, `wp 2`. */
  readonly family: string;
  /** The words after the family's: `wp_2_posts` → posts. */
  readonly core: readonly string[];
}

type Named = Pick<Table, "id" | "name"> & { readonly columns: readonly Pick<Column, "name">[] };

export function tableNames(
  tables: readonly Named[],
  prefix: TablePrefix | undefined,
  singular: (word: string) => string,
): ReadonlyMap<string, TableName> {
  const said = prefix === undefined || prefix === false ? [] : [prefix].flat();
  if (said.length > 0) return new Map(tables.map((table) => [table.id, withoutSaid(table.name, said)]));
  const found = prefix === false ? undefined : sharedBy(tables, singular);
  return new Map(
    tables.map(({ id, name }) => {
      const words = wordsOf(name);
      const tag = found === "tbl" && tags.has(words[0] as string) ? words[0] : found;
      return [id, without(words, tag === undefined ? [] : [tag])];
    }),
  );
}

function withoutSaid(name: string, said: readonly string[]): TableName {
  const begins = said.filter((one) => name.length > one.length && name.toLowerCase().startsWith(one.toLowerCase()));
  const [longest = ""] = begins.sort((a, b) => b.length - a.length);
  const rest = wordsOf(name.slice(longest.length));
  return rest.length === 0 ? without(wordsOf(name), []) : familyOf(wordsOf(longest), rest);
}

function without(words: readonly string[], prefix: readonly string[]): TableName {
  const begins =
    prefix.length > 0 && hasLetter(words.slice(prefix.length)) && prefix.every((word, i) => words[i] === word);
  return begins ? familyOf(prefix, words.slice(prefix.length)) : { words, family: "", core: words };
}

/** A number alone is no name: `table_1`. */
const hasLetter = (words: readonly string[]): boolean => words.some((word) => /^\p{L}/u.test(word));

/** `wp_2_posts`: one of many blogs, each with its own tables. */
function familyOf(prefix: readonly string[], words: readonly string[]): TableName {
  const [first = "", ...rest] = words;
  if (!/^\d+$/.test(first) || rest.length === 0) return { words, family: prefix.join(" "), core: words };
  return { words, family: [...prefix, first].join(" "), core: rest };
}

/** What says that something is a table, in several languages. */
const marks: ReadonlySet<string> = new Set(["t", "tb", "tbl", "tab", "tabla", "table"]);

/** What stands beside `tbl` in the names of Leszynski and Reddick: tables that are looked up in, and that join others. */
const tags: ReadonlySet<string> = new Set(["tlkp", "tlu", "tjxn", "tlnk", "tsys"]);

/** The first word of most tables, where it is none of the things that they are about. */
function sharedBy(tables: readonly Named[], singular: (word: string) => string): string | undefined {
  const counts = new Map<string, number>();
  const names = tables.map(({ name }) => wordsOf(name));
  for (const [first = "", ...rest] of names) if (hasLetter(rest)) counts.set(first, (counts.get(first) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (most === undefined) return undefined;
  const [prefix, count] = most;
  const isThing = names.some((words) => words.length === 1 && singular(words[0] as string) === singular(prefix));
  if (isThing || count * 2 <= tables.length) return undefined;
  if (marks.has(prefix)) return count >= 2 ? prefix : undefined;
  return count >= 3 && isMeaningless(prefix, count, tables, singular) ? prefix : undefined;
}

/** Columns speak of `customer_id`, not of `oc_customer_id`; where they say nothing, all tables of a number have it, or it is no word. */
function isMeaningless(
  prefix: string,
  count: number,
  tables: readonly Named[],
  singular: (word: string) => string,
): boolean {
  const noun = (words: readonly string[]) => [...words.slice(0, -1), singular(words.at(-1) ?? "")].join("_");
  const names = tables
    .map(({ name }) => wordsOf(name))
    .filter(([first, ...rest]) => first === prefix && rest.length > 0);
  const whole = new Set(names.map(noun));
  const rests = new Set(names.map((words) => noun(words.slice(1))));
  let withIt = 0;
  let withoutIt = 0;
  for (const { columns } of tables) {
    for (const { name } of columns) {
      const words = wordsOf(name);
      if (words.length < 2) continue;
      const stems = [noun(words.slice(0, -1)), noun(words.slice(1))];
      if (stems.some((stem) => whole.has(stem))) withIt++;
      else if (stems.some((stem) => rests.has(stem))) withoutIt++;
    }
  }
  if (withIt > 0 || withoutIt > 0) return withoutIt > withIt;
  return (count === tables.length && count >= 6) || !/[aeiouy]/.test(prefix);
}
