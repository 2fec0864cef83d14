import { fileURLToPath } from "node:url";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { apartTests } from "./support/apart-tests.js";
import { Tally } from "./support/tally.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const apart = apartTests();

/** Each file in a process of its own (`isolate`), or many in one: what they all import is loaded once then. */
const project = (name: string, isolate: boolean, files: object): TestProjectInlineConfiguration => ({
  root,
  test: {
    name,
    isolate,
    ...files,
    // better-sqlite3 is native: processes, not threads.
    pool: "forks",
    testTimeout: 30_000,
    // The first to need a server waits for its start.
    hookTimeout: 60_000,
    // Far from UTC and with summer time: a date that takes the way through a JavaScript Date is found out.
    env: { TZ: "America/New_York" },
  },
});

export default defineConfig({
  root,
  test: {
    globalSetup: "test/support/servers.ts",
    maxWorkers: 2,
    reporters: ["default", new Tally()],
    projects: [
      project("apart", true, { include: apart }),
      project("together", false, { include: ["test/**/*.test.ts"], exclude: apart }),
    ],
  },
});
