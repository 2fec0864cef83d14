// An error that nobody foresaw: its stack for the log on stderr, without passwords, and a 500 without details for the client.
import type { IncomingMessage } from "node:http";
import type { ApiResponse } from "../api/message.js";
import { problem, problemResponse } from "../api/problem.js";
import { redact } from "./redact.js";
import { toTarget } from "./translate.js";

/** Logs the error; the path is named, the query is not, as its values belong to the client. */
export function unforeseen(req: IncomingMessage, error: unknown): ApiResponse {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${req.method} ${toTarget(req.url ?? "/").path}: ${redact(text)}\n`);
  return problemResponse(problem("internal_error", "The server's log says more."));
}
