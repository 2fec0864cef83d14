// Processes that read a SQLite file, and the statements that wait for one of them. A process is started when a statement needs it. In:
// jobs. Out: what they answer; where no process can be started, what `here` answers.
import { availableParallelism } from "node:os";
import type { DatabaseResult, Lend } from "../connection.js";
import type { ReadersOptions } from "../readers.js";
import { Child } from "./child.js";
import type { Costs } from "./cost.js";
import type { AskedReader, ReaderAnswer } from "./reader.js";
import {
  away,
  isFree,
  isPlain,
  type Job,
  nowhere,
  plain,
  type Question,
  type Reader,
  settleWith,
} from "./reading-job.js";

/** At least two, for one is kept free of what is known to be long. */
const PROCESSES = Math.max(2, Math.min(4, availableParallelism()));
/** How long a statement waits for a reader, in milliseconds: as long as for a connection. */
const PATIENCE = 10_000;
/** Where readers cannot be started, it is not tried again before this. */
const PAUSE = 60_000;

export class ReaderPool {
  readonly #readers = new Set<Reader>();
  readonly #waiting: Job[] = [];
  #pausedUntil = 0;
  #closed = false;

  constructor(
    readonly program: string,
    readonly filename: string,
    readonly options: ReadersOptions,
    readonly costs: Costs,
    /** Runs a statement on the main thread. */
    readonly here: (question: Question, lend: Lend) => Promise<DatabaseResult>,
  ) {}

  /** It is closed, or no process could be started a moment ago. */
  get isAway(): boolean {
    return this.#closed || this.#pausedUntil > performance.now();
  }

  /** The schema has changed. */
  forget(): void {
    for (const reader of this.#readers) reader.outdated = true;
  }

  /** What waits is refused. A reader that is at work ends when it has answered. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) settleWith(job, away("The database connection is not open."));
    const ended = [...this.#readers].map(({ child }) => child.ended);
    for (const reader of this.#readers) if (isFree(reader)) reader.child.end();
    await Promise.all(ended);
  }

  /** Asks the next free reader. */
  queue(given: Omit<Job, "settle">, signal: AbortSignal | undefined): Promise<DatabaseResult> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((settle) => {
      const job: Job = { ...given, settle };
      job.timer = setTimeout(() => this.#end(job, away("All readers are busy.")), PATIENCE);
      this.#waiting.push(job);
      if (signal !== undefined) this.#endBy(signal, job);
      this.#assign();
    });
  }

  /** On a reader that is kept. */
  runOn(reader: Reader, asked: AskedReader, signal: AbortSignal | undefined): Promise<DatabaseResult> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!this.#readers.has(reader)) return Promise.reject(away("The reader has ended."));
    return new Promise((settle) => {
      const job: Job = { asked, long: true, lend: nowhere, settle };
      if (signal !== undefined) this.#endBy(signal, job);
      this.#give(reader, job);
    });
  }

  giveBack(reader: Reader): void {
    if (!this.#readers.has(reader)) return;
    const settle = () => {
      reader.kept = false;
    };
    this.#give(reader, { asked: plain("ROLLBACK"), long: true, lend: nowhere, settle });
  }

  #assign(): void {
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      const reader = this.#free() ?? this.#start();
      if (reader === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(job), 1);
      clearTimeout(job.timer);
      reader.kept = job.keep !== undefined;
      job.keep?.(reader);
      this.#give(reader, job);
    }
  }

  #give(reader: Reader, job: Job): void {
    reader.job = job;
    const { statementTimeout } = this.options;
    job.timer = statementTimeout === undefined ? undefined : setTimeout(() => this.#overdue(job), statementTimeout);
    reader.child.send(reader.outdated ? { ...job.asked, forget: true } : job.asked);
    reader.outdated = false;
  }

  /** Who waited longest, but for those that would leave no reader to others. */
  #next(): Job | undefined {
    const long = [...this.#readers].filter(({ job, kept }) => kept || job?.long).length;
    return this.#waiting.find((job) => !job.long || long < PROCESSES - 1);
  }

  /** Nothing runs there. */
  isIdle(): boolean {
    for (const { job } of this.#readers) if (job !== undefined) return false;
    return true;
  }

  #free = (): Reader | undefined => [...this.#readers].find(isFree);

  #start(): Reader | undefined {
    if (this.#readers.size >= PROCESSES) return undefined;
    const { onConnect } = this.options;
    try {
      const child = new Child<AskedReader, ReaderAnswer>(
        this.program,
        { filename: this.filename, onConnect },
        (answer) => this.#answered(reader, answer),
      );
      const reader: Reader = { child, outdated: false, kept: false };
      this.#readers.add(reader);
      child.ended.then(() => this.#ended(reader));
      return reader;
    } catch {
      // Node's permission model may forbid them.
      this.#pause();
      return undefined;
    }
  }

  #answered(reader: Reader, { milliseconds, scans, result, error }: ReaderAnswer): void {
    const { job } = reader;
    // It may have been ended meanwhile.
    if (job === undefined) return;
    reader.job = undefined;
    if (error === undefined && !isPlain(job)) this.costs.tookThere(job.asked.text, milliseconds, scans);
    settleWith(job, result ?? Object.assign(new Error(error?.message), { code: error?.code }));
    // A transaction begins, or is over: nobody has heard of its end yet who could ask for more.
    if (error !== undefined && job.keep !== undefined) reader.kept = false;
    if (this.#closed && isFree(reader)) reader.child.end();
    else this.#assign();
  }

  #ended(reader: Reader): void {
    if (!this.#readers.delete(reader)) return;
    const { job } = reader;
    if (job !== undefined && reader.child.ready) settleWith(job, away("The reader has ended."));
    else if (job !== undefined) this.#pause(job);
    this.#assign();
  }

  #endBy(signal: AbortSignal, job: Job): void {
    const abort = () => this.#end(job, signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    const { settle } = job;
    job.settle = (result) => {
      signal.removeEventListener("abort", abort);
      settle(result);
    };
  }

  #overdue(job: Job): void {
    const begun = [...this.#readers].some((reader) => reader.job === job && reader.child.ready);
    // Its process was still on its way: the statement has the whole time.
    if (!begun) {
      job.timer = setTimeout(() => this.#overdue(job), this.options.statementTimeout);
      return;
    }
    this.costs.tookThere(job.asked.text, this.options.statementTimeout as number, true);
    // https://sqlite.org/rescode.html#interrupt
    this.#end(job, Object.assign(new Error("The statement ran past its time."), { code: "SQLITE_INTERRUPT" }));
  }

  /** SQLite gives way to nobody from within a statement: what runs ends with its process. */
  #end(job: Job, reason: unknown): void {
    const at = this.#waiting.indexOf(job);
    const reader = [...this.#readers].find((reader) => reader.job === job);
    if (at !== -1) this.#waiting.splice(at, 1);
    if (reader !== undefined) {
      this.#readers.delete(reader);
      reader.child.end();
    }
    settleWith(job, reason as Error);
    this.#assign();
  }

  /** What waits runs on the main thread, and what comes in the next time too. */
  #pause(...jobs: readonly Job[]): void {
    this.#pausedUntil = performance.now() + PAUSE;
    for (const { asked, lend, settle, timer } of [...jobs, ...this.#waiting.splice(0)]) {
      clearTimeout(timer);
      settle(this.here(asked, lend));
    }
  }
}
