// `--documents`: what the OpenAPI document of a large schema costs, and how long others wait while it is made.
import { fork } from "node:child_process";
import type { Served } from "./documents-child.js";
import { answer, file } from "./processes.js";

const schemas = [
  { tables: 473, hubs: 3, depth: 2 },
  { tables: 39, hubs: 12, depth: 3 },
] as const;

export async function documents(): Promise<void> {
  console.log("| Tables | Depth | Seconds | Bytes | gzip | Others wait at most | Again |");
  console.log(`${"| --- ".repeat(7)}|`);
  for (const { tables, hubs, depth } of schemas) {
    const child = fork(file("documents-child.js"), [tables, hubs, depth].map(String));
    const { url } = (await answer(child)) as Served;
    const made = await timed(() => fetch(`${url}/openapi.json`, { headers: { "accept-encoding": "identity" } }), url);
    const again = await timed(() => fetch(`${url}/openapi.json`), url);
    const small = await fetch(`${url}/openapi.json`, { method: "HEAD", headers: { "accept-encoding": "gzip" } });
    const cells = [
      (made.milliseconds / 1_000).toFixed(2),
      made.bytes.toLocaleString("en"),
      Number(small.headers.get("content-length")).toLocaleString("en"),
      `${made.waited.toFixed(0)} ms`,
      `${again.milliseconds.toFixed(0)} ms`,
    ];
    console.log(`| ${tables} | ${depth} | ${cells.join(" | ")} |`);
    child.kill();
  }
}

/** Asks, and asks for the server's health all the while. */
async function timed(ask: () => Promise<Response>, url: string) {
  let waited = 0;
  let done = false;
  const others = (async () => {
    while (!done) {
      const begun = performance.now();
      await (await fetch(`${url}/health`)).arrayBuffer();
      waited = Math.max(waited, performance.now() - begun);
    }
  })();
  const begun = performance.now();
  const bytes = (await (await ask()).arrayBuffer()).byteLength;
  const milliseconds = performance.now() - begun;
  done = true;
  await others;
  return { milliseconds, bytes, waited };
}
