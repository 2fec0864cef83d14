// An error that nobody foresaw: its stack for the log, without passwords, and a 500 without details for the client.
import type { IncomingMessage } from "node:http";
import { quiet } from "../base/logger.js";
import type { ApiResponse } from "../http/message.js";
import { problem, problemResponse } from "../http/problem.js";
import { splitUrl } from "../http/target.js";
import { seenOf } from "./request-record.js";

/** Logs the error; the path is named, the query is not, as its values belong to the client. The request's name leads to the line. */
export function unforeseen(req: IncomingMessage, error: unknown): ApiResponse {
  const { id: requestId, logger = quiet } = seenOf(req) ?? {};
  const { path } = splitUrl(req.url);
  logger.error({ requestId, method: req.method, path, err: error }, "unforeseen error");
  return problemResponse(problem("internal_error", "The server's log says more."), requestId);
}
