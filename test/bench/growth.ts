// `--growth`: what a start costs with 10, 1,000 and 10,000 tables, and what a request costs with 10 and with 1,000.
import { fork } from "node:child_process";
import type { DatabaseName } from "./candidate.js";
import type { Routing, Start } from "./growth-child.js";
import { openEmpty } from "./place.js";
import { answer, file } from "./processes.js";
import { fillTables } from "./schemas.js";

const counts = [10, 1_000, 10_000];

export async function growth(database: DatabaseName): Promise<void> {
  const urls: string[] = [];
  console.log(
    "| Tables | Processor time | but for the catalogue | Queries | they took | Heap | of 1,000 tables | Resident |",
  );
  console.log(`${"| --- ".repeat(8)}|`);
  for (const count of counts) {
    const { url, knex } = await openEmpty(database);
    await fillTables(knex, database, count);
    await knex.destroy();
    urls.push(url);
    const { cpu, queries, waited, asked, heap, rss } = await child<Start>("start", url);
    const each = (bytes: number) => (count < 1_000 ? "" : mebibytes((bytes * 1_000) / count));
    const cells = [
      seconds(cpu),
      seconds(cpu - queries),
      asked,
      seconds(waited),
      mebibytes(heap),
      each(heap),
      mebibytes(rss),
    ];
    console.log(`| ${count.toLocaleString("en")} | ${cells.join(" | ")} |`);
  }
  const { match, handle } = await child<Routing>("routing", urls[0] as string, urls[1] as string);
  console.log(
    `\nA request with 1,000 tables, as a multiple of one with 10: routing ${match.toFixed(2)}, all of it ${handle.toFixed(2)}`,
  );
}

async function child<Result>(...args: string[]): Promise<Result> {
  return (await answer(fork(file("growth-child.js"), args, { execArgv: ["--expose-gc"] }))) as Result;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(2)} s`;
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
