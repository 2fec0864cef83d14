// fetch for an API that is sometimes busy: what is answered 503 is sent again after the time that `Retry-After` names. Such an
// answer has changed nothing. Runs in browsers too.

export interface ResendOptions {
  /** How often a request that is answered 503 is sent again. Default 3; 0 is never. */
  readonly retries?: number;
  /** The most seconds to wait before it is sent again: where `Retry-After` names more, the 503 is the answer. Default 30. */
  readonly maxWait?: number;
  /** Do POST and PATCH carry an `Idempotency-Key`, the same each time they are sent? Default true. */
  readonly idempotencyKey?: boolean;
  /** What sends. Default `globalThis.fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

type Send = (request: Request) => Promise<Response>;

/** Rejects as fetch does: where nobody answers, and when the request's signal ends it, be it while it waits. */
export function resending({
  retries = 3,
  maxWait = 30,
  idempotencyKey = true,
  fetch = (request) => globalThis.fetch(request),
}: ResendOptions = {}): Send {
  return async (asked) => {
    const request = idempotencyKey ? keyed(asked) : asked;
    for (let left = retries; ; left--) {
      // A body is read once: what may be sent again is sent as a copy.
      const response = await fetch(left > 0 ? request.clone() : request);
      const seconds = response.status === 503 && left > 0 ? waitOf(response.headers.get("retry-after")) : undefined;
      if (seconds === undefined || seconds > maxWait) return response;
      await response.body?.cancel();
      await waiting(seconds * 1000, request.signal);
    }
  };
}

/** The draft's header of the IETF: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ */
function keyed(request: Request): Request {
  if ((request.method !== "POST" && request.method !== "PATCH") || request.headers.has("idempotency-key"))
    return request;
  const headers = new Headers(request.headers);
  headers.set("idempotency-key", `"${crypto.randomUUID()}"`);
  return new Request(request, { headers });
}

/** Seconds (RFC 9110, 10.2.3); nothing where the header says neither a number nor a date. */
function waitOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const moment = Date.parse(header);
  return Number.isNaN(moment) ? undefined : Math.max(0, (moment - Date.now()) / 1000);
}

function waiting(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const left = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", left);
      resolve();
    }, milliseconds);
    if (signal.aborted) left();
    else signal.addEventListener("abort", left, { once: true });
  });
}
