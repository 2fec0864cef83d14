// One measurement of `--growth` in a process of its own: `growth-child.js start URL`, or `growth-child.js routing URL URL`.
import knex from "knex";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import { dialectOfUrl } from "../../src/dialect/index.js";
import type { ApiRequest } from "../../src/http/message.js";
import { median } from "./rounds.js";

export interface Start {
  /** Milliseconds of processor time of the whole, and of asking the catalogue: the driver's, and SQLite's own. */
  readonly cpu: number;
  readonly queries: number;
  /** Milliseconds that the queries took, wherever. */
  readonly waited: number;
  /** How many queries that were. */
  readonly asked: number;
  /** Bytes that the API keeps, and that the process has grown by. */
  readonly heap: number;
  readonly rss: number;
}

export interface Routing {
  /** The second API's time for a request as a multiple of the first one's. */
  readonly match: number;
  readonly handle: number;
}

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

function memory(): NodeJS.MemoryUsage {
  globalThis.gc?.();
  return process.memoryUsage();
}

async function start(url: string): Promise<Start> {
  const db = knex(dialectOfUrl(url).configure(url));
  await db.raw("SELECT 1");
  let asked = 0;
  let queries = 0;
  let waited = 0;
  db.on("query", () => {
    asked += 1;
    queries -= cpu();
    waited -= performance.now();
  });
  db.on("query-response", () => {
    queries += cpu();
    waited += performance.now();
  });
  const before = memory();
  const from = cpu();
  const api = await createApi(db);
  const took = { cpu: cpu() - from, queries, waited, asked };
  const after = memory();
  const kept = { heap: after.heapUsed - before.heapUsed, rss: after.rss - before.rss };
  await api.close();
  await db.destroy();
  return { ...took, ...kept };
}

const ROUNDS = 41;
const table = (n: number): string => `/table_${n % 10}s/1`;

async function routing(urls: readonly string[]): Promise<Routing> {
  const [few, many] = (await Promise.all(urls.map((url) => createApi(url)))) as [Api, Api];
  const matches = (api: Api) => {
    for (let n = 0; n < 300_000; n += 1) api.match(table(n));
  };
  const handles = async (api: Api) => {
    for (let n = 0; n < 500; n += 1) {
      const response = await api.handle(reading(table(n)));
      if (response?.status !== 200) throw new Error(`${table(n)} is answered with ${response?.status}`);
    }
  };
  const ratios = { match: await ratio(matches, few, many), handle: await ratio(handles, few, many) };
  await Promise.all([few.close(), many.close()]);
  return ratios;
}

/** In turns, the first of each round alternating; the median of the rounds' ratios of processor time. */
async function ratio(work: (api: Api) => unknown, few: Api, many: Api): Promise<number> {
  const took = async (api: Api) => {
    const from = cpu();
    await work(api);
    return cpu() - from;
  };
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round % 2 === 0) {
      const one = await took(few);
      ratios.push((await took(many)) / one);
    } else {
      const other = await took(many);
      ratios.push(other / (await took(few)));
    }
  }
  return median(ratios.slice(5));
}

const reading = (path: string): ApiRequest => ({
  ...{ method: "GET", path, query: "", prefix: "", raw: undefined },
  header: () => undefined,
  body: async () => ({ kind: "bytes", bytes: Buffer.alloc(0) }),
});

const [what, ...urls] = process.argv.slice(2) as [string, ...string[]];
process.send?.(what === "start" ? await start(urls[0] as string) : await routing(urls));
process.disconnect?.();
