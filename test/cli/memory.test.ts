// What a running server holds in memory does not grow with what it is asked for.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sqlite } from "../support/databases.js";
import { start } from "./cli.js";

const { create } = sqlite;

/** Resident memory of a process in MiB: now, and the most that it ever had (proc_pid_status(5)). */
function resident(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const [now, most] = ["VmRSS", "VmHWM"].map(
    (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024,
  );
  return { now: now as number, most: most as number };
}

test.skipIf(process.platform !== "linux")("400,000 rows go through in less than 100 MiB", async () => {
  const database = await create(`CREATE TABLE events (id INTEGER PRIMARY KEY, note TEXT, weight INTEGER);
    WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 400000)
    INSERT INTO events SELECT id, printf('%.240c', 'x'), id % 7 FROM n`);
  const server = await start(["serve", database.url, "--port", "0", "--max-limit", "1000000"], {});
  try {
    await (await fetch(`${server.url}/api/events?limit=1`)).text();
    const idle = resident(server.pid).now;
    let bytes = 0;
    let last = "";
    const { body } = await fetch(`${server.url}/api/events?limit=1000000`);
    for await (const chunk of body as ReadableStream<Uint8Array>) {
      bytes += chunk.length;
      last = (last + Buffer.from(chunk).toString()).slice(-60);
    }
    expect(bytes).toBeGreaterThan(100 * 1024 * 1024);
    expect(last).toContain(`"weight":${400_000 % 7}}]`);
    expect(resident(server.pid).most - idle).toBeLessThan(100);
  } finally {
    server.signal("SIGTERM");
    await server.ended;
    await database.drop();
  }
});
