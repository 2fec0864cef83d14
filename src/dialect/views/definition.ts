// A view's text → what it says of columns and tables. One SELECT over tables and their joins is understood; of anything else (a union,
// WITH, a table function) nothing is told.
import { columnIn, equalitiesIn } from "./conditions.js";
import { fromOf } from "./from.js";
import type { SpokenColumn, SpokenItem, SpokenView } from "./spoken.js";
import { isSign, isWord, splitAt, type Token, tokensOf, topLevel } from "./tokens.js";

/** In the order in which they stand. */
const clauses = ["from", "where", "group", "having", "window", "order", "limit", "offset", "fetch"] as const;
type Clause = (typeof clauses)[number];
const others = ["union", "intersect", "except", "minus", "with", "for", "option", "procedure", "into", "qualify"];

const aggregates =
  /^(count|count_big|sum|total|avg|min|max|group_concat|string_agg|stdevp?|varp?|stddev\w*|var_\w+|json_\w*agg|json_group_\w+|bit_(and|or|xor)|checksum_agg|grouping\w*)$/i;

/** `escapes`: texts know the backslash. */
export function spokenView(sql: string, escapes = false): SpokenView | undefined {
  const tokens = definitionOf(tokensOf(sql, escapes));
  const checked = checkOption(tokens);
  const select = checked === undefined ? tokens : tokens.slice(0, checked);
  if (!isWord(select[0], "select")) return undefined;
  const parts = clausesOf(select.slice(1));
  const from = parts?.get("from");
  if (parts === undefined || from === undefined) return undefined;
  const list = listOf(parts.get("") ?? []);
  const found = fromOf(from);
  if (list === undefined || found === undefined) return undefined;
  const where = parts.get("where");
  const group = parts.get("group");
  const cuts = (["having", "limit", "offset", "fetch"] as const).some((clause) => parts.has(clause));
  return {
    items: splitAt(list.tokens, (token) => isSign(token, ",")).map(itemOf),
    sources: found.sources,
    equalities: [...found.equalities, ...(where === undefined ? [] : equalitiesIn(where))],
    ...(group === undefined ? {} : { groups: groupsOf(group) }),
    filtered: where !== undefined || cuts || list.reshapes || found.sources.length > 1,
    reshaped: list.reshapes || cuts || group !== undefined || parts.has("window") || aggregatesIn(list.tokens),
    checked: checked !== undefined,
  };
}

/** What stands behind CREATE VIEW … AS. */
function definitionOf(tokens: readonly Token[]): readonly Token[] {
  const whole = isSign(tokens.at(-1), ";") ? tokens.slice(0, -1) : tokens;
  if (!isWord(whole[0], "create", "alter")) return whole;
  const as = topLevel(whole).find((i) => isWord(whole[i], "as"));
  return as === undefined ? [] : whole.slice(as + 1);
}

/** Where WITH CHECK OPTION begins. */
function checkOption(tokens: readonly Token[]): number | undefined {
  const at = topLevel(tokens).findLast((i) => isWord(tokens[i], "with"));
  if (at === undefined) return undefined;
  const rest = tokens.slice(at + 1).map(({ text }) => text.toLowerCase());
  return rest.slice(-2).join(" ") === "check option" && rest.length <= 3 ? at : undefined;
}

function clausesOf(tokens: readonly Token[]): Map<Clause | "", readonly Token[]> | undefined {
  const top = topLevel(tokens);
  if (top.some((i) => isWord(tokens[i], ...others))) return undefined;
  // IS [NOT] DISTINCT FROM is none.
  const isClause = (i: number) => isWord(tokens[i], ...clauses) && !isWord(tokens[i - 1], "distinct");
  const starts = top.filter(isClause);
  const words = starts.map((i) => (tokens[i] as Token).text.toLowerCase() as Clause);
  const order = words.map((word) => clauses.indexOf(word));
  if (order.some((place, i) => i > 0 && place <= (order[i - 1] as number))) return undefined;
  const parts = words.map((word, i) => [word, tokens.slice((starts[i] as number) + 1, starts[i + 1])] as const);
  return new Map<Clause | "", readonly Token[]>([["", tokens.slice(0, starts[0])], ...parts]);
}

interface List {
  readonly tokens: readonly Token[];
  /** DISTINCT or TOP stands before it. */
  readonly reshapes: boolean;
}

function listOf(tokens: readonly Token[]): List | undefined {
  const [first, second, third] = tokens;
  if (isWord(first, "all")) return { tokens: tokens.slice(1), reshapes: false };
  if (isWord(first, "distinct", "distinctrow")) return { tokens: tokens.slice(1), reshapes: true };
  if (!isWord(first, "top")) return { tokens, reshapes: false };
  const size = isSign(second, "(") ? topLevel(tokens).find((i) => isSign(tokens[i], ")")) : 1;
  if (size === undefined || third === undefined) return undefined;
  const rest = tokens.slice(size + 1);
  return isWord(rest[0], "percent", "with") ? undefined : { tokens: rest, reshapes: true };
}

const aggregatesIn = (tokens: readonly Token[]): boolean =>
  tokens.some(({ is, text }, i) => is === "word" && aggregates.test(text) && isSign(tokens[i + 1], "("));

function itemOf(tokens: readonly Token[]): SpokenItem {
  if (isSign(tokens.at(-1), "*")) {
    if (tokens.length === 1) return { all: true };
    return isSign(tokens.at(-2), ".") ? { all: (tokens.at(-3) as Token).text } : undefined;
  }
  // `a.b AS c`, `a.b c`, `a.b`
  const last = tokens.at(-1);
  const as = isWord(tokens.at(-2), "as");
  const named = as || (tokens.length > 1 && last?.is !== "value" && !isSign(tokens.at(-2), "."));
  return columnIn(named ? tokens.slice(0, as ? -2 : -1) : tokens);
}

function groupsOf(tokens: readonly Token[]): readonly SpokenColumn[] | "other" {
  const rest = isWord(tokens[0], "by") ? tokens.slice(1) : [];
  const columns = splitAt(rest, (token) => isSign(token, ",")).map(columnIn);
  return columns.some((column) => column === undefined) ? "other" : (columns as readonly SpokenColumn[]);
}
