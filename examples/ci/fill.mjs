// Waits until an API is ready and sends it the rows of the files beside this: node examples/ci/fill.mjs http://127.0.0.1:3000
import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

const base = process.argv[2] ?? "http://127.0.0.1:3000";
const isReady = () =>
  fetch(`${base}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
for (let tries = 0; !(await isReady()); tries++) {
  if (tries === 150) throw new Error(`${base} is not ready`);
  await setTimeout(200);
}

// Parents before children. A row that is there already stays as it is, so this may run twice.
for (const table of ["clubs", "boats"]) {
  const answer = await fetch(`${base}/api/${table}?on-conflict=ignore`, {
    method: "POST",
    headers: { "content-type": "text/csv" },
    body: await readFile(new URL(`${table}.csv`, import.meta.url)),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
