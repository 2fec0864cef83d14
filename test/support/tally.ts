// A Vitest reporter that writes the run's true counts as JSON to the file that SAPWOOD_TALLY names, and says where the time went.
import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

export class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const path = process.env.SAPWOOD_TALLY;
    if (!path) return;
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      // A file or a `beforeAll` that broke counts once: its tests are reported as skipped or not at all.
      counts.failed += module.errors().length;
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === "pending" ? "skipped" : state] += 1;
      }
    }
    writeFileSync(path, `${JSON.stringify(counts)}\n`);
    process.stdout.write(slowest(modules));
  }
}

/** The files that took the longest: seconds of their tests, and of the imports before them. */
function slowest(modules: readonly TestModule[]): string {
  const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1).padStart(7);
  const files = modules.map((module) => ({ name: module.relativeModuleId, ...module.diagnostic() }));
  const lines = files
    .sort((a, b) => b.duration + b.collectDuration - a.duration - a.collectDuration)
    .slice(0, 40)
    .map(({ name, duration, collectDuration }) => `${seconds(duration)} ${seconds(collectDuration)}  ${name}\n`);
  return `Slowest files (seconds of tests, of imports):\n${lines.join("")}`;
}
