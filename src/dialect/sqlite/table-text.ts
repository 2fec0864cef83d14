// A CREATE TABLE as sqlite_master keeps it → its columns and constraints, and the same with some of them otherwise
// (https://sqlite.org/lang_createtable.html). What is not touched stays as it was spelled, comments too.
import { isSign, isWord, type Token, tokensOf, topLevel } from "../views/tokens.js";

/** `PRIMARY KEY`, `CHECK (…)`, `REFERENCES …`: with its name, where it has one. */
export interface Clause {
  /** Its first word, in lower case. */
  readonly is: string;
  /** The columns in its first parentheses, in lower case. */
  readonly columns: readonly string[];
  readonly text: string;
}

export interface ColumnText {
  readonly name: string;
  /** The name as it is spelled, with what stands before it. */
  readonly head: string;
  readonly type: string;
  readonly clauses: readonly Clause[];
  /** All of it. Left out where it has become another. */
  readonly text?: string;
}

export interface TableText {
  readonly columns: readonly ColumnText[];
  readonly constraints: readonly Clause[];
  /** What stands behind: `WITHOUT ROWID, STRICT`. */
  readonly options: string;
}

/** Of no text: a table without columns. */
export function tableText(sql: string): TableText {
  if (sql === "") return { columns: [], constraints: [], options: "" };
  const tokens = tokensOf(sql, false);
  const open = tokens.findIndex((token) => isSign(token, "("));
  const places = topLevel(tokens);
  const close = places.find((i) => i > open && isSign(tokens[i], ")")) ?? tokens.length - 1;
  const parts = partsOf(tokens.slice(open + 1, close), sql, tokens[open]?.end ?? 0, tokens[close]?.at ?? sql.length);
  const first = parts.findIndex(({ tokens: [token] }) => isWord(token, ...ofTables));
  const columns = first === -1 ? parts : parts.slice(0, first);
  return {
    columns: columns.map((part) => columnText(part, sql)),
    constraints: parts.slice(columns.length).flatMap(({ tokens: own }) => clausesOf(own, sql, ofTables)),
    options: sql.slice(tokens[close]?.end ?? sql.length),
  };
}

export function textOf({ columns, constraints, options }: TableText, name: string): string {
  const parts = [...columns.map(columnSql), ...constraints.map(({ text }) => text)];
  // A comment may end a part.
  return `CREATE TABLE ${name} (${parts.map((part) => (/--[^\n]*$/.test(part) ? `${part}\n` : part)).join(",")})${options}`;
}

const columnSql = ({ text, head, type, clauses }: ColumnText): string =>
  text ?? [head, type, ...clauses.map((clause) => clause.text)].filter((part) => part !== "").join(" ");

const ofTables = ["constraint", "primary", "unique", "check", "foreign"];
const ofColumns = [
  ...["constraint", "primary", "unique", "check", "not", "null", "default", "collate", "references"],
  ...["generated", "as"],
];

interface Part {
  readonly tokens: readonly Token[];
  readonly text: string;
}

/** What stands between commas. */
function partsOf(tokens: readonly Token[], sql: string, from: number, to: number): Part[] {
  const commas = topLevel(tokens).filter((i) => isSign(tokens[i], ","));
  return [...commas, tokens.length].map((end, i) => {
    const before = i === 0 ? -1 : (commas[i - 1] as number);
    const own = tokens.slice(before + 1, end);
    return { tokens: own, text: sql.slice(tokens[before]?.end ?? from, tokens[end]?.at ?? to) };
  });
}

function columnText({ tokens, text }: Part, sql: string): ColumnText {
  const [named, ...rest] = tokens as readonly [Token, ...Token[]];
  const starts = clauseStarts(rest, ofColumns);
  const type = rest.slice(0, starts[0] ?? rest.length);
  const before = text.slice(0, text.length - text.trimStart().length);
  return {
    name: nameOf(named),
    head: before + sql.slice(named.at, named.end),
    type: spelled(type, sql),
    clauses: clausesOf(rest, sql, ofColumns),
    text,
  };
}

/** Texts may stand for names too (https://sqlite.org/lang_keywords.html). */
const nameOf = ({ is, text }: Token): string => (is === "value" ? text.slice(1, -1).replaceAll("''", "'") : text);

const spelled = (tokens: readonly Token[], sql: string): string =>
  sql.slice(tokens[0]?.at ?? 0, tokens.at(-1)?.end ?? 0);

function clausesOf(tokens: readonly Token[], sql: string, words: readonly string[]): Clause[] {
  const starts = clauseStarts(tokens, words);
  return starts.map((start, i) => {
    const own = tokens.slice(start, starts[i + 1] ?? tokens.length);
    const first = isWord(own[0], "constraint") ? own[2] : own[0];
    return { is: first?.text.toLowerCase() ?? "", columns: columnsIn(own), text: spelled(own, sql) };
  });
}

/** A name of a constraint belongs to what follows it. */
function clauseStarts(tokens: readonly Token[], words: readonly string[]): number[] {
  return topLevel(tokens).filter((i) => {
    const before = tokens[i - 1];
    if (!isWord(tokens[i], ...words) || isWord(tokens[i - 2], "constraint")) return false;
    if (isWord(tokens[i], "not")) return !isWord(tokens[i + 1], "deferrable");
    if (isWord(tokens[i], "null")) return !isWord(before, "not", "default", "set");
    if (isWord(tokens[i], "default")) return !isWord(before, "set");
    return !(isWord(tokens[i], "as") && isWord(before, "always"));
  });
}

function columnsIn(tokens: readonly Token[]): string[] {
  const open = tokens.findIndex((token) => isSign(token, "("));
  if (open === -1) return [];
  const close = tokens.findIndex((token, i) => i > open && isSign(token, ")"));
  const names = tokens.slice(open + 1, close);
  return names.flatMap((token, i) => (i === 0 || isSign(names[i - 1], ",") ? [nameOf(token).toLowerCase()] : []));
}
