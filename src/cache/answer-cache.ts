// Answers GET with a kept answer, or makes a new one and keeps it. When many ask the same at once, the database is asked once.
import { BoundedCache } from "../base/bounded-cache.js";
import { notModified } from "../http/conditional.js";
import { type ApiRequest, type ApiResponse, requestWith } from "../http/message.js";
import { ANY_TABLE } from "../plan/tables-in.js";
import type { AnyRoute } from "../routes/tree.js";
import type { Call } from "../run/call.js";
import type { RequestContext } from "../run/context.js";
import { Touched } from "../run/touched.js";
import type { AnswerStore, FoundAnswer } from "./answer-store.js";
import { cacheKey } from "./cache-key.js";
import { type CacheOptions, lifetimeOf } from "./cache-options.js";
import { answerFrom, type KeptAnswers, withTag } from "./kept.js";
import { namesOf, reachedBy } from "./reach.js";
import { Telling } from "./telling.js";
import type { CacheWrites } from "./writes.js";

/** What became of a GET. `passed`: it is none that is kept. */
export const outcomes = ["hit", "stale", "shared", "miss", "passed"] as const;
export type CacheOutcome = (typeof outcomes)[number];

/** Makes an answer without the cache. */
export type Read = (call: Call, context: RequestContext) => Promise<ApiResponse>;

type Rules = Required<CacheOptions>;

export interface CacheGround {
  readonly rules: Rules;
  readonly store: AnswerStore;
  readonly writes: CacheWrites;
  /** Do the options hide tables? */
  readonly hides: boolean;
}

/** An answer that several requests wait for. */
interface Flight {
  /** By the clock of `Writes`. */
  readonly began: number;
  /** `undefined` where each of them has to ask for itself. Never rejects. */
  readonly kept: Promise<KeptAnswers | undefined>;
}

interface Asked {
  readonly key: string;
  readonly call: Call;
  readonly context: RequestContext;
  readonly read: Read;
}

/** How often a request waits for the answer of another one. Such an answer may turn out to be of no use to it. */
const MOST_WAITS = 2;
/** How many requests have their tables remembered. */
const MOST = 10_000;
const MOST_CHARACTERS = 4_194_304;

export class AnswerCache {
  readonly counts: Record<CacheOutcome, number> = { hit: 0, stale: 0, shared: 0, miss: 0, passed: 0 };
  readonly #flights = new Map<string, Flight>();
  readonly #renewing = new Set<string>();
  /** The tables of each request's last answer. */
  readonly #tables = new BoundedCache<readonly string[]>(MOST, MOST_CHARACTERS);

  constructor(private readonly ground: CacheGround) {}

  get usage(): AnswerStore["usage"] {
    return this.ground.store.usage;
  }

  close(): void | Promise<void> {
    return this.ground.store.close();
  }

  /** Drops everything: no kept answer is given from now on. */
  async clear(): Promise<void> {
    await this.#drop([ANY_TABLE]);
  }

  /** May answers of this route be kept? */
  takes({ operation, table }: AnyRoute): boolean {
    if (operation !== "list" && operation !== "read") return false;
    return lifetimeOf([table as string], this.ground.rules) > 0;
  }

  /** The answer to a GET. */
  async read(call: Call, context: RequestContext, read: Read): Promise<ApiResponse> {
    if (!this.#isFor(call, context)) {
      this.counts.passed++;
      return { ...(await read(call, context)), outcome: "passed" satisfies CacheOutcome };
    }
    const { rules } = this.ground;
    const request = unconditional(call.request);
    const asked: Asked = { key: cacheKey(call, context), call: { ...call, request }, context, read };
    const { found, outcome } = await this.#shared(asked);
    if (!("at" in found)) return { ...notModified(call.request, found), outcome };
    const { access } = context;
    const telling = { ...rules, isPublic: access === undefined || access.isAnonymous };
    return { ...answerFrom(found, call.request, telling), outcome };
  }

  /** Runs a write. When it is done, no answer made of the tables that it wrote is given any more. */
  async write<T>(context: RequestContext, work: (noting: RequestContext) => Promise<T>): Promise<T> {
    const { store, hides } = this.ground;
    const touched = new Touched();
    const reached = () => reachedBy(touched, context.snapshot.schema, hides);
    const telling = store.others && new Telling(store.others, touched, reached);
    const session = telling?.on(context.session) ?? context.session;
    let isDone = false;
    try {
      const result = await work({ ...context, session, touched });
      isDone = true;
      return result;
    } finally {
      // A write that failed may still have been done. Then its transaction has told of it.
      if (touched.isWritten) await this.#drop(reached(), !isDone || telling?.isSettled(reached()) === true);
    }
  }

