// `npm run test:unit`: what can be tried in seconds, without a server and without a build.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { unitTests } from "./support/unit-tests.js";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    include: unitTests(),
    pool: "threads",
    maxWorkers: 2,
    // They keep nothing in their modules: what many of them import is loaded once a worker.
    isolate: false,
    // Beside other work a short test may take long.
    testTimeout: 30_000,
    // Far from UTC and with summer time, as in the whole suite.
    env: { TZ: "America/New_York" },
  },
});
