// `--worst`: for each of the most expensive requests its status and time, the longest block of the server's event loop, and the
// memory over idle. Each meets a server that has just been started.
import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { type Command, endCommand, startCommand } from "./command.js";
import type { Served } from "./documents-child.js";
import { watchMemory } from "./footprint.js";
import type { Place } from "./place.js";
import { answer, file } from "./processes.js";
import { type WorstDocument, type WorstRequest, worstDocuments, worstRequests } from "./worst-requests.js";

/** Longer than the time that a request has by default. */
const PATIENCE = 120_000;

/** How long a server has to say how it was, in milliseconds, before it counts as blocked. */
const SILENCE = 10_000;

const preload = ["--import", file("loop-delay.js")];

export async function worst(place: Place): Promise<void> {
  head();
  for (const request of worstRequests) {
    const { child, base } = await startCommand(place.url, [], preload);
    await fetch(`${base}/genres?limit=1`).then((response) => response.arrayBuffer());
    await measured(request.name, { child, base }, () => (request.leaves ? left(request, base) : asked(request, base)));
  }
}

/** They need no rows: the tables are said by hand. */
export async function worstOfDocuments(): Promise<void> {
  head();
  for (const document of worstDocuments) {
    const { child, base } = await serveTables(document);
    await measured(document.name, { child, base }, () => asked(document, base));
  }
}

function head(): void {
  console.log("| Request | Status | Seconds | MiB sent | Longest block | Memory over idle |");
  console.log(`${"| --- ".repeat(6)}|`);
}

interface Outcome {
  readonly status: string;
  readonly bytes: number;
}

/** Prints a row, and ends the server. */
async function measured(name: string, { child }: Command, ask: () => Promise<Outcome>): Promise<void> {
  await block(child);
  const memory = watchMemory(child.pid as number);
  const begun = performance.now();
  const outcome = await ask().catch((error): Outcome => ({ status: `none (${codeOf(error)})`, bytes: 0 }));
  const seconds = (performance.now() - begun) / 1_000;
  const over = memory();
  const silent = sleep(SILENCE, "still blocked", { ref: false });
  const blocked = await Promise.race([block(child), silent]).catch(() => "ended");
  const cells = [
    outcome.status,
    seconds.toFixed(2),
    (outcome.bytes / 2 ** 20).toFixed(1),
    typeof blocked === "string" ? blocked : `${blocked.toFixed(0)} ms`,
    `${(over / 2 ** 20).toFixed(0)} MiB`,
  ];
  console.log(`| ${name} | ${cells.join(" | ")} |`);
  await endCommand({ child });
}

const codeOf = (error: unknown): string => (error as { cause?: { code?: string } }).cause?.code ?? String(error);

const block = async (child: ChildProcess): Promise<number> =>
  ((await answer(child, "block")) as { block: number }).block;

async function asked({ method, path, type, body }: Omit<WorstRequest, "name">, base: string): Promise<Outcome> {
  const signal = AbortSignal.timeout(PATIENCE);
  const headers = { "accept-encoding": "identity", ...(type && { "content-type": type }) };
  const response = await fetch(base + path, {
    headers,
    signal,
    ...(method && { method }),
    ...(body && { body: body() }),
  });
  let bytes = 0;
  let first = "";
  for await (const piece of response.body ?? []) {
    if (bytes === 0) first = Buffer.from(piece).toString();
    bytes += piece.length;
  }
  const code = response.status < 400 ? undefined : /"code":"(\w+)"/.exec(first)?.[1];
  return { status: [response.status, code].filter(Boolean).join(" "), bytes };
}

/** The client leaves; then one asks for a row. */
async function left(request: WorstRequest, base: string): Promise<Outcome> {
  const { method = "GET", type = "", body, leaves = 0 } = request;
  const signal = AbortSignal.timeout(leaves);
  const headers = { "content-type": type };
  const early = await fetch(base + request.path, { method, headers, signal, ...(body && { body: body() }) }).then(
    ({ status }) => status,
    () => "left",
  );
  const { status } = await asked({ path: "/genres?limit=1" }, base);
  return { status: `${early}, then ${status}`, bytes: 0 };
}

async function serveTables({ tables, hubs, depth }: WorstDocument): Promise<Command> {
  const child = fork(file("documents-child.js"), [tables, hubs, depth].map(String), { execArgv: preload });
  return { child, base: ((await answer(child)) as Served).url };
}
