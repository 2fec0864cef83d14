// A request where nobody signs in → nothing, or 403 where it does not come from this machine: that is all there is to go by then.
import type { IncomingMessage } from "node:http";
import type { ApiRequest } from "../http/message.js";
import { problem } from "../http/problem.js";

/** What a proxy on this machine hands on comes from elsewhere. `what` is done where `line` is sent. */
export function requireLoopback({ raw, header }: ApiRequest, what: string, line: string): void {
  const { socket } = raw as IncomingMessage;
  const near = /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? "");
  const handedOn = ["forwarded", "x-forwarded-for", "x-real-ip", "via"].some((name) => header(name) !== undefined);
  if (!near || handedOn)
    throw problem(
      "forbidden",
      `${what} for those on the server's own machine only, and not through a proxy. There, send ${line} to 127.0.0.1.`,
    );
}
