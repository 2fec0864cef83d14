// In the first process: what one worker asks → all others, and their answers → the one that asked.
import type { Worker } from "node:cluster";
import type { Message, WorkerAnswer, WorkerAnswers, WorkerQuestion } from "./messages.js";

/** How long answers are waited for, in milliseconds. */
const PATIENCE = 2_000;

interface Asking {
  readonly waiting: Set<Worker>;
  readonly values: unknown[];
  readonly done: () => void;
}

export class WorkerRelay {
  #last = 0;
  readonly #asking = new Map<number, Asking>();

  /** `others`: those that are at work, the asking one aside. */
  ask(from: Worker, { id, topic, data }: WorkerQuestion, others: readonly Worker[]): void {
    const own = ++this.#last;
    const values: unknown[] = [];
    const timer = setTimeout(() => done(), PATIENCE);
    const done = () => {
      clearTimeout(timer);
      if (this.#asking.delete(own)) sayToWorker(from, { sapwood: "answers", id, values } satisfies WorkerAnswers);
    };
    this.#asking.set(own, { waiting: new Set(others), values, done });
    for (const other of others) sayToWorker(other, { sapwood: "asked", id: own, topic, data } satisfies WorkerQuestion);
    if (others.length === 0) done();
  }

  answer(from: Worker, { id, value }: WorkerAnswer): void {
    const asking = this.#asking.get(id);
    if (!asking?.waiting.delete(from)) return;
    if (value !== undefined) asking.values.push(value);
    if (asking.waiting.size === 0) asking.done();
  }

  /** One that is gone answers nothing. */
  gone(worker: Worker): void {
    for (const asking of this.#asking.values())
      if (asking.waiting.delete(worker) && asking.waiting.size === 0) asking.done();
  }
}

/** One that is ending hears nothing more. */
export function sayToWorker(worker: Worker, message: Message): void {
  if (worker.isConnected()) worker.send(message, () => {});
}
