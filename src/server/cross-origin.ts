// Which pages of other sites may use the API from a browser (CORS). None, where nobody says so.
import cors, { type CorsOptions } from "cors";
import type { Wrapper } from "./listener.js";
import type { CommonHeaders } from "./translate.js";

export interface CorsSettings {
  /** `https://app.example`, or `*` for all. Default: none. */
  readonly corsOrigin?: string | readonly string[];
  /** May they send cookies and other credentials? Default false. */
  readonly corsCredentials?: boolean;
  /** Seconds for which a browser remembers what it was allowed. Default 600. */
  readonly corsMaxAge?: number;
}

export const CORS_MAX_AGE = 600;

/** What a page may read of an answer, beyond what every page may. */
export const exposedHeaders: readonly string[] = [
  "Accept-Patch",
  "Accept-Query",
  "Age",
  "Allow",
  "Content-Profile",
  "Content-Range",
  "Deprecation",
  "ETag",
  "Idempotent-Replayed",
  "Link",
  "Location",
  "Preference-Applied",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "Sapwood-Position",
  "Server-Timing",
  "Sunset",
  "X-Request-Id",
  "X-Total-Count",
];

const methods = ["GET", "HEAD", "QUERY", "POST", "PUT", "PATCH", "DELETE"];

/** Throws for an origin that no browser would send. */
export function createCors(settings: CorsSettings, headers: CommonHeaders): Wrapper | undefined {
  const { corsOrigin = [], corsCredentials = false, corsMaxAge = CORS_MAX_AGE } = settings;
  const origins = [corsOrigin].flat();
  if (origins.length === 0) return undefined;
  for (const origin of origins) checkOrigin(origin);
  const all = origins.includes("*");
  if (all && corsCredentials)
    throw new Error("corsOrigin: * together with corsCredentials is refused by browsers. Name the origins.");
  const options: CorsOptions = {
    origin: all ? "*" : origins,
    credentials: corsCredentials,
    maxAge: corsMaxAge,
    methods,
    exposedHeaders: [...exposedHeaders],
  };
  const answering = cors(options);
  const preflight: Wrapper = (req, res, next) => {
    // It answers by itself.
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    answering(req, res, next);
  };
  const plain = cors({ ...options, preflightContinue: true });
  // An OPTIONS that is no preflight asks for `Allow`, which the API itself answers.
  return (req, res, next) =>
    (req.headers["access-control-request-method"] === undefined ? plain : preflight)(req, res, next);
}

function checkOrigin(origin: string): void {
  if (origin === "*" || (URL.canParse(origin) && new URL(origin).origin === origin)) return;
  const meant =
    URL.canParse(origin) && new URL(origin).origin !== "null" ? new URL(origin).origin : "https://app.example";
  throw new Error(
    `corsOrigin: '${origin}' is no origin. One has a scheme, a host and perhaps a port, such as ${meant}.`,
  );
}
