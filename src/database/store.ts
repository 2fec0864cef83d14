// Statements on sapwood's own tables: written once, for every database. I/O.

import type { ColumnType } from "../schema/schema.js";
import { refusalProblem } from "./refusals.js";
import { upTo } from "./retry.js";
import type { Database, Session } from "./session.js";

export type StoredValue = string | number | null;
export type Row = readonly unknown[];

const types: Readonly<Record<"number" | "string", ColumnType>> = {
  number: { kind: "integer", native: "bigint" },
  string: { kind: "text", native: "nvarchar(200)" },
};

/** How often a write is run again that met another one. */
const RETRIES = 3;

/** Texts have `"name"` for names and `?` for values, and hold neither otherwise. */
export class Store {
  readonly #texts: Map<string, string>;

  constructor(
    readonly database: Database,
    private readonly session: Session = database,
    texts = new Map<string, string>(),
  ) {
    this.#texts = texts;
  }

  /** The same in a transaction. A write there that meets another one is its owner's to run again. */
  within(session: Session): Store {
    return new Store(this.database, session, this.#texts);
  }

  /** Sees what is committed. Rows come as arrays, in the order of the statement's columns. */
  async read(text: string, ...values: readonly StoredValue[]): Promise<readonly Row[]> {
    return (await this.#say("read", text, values)).rows;
  }

  /** The same of the database that is written to, where others are read from. */
  async readLatest(text: string, ...values: readonly StoredValue[]): Promise<readonly Row[]> {
    return (await this.#say("run", text, values)).rows;
  }

  /** The first `most` rows of a text that ends in ORDER BY, from `offset` on. */
  async page(text: string, most: number, offset: number, ...values: readonly StoredValue[]): Promise<readonly Row[]> {
    const { dialect } = this.database;
    const cut = dialect.limit(most, offset > 0 ? dialect.placeholder(values.length + 1) : undefined, true);
    const { rows } = await this.#say("read", text, offset > 0 ? [...values, offset] : values, cut);
    return rows;
  }

  /** Answers how many rows it wrote. Throws an `HttpError`, `unique_violation` among others. */
  async write(text: string, ...values: readonly StoredValue[]): Promise<number> {
    const retries = this.session.isTransaction ? 0 : RETRIES;
    return (await upTo(retries, () => this.#say("run", text, values))).affected;
  }

  async #say(way: "read" | "run", text: string, values: readonly StoredValue[], end = "") {
    const { dialect } = this.database;
    const encoded = values.map((value) =>
      value === null ? null : dialect.encode(value, types[typeof value as "number" | "string"]),
    );
    try {
      return await this.session[way](this.#textOf(text) + end, encoded);
    } catch (error) {
      const refusal = dialect.refusal(error);
      throw refusal === undefined ? error : refusalProblem(refusal, { cause: error });
    }
  }

  #textOf(text: string): string {
    let known = this.#texts.get(text);
    if (known === undefined) {
      const { dialect } = this.database;
      let position = 0;
      known = text.replace(/"(\w+)"|\?/g, (_, name?: string) =>
        name === undefined ? dialect.placeholder(++position) : dialect.quote(name),
      );
      this.#texts.set(text, known);
    }
    return known;
  }
}
