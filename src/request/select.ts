// `name,cover:title,album!inner(title,artist(name)),unit_price.avg()` → a tree of what a row is to show. Names are not
// resolved yet. Recursive descent over the decoded text.

import { didYouMean, excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import { type Cast, castNamed } from "./casts.js";

export const aggregates = ["count", "sum", "avg", "min", "max"] as const;
export type AggregateFunction = (typeof aggregates)[number];

export type SelectItem =
  /** `*` */
  | { readonly type: "all" }
  /** `-name`: all columns but this one. */
  | { readonly type: "without"; readonly name: string }
  | ColumnItem
  /** `count()` has no column. */
  | {
      readonly type: "aggregate";
      readonly function: AggregateFunction;
      readonly name?: string;
      readonly alias?: string;
    }
  | RelationItem;

/** A column, a part of a date (`joined.month`), or what is shown as another type: `age::text`, `doc->age::integer`. */
export interface ColumnItem {
  readonly type: "column";
  readonly name: string;
  readonly cast?: Cast;
  readonly alias?: string;
}

export interface RelationItem {
  readonly type: "relation";
  readonly name: string;
  readonly alias?: string;
  /** `!inner`: only rows that have one. */
  readonly inner: boolean;
  /** `...`: the related row's fields stand in the row itself. */
  readonly spread?: true;
  readonly select: Select;
}

export interface Select {
  /** `distinct.` stood at the beginning: equal rows once. */
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
}

/** By the names that what is asked of them goes by. */
export function relationsIn(select: Select | undefined): Map<string, RelationItem> {
  const relations = new Map<string, RelationItem>();
  for (const item of select?.items ?? []) {
    if (item.type !== "relation") continue;
    const name = item.alias ?? item.name;
    if (item.spread || relations.get(name)?.spread) requireOnce(name, relations);
    relations.set(name, item);
  }
  return relations;
}

function requireOnce(name: string, relations: ReadonlyMap<string, unknown>): void {
  if (!relations.has(name)) return;
  throw problem(
    "malformed_query",
    `select shows '${excerpt(name)}' twice: write all that is spread into one pair of parentheses, and give what is not an alias, as in other:${excerpt(name)}(*).`,
  );
}

/** Throws 400 `malformed_query`, or `too_complex` past `maxDepth` levels or `maxRelations` relations. */
export function parseSelect(text: string, maxDepth: number, maxRelations: number): Select {
  const reader = new Reader(text, maxDepth, maxRelations);
  const select = reader.select(0);
  reader.end();
  return select;
}

/** On all levels: databases take so many columns and arguments of a function. */
const MOST_FIELDS = 1_000;

/** A field's name is also one in SQL: no character that needs thought. */
export const ALIAS = /^[A-Za-z_][A-Za-z0-9_-]{0,59}$/;

const SPREAD = "...";
const SPREAD_HAS_NO_NAME =
  "what is spread into a row has no name of its own. Its fields may have one: ...album(album_title:title)";

class Reader {
  private at = 0;
  private relations = 0;
  private fields = 0;

  constructor(
    private readonly text: string,
    private readonly maxDepth: number,
    private readonly maxRelations: number,
  ) {}

  select(depth: number): Select {
    const distinct = this.takes("distinct.");
    const items: SelectItem[] = [];
    do items.push(this.item(depth));
    while (this.takes(","));
    return { distinct, items };
  }

  end(): void {
    if (this.at < this.text.length) throw this.wrong("a comma or the end is expected here");
  }

  private item(depth: number): SelectItem {
    if (++this.fields > MOST_FIELDS) throw problem("too_complex", `select names at most ${MOST_FIELDS} fields.`);
    if (this.takes("*")) return { type: "all" };
    if (this.takes("-")) return this.without();
    return this.takes(SPREAD) ? this.spread(depth) : this.named(depth);
  }

  private named(depth: number): SelectItem {
    let name = this.name();
    let alias: { alias?: string } = {};
    if (!this.text.startsWith("::", this.at) && this.takes(":")) {
      if (!ALIAS.test(name))
        throw this.wrong(`an alias has letters, digits, _ and -, at most 60, unlike '${excerpt(name)}'`);
      alias = { alias: name };
      if (this.takes(SPREAD)) throw this.wrong(SPREAD_HAS_NO_NAME);
      name = this.name();
    }
    if (name === "") throw this.wrong("a column's or a relation's name is missing");
    if (this.takes("::")) return { type: "column", name, cast: castNamed(this.name()), ...alias };
    if (this.takes("()")) return { ...this.aggregate(name), ...alias };
    const inner = this.takes("!inner");
    if (!this.takes("(")) {
      if (inner) throw this.wrong(`behind !inner come the relation's columns: ${excerpt(name)}!inner(*)`);
      return { type: "column", name, ...alias };
    }
    if (depth >= this.maxDepth) {
      throw problem("too_complex", `Relations are embedded at most ${this.maxDepth} levels deep.`);
    }
    if (++this.relations > this.maxRelations) {
      throw problem("too_complex", `At most ${this.maxRelations} relations are embedded in one request.`);
    }
    const select = this.select(depth + 1);
    if (!this.takes(")")) throw this.wrong("a closing ) is missing");
    return { type: "relation", name, inner, select, ...alias };
  }

  private without(): SelectItem {
    const name = this.name();
    if (name === "") throw this.wrong("behind - comes the column that is left out");
    return { type: "without", name };
  }

  private spread(depth: number): SelectItem {
    const item = this.named(depth);
    if (item.type !== "relation")
      throw this.wrong("behind ... come a relation to one row and what it shows: ...album(title)");
    if (item.alias !== undefined) throw this.wrong(SPREAD_HAS_NO_NAME);
    return { ...item, spread: true };
  }

  /** `unit_price.avg` or `count`. */
  private aggregate(name: string): Extract<SelectItem, { type: "aggregate" }> {
    const dot = name.lastIndexOf(".");
    const called = name.slice(dot + 1);
    const known = aggregates.find((one) => one === called);
    if (known === undefined) {
      const hint = didYouMean(called, aggregates);
      throw this.wrong(
        `'${excerpt(called)}()' is none of ${aggregates.join("(), ")}().${hint} All columns of a relation are ${excerpt(name)}(*)`,
      );
    }
    if (dot > 0) return { type: "aggregate", function: known, name: name.slice(0, dot) };
    if (known !== "count") throw this.wrong(`${known}() stands behind a column: unit_price.${known}()`);
    return { type: "aggregate", function: known };
  }

  /** Up to what separates; anything where it stands in double quotes, which a key behind `->` keeps. */
  private name(): string {
    if (this.takes('"')) return this.quoted();
    let name = this.plain();
    while (name.endsWith("->") && this.takes('"')) name += JSON.stringify(this.quoted()) + this.plain();
    return name;
  }

  private plain(): string {
    const [text = ""] = /^[^,():!"]*/.exec(this.text.slice(this.at)) as RegExpExecArray;
    this.at += text.length;
    return text;
  }

  private quoted(): string {
    let name = "";
    for (; this.text[this.at] !== '"'; this.at++) {
      if (this.at >= this.text.length) throw this.wrong("a double quote is not closed");
      if (this.text[this.at] === "\\") this.at++;
      name += this.text[this.at] ?? "";
    }
    this.at++;
    return name;
  }

  private takes(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private wrong(what: string) {
    const near = this.text.slice(Math.max(0, this.at - 12), this.at + 12);
    return problem(
      "malformed_query",
      `In select, near '${near}': ${what}. It is written select=name,album(title,artist(name)).`,
    );
  }
}
