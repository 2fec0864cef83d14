// The processes of a run: a server for each candidate, and the one that makes the load. They end with their parent.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Candidate, DatabaseName } from "./candidate.js";
import type { Job, Measured } from "./load.js";
import type { Kind, Profile } from "./profile.js";

export const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export interface Memory extends NodeJS.MemoryUsage {
  /** The most that was ever resident, in bytes. */
  readonly peak: number;
}

export interface Server {
  readonly candidate: Candidate;
  readonly base: string;
  /** What was taken while `work` was done. */
  profiled(kind: Kind, work: () => Promise<void>): Promise<Profile>;
  /** After a full collection, where the process was started with `--expose-gc`. */
  memory(): Promise<Memory>;
  close(): Promise<void>;
}

/** `flags` are Node's own. */
export async function startServer(
  candidate: Candidate,
  database: DatabaseName,
  url: string,
  flags: readonly string[] = [],
): Promise<Server> {
  const child = fork(file("serve.js"), [candidate.name, database, url], { execArgv: [...flags] });
  const { base } = (await answer(child)) as { base: string };
  const ask = (message: unknown) => answer(child, message);
  return {
    candidate,
    base,
    async profiled(profile, work) {
      await ask({ profile });
      await work();
      return ((await ask("profiled")) as { profile: Profile }).profile;
    },
    memory: async () => ((await ask("rest")) as { memory: Memory }).memory,
    async close() {
      const ended = once(child, "exit");
      child.send("end");
      await ended;
    },
  };
}

export interface Load {
  /** Throws where an answer was not the right one. */
  run(job: Job): Promise<Measured>;
  close(): void;
}

export function startLoad(): Load {
  const child = fork(file("load.js"));
  return {
    async run(job) {
      const { measured, failed } = (await answer(child, job)) as { measured: Measured; failed?: string };
      const wrong = failed ?? measured.wrong;
      if (wrong !== undefined) throw new Error(`${job.question} at ${job.base}: ${wrong}`);
      return measured;
    },
    close: () => child.disconnect(),
  };
}

/** The next message of a process; an error where it ends instead. */
export async function answer(child: ChildProcess, message?: unknown): Promise<unknown> {
  const ended = new AbortController();
  const said = once(child, "message", { signal: ended.signal }).then(([said]) => said);
  const over = (code: number | null) => ended.abort(new Error(`${child.spawnargs.join(" ")} ended with ${code}`));
  child.once("exit", over);
  if (message !== undefined) child.send(message as object);
  try {
    return await said;
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    child.off("exit", over);
  }
}
