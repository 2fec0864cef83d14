// A definition's FROM → its tables, which of them may be missing in a row, and what joins them. Whatever is not a table or a join of
// tables that is known here makes it undefined: nothing is told of such a view.
import { equalitiesIn } from "./conditions.js";
import type { SpokenEquality, SpokenSource } from "./spoken.js";
import { isSign, isWord, type Token } from "./tokens.js";

export interface SpokenFrom {
  readonly sources: readonly SpokenSource[];
  readonly equalities: readonly SpokenEquality[];
}

class Unknown extends Error {}

export function fromOf(tokens: readonly Token[]): SpokenFrom | undefined {
  try {
    const reader = new FromReader(tokens);
    reader.joins();
    return reader.isAtEnd ? reader : undefined;
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

const joinWords = ["inner", "cross", "left", "right", "full", "join", "straight_join", "natural", "outer"];

class FromReader implements SpokenFrom {
  readonly sources: SpokenSource[] = [];
  readonly equalities: SpokenEquality[] = [];
  #at = 0;

  constructor(readonly tokens: readonly Token[]) {}

  get isAtEnd(): boolean {
    return this.#at === this.tokens.length;
  }

  joins(): void {
    const first = this.sources.length;
    this.#table();
    for (let kind = this.#kind(); kind !== undefined; kind = this.#kind()) {
      const own = this.sources.length;
      this.#table();
      if (kind === "left" || kind === "full") this.#makeOptional(own, this.sources.length);
      if (kind === "right" || kind === "full") this.#makeOptional(first, own);
      this.#condition(kind, own);
    }
  }

  #next(): Token | undefined {
    return this.tokens[this.#at];
  }

  #takes(...words: string[]): boolean {
    if (!isWord(this.#next(), ...words)) return false;
    this.#at++;
    return true;
  }

  #sign(sign: string): boolean {
    if (!isSign(this.#next(), sign)) return false;
    this.#at++;
    return true;
  }

  #kind(): "inner" | "left" | "right" | "full" | undefined {
    if (this.#sign(",") || this.#takes("join", "straight_join")) return "inner";
    if (!isWord(this.#next(), "inner", "cross", "left", "right", "full")) return undefined;
    const [word] = [(this.#next() as Token).text.toLowerCase()];
    this.#at++;
    this.#takes("outer");
    if (!this.#takes("join")) throw new Unknown();
    return word === "left" || word === "right" || word === "full" ? word : "inner";
  }

  #table(): void {
    if (this.#sign("(")) {
      this.joins();
      if (!this.#sign(")")) throw new Unknown();
      return;
    }
    const parts = [this.#name()];
    while (this.#sign(".")) parts.push(this.#name());
    if (isSign(this.#next(), "(") || parts.length > 2) throw new Unknown();
    const [table, schema = null] = parts.reverse() as [string, string?];
    const named = this.#takes("as");
    const alias = named || this.#isAlias() ? this.#name() : table;
    this.sources.push({ alias, schema, table, optional: false });
  }

  #name(): string {
    const token = this.#next();
    if (token === undefined || (token.is !== "word" && token.is !== "name")) throw new Unknown();
    if (isWord(token, "select", "lateral", "only", "values", "table")) throw new Unknown();
    this.#at++;
    return token.text;
  }

  #isAlias(): boolean {
    const token = this.#next();
    return token?.is === "name" || (token?.is === "word" && !isWord(token, "on", "using", ...joinWords));
  }

  #makeOptional(from: number, to: number): void {
    for (let i = from; i < to; i++) this.sources[i] = { ...(this.sources[i] as SpokenSource), optional: true };
  }

  #condition(kind: "inner" | "left" | "right" | "full", own: number): void {
    const right = Array.from({ length: this.sources.length - own }, (_, i) => own + i);
    if (this.#takes("on")) {
      const condition = this.#untilJoin();
      if (kind === "inner") this.equalities.push(...equalitiesIn(condition));
      if (kind === "left") this.equalities.push(...equalitiesIn(condition, right));
    } else if (this.#takes("using")) {
      // Which of several tables is meant, and which value is shown, is not looked for.
      throw new Unknown();
    }
  }

  #untilJoin(): Token[] {
    const start = this.#at;
    for (let depth = 0; this.#at < this.tokens.length; this.#at++) {
      const token = this.#next() as Token;
      if (isSign(token, "(")) depth++;
      if (isSign(token, ")") && depth-- === 0) break;
      if (depth === 0 && (isSign(token, ",") || isWord(token, "on", "using", ...joinWords))) {
        // LEFT(name, 2) is a function.
        if (!isSign(this.tokens[this.#at + 1], "(") || isWord(token, "on", "using")) break;
      }
    }
    return this.tokens.slice(start, this.#at);
  }
}
