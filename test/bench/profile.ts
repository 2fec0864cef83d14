// Where a candidate's time goes: V8's own CPU profile, added up by function.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shortened } from "./memory.js";

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export const profileFlags = (directory: string): string[] => ["--cpu-prof", `--cpu-prof-dir=${directory}`];

/** The functions that took most of the time themselves, a line each. */
export function topFunctions(directory: string, count = 20): string {
  const [file] = readdirSync(directory).filter((name) => name.endsWith(".cpuprofile"));
  if (file === undefined) throw new Error(`there is no profile in ${directory}`);
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(directory, file), "utf8")) as CpuProfile;
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const took = new Map<string, number>();
  let all = 0;
  for (const [i, id] of samples.entries()) {
    const name = names.get(id) as string;
    if (name === "(idle)" || name === "(program)") continue;
    took.set(name, (took.get(name) ?? 0) + (timeDeltas[i] ?? 0));
    all += timeDeltas[i] ?? 0;
  }
  const sorted = [...took].sort(([, a], [, b]) => b - a).slice(0, count);
  return sorted.map(([name, time]) => `  ${((100 * time) / all).toFixed(1).padStart(5)} %  ${name}`).join("\n");
}

function nameOf({ functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"]): string {
  return `${functionName || "(anonymous)"}${url === "" ? "" : ` ${shortened(url)}:${lineNumber + 1}`}`;
}
