// What a database says of itself: its tables, its version, and whether they have changed.
import type { Schema } from "../../schema/schema.js";
import type { Ask, Identity, ReadOptions } from "../connection.js";
import type { Estimate } from "../statement-parts.js";

/** What belongs to the database itself. */
export interface SystemNames {
  readonly schemas: RegExp;
  /** Found without a schema before them. */
  readonly tables: RegExp;
  /** Where a server has databases of its own. */
  readonly databases?: RegExp;
}

export interface CataloguePart {
  /** What is never shown. */
  readonly system: SystemNames;
  /** Reads the whole catalogue in a number of queries that does not grow with the number of tables. */
  readSchema(ask: Ask, options: ReadOptions): Promise<Schema>;
  /** A query for the columns that an index begins with: rows of `table` and `column`, of every schema that is the user's. */
  readonly indexed: string;
  /** Left out where a database has no schemas. */
  readonly schemas?: SchemaQuestions;
  /** Where tables may be that are not shown, on servers that have such places. */
  readonly elsewhere?: Elsewhere;
  /**
   * Another text whenever what `readSchema` answers would be another, and maybe at other times. Costs less than to read the
   * schema: what the server has to say is one word.
   */
  schemaDigest(ask: Ask, options: ReadOptions): Promise<string>;
  /**
   * The same at once, where it costs next to nothing: asked at the start of every request. `undefined` where the connection
   * cannot tell now.
   */
  schemaVersion?(connection: unknown): string | undefined;
  /** Which database answers, and its server's version: a statement that costs next to nothing. */
  identify(ask: Ask): Promise<Identity>;
  /** Asks the statistics, where there are such: counting all rows takes as long as reading them. */
  readonly estimate?: Estimate;
}

/** Queries for schemas, by their `name`. */
export interface SchemaQuestions {
  /** Every one, those of the server's own too. */
  readonly all: string;
  /** Those that the views of one look into; it is bound. */
  readonly behindViews: string;
}

/** A statement for the places with tables, the fullest first, as `place` and `tables`; and how a client of the server names one. */
export interface Elsewhere {
  readonly sql: string;
  /** `schemas`: what they are called. */
  readonly places: string;
  /** What to try, for one of them. */
  advice(place: string): string;
}
