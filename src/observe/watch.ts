// A request with somebody watching: `Server-Timing`, the slow-query log, metrics. Where nobody does, there is no watch at all.

import { ConfigError } from "../base/config-error.js";
import type { Logger } from "../base/logger.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";
import { requestIdOf } from "../http/request-id.js";
import type { RequestContext } from "../run/context.js";
import type { Metrics, MetricsOptions } from "./metrics-options.js";
import { round, slowLog } from "./slow.js";
import { Stopwatch, type Timed } from "./stopwatch.js";

/** The names of the options here. */
export const watchNames: readonly string[] = ["logger", "slowQuery", "serverTiming", "metrics"];

export interface WatchOptions {
  /** Where slow queries, re-reads of the schema and failed `afterCommit` hooks are told: pino's form. Default: none. */
  readonly logger?: Logger;
  /** Tells the logger of statements that took so many milliseconds or more: their text, never their values; without one, the console. Default: off. */
  readonly slowQuery?: number;
  /** Does each answer say in `Server-Timing` how long it took, and how much of that the database? Default `false`. */
  readonly serverTiming?: boolean;
  /** The prom-client registry that requests, statements and the pool are counted in. Default: none. */
  readonly metrics?: MetricsOptions;
}

/** `answer` is to run in the contexts that `through` makes: their statements are timed. */
export type Watch = (
  request: ApiRequest,
  pattern: string,
  answer: (through: (context: RequestContext) => RequestContext) => Promise<ApiResponse | undefined>,
) => Promise<ApiResponse | undefined>;

/** Nothing, where the options ask for none of it. */
export function createWatch(options: WatchOptions, metrics: Metrics | undefined): Watch | undefined {
  const { slowQuery, serverTiming = false } = options;
  const slow = slowQuery === undefined ? undefined : slowLog(slowQuery, options.logger ?? console);
  if (slow === undefined && metrics === undefined && !serverTiming) return undefined;
  return async (request, pattern, answer) => {
    const id = slow && requestIdOf(request.id, request.header("x-request-id"));
    const asked = { id, route: `${request.method} ${pattern}` };
    const begun = performance.now();
    const ended = (statement: Timed) => {
      slow?.(statement, asked);
      metrics?.statement(statement);
    };
    const stopwatch = new Stopwatch(ended);
    let session: RequestContext["session"] | undefined;
    const through = (context: RequestContext): RequestContext => {
      ({ session } = context);
      return { ...context, session: stopwatch.on(session) };
    };
    const answered = (status: number) => metrics?.request(request.method, pattern, status, performance.now() - begun);
    try {
      const response = await answer(through);
      // The path went with its table while the request was under way: the host has the word.
      if (response === undefined) return undefined;
      const headers = {
        ...response.headers,
        // Who names requests shows the name as well.
        ...(id !== undefined && request.id === undefined ? { "x-request-id": id } : {}),
        ...(serverTiming
          ? { "server-timing": timing(stopwatch, performance.now() - begun, response.outcome, session?.servers) }
          : {}),
      };
      if (response.pieces !== undefined)
        return { ...response, headers, pieces: atEnd(response.pieces, () => answered(response.status)) };
      answered(response.status);
      return { ...response, headers };
    } catch (error) {
      answered(500);
      throw error;
    }
  };
}

/** Throws a `ConfigError` for what cannot be meant. */
export function checkWatch({ slowQuery, logger }: WatchOptions): void {
  if (slowQuery !== undefined && !(typeof slowQuery === "number" && slowQuery >= 0))
    throw new ConfigError("options.slowQuery", `is a number of milliseconds, not ${String(slowQuery)}.`);
  if (logger !== undefined && !logLevels.every((level) => typeof logger[level] === "function"))
    throw new ConfigError("options.logger", `has the functions ${logLevels.join(", ")}, as a pino logger has.`);
}

const logLevels = ["debug", "info", "warn", "error"] as const satisfies readonly (keyof Logger)[];

function timing(
  { waited, statements }: Stopwatch,
  total: number,
  outcome: string | undefined,
  servers: ReadonlySet<string> = none,
): string {
  const said = [`${statements} ${statements === 1 ? "statement" : "statements"}`, ...servers].join(", ");
  const kept = outcome === undefined ? "" : `cache;desc="${outcome}", `;
  return `db;dur=${round(waited)};desc="${said}", ${kept}total;dur=${round(total)}`;
}

const none: ReadonlySet<string> = new Set();

async function* atEnd(pieces: AsyncIterable<string>, end: () => void): AsyncGenerator<string, void> {
  try {
    yield* pieces;
  } finally {
    end();
  }
}
