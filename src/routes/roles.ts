// A foreign key → what the related row is called: the words of its columns without what the key is called, or the parent's noun.
import { type Naming, wordsOf } from "../base/naming.js";
import { isAbbreviation } from "./abbreviation.js";
import { isPeople } from "./people.js";
import type { Reference } from "./relation.js";

/** What the related row is to the row that refers to it. */
export interface RelatedRole {
  /** What it is called best. */
  readonly words: readonly string[];
  /** What tells it from other foreign keys to the same table; nothing where the columns say no more than the parent's name. */
  readonly told: readonly string[];
  /** The parent's noun. */
  readonly noun: readonly string[];
  /** Does the column say that it holds a key? What is left of it is a noun then. */
  readonly keyed: boolean;
}

/** Last words of columns that hold a key: they say how the row is referred to, not what it is. */
const keyWords: ReadonlySet<string> = new Set(
  "id no nr num number code key uuid guid fk ref ident identifier".split(" "),
);

/** `noun`: the words of the parent's name, in the singular. */
export function relatedRole(
  { columns, references, as }: Reference,
  noun: readonly string[],
  naming: Naming,
): RelatedRole {
  if (as !== undefined) return { words: wordsOf(as), told: wordsOf(as), noun, keyed: true };
  // A tenant's column, which both tables have under one name, tells nothing where another column stands beside it.
  const pairs = columns.map((column, i) => [wordsOf(column), wordsOf(references[i] as string)] as const);
  const apart = pairs.filter(([column, reference]) => !isSame(column, reference));
  const [pair = [[], []], ...others] = apart.length > 0 ? apart : pairs;
  if (others.length > 0) {
    const told = beginningOf(columns.map(wordsOf), noun, naming);
    const role = { words: noun, told, noun, keyed: true };
    // `origin_country, origin_code` are the origin's; `order_id, order_line` an order line's.
    return isRole(role) ? { ...role, words: told } : role;
  }
  const [column, key] = pair;
  const stem = columns.every(isLetter) ? undefined : stemOf(column, key, noun, naming);
  const told = stem === undefined || naming.noun(stem) === naming.noun(noun) ? [] : stem;
  return { words: stem ?? noun, told, noun, keyed: stem !== column };
}

/** `A` and `B`, by which object-relational mappers call the ends of a link, or `entity0` and `entity1`: they say nothing. */
export const isLetter = (column: string): boolean =>
  /^(?:[ab]|(?:entity|end|side|item|node|object|record)_?[0-2ab])$/i.test(column);

/** What all columns begin with. */
function beginningOf(
  columns: readonly (readonly string[])[],
  noun: readonly string[],
  naming: Naming,
): readonly string[] {
  const [first = []] = columns;
  const end = first.findIndex((word, i) => columns.some((words) => words[i] !== word));
  const shared = end === -1 ? first : first.slice(0, end);
  return naming.noun(shared) === naming.noun(noun) ? [] : shared;
}

/** A column's words without what the key is called; nothing where they are only that. */
export function stemOf(
  column: readonly string[],
  key: readonly string[],
  noun: readonly string[],
  naming: Naming,
): readonly string[] | undefined {
  if (column.length === 0) return undefined;
  if (naming.noun(column) === naming.noun(noun)) return column;
  const words = withoutMark(column);
  // `pub_id`, which is what the key of publishers is called.
  if (words.length > 1 && isSame(words, key) && isShortFor(words.slice(0, -1), noun)) return undefined;
  if (words.length > 1 && words.at(-1) === "id") return words.slice(0, -1);
  // `create_uid` is the user who created it, where the users' key is not `uid` itself.
  if (words.length > 1 && words.at(-1) === "uid" && key.at(-1) !== "uid" && isPeople(noun.at(-1) ?? ""))
    return [...words.slice(0, -1), ...noun.slice(-1)];
  if (words.length > 1 && words[0] === "id") return words.slice(1);
  if (words.length < column.length) return words;
  if (isSame(words, key)) return undefined;
  const ending = startsWith(key, noun) && key.length > noun.length ? key.slice(noun.length) : key;
  if (words.length > ending.length && isSame(words.slice(-ending.length), ending))
    return words.slice(0, -ending.length);
  const last = words.at(-1) as string;
  if (words.length > 1 && keyWords.has(last)) return last === key.at(-1) ? words.slice(0, -1) : undefined;
  return unglued(words, key.join(""), noun.join(""));
}

/** `fk_artist`, `artist_fk` */
function withoutMark(words: readonly string[]): readonly string[] {
  if (words.length < 2) return words;
  if (words.at(-1) === "fk") return words.slice(0, -1);
  return words[0] === "fk" ? words.slice(1) : words;
}

/** `templateid`, where the key is `id` or `hostid`. */
function unglued(words: readonly string[], key: string, noun: string): readonly string[] | undefined {
  const rest = key.startsWith(noun) ? key.slice(noun.length) : key;
  const ending = keyWords.has(rest) ? rest : key.endsWith("id") ? "id" : undefined;
  const last = words.at(-1) as string;
  if (ending === undefined || !last.endsWith(ending) || last === ending)
    return words.length === 1 && keyWords.has(last) ? undefined : words;
  const stem = last.slice(0, -ending.length);
  return stem.length < 2 ? words : [...words.slice(0, -1), stem];
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, i) => word === b[i]);

const isShortFor = (words: readonly string[], [noun = "", ...more]: readonly string[]): boolean =>
  more.length === 0 && isAbbreviation(words.join(""), noun);

const startsWith = (words: readonly string[], start: readonly string[]): boolean =>
  isSame(words.slice(0, start.length), start);

/** Is it another word than the table's own? `subscriber` for a user is, `grp` for a group and `category` for a product category are not. */
export function isRole({ told, noun, keyed }: RelatedRole): boolean {
  if (told.length === 0 || (!keyed && told.length > 1)) return false;
  const within = startsWith(noun, told) || isSame(noun.slice(-told.length), told);
  return !within && !hasLettersOf(told.join(""), noun.join(""));
}

function hasLettersOf(short: string, long: string): boolean {
  if (short[0] !== long[0]) return false;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return at === short.length;
}
