// Names of tables and columns → words, their singular and plural, and the spelling that paths use.
import { englishPlural, englishSingular, hasNoPlural } from "./inflect.js";

export const fieldCases = ["preserve", "snake", "camel"] as const;
export type FieldCase = (typeof fieldCases)[number];
export type ResourceCase = "snake" | "kebab" | "camel" | "preserve";

/** As written (`oc_`), or several; `false` looks for none. */
export type TablePrefix = string | readonly string[] | false;

export interface NamingOptions {
  /** What tables' names begin with, and what is no part of nouns and paths: `oc_`. Default: what most of them share. */
  readonly tablePrefix?: TablePrefix;
  /** Tables are named `users` (true) or `user` (false); both are tried when left out. Counts where a name is the evidence. */
  readonly tableNamePlural?: boolean;
  /** `/users` rather than `/user`. Default `true`. */
  readonly resourcePathPlural?: boolean;
  /** How the words of a path name are joined. Default `snake`. */
  readonly resourceCase?: ResourceCase;
  /** How the words of names in JSON are joined. Default `preserve`. */
  readonly fieldCase?: FieldCase;
  /** Irregular words, singular → plural: `{ kunde: "kunden" }`. They win over `pluralize`'s rules. */
  readonly inflections?: Readonly<Record<string, string>>;
  /** `false` leaves every word as it is, but for `inflections`. Default `true`. */
  readonly inflect?: boolean;
}

/** A name that had to give way to another. */
export interface Renaming {
  readonly wanted: string;
  readonly given: string;
  readonly because: string;
}

export interface Naming {
  readonly options: NamingOptions;
  singular(word: string): string;
  plural(word: string): string;
  /** `InvoiceLine`, `invoice_lines` → `invoice_line`: what two spellings of one noun have in common. */
  noun(words: readonly string[]): string;
  /** A table's path name: `InvoiceLine` → `invoice_lines`. */
  resource(tableName: string): string;
  /** Words as a path name: as they are, or with the last one made singular or plural. */
  path(words: readonly string[], number?: "one" | "many"): string;
  /** The name of a column, or of a relation in paths, as JSON has it. What has no words stays. */
  field(name: string): string;
}

/** What is one word, whatever its capitals say. */
const oneWord =
  /(?<!\p{Lu})(?:[Oo]Auth|OData|GitHub|GitLab|BitBucket|YouTube|LinkedIn|PayPal|WhatsApp|WordPress|JavaScript|TypeScript|GraphQL|MySQL)(?!\p{Ll})/gu;

/** `InvoiceLine` → invoice line; `TBL_KUNDE` → tbl kunde; `HTTPServer2` → http server2; `OAuthApp` → oauth app. */
export function wordsOf(name: string): string[] {
  return name
    .replace(oneWord, ([first = "", ...rest]) => first.toUpperCase() + rest.join("").toLowerCase())
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}

/** `turnsPlural`: are words without a rule of their own made plural as English ones are? */
export function createNaming(options: NamingOptions = {}, turnsPlural = true): Naming {
  const plurals = new Map(
    Object.entries(options.inflections ?? {}).map(([one, many]) => [one.toLowerCase(), many.toLowerCase()]),
  );
  const inflects = options.inflect ?? true;
  const singulars = new Map([...plurals].map(([one, many]) => [many, one]));
  const singular = remembered((word) =>
    plurals.has(word) ? word : (singulars.get(word) ?? (inflects ? englishSingular(word) : word)),
  );
  const plural = remembered(
    (word) => plurals.get(word) ?? (singulars.has(word) || !inflects || !turnsPlural ? word : englishPlural(word)),
  );
  const bend = (words: readonly string[], turn: (word: string) => string) =>
    words.map((word, i) => (i === words.length - 1 ? turn(word) : word));
  const pluralOfTable = (words: readonly string[]) =>
    bend(words, (word) => (hasNoPlural(word, words.length) && !plurals.has(word) ? word : plural(word)));
  const many = options.resourcePathPlural ?? true;
  const style = options.resourceCase ?? "snake";
  const fields = options.fieldCase ?? "preserve";
  return {
    options,
    singular,
    plural,
    noun: (words) => bend(words, singular).join("_"),
    path: (words, number) =>
      join(number === undefined ? words : bend(words, number === "one" ? singular : plural), style),
    resource: (tableName) =>
      style === "preserve"
        ? tableName
        : join(many ? pluralOfTable(wordsOf(tableName)) : bend(wordsOf(tableName), singular), style),
    field: (name) => {
      const words = fields === "preserve" ? [] : wordsOf(name);
      return words.length === 0 ? name : join(words, fields);
    },
  };
}

function join(words: readonly string[], style: ResourceCase): string {
  if (style === "camel") return words.map((word, i) => (i === 0 ? word : capital(word))).join("");
  return words.join(style === "kebab" ? "-" : "_");
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** A schema says few words many times, and each takes some fifty patterns. */
function remembered(turn: (word: string) => string): (word: string) => string {
  const known = new Map<string, string>();
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const turned = turn(word);
    known.set(word, turned);
    return turned;
  };
}
