// Processes that read a SQLite file, so that a long query does not stop the event loop: the driver is synchronous. They are started
// when the first statement needs one. In: statements that only read. Out: what they answer, there or on the main thread.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve as absolute } from "node:path";
import { fileURLToPath } from "node:url";
import type Database from "better-sqlite3";
import type {
  DatabaseResult,
  Lend,
  LongWriter,
  Readers,
  ReadersOptions,
  ReadingTransaction,
  ReadOn,
} from "../connection.js";
import { Child } from "./child.js";
import { Costs, isRisky } from "./cost.js";
import type { AskedReader, ReaderAnswer } from "./reader.js";
import { inOrder } from "./reading.js";
import {
  away,
  isFree,
  isPlain,
  type Job,
  NOWHERE,
  nowhere,
  plain,
  type Question,
  type Reader,
  settleWith,
} from "./reading-job.js";
import { execute, stepsOf } from "./statements.js";
import { WritingProcess } from "./writing.js";

const program = fileURLToPath(new URL("./reader.js", import.meta.url));

/** At least two, for one is kept free of what is known to be long. */
const PROCESSES = Math.max(2, Math.min(4, availableParallelism()));
/** How long a statement waits for a reader, in milliseconds: as long as for a connection. */
const PATIENCE = 10_000;
/** Where readers cannot be started, it is not tried again before this. */
const PAUSE = 60_000;

/** Nothing where there can be none: what is in memory has one connection, and a bundler may have left the program out. */
export function readers(filename: string | undefined, options: ReadersOptions): Readers | undefined {
  return filename === undefined || filename === ":memory:" || !existsSync(program)
    ? undefined
    : new Processes(absolute(filename), options);
}

class Processes implements Readers {
  readonly #costs: Costs;
  readonly #writing: WritingProcess;
  readonly #readers = new Set<Reader>();
  readonly #waiting: Job[] = [];
  #pausedUntil = 0;
  #closed = false;

  constructor(
    readonly filename: string,
    readonly options: ReadersOptions,
  ) {
    this.#costs = new Costs(filename);
    this.#writing = new WritingProcess(program, filename, options, this.#costs);
  }

  get writer(): LongWriter | undefined {
    return this.#writing.isAway ? undefined : this.#writing;
  }

  async read(
    text: string,
    values: readonly unknown[],
    lend: Lend,
    on: ReadOn = {},
    most?: number,
  ): Promise<DatabaseResult> {
    const question = { text, values, most };
    if (this.#isAway) return this.#here(question, lend);
    const result = on.elsewhere ? undefined : await this.#tryHere(question, lend);
    return result ?? this.#elsewhere(question, lend, on.signal);
  }

  async readShort(text: string, values: readonly unknown[], lend: Lend, most?: number) {
    const question = { text, values, most };
    return this.#isAway ? this.#here(question, lend) : this.#tryHere(question, lend);
  }

  async begin(signal?: AbortSignal): Promise<ReadingTransaction | undefined> {
    if (this.#isAway) return undefined;
    let reader: Reader | undefined;
    const keep = (taken: Reader) => {
      reader = taken;
    };
    try {
      await this.#queue({ asked: plain("BEGIN"), long: true, lend: nowhere, keep }, signal);
    } catch (error) {
      if (error === NOWHERE) return undefined;
      throw error;
    }
    const on = reader as unknown as Reader;
    return inOrder(
      ({ text, ...rest }) => this.#runOn(on, { text, ...rest, isNew: this.#costs.isNew(text) }, signal),
      () => this.#giveBack(on),
    );
  }

  forget(): void {
    for (const reader of this.#readers) reader.outdated = true;
    this.#writing.forget();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) settleWith(job, away("The database connection is not open."));
    const ended = [...this.#readers].map(({ child }) => child.ended);
    // One that is at work ends when it has answered.
    for (const reader of this.#readers) if (isFree(reader)) reader.child.end();
    await Promise.all([...ended, this.#writing.close()]);
  }

  get #isAway(): boolean {
    return this.#closed || this.#pausedUntil > performance.now();
  }

  #elsewhere(question: Question, lend: Lend, signal?: AbortSignal): Promise<DatabaseResult> {
    const { text } = question;
    const asked = { ...question, isNew: this.#costs.isNew(text) };
    return this.#queue({ asked, long: this.#costs.placeOf(text) === "long", lend }, signal);
  }

  #queue(given: Omit<Job, "settle">, signal: AbortSignal | undefined): Promise<DatabaseResult> {
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
  #runOn(reader: Reader, asked: AskedReader, signal: AbortSignal | undefined): Promise<DatabaseResult> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!this.#readers.has(reader)) return Promise.reject(away("The reader has ended."));
    return new Promise((settle) => {
      const job: Job = { asked, long: true, lend: nowhere, settle };
      if (signal !== undefined) this.#endBy(signal, job);
      this.#give(reader, job);
    });
  }

  #giveBack(reader: Reader): void {
    if (!this.#readers.has(reader)) return;
    const settle = () => {
      reader.kept = false;
    };
    this.#give(reader, { asked: plain("ROLLBACK"), long: true, lend: nowhere, settle });
  }

  /** Nothing where it is known to be long, or is new and to be feared. */
  async #tryHere(question: Question, lend: Lend): Promise<DatabaseResult | undefined> {
    const { text, values } = question;
    if (this.#costs.placeOf(text) !== "here") return undefined;
    if (!this.#costs.isNew(text)) return this.#here(question, lend);
    return lend(async (connection) => {
      if (!isRisky(stepsOf(connection as Database.Database, text, values))) return this.#run(connection, question);
      this.#costs.fear(text);
      return undefined;
    });
  }

  #here(question: Question, lend: Lend): Promise<DatabaseResult> {
    return lend((connection) => this.#run(connection, question));
  }

  #run(connection: unknown, { text, values, most }: Question): Promise<DatabaseResult> {
    const start = this.#costs.startHere();
    const result = execute(connection, text, values, undefined, most);
    // It has run by now.
    this.#costs.endHere(text, start, this.#isIdle());
    return result;
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

  #isIdle(): boolean {
    for (const { job } of this.#readers) if (job !== undefined) return false;
    return true;
  }

  #free = (): Reader | undefined => [...this.#readers].find(isFree);

  #start(): Reader | undefined {
    if (this.#readers.size >= PROCESSES) return undefined;
    const { onConnect } = this.options;
    try {
      const child = new Child<AskedReader, ReaderAnswer>(program, { filename: this.filename, onConnect }, (answer) =>
        this.#answered(reader, answer),
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
    if (error === undefined && !isPlain(job)) this.#costs.tookThere(job.asked.text, milliseconds, scans);
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
    this.#costs.tookThere(job.asked.text, this.options.statementTimeout as number, true);
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
      settle(this.#here(asked, lend));
    }
  }
}
