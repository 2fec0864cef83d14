// How the database's connections are opened and kept: options → what is laid over a knex config.
import type { Knex } from "knex";
import { ConfigError, checkBoolean } from "../base/config-error.js";
import type { Dialect } from "../dialect/dialect.js";
import { afterConnect } from "../dialect/prepare.js";
import type { ReadersOptions } from "../dialect/readers.js";

export interface ConnectionOptions {
  /** The fewest connections that are kept open. Default 2. SQLite has one. */
  readonly poolMin?: number;
  /** The most connections at once. Default 10. */
  readonly poolMax?: number;
  /** Seconds that a request waits for a free connection, before it is a 503. Default 10. */
  readonly poolAcquireTimeout?: number;
  /** Seconds after which a connection that nobody uses is closed. Default 30. */
  readonly poolIdleTimeout?: number;
  /**
   * Seconds after which a connection is closed and another one opened, once nobody uses it; each a tenth sooner or less, so that not
   * all of them go at once. For load balancers and servers that change behind a name. Default: none. Not on SQLite.
   */
  readonly maxLifetime?: number;
  /** Seconds that one statement may take, before it is a 504. Default: as long as the database lets it. On SQLite of what runs off the main thread. */
  readonly statementTimeout?: number;
  /**
   * Seconds that a whole request or batch may take, before what it began is broken off and rolled back, and it is a 504; what a
   * client takes to send its body does not count. Default 50, below the 60 after which most proxies give up.
   */
  readonly answerTimeout?: number;
  /** `statementTimeout` where the database has no such limit of its own for this user. Default: none, and 30 in the server. */
  readonly defaultStatementTimeout?: number;
  /** Statements that each new connection runs first: `SET search_path TO shop, public`. Default: none. */
  readonly onConnect?: string | readonly string[];
  /** Only what reads: no route that writes, and connections that cannot, where the database has such. Default false. */
  readonly readOnly?: boolean;
}

export const connectionDefaults = {
  poolMin: 2,
  poolMax: 10,
  poolAcquireTimeout: 10,
  poolIdleTimeout: 30,
  answerTimeout: 50,
} as const;

export const connectionOptionNames = [
  ...Object.keys(connectionDefaults),
  "maxLifetime",
  "statementTimeout",
  "defaultStatementTimeout",
  "onConnect",
  "readOnly",
] as readonly (keyof ConnectionOptions)[];

const timeNames = [
  "poolAcquireTimeout",
  "poolIdleTimeout",
  "maxLifetime",
  "statementTimeout",
  "defaultStatementTimeout",
  "answerTimeout",
] as const;

/** Not about how connections are opened, or yielding to whoever opened them. */
const harmless: readonly string[] = ["readOnly", "defaultStatementTimeout", "answerTimeout"];

/** A statement of `onConnect` failed. It is named by its place and its first words: the rest may hold a secret. */
export class OnConnectFailure extends Error {
  override readonly name = "OnConnectFailure";
  constructor(place: number, statement: string, cause: unknown) {
    super(
      `onConnect[${place}] (${firstWords(statement)}) failed: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

/** What may be shown of a statement. */
export function firstWords(statement: string): string {
  const words = statement.trim().split(/\s+/);
  return words.length > 2 ? `${words.slice(0, 2).join(" ")} …` : words.join(" ");
}

/** Throws a `ConfigError` for what is none. */
export function checkConnections(options: ConnectionOptions): void {
  const { poolMin = 0, poolMax = Math.max(poolMin, connectionDefaults.poolMax), onConnect = [] } = options;
  checkBoolean(options.readOnly, "options.readOnly");
  for (const [name, least] of [
    ["poolMin", 0],
    ["poolMax", 1],
  ] as const) {
    const { [name]: value } = options;
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= least))
      throw new ConfigError(`options.${name}`, `is a whole number from ${least} up, not ${String(value)}.`);
  }
  if (poolMin > poolMax)
    throw new ConfigError("options.poolMin", `is ${poolMin}, more than poolMax, which is ${poolMax}.`);
  for (const name of timeNames) {
    const { [name]: value } = options;
    if (value !== undefined && !(typeof value === "number" && value > 0 && value <= 2_000_000))
      throw new ConfigError(`options.${name}`, `is a number of seconds above 0, not ${String(value)}.`);
  }
  if (![onConnect].flat().every((statement) => typeof statement === "string" && statement.trim() !== ""))
    throw new ConfigError("options.onConnect", "is a statement, or a list of them.");
}

/** An instance's connections are its maker's: throws a `ConfigError` for what would change them. */
export function refuseConnections(options: ConnectionOptions): void {
  const name = connectionOptionNames.find((name) => !harmless.includes(name) && options[name] !== undefined);
  if (name !== undefined)
    throw new ConfigError(`options.${name}`, "a knex instance has its connections already. Say it where that is made.");
}

/** For what reads beside the connections. */
export function readersOptions({
  onConnect = [],
  defaultStatementTimeout,
  statementTimeout = defaultStatementTimeout,
}: ConnectionOptions): ReadersOptions {
  const limit = statementTimeout && { statementTimeout: Math.ceil(statementTimeout * 1000) };
  return { onConnect: [onConnect].flat(), ...limit };
}

/** The config with the options laid over it. */
export function withConnections(config: Knex.Config, dialect: Dialect, options: ConnectionOptions): Knex.Config {
  const {
    poolMin: min,
    poolMax: max,
    poolAcquireTimeout,
    poolIdleTimeout,
    maxLifetime,
    defaultStatementTimeout,
    statementTimeout = defaultStatementTimeout,
    readOnly = false,
  } = options;
  const limit = statementTimeout && {
    statementTimeout: Math.ceil(statementTimeout * 1000),
    yields: options.statementTimeout === undefined,
  };
  const ruled = readOnly || limit ? dialect.restrict(config, { readOnly, ...limit }) : config;
  const pool = {
    ...ruled.pool,
    ...(dialect.oneConnection || min === undefined ? {} : { min }),
    ...(dialect.oneConnection || max === undefined
      ? {}
      : { max, min: Math.min(min ?? connectionDefaults.poolMin, max) }),
    ...(dialect.oneConnection || maxLifetime === undefined ? {} : lifetimes(maxLifetime * 1000)),
    ...(poolIdleTimeout === undefined ? {} : { idleTimeoutMillis: poolIdleTimeout * 1000 }),
  };
  const timeout = poolAcquireTimeout === undefined ? {} : { acquireConnectionTimeout: poolAcquireTimeout * 1000 };
  const statements = [options.onConnect ?? []].flat();
  const pooled = { ...ruled, pool, ...timeout };
  const { settle } = dialect;
  if (statements.length === 0 && settle === undefined) return pooled;
  return afterConnect(pooled, async (connection) => {
    await sayAll(connection, dialect, statements);
    await settle?.(connection);
  });
}

/** knex adds a part of the second to the first, by chance. */
const lifetimes = (most: number) => ({
  maxConnectionLifetimeMillis: most * 0.9,
  maxConnectionLifetimeJitterMillis: most * 0.1,
});

async function sayAll(connection: unknown, dialect: Dialect, statements: readonly string[]): Promise<void> {
  for (const [place, statement] of statements.entries()) {
    try {
      await dialect.say(connection, statement);
    } catch (error) {
      throw new OnConnectFailure(place, statement, error);
    }
  }
}
