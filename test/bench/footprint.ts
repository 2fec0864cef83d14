// What a process and those that it started have in memory, as Linux says it (proc_pid_status(5), proc_pid_task(5)).
import { readdirSync, readFileSync } from "node:fs";

const PERIOD = 20;

/** Resident bytes of a process and its children, 0 where it is gone. */
export function residentOf(pid: number): number {
  try {
    const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
    return Number(kib ?? 0) * 1024 + childrenOf(pid).reduce((sum, child) => sum + residentOf(child), 0);
  } catch {
    return 0;
  }
}

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "latin1").split(" ").filter(Boolean).map(Number),
  );

/** Looks at it until the answer is called, which says by how many bytes it grew at most. */
export function watchMemory(pid: number): () => number {
  const idle = residentOf(pid);
  let peak = idle;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentOf(pid));
  }, PERIOD);
  return () => {
    clearInterval(timer);
    return Math.max(peak, residentOf(pid)) - idle;
  };
}
