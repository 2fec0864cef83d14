// `--stream`: the memory that a server takes over its idle state while a list of a million rows goes through it.
import { setTimeout as sleep } from "node:timers/promises";
import type { Candidate } from "./candidate.js";
import { candidates } from "./candidates.js";
import type { Place } from "./place.js";
import { startServer } from "./processes.js";

const readers = { fast: Number.POSITIVE_INFINITY, slow: 8 * 2 ** 20 };

export async function stream(place: Place): Promise<void> {
  console.log("| Reader | Rows | Answer | Time | Peak over idle |\n| --- | --- | --- | --- | --- |");
  for (const [name, rate] of Object.entries(readers)) {
    const server = await startServer(serving, place.database, place.url, ["--expose-gc"]);
    await read(`${server.base}/tracks?limit=1000`, readers.fast);
    const idle = (await server.memory()).rss;
    const from = performance.now();
    const { bytes, rows } = await read(`${server.base}/tracks?limit=1000000`, rate);
    const took = (performance.now() - from) / 1_000;
    const { peak } = await server.memory();
    await server.close();
    const cells = [name, rows.toLocaleString("en"), mebibytes(bytes), `${took.toFixed(0)} s`, mebibytes(peak - idle)];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

const serving = candidates.find(({ name }) => name === "sapwood serve") as Candidate;

/** Takes at most so many bytes a second. */
async function read(url: string, rate: number): Promise<{ bytes: number; rows: number }> {
  const from = performance.now();
  let [bytes, rows] = [0, 0];
  const { body } = await fetch(url);
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    bytes += chunk.length;
    // No text of these rows has a brace in it.
    for (const byte of chunk) if (byte === BRACE) rows += 1;
    const early = (bytes / rate) * 1_000 - (performance.now() - from);
    if (early > 0) await sleep(early);
  }
  return { bytes, rows };
}

const BRACE = "{".charCodeAt(0);
const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
