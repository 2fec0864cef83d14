// What a database is named by → its dialect, and a knex instance with the driver that it needs.
import { createRequire } from "node:module";
import knexPackage, { type Knex } from "knex";
import { ConfigError } from "../base/config-error.js";
import type { Dialect } from "../dialect/dialect.js";
import { dialectOfClient, dialectOfUrl } from "../dialect/index.js";
import { connectionDefaults } from "./connection-options.js";
import { plainConnectionString } from "./connection-string.js";
import { hostsOf, tryHosts } from "./hosts.js";
import { carefully } from "./pool-care.js";

/** How long a request waits for a free connection, and a connection for its server, in milliseconds. */
const ACQUIRE_TIMEOUT = connectionDefaults.poolAcquireTimeout * 1000;

/** knex would print on stdout; what fails is thrown as well, and told from there. */
const silent = { warn() {}, error() {}, debug() {}, deprecate() {} };

/** What a database is named by. An environment variable that is not set is undefined, which is refused. */
export type GivenDb = string | Knex | Knex.Config | undefined;

export function namedDatabase(db: GivenDb): string | Knex | Knex.Config {
  if (db) return typeof db === "string" ? plainConnectionString(db) : db;
  const what = db === "" ? "an empty text" : String(db);
  throw new ConfigError(
    "the database",
    `a connection string (sqlite:path.db, postgres://user@host/name), a knex config or a knex instance is needed, and this is ${what}. If it comes from an environment variable such as DATABASE_URL, set that.`,
  );
}

export function dialectFor(db: string | Knex | Knex.Config): Dialect {
  if (typeof db === "string") return dialectOfUrl(db);
  const client = typeof db === "function" ? db.client?.config?.client : db.client;
  return dialectOfClient(typeof client === "function" ? client.prototype.driverName : client);
}

interface Pool {
  readonly knex: Knex;
  /** Is the server looked for that can be written to, when another one has taken its place? */
  readonly moves: boolean;
}

/** An instance as it is; else one of the config that `configured` makes of what the database is named by. */
export function openPool(
  db: string | Knex | Knex.Config,
  dialect: Dialect,
  configured: (config: Knex.Config) => Knex.Config,
): Pool {
  if (typeof db === "function") return { knex: db, moves: false };
  if (typeof db !== "string") return { knex: openKnex(configured(db), dialect), moves: false };
  const { urls, writable } = hostsOf(db);
  const configs = urls.map((url) => configured(dialect.configure(url)));
  const knex = openKnex(configs[0] as Knex.Config, dialect);
  const settings = configs.map(({ connection }) => connection as object);
  if (writable || urls.length > 1) tryHosts(knex, settings, writable, dialect);
  return { knex, moves: writable };
}

function openKnex(config: Knex.Config, dialect: Dialect): Knex {
  checkDriver(dialect);
  try {
    return knexPackage({ acquireConnectionTimeout: ACQUIRE_TIMEOUT, log: silent, ...carefully(config, dialect) });
  } catch (error) {
    const text = error instanceof Error ? error.message : "";
    if (!/Cannot find module|Run\s+npm install|ERR_DLOPEN|bindings file/i.test(text)) throw error;
    throw new Error(`The driver for this database is not installed. Install it with: npm install ${dialect.driver}`, {
      cause: error,
    });
  }
}

const require = createRequire(import.meta.url);

/** Of the driver's package; `null` where it is not installed, or does not tell. */
export function driverVersion({ driver }: Pick<Dialect, "driver">): string | null {
  try {
    return (require(`${driver}/package.json`) as { version: string }).version;
  } catch {
    return null;
  }
}

function checkDriver(dialect: Dialect): void {
  if (dialect.driverProblem === undefined) return;
  const version = driverVersion(dialect);
  // Loading it will say so.
  if (version === null) return;
  const why = dialect.driverProblem(version, process.versions.node);
  if (why !== undefined) throw new Error(why);
}
