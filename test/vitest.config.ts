import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { Tally } from "./support/tally.js";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/servers.ts",
    // better-sqlite3 is native: processes, not threads.
    pool: "forks",
    testTimeout: 30_000,
    maxWorkers: 2,
    // The first to need a server waits for its start.
    hookTimeout: 60_000,
    reporters: ["default", new Tally()],
    // Far from UTC and with summer time: a date that takes the way through a JavaScript Date is found out.
    env: { TZ: "America/New_York" },
  },
});
