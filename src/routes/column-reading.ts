// A column's name → what it says: the key of which thing, in which role. Whether there is such a table is not known yet.
import { wordsOf } from "../base/naming.js";
import { isAmongThemselves } from "./people.js";

/** How a column says that it holds another table's key. */
export type ReadingForm =
  /** `customer_id`, `customerId`, `id_customer`, `customer_fk` */
  | "id"
  /** `language_code`, `product_no`: where the other table's key is called so. */
  | "word"
  /** `artist`: the noun itself. */
  | "noun";

export interface Reading {
  readonly form: ReadingForm;
  /** What is left without the mark of a key. */
  readonly stem: readonly string[];
  /** `code`, `no`: what the other table's key must be called. */
  readonly keyWord?: string;
}

const marksOfKeys: ReadonlySet<string> = new Set(["fk", "ref"]);
const keyWords: ReadonlySet<string> = new Set("no nr num number code key uuid guid nummer numero".split(" "));

export function readingOf(column: string): Reading | undefined {
  const words = withoutType(column, wordsOf(column));
  if (words.length === 0) return undefined;
  const [first = "", last = ""] = [words[0], words.at(-1)];
  if (words.length === 1) return { form: "noun", stem: words };
  if (last === "id" || last === "ids") return last === "id" ? idReading(words.slice(0, -1)) : undefined;
  if (marksOfKeys.has(last)) return idReading(withoutId(words.slice(0, -1)));
  if (first === "id") return papers.has(words[1] as string) ? undefined : idReading(words.slice(1));
  if (first === "fk" || first === "idfk") return idReading(withoutId(words.slice(1)));
  // `concept_id_1`
  if (/^\d+$/.test(last) && words.at(-2) === "id" && words.length > 2) return idReading([...words.slice(0, -2), last]);
  if (keyWords.has(last)) return { form: "word", stem: words.slice(0, -1), keyWord: last };
  return { form: "noun", stem: words };
}

/** `id_token`, `id_card`: what says who somebody is. */
const papers: ReadonlySet<string> = new Set(
  "token card number no type document doc proof hash photo image badge string str list name code scan".split(" "),
);

const idReading = (stem: readonly string[]): Reading => ({ form: "id", stem });

const withoutId = (words: readonly string[]): readonly string[] => {
  if (words.length > 1 && words.at(-1) === "id") return words.slice(0, -1);
  return words.length > 1 && words[0] === "id" ? words.slice(1) : words;
};

const types: ReadonlySet<string> = new Set("int lng str txt num dtm bln n s i f l".split(" "));

/** `intCustomerID`, `lngCustomerID`: what its type is, by the habit of naming after Hungary. */
function withoutType(column: string, words: readonly string[]): readonly string[] {
  const [first = "", ...rest] = words;
  return types.has(first) && rest.length > 1 && rest.at(-1) === "id" && /^[a-z]+[A-Z]/.test(column) ? rest : words;
}

/** What a row is to another row of its own table. */
const ofItself: ReadonlySet<string> = new Set(
  (
    "parent reply_to in_reply_to replied_to root ancestor predecessor successor previous prev next superior mother father " +
    "forked_from cloned_from copied_from split_from derived_from moved_to merged_into merged_to redirect_to redirects_to replaced_by replaces superseded_by supersedes parent_node parent_item original responds_to response_to " +
    "vater eltern uebergeordnet parente padre pai"
  ).split(" "),
);
/** `comments.parent_id`, `employees.manager_id`: does the stem lead to the table itself? */
export function isOfItself(stem: readonly string[], noun: readonly string[]): boolean {
  const role = stem.join("_");
  const last = noun.at(-1) ?? "";
  if (ofItself.has(role) || isAmongThemselves(role, last)) return true;
  // `duplicate_of`, `reblog_of`
  if (stem.length > 1 && stem.at(-1) === "of") return true;
  // `categoria_pai` in categorias, `previous_version` in tag_versions.
  const isWithin = stem.length > noun.length && noun.every((word, i) => word === stem[i]);
  if (isWithin && ofItself.has(stem.slice(noun.length).join("_"))) return true;
  if (stem.length > 1 && stem.at(-1) === last && ofItself.has(stem.slice(0, -1).join("_"))) return true;
  const before = stem.slice(0, -noun.length);
  return (
    before.length > 0 && noun.every((word, i) => word === stem[before.length + i]) && ofItself.has(before.join("_"))
  );
}

/** Parts of another thing, which may be their parent as well as one of themselves: `order_addresses.parent_id`. */
const isPartOfAnother: ReadonlySet<string> = new Set(
  (
    "version revision history archive log audit translation item line detail address entity meta data comment track payment option attachment " +
    "attribute value property field step entry link relation relationship connection dependency edge"
  ).split(" "),
);

/** Rows of it say what rows of another table once said. */
export const isHistory = (word: string): boolean => histories.has(word);

const histories: ReadonlySet<string> = new Set(
  "version versions revision revisions history histories archive archives log logs audit audits".split(" "),
);

/** Could `parent` be the table's own, or what its rows are a part of? */
export const isTorn = (stem: readonly string[], noun: readonly string[]): boolean =>
  stem.join("_") === "parent" && noun.length > 1 && isPartOfAnother.has(noun.at(-1) as string);

/** Words before a noun by which another system's key is meant. */
const elsewhere: ReadonlySet<string> = new Set(
  "external ext remote foreign legacy old provider stripe paypal facebook google gmail outlook microsoft apple discord telegram twitter github gitlab slack amazon ebay shopify salesforce xero oauth third upstream".split(
    " ",
  ),
);

export const isOfElsewhere = (stem: readonly string[]): boolean => elsewhere.has(stem[0] ?? "");

/** Nouns that a column more often counts or sorts by than refers to. */
const measures: ReadonlySet<string> = new Set(
  "order sort position rank level count number size page year month day week hour time date version revision weight score rating status type state price amount total quantity index sequence line row priority flag value key name title code description text note comment data content option option_value".split(
    " ",
  ),
);

export const isMeasure = (stem: readonly string[]): boolean => stem.length === 1 && measures.has(stem[0] as string);
