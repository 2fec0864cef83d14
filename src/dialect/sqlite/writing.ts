// A process that writes to a SQLite file, for what may take long: the main thread would stand still, and could not end it. It has one
// transaction at a time. In: statements. Out: what they answered, or why it was ended.
import type Database from "better-sqlite3";
import type { DatabaseResult } from "../connection.js";
import type { LongWriter, ReadersOptions, WritingTransaction } from "../readers.js";
import { Child } from "./child.js";
import type { Costs } from "./cost.js";
import type { StatementReach } from "./reach.js";
import type { AskedReader, ReaderAnswer } from "./reader.js";
import { away, plain } from "./reading-job.js";
import { execute, knownReach } from "./statements.js";

/** How long its start, and a rollback, may take, in milliseconds. */
const PATIENCE = 10_000;
/** Where it cannot be started, it is not tried again before this. */
const PAUSE = 60_000;

type WritingChild = Child<AskedReader, ReaderAnswer>;

/** What a statement may take, in milliseconds, and what ends it otherwise. */
interface Bounds {
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export class WritingProcess implements LongWriter {
  #child: WritingChild | undefined;
  #answer: ((answered: ReaderAnswer) => void) | undefined;
  #outdated = false;
  #pausedUntil = 0;
  #closed = false;
  /** Until the transaction is over. */
  #using: Promise<void> = Promise.resolve();

  constructor(
    readonly program: string,
    readonly filename: string,
    readonly options: ReadersOptions,
    readonly costs: Costs,
  ) {}

  get isAway(): boolean {
    return this.#closed || this.#pausedUntil > performance.now();
  }

  short(connection: unknown, text: string, values: readonly unknown[]): Promise<DatabaseResult> | undefined {
    const reach = reachOrFew(connection, text, values);
    if (reach === "few") return execute(connection, text, values);
    const { costs } = this;
    if (reach === "many" || (!costs.isNew(text) && costs.placeOf(text) !== "here")) return undefined;
    const start = costs.startHere();
    const result = execute(connection as Database.Database, text, values);
    costs.endHere(text, start, true);
    return result;
  }

  async open(signal?: AbortSignal): Promise<boolean> {
    if (this.#child !== undefined) return true;
    const child = this.#start();
    if (child === undefined) return false;
    try {
      await this.#ask(child, plain("SELECT 1"), { limit: PATIENCE, signal });
      return true;
    } catch (error) {
      if (signal?.aborted) throw error;
      // The file has no write-ahead log, say.
      this.#end(child);
      this.#pause();
      return false;
    }
  }

  async begin(signal?: AbortSignal): Promise<WritingTransaction> {
    const child = this.#child;
    if (child === undefined) throw away("The writing process has ended.");
    await this.#ask(child, plain("BEGIN IMMEDIATE"), { limit: PATIENCE, signal });
    return this.#transactionOn(child, signal);
  }

  forget(): void {
    this.#outdated = true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#using;
    this.#child?.end();
    await this.#child?.ended;
  }

  #transactionOn(child: WritingChild, signal: AbortSignal | undefined): WritingTransaction {
    const { statementTimeout: limit } = this.options;
    let over = () => {};
    this.#using = new Promise((resolve) => {
      over = resolve;
    });
    let last: Promise<unknown> = Promise.resolve();
    const behindLast = <T>(work: () => Promise<T>): Promise<T> => {
      const done = last.then(work, work);
      last = done.catch(() => undefined);
      return done;
    };
    return {
      run: (text, values, most) =>
        behindLast(() => this.#ask(child, { text, values, most, isNew: this.costs.isNew(text) }, { limit, signal })),
      // Never broken off: nobody could say what became of it.
      commit: () => behindLast(() => this.#ask(child, plain("COMMIT")).then(over)),
      rollback: () => behindLast(() => this.#rollBack(child)).finally(over),
    };
  }

  async #rollBack(child: WritingChild): Promise<void> {
    const rollback = this.#ask(child, plain("ROLLBACK"), { limit: PATIENCE });
    await rollback.catch(() => this.#end(child));
    if (this.#child !== child) await child.ended;
  }

  async #ask(child: WritingChild, asked: AskedReader, { limit, signal }: Bounds = {}): Promise<DatabaseResult> {
    if (signal?.aborted) throw signal.reason;
    if (this.#child !== child) throw away("The writing process has ended.");
    let reason: unknown;
    const end = (why: unknown) => {
      reason = why;
      this.#end(child);
    };
    const abort = () => end(signal?.reason);
    const answered = new Promise<ReaderAnswer>((resolve) => {
      this.#answer = resolve;
    });
    signal?.addEventListener("abort", abort, { once: true });
    const timer = limit === undefined ? undefined : setTimeout(() => end(late()), limit);
    child.send(this.#outdated ? { ...asked, forget: true } : asked);
    this.#outdated = false;
    try {
      // Its locks are gone with it.
      const answer = await Promise.race([answered, child.ended]);
      if (reason !== undefined) await child.ended;
      if (reason !== undefined || answer === undefined) throw reason ?? away("The writing process has ended.");
      return this.#resultOf(asked, answer);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  #resultOf({ text }: AskedReader, { milliseconds, scans, result, error }: ReaderAnswer): DatabaseResult {
    if (result === undefined) throw Object.assign(new Error(error?.message), { code: error?.code });
    if (scans !== undefined || !this.costs.isNew(text)) this.costs.tookThere(text, milliseconds, scans);
    return result;
  }

  #start(): WritingChild | undefined {
    if (this.isAway) return undefined;
    const { filename } = this;
    const { onConnect } = this.options;
    try {
      const child: WritingChild = new Child(this.program, { filename, onConnect, writes: true }, (answered) =>
        this.#answer?.(answered),
      );
      this.#child = child;
      child.ended.then(() => {
        if (this.#child === child) this.#child = undefined;
      });
      return child;
    } catch {
      // Node's permission model may forbid it.
      this.#pause();
      return undefined;
    }
  }

  /** SQLite gives way to nobody from within a statement. What was not committed is as if it had never been. */
  #end(child: WritingChild): void {
    if (this.#child === child) this.#child = undefined;
    child.end();
  }

  #pause(): void {
    this.#pausedUntil = performance.now() + PAUSE;
  }
}

/** What cannot be prepared is refused where it runs. */
function reachOrFew(connection: unknown, text: string, values: readonly unknown[]): StatementReach {
  try {
    return knownReach(connection, text, values);
  } catch {
    return "few";
  }
}

/** https://sqlite.org/rescode.html#interrupt */
const late = (): Error => Object.assign(new Error("The statement ran past its time."), { code: "SQLITE_INTERRUPT" });
