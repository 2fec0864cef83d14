// A server's processes stand still, as on a machine that is overloaded or suspended: its sockets stay open, and nothing answers.
import { readdirSync, readFileSync } from "node:fs";

/** Stops a process and those that it started. Answers what lets them go on. */
export function freeze(pid: number): () => void {
  const family = [pid, ...childrenOf(pid)];
  signal(family, "SIGSTOP");
  return () => signal(family, "SIGCONT");
}

function signal(family: readonly number[], name: NodeJS.Signals): void {
  for (const pid of family) {
    try {
      process.kill(pid, name);
    } catch {
      // It ended by itself.
    }
  }
}

/** Of `/proc/<pid>/stat` the fourth field; the second may hold blanks, and stands in parentheses. */
function childrenOf(parent: number): number[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return Number(fields[1]) === parent ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}
