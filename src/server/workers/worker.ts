// In a worker: the others by way of the first process, and what that one tells it.
import cluster from "node:cluster";
import type { Peers } from "../../base/peers.js";
import { isMessage, type Message, WORKERS, type WorkerAnswers, type WorkerQuestion } from "./messages.js";

/** How many there are; nothing outside of a worker. */
export const workersHere = (): number | undefined =>
  cluster.isWorker && process.env[WORKERS] !== undefined ? Number(process.env[WORKERS]) : undefined;

/** This worker's number, from 1 up. */
export const workerNumber = (): string => String(cluster.worker?.id ?? "");

/** The first process waits no longer than that itself, in milliseconds. */
const PATIENCE = 3_000;

export function openPeers(): Peers {
  const answers = new Map<string, (data: unknown) => unknown>();
  const waiting = new Map<number, (values: readonly unknown[]) => void>();
  let last = 0;
  process.on("message", (message) => {
    if (!isMessage(message)) return;
    if (message.sapwood === "asked") void reply(message, answers.get(message.topic));
    if (message.sapwood === "answers") waiting.get(message.id)?.((message as WorkerAnswers).values);
  });
  return {
    ask: (topic, data) =>
      new Promise((resolve) => {
        const id = ++last;
        const end = (values: readonly unknown[]) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(values);
        };
        const timer = setTimeout(() => end([]), PATIENCE);
        waiting.set(id, end);
        tellPrimary({ sapwood: "ask", id, topic, data });
      }),
    on: (topic, answer) => void answers.set(topic, answer),
  };
}

async function reply({ id, data }: WorkerQuestion, answer: ((data: unknown) => unknown) | undefined): Promise<void> {
  let value: unknown;
  try {
    value = await answer?.(data);
  } catch {
    // It is left out.
  }
  tellPrimary({ sapwood: "answer", id, value });
}

export function tellPrimary(message: Message): void {
  if (process.connected) process.send?.(message, undefined, {}, () => {});
}

/** Calls `retire` when another worker has taken this one's place. */
export function onRetire(retire: () => void): void {
  process.on("message", (message) => {
    if (isMessage(message) && message.sapwood === "retire") retire();
  });
}
