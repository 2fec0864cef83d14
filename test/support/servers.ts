// Vitest's global setup: hands out servers' addresses, starts each server when the first test asks for it, and ends them all.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import mysql from "mysql2/promise";
import type { TestProject } from "vitest/node";
import { endAll, endAllOnExit, scratch } from "./daemon.js";
import { freshHome } from "./fresh-home.js";
import { hasMariadb, mariadbInstall, startMariadb } from "./mariadb.js";
import { hasMysql, mysqlInstall, startMysql } from "./mysql.js";
import { hasOlder, type OlderMajor, olderInstall, olderMajors, startPostgres } from "./postgres.js";

/** `ask`: the administrator's connection string, or where to GET it: the server starts with the first who asks. */
export type Server = { readonly ask: string } | { readonly skip: string };

const serverNames = ["postgres", "mariadb", "mysql"] as const;
type ServerName = (typeof serverNames)[number] | OlderPostgres;
export type OlderPostgres = `postgres${OlderMajor}`;

declare module "vitest" {
  interface ProvidedContext {
    /** Where SQLite's files go: removed with the run, also when it is broken off. */
    readonly files: string;
    readonly servers: Readonly<Record<ServerName, Server>>;
    /** The databases that `DATABASES` leaves out. */
    readonly leftOut: readonly string[];
  }
}

const notices: Partial<Record<ServerName, string>> = {
  mariadb: box([
    "SKIPPED: every test that needs MariaDB",
    "Why:     no `mariadbd` on this machine's PATH, and SAPWOOD_TEST_MYSQL names no server",
    `Mend it: ${mariadbInstall}`,
  ]),
  mysql: box([
    "SKIPPED: every test that needs MySQL itself",
    "Why:     its folder holds no server, and SAPWOOD_TEST_MYSQL names no MySQL",
    `Mend it: ${mysqlInstall}`,
  ]),
};
const missing: Partial<Record<ServerName, string>> = {
  mariadb: `MariaDB is not installed; bring it with: ${mariadbInstall}`,
  postgres14: `PostgreSQL 14 is not here; bring it with: ${olderInstall}`,
  mysql: `MySQL is not here; bring it with: ${mysqlInstall}`,
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { SAPWOOD_TEST_POSTGRES: givenPostgres, SAPWOOD_TEST_MYSQL: givenMysql, CI, DATABASES } = process.env;
  const leftOut = leftOutBy(DATABASES);
  const forget = endAllOnExit();
  const givenIsMysql = givenMysql !== undefined && givenMysql !== "" && !(await isMariadb(givenMysql));
  const starts: Readonly<Record<ServerName, (() => Promise<string | undefined>) | undefined>> = {
    postgres: async () => givenPostgres || startPostgres(),
    mariadb: givenMysql || hasMariadb() ? async () => givenMysql || startMariadb() : undefined,
    ...older((major) => (hasOlder(major) ? () => startPostgres(major) : undefined)),
    mysql: givenIsMysql || hasMysql() ? async () => (givenIsMysql ? givenMysql : startMysql()) : undefined,
  };
  const absent = serverNames.filter((name) => starts[name] === undefined && !leftOut.includes(name));
  const say = () => process.stderr.write(absent.map((name) => notices[name] ?? "").join(""));
  say();
  if (absent.includes("mariadb") && CI === "true")
    throw new Error(`${missing.mariadb} (with CI=true nothing may be skipped)`);
  const started = new Map<string, Promise<string | undefined>>();
  const start = (name: ServerName) => {
    const running = started.get(name) ?? starts[name]?.() ?? Promise.resolve(undefined);
    started.set(name, running);
    return running;
  };
  const { base, close } = await answering(start);
  // A whole run needs all of them: there is nothing to wait for.
  if (CI === "true") for (const name of serverNames) if (!leftOut.includes(name)) start(name).catch(() => undefined);
  project.provide("files", scratch("files"));
  const left = freshHome();
  project.provide("leftOut", leftOut);
  project.provide("servers", {
    postgres: serverOf("postgres"),
    mariadb: serverOf("mariadb"),
    mysql: serverOf("mysql"),
    ...older((major) => serverOf(`postgres${major}`)),
  });
  return async () => {
    const found = left();
    close();
    await Promise.allSettled(started.values());
    await endAll();
    forget();
    say();
    if (found.length === 0) return;
    // An error that a teardown throws ends in Vitest's log, and the run as a success.
    process.stderr.write(`The tests left behind in the temporary folder: ${found.join(", ")}\n`);
    process.exitCode = 1;
  };

  function serverOf(name: ServerName): Server {
    const family = name.replace(/\d+$/, "");
    if (leftOut.includes(family)) return { skip: `DATABASES leaves ${family} out` };
    return starts[name] === undefined ? { skip: missing[name] ?? name } : { ask: `${base}/${name}` };
  }
}

const older = <T>(of: (major: OlderMajor) => T) =>
  Object.fromEntries(olderMajors.map((major) => [`postgres${major}`, of(major)])) as Record<OlderPostgres, T>;

const known: readonly string[] = ["sqlite", ...serverNames];

/** `DATABASES=sqlite,postgres`: what is not in the list is left out. */
function leftOutBy(names: string | undefined): readonly string[] {
  if (!names) return [];
  const wanted = names.split(",").map((name) => name.trim());
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`DATABASES names '${unknown}': it is a list of ${known.join(", ")}.`);
  return known.filter((name) => !wanted.includes(name));
}

/** Workers are other processes: they ask over loopback. */
async function answering(start: (name: ServerName) => Promise<string | undefined>) {
  const server = createServer(({ url = "" }, response) => {
    start(url.slice(1) as ServerName).then(
      (address) => response.end(address),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}`, close: () => void server.close().closeAllConnections() };
}

/** SAPWOOD_TEST_MYSQL names a MariaDB or a MySQL. */
async function isMariadb(given: string): Promise<boolean> {
  const client = await mysql.createConnection(given);
  try {
    const [[row]] = await client.query<mysql.RowDataPacket[]>("SELECT VERSION() AS version");
    return /mariadb/i.test(row?.version);
  } finally {
    await client.end();
  }
}

function box(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => line.length));
  const rule = `+${"-".repeat(width + 2)}+`;
  return `\n${[rule, ...lines.map((line) => `| ${line.padEnd(width)} |`), rule].join("\n")}\n\n`;
}
