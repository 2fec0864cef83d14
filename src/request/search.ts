// The query of a full-text search: `cats "black dog" -snake or fish` → what must be found and what must not. All words, phrases
// in quotes, `or` between alternatives, `-` before what excludes: websearch_to_tsquery's language, for every database.
import { problem } from "../http/problem.js";

export interface SearchTerm {
  /** As written, without its quotes. */
  readonly text: string;
  /** Several are a phrase. Each has letters, digits and `_` only, so that no database reads more into it. */
  readonly words: readonly string[];
  readonly excluded: boolean;
}

/** One of them is met: all its terms are, and none that is excluded. */
export type SearchQuery = readonly (readonly SearchTerm[])[];

/** SQL Server takes none of more than 4,000 characters with its operators. */
const MAX_LENGTH = 2000;
/** PostgreSQL takes none of 2,047 bytes. */
const MAX_WORD_LENGTH = 200;

/** Throws 400. */
export function parseSearch(text: string, maxWords: number): SearchQuery {
  if (text.length > MAX_LENGTH) throw problem("too_complex", `fts: takes at most ${MAX_LENGTH} characters.`);
  const query: SearchTerm[][] = [[]];
  for (const [, sign, phrase, bare = ""] of text.replaceAll("\0", " ").matchAll(/(-*)(?:"([^"]*)"?|([^\s"]+))/gu)) {
    const term = termOf(phrase ?? bare, sign !== "");
    if (phrase === undefined && sign === "" && /^or$/i.test(bare)) query.push([]);
    else if (term.words.length > 0) query.at(-1)?.push(term);
  }
  const count = query.flat().reduce((sum, { words }) => sum + words.length, 0);
  if (count > maxWords) throw problem("too_complex", `fts: takes at most ${maxWords} words, and this has ${count}.`);
  const either = query.filter((terms) => terms.length > 0);
  if (either.length === 0 || !either.every((terms) => terms.some(({ excluded }) => !excluded)))
    throw problem(
      "invalid_filter",
      `fts: looks for words, as in fts:cats "black dog" -snake; what has a - before it only takes away.`,
    );
  return either;
}

function termOf(text: string, excluded: boolean): SearchTerm {
  const words = text.match(/_*[\p{L}\p{N}][\p{L}\p{N}\p{M}_]*/gu) ?? [];
  if (words.some((word) => word.length > MAX_WORD_LENGTH))
    throw problem("too_complex", `A word of fts: has at most ${MAX_WORD_LENGTH} characters.`);
  return { text, words, excluded };
}
