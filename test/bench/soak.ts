// `--soak`: a server under all questions in turn, reading and writing, and what its heap holds after a full collection.
import type { Candidate } from "./candidate.js";
import { candidates } from "./candidates.js";
import type { Place } from "./place.js";
import { type Load, type Memory, startServer } from "./processes.js";
import { EVER_NEW, type Question, soaking } from "./questions.js";
import type { Settings } from "./rounds.js";

interface Point {
  readonly minute: number;
  readonly heap: number;
}

/** Requests of a question, before the next one has its turn. */
const EACH = 300;
const AT_ONCE = 16;
/** Milliseconds. */
const EVERY = 30_000;

export async function soak(minutes: number, place: Place, load: Load, size: Settings["size"]): Promise<void> {
  const server = await startServer(serving, place.database, place.url, ["--expose-gc"]);
  const points: Point[] = [];
  const from = performance.now();
  let asked = 0;
  const questions = soaking.filter(({ on }) => on === undefined || on.includes(place.database));
  for (let at = 0; performance.now() - from < minutes * 60_000; at += 1) {
    const question = questions[at % questions.length] as Question;
    const job = { size, question: question.name, family: "sapwood", base: server.base, connections: AT_ONCE } as const;
    const amount = Array.isArray(question.body?.(0)) ? AT_ONCE : EACH;
    await place.run(question.prepare ?? []);
    asked += (await load.run({ ...job, amount, from: question.name === EVER_NEW ? asked : 0 })).answered;
    await place.run(question.restore ?? []);
    if (performance.now() - from < EVERY * (points.length + 1)) continue;
    const memory = await server.memory();
    points.push({ minute: (performance.now() - from) / 60_000, heap: memory.heapUsed });
    console.log(line(points.at(-1) as Point, memory, asked));
  }
  await server.close();
  const settled = points.slice(Math.floor(points.length / 3));
  console.log(`\nthe last two thirds: ${(slope(settled) / 1024).toFixed(1)} KiB a minute`);
}

const serving = candidates.find(({ name }) => name === "sapwood serve") as Candidate;

const line = ({ minute, heap }: Point, { rss, external }: Memory, asked: number): string =>
  `${minute.toFixed(1).padStart(5)} min  heap ${mebibytes(heap)}  external ${mebibytes(external)}  resident ${mebibytes(rss)}  ${asked.toLocaleString("en")} requests`;

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MiB`;

/** Bytes a minute, by least squares. */
function slope(points: readonly Point[]): number {
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(({ minute }) => minute), mean(({ heap }) => heap)];
  const across = points.reduce((sum, { minute, heap }) => sum + (minute - x) * (heap - y), 0);
  return across / points.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
}
