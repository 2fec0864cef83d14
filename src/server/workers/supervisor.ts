// `--workers`: the first process starts the others, which share its port, and keeps so many of them at work.
import cluster, { type Worker } from "node:cluster";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../../base/logger.js";
import { singleFlight } from "../../base/single-flight.js";
import { isMessage, type Message, SECRET, WORKERS, type WorkerReady } from "./messages.js";
import { sayToWorker, WorkerRelay } from "./relay.js";

/** How long it is waited before a worker that ended is started anew, in milliseconds: longer each time. */
const FIRST = 100;
const LONGEST = 30_000;
/** One that lived so long is no failure of the start. */
const LIVED = 10_000;

/** A worker ended before it was ready. */
export class NotStarted extends Error {
  constructor(readonly code: number) {
    super("a worker could not be started");
  }
}

export class Supervisor {
  readonly #relay = new WorkerRelay();
  readonly #secret = randomBytes(16).toString("hex");
  /** Those that are at work, and with them those that end behind the requests they are at. */
  readonly #working = new Set<Worker>();
  readonly #ready = new Set<Worker>();
  #stopping = false;
  #pause = FIRST;

  /** Puts new workers in the place of all that are there, one after the other: no request is lost. */
  readonly renew: () => Promise<void> = singleFlight(() => this.#renewAll());

  constructor(
    readonly count: number,
    readonly logger: Logger,
  ) {
    cluster.on("message", (worker, message: unknown) => {
      if (isMessage(message)) this.#hear(worker, message);
    });
  }

  /** The first alone: what keeps it from starting would keep all. Rejects with `NotStarted`, whose reason the worker has told. */
  async start(): Promise<WorkerReady> {
    const { RateLimiterClusterMaster } = await import("rate-limiter-flexible");
    new RateLimiterClusterMaster();
    const first = await this.#begin();
    await Promise.all(Array.from({ length: this.count - 1 }, () => this.#begin()));
    return first;
  }

  /** Ends all, each behind the requests that it is at. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const all = Object.values(cluster.workers ?? {}) as Worker[];
    await Promise.all(
      all.map(async (worker) => {
        const ended = once(worker, "exit");
        worker.process.kill("SIGTERM");
        await ended;
      }),
    );
  }

  /** Hands a signal on. */
  signal(name: NodeJS.Signals): void {
    for (const worker of this.#working) worker.process.kill(name);
  }

  async #begin(): Promise<WorkerReady> {
    const worker = cluster.fork({ [WORKERS]: String(this.count), [SECRET]: this.#secret });
    // What is sent to one that is ending.
    worker.on("error", () => {});
    const begun = performance.now();
    const listening = new Promise<WorkerReady>((resolve, reject) => {
      worker.on("message", (message: unknown) => {
        if (isMessage(message) && message.sapwood === "listening") resolve(message);
      });
      worker.once("exit", (code) => reject(new NotStarted(code ?? 1)));
    });
    const found = await listening;
    this.#working.add(worker);
    this.#ready.add(worker);
    worker.once("exit", (code, signal) => {
      this.#ready.delete(worker);
      this.#relay.gone(worker);
      // One that was told to end is not among them any more.
      if (!this.#working.delete(worker) || this.#stopping) return;
      this.logger.error({ worker: worker.id, code, signal }, "a worker ended, and another one is started");
      if (performance.now() - begun > LIVED) this.#pause = FIRST;
      void this.#restart();
    });
    return found;
  }

  async #restart(): Promise<void> {
    while (!this.#stopping) {
      await sleep(this.#pause);
      this.#pause = Math.min(LONGEST, this.#pause * 2);
      if (this.#stopping) return;
      try {
        await this.#begin();
        return;
      } catch {
        this.logger.error({ again: this.#pause / 1000 }, "a worker could not be started, and is tried again");
      }
    }
  }

  async #renewAll(): Promise<void> {
    for (const worker of [...this.#working]) {
      if (this.#stopping) return;
      try {
        await this.#begin();
      } catch {
        this.logger.error({}, "a new worker could not be started: those before go on");
        return;
      }
      if (!this.#working.delete(worker)) continue;
      const ended = once(worker, "exit");
      sayToWorker(worker, { sapwood: "retire" });
      await ended;
    }
    this.logger.info({ workers: this.count }, "all workers are new");
  }

  #hear(worker: Worker, message: Message): void {
    if (message.sapwood === "answer") this.#relay.answer(worker, message);
    const others = [...this.#ready].filter((one) => one !== worker && one.isConnected());
    if (message.sapwood === "ask") this.#relay.ask(worker, message, others);
  }
}
