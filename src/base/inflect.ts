// English words → their plural and singular, where `pluralize` knows better ones for verse than for tables.
import pluralize from "pluralize";

/** What stands for many as it is, at the end of a longer word too: `postmeta`, `userinfo`. */
const uncounted = /(?:meta|info|data|stuff|feedback|access|staff|equipment|sms|canvas|lens|gas)$/;

/** Nouns that end as plurals of `man` do, and are none. */
const notMen = /(?:specimen|regimen|abdomen|stamen|lumen|omen|acumen|dolmen|examen)$/;

export function englishPlural(word: string): string {
  if (!isEnglish(word) || uncounted.test(word)) return word;
  if (notMen.test(word)) return `${word}s`;
  if (/taxa$/.test(word)) return word;
  if (/taxon$/.test(word)) return word.replace(/on$/, "a");
  // `index` has its own plural, what ends with it glued on has the plain one.
  if (/.index$/.test(word)) return `${word}es`;
  return pluralize.plural(word);
}

export function englishSingular(word: string): string {
  if (!isEnglish(word) || uncounted.test(word) || notMen.test(word)) return word;
  if (notMen.test(word.replace(/s$/, ""))) return word.slice(0, -1);
  if (/taxa$/.test(word)) return word.replace(/a$/, "on");
  // `edit_datum` is one of what is called `edit_data`, which is a word for one and for many.
  if (/datum$/.test(word)) return word.replace(/um$/, "a");
  if (/(?:axis|basis|crisis|thesis)$/.test(word)) return word;
  if (/.indexes$/.test(word)) return word.slice(0, -2);
  // Of the word `s` its rules leave nothing.
  return pluralize.singular(word) || word;
}

/** Letters of ASCII alone: `größe` is left as it is. */
const isEnglish = (word: string): boolean => /^[a-z0-9']+$/.test(word);

const particles: ReadonlySet<string> = new Set(
  "by to of for from in on at with via per only all and or as into over under status".split(" "),
);

/** Nouns that end as participles do. */
const nouns: ReadonlySet<string> = new Set(
  "bed seed feed shed sled deed need weed breed speed steed creed red feedback embed newsfeed".split(" "),
);

/**
 * A table whose name ends so is called after no thing that there are many of: `recently_viewed`, `sales_grouped_by`, `tax_status`,
 * `db_debug1`. A participle alone is taken for a noun, as in `/users/:id/followeds`. `length`: how many words the name has.
 */
export const hasNoPlural = (word: string, length: number): boolean =>
  particles.has(word) ||
  (length > 1 && /\d$/.test(word)) ||
  (length > 1 && /[a-z]{3,}ed$/.test(word) && !/eed$/.test(word) && !nouns.has(word)) ||
  /[a-z]{4,}ize$/.test(word);
