// What a process allocates, whether it is collected meanwhile or not: the inspector's sampling heap profiler.
import { Session } from "node:inspector/promises";

export interface Allocated {
  readonly bytes: number;
  /** The functions that allocated most, with their bytes. */
  readonly by: readonly (readonly [where: string, bytes: number])[];
}

/** A sample is taken about every so many bytes. */
const INTERVAL = 8_192;

export async function startSampling(): Promise<() => Promise<Allocated>> {
  const session = new Session();
  session.connect();
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: INTERVAL,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  return async () => {
    const { profile } = await session.post("HeapProfiler.stopSampling");
    session.disconnect();
    const by = new Map<string, number>();
    const add = ({ callFrame, selfSize, children }: typeof profile.head) => {
      const { functionName, url, lineNumber } = callFrame;
      const where = `${functionName || "(anonymous)"} ${shortened(url)}${url === "" ? "" : `:${lineNumber + 1}`}`;
      by.set(where, (by.get(where) ?? 0) + selfSize);
      for (const child of children) add(child);
    };
    add(profile.head);
    const sorted = [...by].sort(([, a], [, b]) => b - a);
    return { bytes: sorted.reduce((sum, [, bytes]) => sum + bytes, 0), by: sorted.slice(0, 15) };
  };
}

/** A file's path from the project, or from its package. */
export const shortened = (url: string): string => url.replace(/^.*\/(?:dist|node_modules)\//, "");
