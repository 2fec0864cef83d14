// `--workers`: the first process, which serves nothing itself, and what a worker tells it.
import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { createLog, type LogLevel } from "../server/log.js";
import type { RunningServer, ServeSettings } from "../server/serve.js";
import { SECRET } from "../server/workers/messages.js";
import { NotStarted, Supervisor } from "../server/workers/supervisor.js";
import type { Team } from "../server/workers/team.js";
import { onRetire, openPeers, tellPrimary, workerNumber, workersHere } from "../server/workers/worker.js";

/** How many workers this process is to start; nothing where it serves by itself, or is a worker. */
export function workersOf({ workers }: ServeSettings): number | undefined {
  if (workers === undefined || cluster.isWorker) return undefined;
  return workers === "max" ? availableParallelism() : workers;
}

/** What this process knows of the others; nothing where it is alone. */
export function teamHere(): Team | undefined {
  const count = workersHere();
  if (count === undefined) return undefined;
  return { peers: openPeers(), count, number: workerNumber(), secret: process.env[SECRET] ?? "" };
}

/** Starts the workers, says where they listen, and stays until a signal comes. */
export async function superviseWorkers(count: number, level: LogLevel, endOnSignal: EndOnSignal): Promise<void> {
  const supervisor = new Supervisor(count, createLog(level, []));
  endOnSignal(() => supervisor.stop());
  process.on("SIGUSR2", () => void supervisor.renew());
  try {
    const { url, warning } = await supervisor.start();
    // Keys and certificates are theirs. Without them SIGHUP ends the process, as a terminal that is closed does.
    if (url.startsWith("https:")) process.on("SIGHUP", () => supervisor.signal("SIGHUP"));
    if (warning !== undefined) process.stderr.write(warning);
    process.stdout.write(`listening on ${url}\n`);
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    // It has said why.
    process.exit(error.code || 1);
  }
}

type EndOnSignal = (end: () => Promise<void>) => void;

/** A worker is ready: the first process says so for all. */
export function reportListening({ url, retire }: RunningServer, warning: string | undefined): void {
  onRetire(() => void retire().finally(() => process.exit(0)));
  tellPrimary({ sapwood: "listening", url, ...(warning !== undefined && { warning }) });
}
