// A proxy that moves a host's pages below a prefix of its own, and says nothing of it.
import { type Listening, listen, request } from "../support/http.js";
import type { Host } from "./hosts.js";

/** What a proxy's clients see below `prefix`, which it takes off; it says nothing of it. */
export function behind(prefix: string): (host: Host) => Promise<Listening> {
  return ({ base }) =>
    listen(async (incoming, outgoing) => {
      const url = incoming.url ?? "";
      if (!url.startsWith(`${prefix}/`)) return outgoing.writeHead(404).end();
      const answer = await request(base, incoming.method ?? "GET", url.slice(prefix.length));
      return outgoing.writeHead(answer.status, answer.headers).end(answer.text);
    });
}
