// The operators of filters, a row each. The parser, roles' rules, the OpenAPI document and a test of the table in README.md read them.

/** What a column's filter compares: see `Form` in the document for which kinds of columns are which. */
export type Compared = "equality" | "order" | "text" | "member" | "set";

export interface OperatorRow {
  /** Other spellings. */
  readonly also?: readonly string[];
  /** What stands behind the `:`. `list`: any number, parted by commas. */
  readonly values: "one" | "two" | "list";
  /** The comparison that it needs of a column. `is` asks for none. */
  readonly compared?: Compared;
  /** May a role's rule hold a claim there? Not where a claim could bring wildcards or the words of a search. */
  readonly takesClaim: boolean;
  /** How documents name it, in Markdown. */
  readonly shown: string;
}

const table = {
  eq: { values: "one", compared: "equality", takesClaim: true, shown: "`eq:` (when left out)" },
  ne: { values: "one", compared: "equality", takesClaim: true, shown: "`ne:`" },
  isdistinct: { values: "one", compared: "equality", takesClaim: true, shown: "`isdistinct:` (`ne:`, or NULL)" },
  in: { values: "list", compared: "equality", takesClaim: true, shown: "`in:1,2,3`" },
  nin: { values: "list", compared: "equality", takesClaim: true, shown: "`nin:…`" },
  is: { values: "one", takesClaim: false, shown: "`is:null`, `is:notnull`" },
  lt: { values: "one", compared: "order", takesClaim: true, shown: "`lt:`" },
  lte: { also: ["le"], values: "one", compared: "order", takesClaim: true, shown: "`lte:`" },
  gt: { values: "one", compared: "order", takesClaim: true, shown: "`gt:`" },
  gte: { also: ["ge"], values: "one", compared: "order", takesClaim: true, shown: "`gte:`" },
  between: { values: "two", compared: "order", takesClaim: true, shown: "`between:1,9`" },
  like: { values: "one", compared: "text", takesClaim: false, shown: "`like:` (`%`, `_`)" },
  ilike: { values: "one", compared: "text", takesClaim: false, shown: "`ilike:` (the same in any case)" },
  match: { values: "one", compared: "text", takesClaim: false, shown: "`match:` (a regular expression)" },
  imatch: { values: "one", compared: "text", takesClaim: false, shown: "`imatch:` (the same in any case)" },
  contains: { values: "one", compared: "member", takesClaim: true, shown: "`contains:`" },
  overlaps: { values: "one", compared: "set", takesClaim: false, shown: "`overlaps:a,b` (it holds one of these)" },
  containedby: {
    values: "one",
    compared: "set",
    takesClaim: false,
    shown: "`containedby:a,b` (it holds nothing but these)",
  },
  startswith: { values: "one", compared: "text", takesClaim: true, shown: "`startswith:`" },
  endswith: { values: "one", compared: "text", takesClaim: true, shown: "`endswith:`" },
  icontains: { values: "one", compared: "text", takesClaim: true, shown: "`icontains:` (in any case)" },
  istartswith: { values: "one", compared: "text", takesClaim: true, shown: "`istartswith:`" },
  iendswith: { values: "one", compared: "text", takesClaim: true, shown: "`iendswith:`" },
  fts: { values: "one", compared: "text", takesClaim: false, shown: "`fts:` where there is full-text search" },
} as const satisfies Readonly<Record<string, OperatorRow>>;

export type Operator = keyof typeof table;

export const operatorTable: Readonly<Record<Operator, OperatorRow>> = table;

export const operators = Object.keys(table) as readonly Operator[];

/** Every word that names an operator. */
export const spellings: ReadonlyMap<string, Operator> = new Map(
  operators.flatMap((operator) => {
    const words = [operator, ...(operatorTable[operator].also ?? [])];
    return words.map((word) => [word, operator] as const);
  }),
);

/** Behind these may stand `.any` or `.all`, and then a list: `like.any:a%,b%`. */
export const takesMany = (operator: Operator): boolean =>
  operatorTable[operator].values === "one" && operator !== "is" && operator !== "fts";

/** How documents name those that need one of these comparisons, and those that need none. */
export const shownOperators = (...compared: readonly Compared[]): string =>
  Object.values(operatorTable)
    .filter((row) => row.compared === undefined || compared.includes(row.compared))
    .map(({ shown }) => shown)
    .join(", ");
