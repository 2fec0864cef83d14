// Connections as people have them: by the variables that the drivers and the databases' own programs know, and by sockets.
import { existsSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createApi } from "../../src/api/create.js";
import { run } from "../cli/cli.js";
import { endAll, freePort, startDaemon } from "../support/daemon.js";
import { type Created, databases } from "../support/databases.js";
import { daemonOf, newPostgres } from "../support/postgres.js";

const databaseNamed = (name: string) =>
  databases.find((database) => database.name === name) as (typeof databases)[number];
const ddl = "CREATE TABLE clubs (id INTEGER PRIMARY KEY, name VARCHAR(20))";

/** The connection finds the table. */
async function expectTable(db: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    const api = await createApi(db);
    expect(api.tree.resources.map(({ name }) => name)).toEqual(["clubs"]);
    await api.close();
  } finally {
    vi.unstubAllEnvs();
  }
}

/** What the program says. */
async function expectFailure(db: string, env: Readonly<Record<string, string>>, line: string): Promise<void> {
  const { code, stderr } = await run(["routes", db], env);
  expect(stderr).toContain(line);
  expect(stderr).not.toContain("hunter2");
  expect(code).toBe(1);
}

const postgres = databaseNamed("postgres");
describe.skipIf(postgres.skip)("PostgreSQL", () => {
  let created: Created;
  beforeAll(async () => {
    created = await postgres.create(ddl);
  });
  afterAll(async () => {
    await created?.drop();
    await endAll();
  });

  test("PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE", async () => {
    const { hostname, port, username, password, pathname } = new URL(created.url);
    const env = { PGHOST: hostname, PGPORT: port, PGUSER: username, PGPASSWORD: decodeURIComponent(password) };
    const database = pathname.slice(1);
    await expectTable("postgres:", { ...env, PGDATABASE: database });
    await expectTable(`postgres:///${database}`, { ...env, PGDATABASE: "another" });
    await expectFailure(
      "postgres://",
      { ...env, PGDATABASE: database, PGPASSWORD: "hunter2" },
      `the database at ${hostname}:${port} does not accept this user and password. Check both in postgres://${hostname}:${port}, PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE`,
    );
    await expectFailure(
      "postgres://",
      { ...env, PGDATABASE: database, PGSSLMODE: "require" },
      "has no TLS, and postgres://",
    );
  });

  test("a server that has a socket only", async () => {
    const { bin, directory, data } = await newPostgres();
    const port = await freePort();
    const options = ["-c", "listen_addresses=", "-c", `unix_socket_directories=${directory}`, "-c", "fsync=off"];
    const daemon = daemonOf({ bin, directory, data, port, options });
    const probe = async () => {
      const client = new pg.Client({
        host: directory,
        port,
        user: "postgres",
        password: "sapwood",
        database: "postgres",
      });
      await client.connect();
      await client.query(ddl.replace("TABLE", "TABLE IF NOT EXISTS")).finally(() => client.end());
    };
    await startDaemon({ ...daemon, probe });
    const url = `postgres://postgres:sapwood@/postgres?host=${directory}&port=${port}`;
    await expectTable(url);
    await expectTable(`postgresql+psycopg://postgres:sapwood@${encodeURIComponent(directory)}:${port}/postgres`);
    await expectTable("postgres://postgres:sapwood@/postgres", { PGHOST: directory, PGPORT: String(port) });
    await expectFailure(
      url.replace("sapwood@", "hunter2@"),
      {},
      `the database at ${directory}:${port} does not accept this user and password`,
    );
    await expectFailure(url.replace(directory, "/no/folder"), {}, `there is no socket /no/folder:${port}`);
  });
});

const mariadb = databaseNamed("mariadb");
describe.skipIf(mariadb.skip)("MariaDB", () => {
  let created: Created;
  let socket: string;
  beforeAll(async () => {
    created = await mariadb.create(ddl);
    const [[row]] = await created.knex.raw("SELECT @@socket AS socket");
    ({ socket } = row);
  });
  afterAll(() => created?.drop());

  test("MYSQL_HOST, MYSQL_TCP_PORT, MYSQL_USER, MYSQL_PWD or MYSQL_PASSWORD, MYSQL_DATABASE", async () => {
    const { hostname, port, username, password, pathname } = new URL(created.url);
    const env = { MYSQL_HOST: hostname, MYSQL_TCP_PORT: port, MYSQL_USER: username, MYSQL_DATABASE: pathname.slice(1) };
    const secret = decodeURIComponent(password);
    await expectTable("mysql:", { ...env, MYSQL_PWD: secret, MYSQL_PASSWORD: "another" });
    await expectTable("mariadb://", { ...env, MYSQL_PASSWORD: secret });
    await expectTable(`mysql://${pathname}`, { ...env, MYSQL_DATABASE: "another", MYSQL_PASSWORD: secret });
    await expectFailure(
      "mysql:",
      { ...env, MYSQL_PWD: "hunter2" },
      `Check both in mysql://${hostname}:${port}, MYSQL_HOST, MYSQL_TCP_PORT, MYSQL_USER, MYSQL_PWD, MYSQL_DATABASE`,
    );
    const { MYSQL_DATABASE: _, ...rest } = env;
    await expectFailure("mysql:", rest, "MYSQL_DATABASE can name it too");
  });

  test("its socket", async ({ skip }) => {
    skip(!existsSync(socket), "the server is on another machine");
    const { username, password, pathname } = new URL(created.url);
    const user = `${username}:${password}`;
    for (const db of [
      `mysql://${user}@${pathname}?unix_socket=${socket}`,
      `mysql+pymysql://${user}@localhost${pathname}?unix_socket=${encodeURIComponent(socket)}`,
      `mysql://${user}@${pathname}?socketPath=${socket}`,
      `mysql://${user}@${encodeURIComponent(socket)}${pathname}`,
    ])
      await expectTable(db);
    await expectTable(`mysql://${user}@${pathname}`, { MYSQL_UNIX_PORT: socket });
    await expectFailure(`mysql://app:hunter2@/shop?unix_socket=/no/socket`, {}, "there is no socket /no/socket");
  });
});
