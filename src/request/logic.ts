// `or=(age=lt:18,and(age=gt:60,name=not.like:"A,%"))` → a tree of filters. Recursive descent over the decoded text.

import { excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import { type FilterNode, type Logic, parseFilter } from "./filter.js";

/** Deeper than anyone writes by hand. */
const MAX_DEPTH = 10;

/** What is over them is refused where it stands, whatever comes behind it. */
export interface LogicLimits {
  readonly maxFilters: number;
  readonly maxValues: number;
}

const OPENING = /^(not\.)?(and|or)=?\(/;

const SEARCH = /^(not\.)?fts(\([^)]*\))?:/;

/** Is this parameter logic, and not a column that happens to be called `or`? */
export const isLogic = (name: string, value: string): boolean =>
  /^(not\.)?(and|or)$/.test(name) && value.startsWith("(");

/** Throws 400 `malformed_query`. */
export function parseLogic(name: string, value: string, limits: LogicLimits): Logic {
  const reader = new Reader(`${name}${value}`, limits);
  const logic = reader.logic(1);
  reader.end();
  return logic;
}

/** What stands behind `having=`: `total=gt:100`, or logic as in `or(total=gt:100,count=lt:3)`. */
export function parseHaving(value: string, limits: LogicLimits): FilterNode {
  if (!OPENING.test(value)) {
    const cut = value.indexOf("=");
    if (cut > 0) return parseFilter(value.slice(0, cut), value.slice(cut + 1), limits.maxValues);
    throw problem("malformed_query", `having names a field of select: having=count=gt:5, not '${excerpt(value)}'.`);
  }
  const reader = new Reader(value, limits);
  const logic = reader.logic(1);
  reader.end();
  return logic;
}

export const tooManyFilters = (most: number) =>
  problem("too_complex", `At most ${most} filters and ${most} sorting columns are taken in one request.`);

class Reader {
  private at = 0;
  private filters = 0;

  constructor(
    private readonly text: string,
    private readonly limits: LogicLimits,
  ) {}

  logic(depth: number): Logic {
    if (depth > MAX_DEPTH) throw problem("too_complex", `Logic is nested at most ${MAX_DEPTH} levels deep.`);
    const [opening = "", not, type] = OPENING.exec(this.text.slice(this.at)) as RegExpExecArray;
    this.at += opening.length;
    const parts: FilterNode[] = [];
    do parts.push(this.part(depth));
    while (this.takes(","));
    if (!this.takes(")")) throw this.wrong("a closing ) is missing");
    return { type: type as "and" | "or", negated: not !== undefined, parts };
  }

  end(): void {
    if (this.at < this.text.length) throw this.wrong(`nothing may stand behind the last )`);
  }

  private part(depth: number): FilterNode {
    if (OPENING.test(this.text.slice(this.at, this.at + 10))) return this.logic(depth + 1);
    const name = this.piece("=");
    if (name === "" || !this.takes("=")) throw this.wrong("a filter is written name=operator:value");
    if (++this.filters > this.limits.maxFilters) throw tooManyFilters(this.limits.maxFilters);
    return parseFilter(name, this.piece(",)"), this.limits.maxValues);
  }

  /**
   * Text up to one of `ends`; what stands in double quotes, at its beginning or behind a `:`, may hold anything. So may what
   * keeps its quotes: a name's key behind `->`, and phrases of a search.
   */
  private piece(ends: string): string {
    let piece = "";
    while (this.at < this.text.length && !ends.includes(this.text[this.at] as string)) {
      const opens = this.text[this.at] === '"';
      if (opens && ends !== "=" && SEARCH.test(piece)) piece += this.phrase();
      else if (opens && (piece === "" || piece.endsWith(":"))) piece += this.quoted();
      else if (opens && ends === "=" && /->>?$/.test(piece)) piece += JSON.stringify(this.quoted());
      else if (this.text[this.at] === "(" && /^(not\.)?fts$/.test(piece)) piece += this.language();
      else if (ends === "=" && this.text.startsWith("()", this.at)) piece += this.call();
      else if (this.text[this.at] === "(") throw this.wrong("a value with ( stands in double quotes");
      else piece += this.text[this.at++];
    }
    return piece;
  }

  private quoted(): string {
    let piece = "";
    for (this.at++; this.text[this.at] !== '"'; this.at++) {
      if (this.at >= this.text.length) throw this.wrong("a double quote is not closed");
      if (this.text[this.at] === "\\") this.at++;
      piece += this.text[this.at] ?? "";
    }
    this.at++;
    return piece;
  }

  /** Up to the closing quote, or the end as a search box would have it. */
  private phrase(): string {
    const [phrase = ""] = /^"[^"]*"?/.exec(this.text.slice(this.at)) ?? [];
    this.at += phrase.length;
    return phrase;
  }

  private language(): string {
    const [language] = /^\([^(),:]*\)/.exec(this.text.slice(this.at)) ?? [];
    if (language === undefined) throw this.wrong("a language stands as fts(english)");
    this.at += language.length;
    return language;
  }

  /** `tracks.count()` */
  private call(): string {
    this.at += 2;
    return "()";
  }

  private takes(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private wrong(what: string) {
    const behind = this.text.slice(Math.max(0, this.at - 12), this.at + 12);
    return problem(
      "malformed_query",
      `In '${excerpt(this.text)}', near '${behind}': ${what}. Logic is written or=(age=lt:18,and(age=gt:60,name=like:A%)).`,
    );
  }
}
