// Where a process' time and memory go: the inspector's profilers, started when the process is warm.
import { type Profiler, Session } from "node:inspector/promises";

/** Microseconds that were worked, or bytes that were allocated, be they collected meanwhile or not. */
export interface Profile {
  readonly total: number;
  /** The functions that took most themselves. */
  readonly by: readonly (readonly [where: string, amount: number])[];
}

export type Kind = "cpu" | "memory";

/** Answers with what ends the profile. */
export async function startProfile(kind: Kind): Promise<() => Promise<Profile>> {
  const session = new Session();
  session.connect();
  await start[kind](session);
  return async () => {
    const amounts = await stop[kind](session);
    session.disconnect();
    const by = new Map<string, number>();
    for (const [where, amount] of amounts) by.set(where, (by.get(where) ?? 0) + amount);
    const total = [...by.values()].reduce((sum, amount) => sum + amount, 0);
    return { total, by: [...by].sort(([, a], [, b]) => b - a).slice(0, 25) };
  };
}

/** A sample is taken about every so many bytes. */
const BYTES = 8_192;

const start: Readonly<Record<Kind, (session: Session) => Promise<unknown>>> = {
  async cpu(session) {
    await session.post("Profiler.enable");
    await session.post("Profiler.start");
  },
  memory: (session) =>
    session.post("HeapProfiler.startSampling", {
      samplingInterval: BYTES,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    }),
};

type Amounts = (readonly [where: string, amount: number])[];

const stop: Readonly<Record<Kind, (session: Session) => Promise<Amounts>>> = {
  async cpu(session) {
    const { profile } = await session.post("Profiler.stop");
    const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
    const { samples = [], timeDeltas = [] } = profile;
    const all = samples.map((id, i) => [names.get(id) as string, timeDeltas[i] ?? 0] as const);
    return all.filter(([name]) => name !== "(idle)" && name !== "(program)");
  },
  async memory(session) {
    const { profile } = await session.post("HeapProfiler.stopSampling");
    const amounts: Amounts = [];
    const add = ({ callFrame, selfSize, children }: typeof profile.head) => {
      amounts.push([nameOf(callFrame), selfSize]);
      for (const child of children) add(child);
    };
    add(profile.head);
    return amounts;
  },
};

type CallFrame = Profiler.ProfileNode["callFrame"];

/** With the file's path from the project, or from its package. */
const nameOf = ({ functionName, url, lineNumber }: CallFrame): string =>
  `${functionName || "(anonymous)"}${url === "" ? "" : ` ${url.replace(/^.*\/(?:dist|node_modules)\//, "")}:${lineNumber + 1}`}`;
