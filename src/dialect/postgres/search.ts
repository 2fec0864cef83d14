// Full-text search (textsearch-controls): every column of text can be searched, and one that an index's expression names with its language fast.
import type { SearchTerm } from "../../request/search.js";
import type { ColumnType, FullTextIndex } from "../../schema/schema.js";
import { literal } from "../standard.js";
import type { FullTextSearch } from "../statement-parts.js";

const isVector = ({ native }: ColumnType): boolean => native === "tsvector";

export const search: FullTextSearch = {
  unindexed: (type) => type.kind === "text" || isVector(type),
  found({ expression, type, index: { language } }, placeholder) {
    // With a literal in it, as an index has it too; the cast is none to the planner where the column is text.
    const words = language === undefined ? "" : `${literal(language)}::regconfig, `;
    const vector = isVector(type) ? expression : `to_tsvector(${words}CAST(${expression} AS text))`;
    return `${vector} @@ to_tsquery(${words}${placeholder})`;
  },
  query: (query) =>
    query
      .map((terms) => terms.map((term) => (term.excluded ? `!${lexemes(term)}` : lexemes(term))).join(" & "))
      .join(" | "),
};

/** As it is written too: an address, a number or a word with a hyphen is a word of its own here. */
function lexemes({ text, words }: SearchTerm): string {
  const phrase = words.join(" ");
  return text === phrase ? quoted(phrase) : `(${quoted(text)} | ${quoted(phrase)})`;
}

const quoted = (text: string): string => `'${text.replace(/['\\]/g, "$&$&")}'`;

/** `to_tsvector('english'::regconfig, (title)::text)`, as pg_get_expr spells an index → the column, and its language. */
export function indexedText(expression: string): { column: string; index: FullTextIndex } | undefined {
  const [, language, inQuotes, plain] =
    /^to_tsvector\('((?:[^']|'')+)'::regconfig, \(?(?:"((?:[^"]|"")+)"|([^\s()":,]+))\)?(?:::text)?\)$/.exec(
      expression,
    ) ?? [];
  const column = inQuotes?.replaceAll('""', '"') ?? plain;
  if (language === undefined || column === undefined) return undefined;
  return { column, index: { language: language.replaceAll("''", "'") } };
}
