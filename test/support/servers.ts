// Vitest's global setup: starts the database servers once for the run, hands their addresses to the workers, ends them.
import type { TestProject } from "vitest/node";
import { endAll, endAllOnExit, scratch } from "./daemon.js";
import { freshHome } from "./fresh-home.js";
import { mariadbInstall, startMariadb } from "./mariadb.js";
import { startPostgres } from "./postgres.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection strings of administrators, or why there is no server. */
    /** Where SQLite's files go: removed with the run, also when it is broken off. */
    readonly files: string;
    readonly servers: Readonly<Record<"postgres" | "mariadb", { readonly url: string } | { readonly skip: string }>>;
  }
}

const missing = `MariaDB is not installed; bring it with: ${mariadbInstall}`;
const notice = box([
  "SKIPPED: every test that needs MariaDB",
  "Why:     no `mariadbd` on this machine's PATH, and SAPWOOD_TEST_MYSQL names no server",
  `Mend it: ${mariadbInstall}`,
]);

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { SAPWOOD_TEST_POSTGRES: givenPostgres, SAPWOOD_TEST_MYSQL: givenMysql, CI } = process.env;
  const forget = endAllOnExit();
  const stop = async () => {
    await endAll();
    forget();
  };
  const starting = [givenPostgres || startPostgres(), givenMysql || startMariadb()] as const;
  try {
    const [postgres, mariadb] = await Promise.all(starting);
    if (mariadb === undefined) process.stderr.write(notice);
    if (mariadb === undefined && CI === "true") throw new Error(`${missing} (with CI=true nothing may be skipped)`);
    project.provide("files", scratch("files"));
    const left = freshHome();
    project.provide("servers", {
      postgres: { url: postgres },
      mariadb: mariadb === undefined ? { skip: missing } : { url: mariadb },
    });
    return async () => {
      const found = left();
      await stop();
      if (mariadb === undefined) process.stderr.write(notice);
      if (found.length === 0) return;
      // An error that a teardown throws ends in Vitest's log, and the run as a success.
      process.stderr.write(`The tests left behind in the temporary folder: ${found.join(", ")}\n`);
      process.exitCode = 1;
    };
  } catch (error) {
    // The other one may still be on its way up.
    await Promise.allSettled(starting);
    await stop();
    throw error;
  }
}

function box(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => line.length));
  const rule = `+${"-".repeat(width + 2)}+`;
  return `\n${[rule, ...lines.map((line) => `| ${line.padEnd(width)} |`), rule].join("\n")}\n\n`;
}
