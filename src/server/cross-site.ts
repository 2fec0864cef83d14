// What a browser can be made to send by pages of other sites, refused before anything looks at it. Loopback alone keeps out
// none of it: the browser is on this machine.
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { excerpt } from "../base/suggest.js";
import type { ApiResponse } from "../http/message.js";
import { type HttpError, problem, problemResponse } from "../http/problem.js";
import { isLoopbackAddress } from "./exposure.js";

/** Answers a request of node's; never rejects. */
export type Answering = (req: IncomingMessage) => Promise<ApiResponse>;

export interface OtherSitesSettings {
  readonly host: string;
  /** The API's whole addresses, as its clients know them. */
  readonly server?: readonly string[];
  readonly corsOrigin?: string | readonly string[];
  readonly trustProxy?: boolean;
  /** Does anybody sign in, or is the server meant for all? Then any name may lead to it. */
  readonly anyName: boolean;
}

/** `answer` for what is meant for this server, and 421 or 403 for the rest. */
export function rejectCrossSite(answer: Answering, settings: OtherSitesSettings): Answering {
  const misdirected = settings.anyName ? undefined : nameCheck(settings);
  const foreign = originCheck(settings);
  return (req) => {
    const error = misdirected?.(req) ?? foreign(req);
    return error === undefined ? answer(req) : Promise.resolve(problemResponse(error));
  };
}

type Check = (req: IncomingMessage) => HttpError | undefined;

/** Names that are remembered as good. */
const MOST = 100;

/**
 * DNS rebinding: a page's own name suddenly leads to 127.0.0.1, and the browser takes this server for the page's own. It still
 * says the name, in Host. X-Forwarded-Host does not count: that page may send it as well.
 */
function nameCheck({ host, server = [] }: OtherSitesSettings): Check {
  const named = [host, ...server.filter((url) => URL.canParse(url)).map((url) => new URL(url).hostname)];
  const own = new Set(named.filter((name) => name !== "0.0.0.0" && name !== "::").map(bare));
  const known = new Set<string>();
  const isOwn = (name: string) => own.has(name) || isLocal(name);
  return ({ headers }) => {
    // HTTP/1.0 has none, and no browser speaks that.
    const { host: said } = headers;
    if (said === undefined || known.has(said)) return undefined;
    if (isOwn(bare(withoutPort(said)))) {
      if (known.size < MOST) known.add(said);
      return undefined;
    }
    return problem(
      "misdirected",
      `Nobody signs in here, so the server answers to its own names only, and '${excerpt(said)}' is none: ` +
        "a page of another site could have made it one (DNS rebinding). Ask 127.0.0.1 or localhost; or start it with --server https://… for a further name, with auth, or with --open.",
    );
  };
}

/** Does `Host` name this machine, in a way that no other site's name can be made to lead to? */
export const namesThisMachine = (host: string): boolean => isLocal(bare(withoutPort(host)));

const isLocal = (name: string): boolean =>
  name === "localhost" || name.endsWith(".localhost") || isLoopbackAddress(name);

const withoutPort = (host: string): string => host.replace(/:\d*$/, "");

const bare = (host: string): string => {
  const name = host
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^\[(.*)\]$/, "$1");
  return isIP(name) === 0 ? name : name.split("%", 1).join("");
};

/** Does a page of another site send this, whether CORS lets it in or not? */
export function isOtherSites({ headers }: IncomingMessage, trustProxy: boolean): boolean {
  const { origin, host, "sec-fetch-site": site } = headers;
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  if (origin === undefined) return false;
  const from = URL.canParse(origin) ? new URL(origin).host : undefined;
  return from !== host?.toLowerCase() && !(trustProxy && from === headers["x-forwarded-host"]);
}

const reading = new Set(["GET", "HEAD", "OPTIONS", "QUERY"]);

/**
 * Forms and bodiless POSTs need no preflight (Fetch standard, "CORS-safelisted request"): what changes something must come from
 * no page, from this server's own, or from one that CORS lets in. The rule is that of Go's `http.CrossOriginProtection`.
 */
function originCheck({ corsOrigin = [], server = [], trustProxy = false }: OtherSitesSettings): Check {
  const origins = [corsOrigin].flat();
  const all = origins.includes("*");
  const trusted = new Set([...origins, ...server.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin)]);
  const isForeign = (req: IncomingMessage): boolean => {
    const { origin, cookie } = req.headers;
    if (origin !== undefined && trusted.has(origin)) return false;
    // Pages of all sites may use it, but not in the name of who sits before the browser.
    if (all && cookie === undefined) return false;
    return isOtherSites(req, trustProxy);
  };
  return (req) => {
    if (reading.has(req.method ?? "") || !isForeign(req)) return undefined;
    const { origin = "another site" } = req.headers;
    return problem(
      "cross_origin",
      `A page of ${excerpt(origin)} may change nothing here. If it is yours, let it in: --cors-origin ${origin.includes("://") ? excerpt(origin) : "https://app.example"}.`,
    );
  };
}
