// The slow-query log: a statement that took long, by its text and never by its values.
import type { Logger } from "../base/logger.js";
import type { Timed } from "./stopwatch.js";

/** Characters of a statement's text in the log. */
const MOST = 4_000;

/** What is said of a request. */
export interface AskedRequest {
  readonly id: string | undefined;
  /** `GET /albums/:id/tracks` */
  readonly route: string;
}

/** Tells of statements that took so many milliseconds or more. */
export const slowLog =
  (least: number, logger: Logger) =>
  ({ text, milliseconds, ...statement }: Timed, { id, route }: AskedRequest): void => {
    if (milliseconds < least) return;
    const shown = text.length > MOST ? `${text.slice(0, MOST)}…` : text;
    logger.warn({ requestId: id, route, ms: round(milliseconds), ...statement, statement: shown }, "slow query");
  };

/** Microseconds are enough. */
export const round = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;
