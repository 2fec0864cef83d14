// A GET request as data → its path and query string, as the README's `## Asking` spells them.
import { textOf, type Value } from "./value.js";

export interface Test {
  /** Names of relations that lead to the column. */
  readonly path: readonly string[];
  readonly column: string;
  readonly not: boolean;
  readonly operator: string;
  /** What stands behind the operator; several where it takes a list. */
  readonly operands: readonly string[];
  /** Leave `eq:` out, and put values in quotes that need none. */
  readonly bare: boolean;
  readonly quoted: boolean;
}

export interface Logic {
  readonly logic: "and" | "or";
  readonly not: boolean;
  readonly of: readonly Condition[];
}

export type Condition = Test | Logic;

export interface Sort {
  /** Names of relations to one row. */
  readonly path: readonly string[];
  /** A column; of groups, a field. */
  readonly column: string;
  readonly direction?: "asc" | "desc";
  readonly nulls?: "nullsfirst" | "nullslast";
}

export interface Field {
  readonly column: string;
  readonly alias?: string;
}
export interface Aggregate {
  readonly aggregate: "count" | "sum" | "avg" | "min" | "max";
  readonly column?: string;
  readonly alias?: string;
}
export interface Embed {
  readonly relation: string;
  readonly many: boolean;
  readonly alias?: string;
  readonly inner: boolean;
  /** Of a relation to one row only `select` is used. */
  readonly list: Listing;
}
export type Item = "*" | Field | Aggregate | Embed;

export interface Listing {
  /** All columns when left out. Aggregates stand beside plain columns only. */
  readonly select?: readonly Item[];
  readonly distinct?: boolean;
  readonly where: readonly Condition[];
  readonly having: readonly Condition[];
  readonly sort: readonly Sort[];
  readonly limit?: number;
  readonly offset?: number;
}

export interface Ask {
  readonly table: string;
  readonly key?: readonly Value[];
  /** Relations from the row, each but the last with a key. */
  readonly steps: readonly { readonly relation: string; readonly key?: readonly Value[] }[];
  readonly list: Listing;
  readonly count: boolean;
}

export const isLogic = (condition: Condition): condition is Logic => "logic" in condition;
export const isEmbed = (item: Item): item is Embed => item !== "*" && "relation" in item;
export const isAggregate = (item: Item): item is Aggregate => item !== "*" && "aggregate" in item;
export const fieldOf = (item: Exclude<Item, "*">): string =>
  item.alias ?? ("relation" in item ? item.relation : "aggregate" in item ? item.aggregate : item.column);

export const pathOf = ({ table, key, steps }: Ask): string =>
  [{ relation: table, key }, ...steps]
    .map(({ relation, key }) => `/${relation}${key ? `/${keyText(key)}` : ""}`)
    .join("");

const keyText = (key: readonly Value[]): string => key.map((value) => encodeURIComponent(textOf(value))).join(",");

/** Without encoding, a parameter each. */
export const parametersOf = ({ list, count }: Ask): [string, string][] => [
  ...parameters(list, ""),
  ...(count ? [["count", "exact"] as [string, string]] : []),
];

export const queryOf = (ask: Ask): string =>
  parametersOf(ask)
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .join("&");

function parameters(list: Listing, prefix: string): [string, string][] {
  const { select = [], where, having, sort, limit, offset } = list;
  const own: [string, string][] = [
    ...(prefix === "" && list.select ? [["select", selectText(list)] as [string, string]] : []),
    ...where.map((condition) =>
      isOrdinary(condition, select) ? pair(condition) : pair({ logic: "and", not: false, of: [condition] }),
    ),
    ...having.map((condition): [string, string] => [
      "having",
      isLogic(condition) ? element(condition) : pair(condition).join("="),
    ]),
    ...(sort.length > 0 ? [["order-by", sort.map(sortText).join(",")] as [string, string]] : []),
    ...(limit === undefined ? [] : [["limit", String(limit)] as [string, string]]),
    ...(offset === undefined ? [] : [["offset", String(offset)] as [string, string]]),
  ];
  const embedded = select.filter(isEmbed).flatMap((item) => parameters(item.list, `${fieldOf(item)}.`));
  return [...own, ...embedded].map(([name, value]) => [prefix + name, value]);
}

/** Behind the name of an embedded list a parameter is that list's own; and `limit` is a parameter before it is a column. */
function isOrdinary(condition: Condition, select: readonly Item[]): boolean {
  if (isLogic(condition)) return true;
  if (condition.column === "limit") return false;
  let items = select;
  for (const name of condition.path) {
    const item = items.filter(isEmbed).find((it) => fieldOf(it) === name);
    if (item === undefined) return true;
    if (item.many) return false;
    items = item.list.select ?? [];
  }
  return true;
}

function selectText({ select = [], distinct }: Listing): string {
  return (distinct ? "distinct." : "") + select.map(itemText).join(",");
}

function itemText(item: Item): string {
  if (item === "*") return item;
  const alias = item.alias === undefined ? "" : `${item.alias}:`;
  if (isEmbed(item)) return `${alias}${item.relation}${item.inner ? "!inner" : ""}(${selectText(item.list)})`;
  if (isAggregate(item)) return `${alias}${item.column === undefined ? "" : `${item.column}.`}${item.aggregate}()`;
  return alias + item.column;
}

const sortText = ({ path, column, direction, nulls }: Sort): string =>
  [[...path, column].join("."), ...(direction ? [direction] : []), ...(nulls ? [nulls] : [])].join(":");

const not = (condition: Condition): string => (condition.not ? "not." : "");
const nameOf = (test: Test): string => [...test.path, test.column].join(".");

/** As a parameter of its own. */
function pair(condition: Condition): [string, string] {
  if (isLogic(condition)) return [not(condition) + condition.logic, group(condition)];
  return [nameOf(condition), operatorText(condition) + operandText(condition)];
}

const group = ({ of }: Logic): string => `(${of.map(element).join(",")})`;

/** As one of several within parentheses. */
function element(condition: Condition): string {
  if (isLogic(condition)) return not(condition) + condition.logic + group(condition);
  const operand = operandText(condition);
  return `${nameOf(condition)}=${operatorText(condition)}${needsQuotes(operand) || condition.quoted ? quote(operand) : operand}`;
}

const operatorText = (test: Test): string =>
  test.bare && test.operator === "eq" && !test.not && !/[:.]/.test(test.operands.join())
    ? ""
    : `${not(test)}${test.operator}:`;

const operandText = ({ operator, operands, quoted }: Test): string =>
  ["in", "nin", "between"].includes(operator)
    ? operands.map((text) => (text === "" || needsQuotes(text) || quoted ? quote(text) : text)).join(",")
    : operands.join();

const needsQuotes = (text: string): boolean => /[,()="\\]/.test(text);
const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
