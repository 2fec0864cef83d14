// Whatever a client can make large has a limit, and each limit is an option: here, of the command line, and in the table of README.md.
import { ConfigError } from "../schema/config.js";

export interface Limits {
  /** Rows of a list when the request names no limit. Default 100. */
  readonly defaultLimit: number;
  /** The most rows of a list; a larger `limit` is cut to it. Default 1000. */
  readonly maxLimit: number;
  /** The most filters, and the most sorting columns, of one request. Default 50. */
  readonly maxFilters: number;
  /** The most tables that filters and sorting columns of one request lead to by relations; an N-to-N is two. Default 20. */
  readonly maxJoins: number;
  /** The most values of one `in:`. Default 1000. */
  readonly maxValues: number;
  /** The most words of one `fts:`. Default 50. */
  readonly maxWords: number;
  /** The most levels of relations within `select`, and of related rows within a body. Default 5. */
  readonly maxEmbedDepth: number;
  /** The most relations within one `select`. Default 20. */
  readonly maxEmbeds: number;
  /** The most rows of one answer, related rows on all levels included; a batch's answers count together. Default 50,000. */
  readonly maxAnswerRows: number;
  /** The most bytes of the rows of one answer; a batch's answers count together. Default 16 MiB. */
  readonly maxAnswerBytes: number;
  /** The most bytes of an answer that is kept with an `Idempotency-Key`. Default 1 MiB. */
  readonly maxKeptAnswer: number;
  /** The most rows, or ids, of one body, related rows included. Default 1000. */
  readonly maxRows: number;
  /**
   * The most rows that PATCH or DELETE on a list affects; `Prefer: max-affected` may say fewer. And the most links that PUT on a
   * list takes away. Default 1000.
   */
  readonly maxAffected: number;
  /** The most bytes of a body. Default 1 MiB. */
  readonly bodyLimit: number;
  /** The most entries of a batch. Default 100. */
  readonly maxBatch: number;
  /** How often a write that met another one is run again before it is a 409. Default 3; 0 is never. */
  readonly retries: number;
}

interface LimitOption {
  readonly default: number;
  /** 1 where nothing is said. */
  readonly least?: number;
  /** What is counted, as the command line's help names it. */
  readonly unit: string;
  readonly text: string;
}

export const limitOptions: Readonly<Record<keyof Limits, LimitOption>> = {
  defaultLimit: { default: 100, unit: "rows", text: "rows of a list without ?limit=" },
  maxLimit: { default: 1000, unit: "rows", text: "most rows of a list" },
  maxFilters: { default: 50, unit: "filters", text: "most filters, and sorting columns, of a request" },
  maxJoins: { default: 20, unit: "tables", text: "most tables that filters and sorting columns lead to" },
  maxValues: { default: 1000, unit: "values", text: "most values of one in:" },
  maxWords: { default: 50, unit: "words", text: "most words of one fts:" },
  maxEmbedDepth: { default: 5, unit: "levels", text: "most levels of related rows, in select and in bodies" },
  maxEmbeds: { default: 20, unit: "relations", text: "most relations in one select" },
  maxAnswerRows: { default: 50_000, unit: "rows", text: "most rows of one answer, related rows included" },
  maxAnswerBytes: { default: 16_777_216, unit: "bytes", text: "most bytes of the rows of one answer" },
  maxKeptAnswer: { default: 1_048_576, unit: "bytes", text: "most bytes of an answer that an Idempotency-Key keeps" },
  maxRows: { default: 1000, unit: "rows", text: "most rows, or ids, of one body" },
  maxAffected: { default: 1000, unit: "rows", text: "most rows that a write on a list affects" },
  bodyLimit: { default: 1_048_576, unit: "bytes", text: "most bytes of a body" },
  maxBatch: { default: 100, unit: "entries", text: "most entries of a batch" },
  retries: {
    ...{ default: 3, least: 0, unit: "times" },
    text: "how often a write that met another one is run again",
  },
};

export const limitNames = Object.keys(limitOptions) as (keyof Limits)[];

/** The limits as they were set, or as they are otherwise. Throws a `ConfigError`. */
export function limitsOf(options: Partial<Limits>): Limits {
  return Object.fromEntries(
    limitNames.map((name) => {
      const { default: value, least = 1 } = limitOptions[name];
      const { [name]: asked = value } = options;
      if (Number.isSafeInteger(asked) && asked >= least) return [name, asked];
      throw new ConfigError(`options.${name}`, `is a whole number from ${least} up, not ${String(asked)}.`);
    }),
  ) as unknown as Limits;
}
