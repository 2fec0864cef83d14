// A write with an `Idempotency-Key` is done once, and gets the same answer whenever it is sent again. The key is written in the write's own
// transaction, so that a write that is rolled back leaves none. Between several processes the table's unique key decides.
import { type Logger, quiet } from "../base/logger.js";
import { retrying } from "../database/retry.js";
import type { OpenDatabase } from "../database/session.js";
import { Store } from "../database/store.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";
import { problem } from "../http/problem.js";
import type { RequestContext } from "../run/context.js";
import { asConnectionUser, transactionAround } from "../run/transaction.js";
import { IdempotentAnswers, type Keyed, KeyTaken } from "./answers.js";
import { keyHashOf, requestHashOf } from "./request-hash.js";

type Work = (context: RequestContext) => Promise<ApiResponse>;

/** Said of an answer that was given before, as Stripe says it. */
const REPLAYED = { "idempotent-replayed": "true" };

/** Milliseconds between two looks for answers past their time. */
const CLEANING = 60_000;

export class Idempotency {
  readonly #answers: IdempotentAnswers;
  /** The keys of requests that run in this process. A request that is sent again meanwhile takes no connection. */
  readonly #underWay = new Set<string>();
  #cleanedAt = Date.now();
  #cleaning: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(
    database: OpenDatabase,
    ttl: number,
    readonly logger: Logger = quiet,
  ) {
    this.#answers = new IdempotentAnswers(new Store(database), ttl);
  }

  /** Does the work, or returns the answer of the first time. Throws 409 while the first is under way, 422 where the key is of another request. */
  async once(key: string, request: ApiRequest, context: RequestContext, work: Work): Promise<ApiResponse> {
    const keyHash = keyHashOf(request, key);
    if (this.#underWay.has(keyHash)) throw inUse();
    this.#underWay.add(keyHash);
    try {
      const keyed = { keyHash, requestHash: await requestHashOf(request, context.snapshot.tree.profile?.name) };
      return (await this.#again(keyed, context)) ?? (await this.#first(keyed, context, work));
    } finally {
      this.#underWay.delete(keyHash);
      this.#clean();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#cleaning;
  }

  async #again({ keyHash, requestHash }: Keyed, { session }: RequestContext): Promise<ApiResponse | undefined> {
    const kept = await this.#answers.find(keyHash, session);
    if (kept === undefined) return undefined;
    if (kept.requestHash !== requestHash)
      throw problem(
        "key_used",
        "This Idempotency-Key came with another request: another method, address or body. Send this one with a new key.",
      );
    const { status, headers, body } = kept.answer;
    return { status, headers: { ...headers, ...REPLAYED }, ...(body !== undefined && { body }) };
  }

  async #first(keyed: Keyed, context: RequestContext, work: Work): Promise<ApiResponse> {
    try {
      return await retrying(context, () => this.#write(keyed, context, work));
    } catch (error) {
      if (!(error instanceof KeyTaken)) throw error;
    }
    // Another process was first, and has finished.
    const answer = await this.#again(keyed, context);
    if (answer === undefined) throw inUse();
    return answer;
  }

  #write(keyed: Keyed, context: RequestContext, work: Work): Promise<ApiResponse> {
    return transactionAround(context, async (inner, session) => {
      await this.#answers.take(keyed, session);
      const answer = await held(await work({ ...inner, revocable: "keyed" }), context);
      const text = textOf(answer, context);
      await asConnectionUser(context, session, () => this.#answers.keep(keyed, text, session));
      return answer;
    });
  }

  /** In the background. */
  #clean(): void {
    const now = Date.now();
    if (this.#isClosed || now - this.#cleanedAt < CLEANING) return;
    this.#cleanedAt = now;
    this.#cleaning = this.#cleanAll().catch((error: unknown) =>
      this.logger.warn({ err: error }, "answers whose Idempotency-Key has ended could not be removed"),
    );
  }

  async #cleanAll(): Promise<void> {
    while (!this.#isClosed && (await this.#answers.clean()));
  }
}

const inUse = () =>
  problem(
    "key_in_use",
    "A request with this Idempotency-Key is under way. Send it again in a moment, for its answer.",
    {
      headers: { "retry-after": "1" },
    },
  );

/** In one piece. */
async function held({ pieces, ...answer }: ApiResponse, context: RequestContext): Promise<ApiResponse> {
  if (pieces === undefined) return answer;
  let body = "";
  for await (const piece of pieces) {
    body += piece;
    if (body.length > context.snapshot.limits.maxKeptAnswer) throw tooLong(context);
  }
  return { ...answer, body };
}

/** As it is kept. Throws 400 where it is too long. */
function textOf({ status, headers, body, bytes }: ApiResponse, context: RequestContext): string {
  const text = JSON.stringify({ status, headers, body: body ?? bytes?.toString("utf8") });
  if (Buffer.byteLength(text) > context.snapshot.limits.maxKeptAnswer) throw tooLong(context);
  return text;
}

const tooLong = ({ snapshot: { limits } }: RequestContext) =>
  problem(
    "too_complex",
    `With an Idempotency-Key an answer has at most ${limits.maxKeptAnswer} bytes, as it is kept: write less at once, or send Prefer: return=minimal. Nothing was changed.`,
  );
