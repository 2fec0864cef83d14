// The address of a set of keys → the key that a token names. The set is kept, asked for again when a key is new, and outlives a
// provider that is away for a while.
import { createRemoteJWKSet, customFetch, errors, type FetchImplementation, type JWTVerifyGetKey } from "jose";
import type { Logger } from "../base/logger.js";
import { AwayMemory, fetchText, signInAway } from "./remote.js";

/** Milliseconds: the set is kept so long, and asked for a key that it lacks no more often than that. */
const KEPT = 600_000;
const COOLDOWN = 30_000;
/** So long after the last answer its keys count, where the provider does not answer any more. */
const OUTLIVES = 3_600_000;

/** Throws 503 where the provider does not answer, jose's errors where it has no such key. */
export function remoteKeys(url: URL, logger: Logger | undefined): JWTVerifyGetKey {
  const answers = new LastAnswer(logger);
  const options = { cacheMaxAge: KEPT, cooldownDuration: COOLDOWN, [customFetch]: answers.fetch };
  const keys = createRemoteJWKSet(url, options);
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      const unknown = error instanceof errors.JWKSNoMatchingKey;
      // The key may be a new one.
      if (unknown && answers.isOld) throw signInAway();
      if (unknown || error instanceof errors.JWKSMultipleMatchingKeys || error instanceof errors.JOSENotSupported)
        throw error;
      throw signInAway();
    }
  };
}

/** Answers with the last set where there is no new one, and leaves the provider in peace for a moment. */
class LastAnswer {
  isOld = false;
  #text = "";
  #at = Number.NEGATIVE_INFINITY;
  readonly #away = new AwayMemory();

  constructor(readonly logger: Logger | undefined) {}

  readonly fetch: FetchImplementation = async (url) => {
    try {
      this.#text = await this.#away.unless(() => this.#ask(url));
      this.#at = Date.now();
      this.isOld = false;
    } catch (error) {
      if (Date.now() > this.#at + OUTLIVES) throw error;
      this.isOld = true;
    }
    return new Response(this.#text);
  };

  /** What is no set, such as a proxy's page of status 200, is no answer. */
  async #ask(url: string): Promise<string> {
    try {
      const text = await fetchText(url);
      if (Array.isArray(JSON.parse(text)?.keys)) return text;
      throw new Error(`${url} answers no JWK set.`);
    } catch (error) {
      this.logger?.warn({ err: error }, "the keys of signed tokens cannot be read");
      throw error;
    }
  }
}
