// Every request gets a name, which is answered as `X-Request-Id`, and one line in the log when its answer is through.
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "../base/logger.js";
import { headerOf } from "../http/header.js";
import { requestIdOf } from "../http/request-id.js";
import { splitUrl } from "../http/target.js";
import { round } from "../observe/slow.js";
import type { Wrapper } from "./listener.js";
import { type Seen, see } from "./request-record.js";

/** Counts a request that no API has counted. */
export type Count = (method: string, route: string, status: number, milliseconds: number) => void;

/** The route of what none has. */
const NONE = "(none)";
/** Characters of a path, and names of parameters, in one line. */
const MOST_PATH = 1_000;
const MOST_NAMES = 50;

/** `telling` says whether lines of `info` are read by anyone. */
export function watchRequests(logger: Logger, telling: boolean, count?: Count): Wrapper {
  return (req, res, next) => {
    const seen: Seen = {
      id: requestIdOf(undefined, headerOf(req.headers, "x-request-id")),
      logger,
      route: undefined,
      counted: false,
    };
    see(req, seen);
    const begun = performance.now();
    res.once("close", () => {
      const milliseconds = performance.now() - begun;
      const { method = "", socket } = req;
      // Of those without a line too: otherwise the next line would count them.
      const bytes = bytesSince(socket);
      const status = res.headersSent ? res.statusCode : null;
      if (status !== null && !seen.counted) count?.(method, seen.route ?? NONE, status, milliseconds);
      const failed = status !== null && status >= 500;
      if (!telling && !failed) return;
      const line = {
        requestId: seen.id,
        method,
        ...(seen.route === undefined ? {} : { route: seen.route }),
        ...pathOf(req),
        status,
        ms: round(milliseconds),
        bytes,
        ...(seen.servers?.size ? { servers: [...seen.servers] } : {}),
        ...(res.writableFinished ? {} : { aborted: true }),
      };
      if (failed) logger.error(line, "request");
      else logger.info(line, "request");
    });
    next();
  };
}

/** How many bytes of each connection belong to earlier answers. */
const told = new WeakMap<Socket, number>();

/** What went out since the last answer, headers included: answers on one connection follow one another. */
function bytesSince(socket: Socket): number {
  const before = told.get(socket) ?? 0;
  told.set(socket, socket.bytesWritten);
  return socket.bytesWritten - before;
}

/** A query's values belong to the client: only its parameters' names are told. */
function pathOf(req: IncomingMessage): { path: string; query?: readonly string[] } {
  const { path, query } = splitUrl(req.url);
  const names =
    query === "" ? [] : query.split("&", MOST_NAMES).flatMap((part) => /^([^=]{1,100})=/.exec(part)?.[1] ?? []);
  return { path: path.slice(0, MOST_PATH), ...(names.length === 0 ? {} : { query: names }) };
}
