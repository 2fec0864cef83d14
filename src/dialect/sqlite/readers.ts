// Threads that read a SQLite file, so that a long query does not stop the event loop: the driver is synchronous. They are started
// when the first statement needs one. In: statements that only read. Out: what they answer, there or on the main thread.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve as absolute } from "node:path";
import { Worker } from "node:worker_threads";
import type { DatabaseResult, Lend, Readers } from "../connection.js";
import { Costs } from "./cost.js";
import type { Answered, Asked, Opening } from "./reader.js";
import { execute } from "./statements.js";

const program = new URL("./reader.js", import.meta.url);

/** At least two, for one is kept free of what is known to be long. */
const THREADS = Math.max(2, Math.min(4, availableParallelism()));
/** How long a statement waits for a reader, in milliseconds: as long as for a connection. */
const PATIENCE = 10_000;
/** Where readers cannot be started, it is not tried again before this. */
const PAUSE = 60_000;

interface Job {
  readonly asked: Asked;
  readonly long: boolean;
  readonly lend: Lend;
  readonly timer: NodeJS.Timeout;
  settle(result: DatabaseResult | Promise<DatabaseResult>): void;
}

interface Reader {
  readonly worker: Worker;
  /** Its file is open. */
  ready: boolean;
  /** The schema has changed since its last statement. */
  outdated: boolean;
  job?: Job;
}

/** Nothing where there can be none: what is in memory has one connection, and a bundler may have left the thread's program out. */
export function readers(filename: string | undefined, onConnect: readonly string[]): Readers | undefined {
  return filename === undefined || filename === ":memory:" || !existsSync(program)
    ? undefined
    : new Threads(absolute(filename), onConnect);
}

class Threads implements Readers {
  readonly #costs: Costs;
  readonly #readers = new Set<Reader>();
  readonly #waiting: Job[] = [];
  #pausedUntil = 0;
  #closed = false;

  constructor(
    readonly filename: string,
    readonly onConnect: readonly string[],
  ) {
    this.#costs = new Costs(filename);
  }

  read(text: string, values: readonly unknown[], lend: Lend): Promise<DatabaseResult> {
    const place = this.#costs.placeOf(text);
    if (place === "here" || this.#closed || this.#pausedUntil > performance.now())
      return this.#here(text, values, lend);
    const asked = { text, values, isNew: this.#costs.isNew(text) };
    return new Promise((settle) => {
      const timer = setTimeout(() => this.#giveUp(job), PATIENCE);
      const job: Job = { asked, long: place === "long", lend, timer, settle };
      this.#waiting.push(job);
      this.#assign();
    });
  }

  forget(): void {
    for (const reader of this.#readers) reader.outdated = true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) settleWith(job, away("The database connection is not open."));
    const ended = [...this.#readers].map(({ worker }) => new Promise((resolve) => worker.once("exit", resolve)));
    // One that is at work ends when it has answered.
    for (const { job, worker } of this.#readers) if (job === undefined) worker.terminate();
    await Promise.all(ended);
  }

  #here(text: string, values: readonly unknown[], lend: Lend): Promise<DatabaseResult> {
    return lend((connection) => {
      const start = this.#costs.startHere();
      const result = execute(connection, text, values);
      // It has run by now.
      this.#costs.endHere(text, start, this.#isIdle());
      return result;
    });
  }

  #assign(): void {
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      const reader = this.#free() ?? this.#start();
      if (reader === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(job), 1);
      clearTimeout(job.timer);
      reader.job = job;
      reader.worker.postMessage(reader.outdated ? { ...job.asked, forget: true } : job.asked);
      reader.outdated = false;
    }
  }

  /** Who waited longest, but for those that would leave no reader to others. */
  #next(): Job | undefined {
    const long = [...this.#readers].filter(({ job }) => job?.long).length;
    return this.#waiting.find((job) => !job.long || long < THREADS - 1);
  }

  #isIdle(): boolean {
    for (const { job } of this.#readers) if (job !== undefined) return false;
    return true;
  }

  #free = (): Reader | undefined => [...this.#readers].find(({ job }) => job === undefined);

  #start(): Reader | undefined {
    if (this.#readers.size >= THREADS) return undefined;
    let worker: Worker;
    try {
      worker = new Worker(program, {
        workerData: { filename: this.filename, onConnect: this.onConnect } satisfies Opening,
      });
    } catch {
      // Node's permission model may forbid them.
      this.#pause();
      return undefined;
    }
    const reader: Reader = { worker, ready: false, outdated: false };
    this.#readers.add(reader);
    reader.worker.on("message", (answer: Answered | "ready") => {
      if (answer === "ready") reader.ready = true;
      else this.#answered(reader, answer);
    });
    // What is thrown is told by its end.
    reader.worker.on("error", () => {});
    reader.worker.on("exit", () => this.#ended(reader));
    return reader;
  }

  #answered(reader: Reader, { milliseconds, scans, result, error }: Answered): void {
    const job = reader.job as Job;
    reader.job = undefined;
    if (error === undefined) this.#costs.tookThere(job.asked.text, milliseconds, scans);
    settleWith(job, result ?? Object.assign(new Error(error?.message), { code: error?.code }));
    if (this.#closed) reader.worker.terminate();
    else this.#assign();
  }

  #ended(reader: Reader): void {
    this.#readers.delete(reader);
    const { job } = reader;
    if (job !== undefined && reader.ready) settleWith(job, away("The reader has ended."));
    else if (job !== undefined) this.#pause(job);
    this.#assign();
  }

  /** What waits runs on the main thread, and what comes in the next time too. */
  #pause(...jobs: readonly Job[]): void {
    this.#pausedUntil = performance.now() + PAUSE;
    for (const { asked, lend, settle, timer } of [...jobs, ...this.#waiting.splice(0)]) {
      clearTimeout(timer);
      settle(this.#here(asked.text, asked.values, lend));
    }
  }

  #giveUp(job: Job): void {
    this.#waiting.splice(this.#waiting.indexOf(job), 1);
    settleWith(job, away("All readers are busy."));
  }
}

function settleWith({ settle, timer }: Job, answer: DatabaseResult | Error): void {
  clearTimeout(timer);
  settle(answer instanceof Error ? Promise.reject(answer) : answer);
}

/** The system's code for what is not there any more. */
const away = (message: string): Error => Object.assign(new Error(message), { code: "ECONNABORTED" });