  async #drop(tables: readonly string[], isTold = false): Promise<void> {
    this.ground.writes.note(tables);
    await this.ground.store.drop(tables, isTold);
  }

  /** False with hooks, which have to see each request, and where the database is told who asks: its own rules decide then. */
  #isFor({ route }: Call, { snapshot, sessionVariables }: RequestContext): boolean {
    if (!this.takes(route) || sessionVariables?.told !== undefined) return false;
    const hooks = snapshot.hooks.get(route.table);
    return hooks === undefined || hooks.preRead.length + hooks.postRead.length === 0;
  }

  async #shared(asked: Asked): Promise<Given> {
    const { key } = asked;
    for (let waits = 0; ; waits++) {
      const found = await this.ground.store.find(key);
      if (found.kept !== undefined) return this.#known(asked, found, found.kept);
      const flight = this.#flights.get(key);
      if (waits === MOST_WAITS || flight === undefined || !this.#mayJoin(key, flight)) {
        this.counts.miss++;
        return { found: await this.#lead(asked, found), outcome: "miss" };
      }
      const kept = await flight.kept;
      if (kept === undefined) continue;
      this.counts.shared++;
      return { found: kept, outcome: "shared" };
    }
  }

  /** A request that comes after a write must not get an answer that was begun before it. */
  #mayJoin(key: string, { began }: Flight): boolean {
    return this.ground.writes.isUntouched(this.#tables.get(key) ?? [ANY_TABLE], began);
  }

  #known(asked: Asked, found: FoundAnswer, kept: KeptAnswers): Given {
    const outcome = Date.now() < kept.at + kept.lifetime ? "hit" : "stale";
    this.counts[outcome]++;
    if (outcome === "stale") this.#renew(asked, found);
    return { found: kept, outcome };
  }

  async #lead(asked: Asked, found: FoundAnswer): Promise<KeptAnswers | ApiResponse> {
    // Where nothing can be kept, it is not known either whether others may get this answer.
    if (found.at === undefined) return (await this.#make(asked, found)).made;
    const { key } = asked;
    const { writes } = this.ground;
    const began = writes.now;
    let tell: (kept: KeptAnswers | undefined) => void = () => {};
    const flight: Flight = { began, kept: new Promise((resolve) => (tell = resolve)) };
    this.#flights.set(key, flight);
    const leave = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    let share: KeptAnswers | undefined;
    try {
      const { made, kept } = await this.#make(asked, found, leave);
      // This answer may be made of other tables than the last one.
      if (kept !== undefined && writes.isUntouched(kept.tables, began)) share = kept;
      return made;
    } finally {
      leave();
      tell(share);
    }
  }

  /** Renews an answer in the background, without the deadline of a request. */
  #renew(asked: Asked, found: FoundAnswer): void {
    const { key, context } = asked;
    if (this.#renewing.has(key)) return;
    this.#renewing.add(key);
    const own: RequestContext = { ...context, session: context.snapshot.database, deadline: undefined };
    const failed = (error: unknown) =>
      context.snapshot.logger.warn({ err: error, path: asked.call.request.path }, "an answer could not be renewed");
    void this.#make({ ...asked, context: own }, found)
      .catch(failed)
      .finally(() => this.#renewing.delete(key));
  }

  /** `closing` is called just before the check whether others may get the answer. A request that comes later cannot share it. */
  async #make({ key, call, context, read }: Asked, { at }: FoundAnswer, closing?: () => void): Promise<Made> {
    const { rules, store } = this.ground;
    const begun = Date.now();
    const touched = new Touched();
    const response = await read(call, { ...context, touched });
    const { body } = response;
    const lifetime = lifetimeOf(touched.read, rules);
    if (body === undefined || lifetime === 0) return { made: response };
    const tables = namesOf(touched.read, context.snapshot.schema);
    const kept: KeptAnswers = { ...withTag({ ...response, body }), tables, at: begun, lifetime };
    this.#tables.set(key, tables, key.length);
    closing?.();
    if (at === undefined) return { made: kept };
    const isCurrent = await store.keep(key, kept, at, lifetime + rules.staleWhileRevalidate * 1000);
    return isCurrent ? { made: kept, kept } : { made: kept };
  }
}

interface Given {
  readonly found: KeptAnswers | ApiResponse;
  readonly outcome: CacheOutcome;
}

interface Made {
  readonly made: KeptAnswers | ApiResponse;
  /** May other requests get it too? */
  readonly kept?: KeptAnswers;
}

/** The whole answer is kept. Whether the client has it already is checked for each request. */
const unconditional = (request: ApiRequest): ApiRequest =>
  request.header("if-none-match") === undefined
    ? request
    : requestWith(request, {
        header: (name) => (name === "if-none-match" ? undefined : request.header(name)),
      });
