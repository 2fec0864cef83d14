// What the database refused or failed at → a line in the log, with its own words and the request's id. Clients hear less.
import type { Logger } from "../base/logger.js";
import type { ApiRequest } from "../http/message.js";
import type { HttpError } from "../http/problem.js";

/** What drivers call the SQLSTATE, the number and the text of an error. */
interface DriverError {
  readonly code?: unknown;
  readonly sqlState?: unknown;
  readonly errno?: unknown;
  readonly number?: unknown;
  readonly sqlMessage?: unknown;
  readonly message?: unknown;
}

/** Faults of the database, and what it refuses: not what is wrong with a client's values. */
export function tellRefusal(error: HttpError, request: ApiRequest, requestId: string, logger: Logger): void {
  const { cause, status, code } = error;
  if (cause === undefined || (status < 500 && status !== 403 && status !== 409 && code !== "raised")) return;
  const { method, path } = request;
  const level = status === 500 ? "error" : status > 500 ? "warn" : "info";
  logger[level]({ requestId, method, path, status, code, ...wordsOf(cause) }, "the database refused");
}

function wordsOf(cause: unknown) {
  const first = (cause instanceof AggregateError ? cause.errors[0] : cause) as DriverError | null;
  const { code, sqlState = code, errno, number = errno, sqlMessage, message } = first ?? {};
  return { sqlState, ...(number === undefined ? {} : { number }), message: String(sqlMessage ?? message) };
}
