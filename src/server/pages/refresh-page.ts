// `POST /admin/refresh`: reads the schema of each database again, and answers what has changed.
import type { IncomingMessage } from "node:http";
import type { ApiRequest } from "../../http/message.js";
import { problem } from "../../http/problem.js";
import type { Refreshed } from "../../schema/schema-state.js";
import { asksWho } from "../callers.js";
import type { Mount } from "../mount.js";
import { type Answer, jsonPage, type Site } from "../page.js";

/** What failed and why, in words that may be shown; the tree in use is the one before. */
interface Failed {
  readonly changed: false;
  readonly problem: string;
}

/** 200 with what changed; 503 where it could not be read. Of several databases each has its own outcome in a 200. */
export function createRefresh(site: Site): Answer {
  const { mounts } = site;
  const open = !asksWho(site);
  return async (request) => {
    if (open) requireLoopback(request);
    const found = await Promise.all(
      mounts.map(async (mount) => ({ name: mount.name, outcome: await refreshed(mount) })),
    );
    const [only] = found;
    if (only === undefined || only.name !== undefined)
      return jsonPage({ databases: Object.fromEntries(found.map(({ name, outcome }) => [name, outcome])) });
    if ("problem" in only.outcome)
      throw problem("schema_not_read", `What was read before stays in use. ${only.outcome.problem}`);
    return jsonPage(only.outcome);
  };
}

const refreshed = ({ api }: Mount): Promise<Refreshed | Failed> =>
  api.refresh().catch(() => ({ changed: false, problem: api.schemaState.problem?.message ?? "It could not be read." }));

/**
 * Whoever is on this machine may, where nobody signs in: that is all there is to go by then. What a proxy on this machine hands on
 * comes from elsewhere.
 */
function requireLoopback({ raw, header }: ApiRequest): void {
  const { socket } = raw as IncomingMessage;
  const near = /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? "");
  const handedOn = ["forwarded", "x-forwarded-for", "x-real-ip", "via"].some((name) => header(name) !== undefined);
  if (!near || handedOn)
    throw problem(
      "forbidden",
      "The schema is read again for those on the server's own machine only, and not through a proxy. There, send POST /admin/refresh to 127.0.0.1.",
    );
}
