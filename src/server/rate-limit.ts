// How many requests a client may send in a while, and how many sign-ins may fail. Clients are told by RateLimit headers
// (draft-ietf-httpapi-ratelimit-headers-10).
import type { IncomingMessage } from "node:http";
import { RateLimiterRes } from "rate-limiter-flexible";
import type { Logger } from "../base/logger.js";
import { clientOf, proxiesAhead } from "../http/client-address.js";
import type { ApiResponse } from "../http/message.js";
import { problem, problemResponse } from "../http/problem.js";
import { splitUrl } from "../http/target.js";
import type { Answering } from "./cross-site.js";
import { callerIdentity } from "./identity.js";
import { type Counting, rateDefaults } from "./rate-settings.js";
import { openRateStore } from "./rate-store.js";
import type { Team } from "./workers/team.js";

export interface Limiting {
  around(answer: Answering): Answering;
  close(): void;
}

interface Quota {
  readonly name: string;
  readonly points: number;
  readonly period: number;
}

export async function createLimiting(settings: Counting, logger: Logger, team?: Team): Promise<Limiting> {
  const { rateLimit = 0, ratePeriod: period, rateFailures, guarded, keyHeaders } = { ...rateDefaults, ...settings };
  const store = await openRateStore(settings.rateStore, logger, team);
  const requests = rateLimit > 0 ? store.counter("requests", rateLimit, period) : undefined;
  const failures = guarded && rateFailures > 0 ? store.counter("failures", rateFailures, period) : undefined;
  const known = new Recent();
  const proxies = proxiesAhead(settings);

  const around = (answer: Answering): Answering => {
    return async (req) => {
      const address = clientOf(req.socket.remoteAddress, forwardedFor(req), proxies) ?? "";
      // Without a bound on failures, made-up keys would each have a count of their own.
      const sent = failures && callerIdentity(req, keyHeaders);
      const key = sent?.exact;
      if (failures !== undefined && signsIn(req, keyHeaders) && !(key !== undefined && known.has(key))) {
        const failed = await failures.get(address);
        if (failed !== null && failed.consumedPoints >= rateFailures)
          return refusal({ name: "failures", points: rateFailures, period }, failed);
      }
      const quota = { name: "requests", points: rateLimit, period };
      const state = requests && (await requests.consume(sent?.whose ?? address).catch(exceeded));
      if (state !== undefined && state.consumedPoints > rateLimit) return refusal(quota, state);
      const response = await answer(req);
      if (failures !== undefined && signsIn(req, keyHeaders)) {
        const failed = isRefused(req, response);
        if (failed) await failures.penalty(address);
        if (key !== undefined) known.note(key, !failed);
      }
      return state === undefined ? response : { ...response, headers: { ...response.headers, ...told(quota, state) } };
    };
  };
  return { around, close: () => store.close() };
}

/** Node joins several of them to one. */
const forwardedFor = ({ headers }: IncomingMessage): string | undefined => headers["x-forwarded-for"]?.toString();

/** What the library throws when there is no more. */
function exceeded(thrown: unknown): RateLimiterRes {
  if (thrown instanceof RateLimiterRes) return thrown;
  throw thrown;
}

/** Where passwords are told. */
const isSignIn = ({ method, url = "" }: IncomingMessage): boolean =>
  method === "POST" && /\/auth\/(token|password)$/.test(splitUrl(url).path);

const signsIn = (req: IncomingMessage, keyHeaders: readonly string[]): boolean =>
  ["authorization", ...keyHeaders].some((name) => req.headers[name] !== undefined) || isSignIn(req);

/** OAuth 2.0 says 400 to a wrong password (RFC 6749, 5.2). */
const isRefused = (req: IncomingMessage, { status }: ApiResponse): boolean =>
  status === 401 || (status === 400 && isSignIn(req));

const secondsOf = ({ msBeforeNext }: RateLimiterRes): number => Math.max(1, Math.ceil(msBeforeNext / 1000));

const told = ({ name, points, period }: Quota, state: RateLimiterRes) => ({
  "ratelimit-policy": `"${name}";q=${points};w=${period}`,
  ratelimit: `"${name}";r=${Math.max(0, points - state.consumedPoints)};t=${secondsOf(state)}`,
});

function refusal(quota: Quota, state: RateLimiterRes): ApiResponse {
  const seconds = secondsOf(state);
  const what = quota.name === "failures" ? "failed sign-ins" : "requests";
  const detail = `More than ${quota.points} ${what} in ${quota.period} seconds. Come again in ${seconds}.`;
  const headers = { "retry-after": String(seconds), ...told(quota, state) };
  return problemResponse(problem("too_many_requests", detail, { headers }));
}

/** Keys that were good lately: somebody else's failures at the same address do not keep them out. */
class Recent {
  static readonly #most = 10_000;
  readonly #keys = new Set<string>();

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  note(key: string, good: boolean): void {
    this.#keys.delete(key);
    if (!good) return;
    this.#keys.add(key);
    if (this.#keys.size > Recent.#most) this.#keys.delete(this.#keys.values().next().value as string);
  }
}
