// What is asked of a sign-in provider over the network, and what is answered while it is away.

import { ConfigError } from "../base/config-error.js";
import { type HttpError, problem } from "../http/problem.js";

/** Milliseconds for an answer, and between two tries of a provider that gives none. */
const TIMEOUT = 5_000;
const PAUSE = 5_000;

export const signInAway = (): HttpError =>
  problem("sign_in_away", "Who you are cannot be checked at the moment. Try again in a few seconds.", {
    headers: { "retry-after": "5" },
  });

/** A provider's answer of status 200; redirects are not followed. */
export async function fetchText(url: string): Promise<string> {
  const signal = AbortSignal.timeout(TIMEOUT);
  const response = await fetch(url, { signal, redirect: "manual", headers: { accept: "application/json" } });
  if (response.status === 200) return response.text();
  await response.body?.cancel();
  throw new Error(`${url} answers ${response.status}.`);
}

/** Remembers for a moment that a provider was away, and does not ask it meanwhile. */
export class AwayMemory {
  #error: unknown;
  #until = 0;

  /** Throws what `ask` throws now, or has thrown a moment ago. */
  async unless<T>(ask: () => Promise<T>): Promise<T> {
    if (Date.now() < this.#until) throw this.#error;
    try {
      return await ask();
    } catch (error) {
      this.#error = error;
      this.#until = Date.now() + PAUSE;
      throw error;
    }
  }
}

/** What comes over the network decides who may do what: nobody on the way may change it. Throws a `ConfigError`. */
export function trustedUrl(given: unknown, place: string): URL {
  if (!URL.canParse(String(given))) throw new ConfigError(place, "is a whole address: https://login.example/keys.");
  const url = new URL(String(given));
  if (!isTrusted(url))
    throw new ConfigError(place, "is an https address, without a password in it; http is for this machine only.");
  return url;
}

const isTrusted = ({ protocol, hostname, username, password }: URL): boolean =>
  username === "" &&
  password === "" &&
  (protocol === "https:" || (protocol === "http:" && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)));
