// Every setting of the program, once: flags, variables, the config file's keys, the help and the table in README.md come from here.

import { type Command, InvalidArgumentError, Option } from "commander";
import { fieldCases } from "../base/naming.js";
import { cacheDefaults } from "../cache/cache-options.js";
import { connectionDefaults } from "../database/connection-options.js";
import { MAX_LAG } from "../database/open-replicas.js";
import { bigNumbers } from "../dialect/big-numbers.js";
import { PROXIES } from "../http/client-address.js";
import { limitNames, limitOptions } from "../http/limits.js";
import { mcpModes } from "../mcp/modes.js";
import { MOST_OPERATIONS } from "../openapi/document.js";
import { adminRolesDefault } from "../server/callers.js";
import { CORS_MAX_AGE } from "../server/cross-origin.js";
import { timeLimits } from "../server/listener.js";
import { logFormats, logLevels, programLogLevel } from "../server/log.js";
import { rateDefaults } from "../server/rate-settings.js";
import { type ServeSettings, serverDefaults } from "../server/serve.js";
import {
  count,
  countOrMax,
  file,
  fromText,
  type Kind,
  pageOrNone,
  port,
  seconds,
  text,
  texts,
  toggle,
  toggleOrOptions,
  Unfit,
  word,
} from "./kinds.js";

export interface Setting {
  /** The key in the config file; flag and variable are made of it: `--tls-key`, `SAPWOOD_TLS_KEY`. */
  readonly name: keyof ServeSettings & string;
  readonly kind: Kind;
  /** In a few words: what it is. */
  readonly text: string;
  /** What holds where nobody says anything, for people to read. */
  readonly default: string | number;
}

/** How the database's connections are kept. */
const connectionSettings: readonly Setting[] = [
  {
    ...{ name: "readOnly", kind: toggle, default: "false" },
    text: "only what reads: no route that writes, and connections that cannot, where the database has such",
  },
  {
    ...{ name: "onConnect", kind: texts("statement", "\n"), default: "none" },
    text: "a statement that each new connection runs first; repeatable, in the variable one a line",
  },
  {
    ...{ name: "statementTimeout", kind: seconds(), default: "the database's own, or 30" },
    text: "for one statement, before it is a 504; on SQLite of what is read off the main thread",
  },
  {
    name: "poolMin",
    kind: count("connections", 0),
    default: connectionDefaults.poolMin,
    text: "fewest connections kept open",
  },
  {
    name: "poolMax",
    kind: count("connections"),
    default: connectionDefaults.poolMax,
    text: "most connections to a database; SQLite has one",
  },
  {
    ...{ name: "poolAcquireTimeout", kind: seconds(), default: connectionDefaults.poolAcquireTimeout },
    text: "for a request to get a free connection, before it is a 503",
  },
  {
    ...{ name: "poolIdleTimeout", kind: seconds(), default: connectionDefaults.poolIdleTimeout },
    text: "for a connection that nobody uses, before it is closed",
  },
];

/** What each command needs that reads a database. */
export const databaseSettings: readonly Setting[] = [
  {
    ...{ name: "schema", kind: texts("names"), default: "the connection's own" },
    text: "database schemas to expose, joined by commas; repeatable",
  },
  {
    ...{ name: "include", kind: texts("names"), default: "all" },
    text: "only these tables, or columns as users.name, joined by commas; repeatable",
  },
  {
    ...{ name: "exclude", kind: texts("names"), default: "none" },
    text: "not these tables or columns",
  },
  {
    ...{ name: "softDelete", kind: text("column"), default: "none" },
    text: "the column that says which rows are deleted, such as deleted_at: DELETE sets it, and such rows are not shown",
  },
  {
    ...{ name: "fieldCase", kind: word("case", fieldCases), default: "preserve" },
    text: `how names in JSON are spelt: ${fieldCases.join(", ")}`,
  },
  {
    ...{ name: "keyField", kind: text("name"), default: "the column's name" },
    text: "what a key of one column is called in JSON, such as id",
  },
  {
    ...{ name: "connectTimeout", kind: seconds(), default: serverDefaults.connectTimeout },
    text: "how long to wait for the database at start",
  },
  ...connectionSettings,
];

/** Who asks, in the commonest case. The config file's `auth` has all of it, and `roles` says what they may do. */
const tokenSettings: readonly Setting[] = [
  {
    ...{ name: "jwtSecret", kind: text("secret"), default: "none" },
    text: "take tokens that are signed by this secret (HS256): 32 bytes or more; others do not see it in the variable",
  },
  {
    ...{ name: "jwks", kind: text("url"), default: "none" },
    text: "take tokens that are signed by the keys at this address (JWK set)",
  },
  {
    ...{ name: "oidc", kind: text("issuer"), default: "none" },
    text: "take tokens of this OpenID Connect provider; it needs an audience",
  },
  {
    ...{ name: "jwtAudience", kind: text("audience"), default: "any" },
    text: "tokens are for this audience (aud)",
  },
  {
    ...{ name: "jwtIssuer", kind: text("issuer"), default: "any" },
    text: "tokens are of this issuer (iss)",
  },
  {
    ...{ name: "jwtRole", kind: text("claim"), default: "role" },
    text: "where a token names its role: a claim, or a path such as realm_access.roles",
  },
];

/** What the API of a server and its document have in common. */
export const apiSettings: readonly Setting[] = [
  ...tokenSettings,
  {
    ...{ name: "prefix", kind: text("path"), default: serverDefaults.prefix },
    text: "where the resources are",
  },
  {
    ...{ name: "bigNumbers", kind: word("form", bigNumbers), default: "number" },
    text: `how decimals and 64-bit integers are shown: ${bigNumbers.join(" or ")}`,
  },
  ...limitNames.map((name): Setting => {
    const { default: value, least, unit, text } = limitOptions[name];
    return { name, kind: count(unit, least), default: value, text };
  }),
  {
    ...{ name: "docs", kind: pageOrNone, default: "/docs" },
    text: "where Swagger UI is; --no-docs turns it off, and the document and the diagram too",
  },
  {
    ...{ name: "trustProxy", kind: toggle, default: "no" },
    text: "believe a proxy's X-Forwarded-Host, -Proto, -Prefix and -For",
  },
  {
    ...{ name: "maxOperations", kind: count("operations"), default: MOST_OPERATIONS },
    text: "most operations in the document; with more, the longest paths are left out of it",
  },
  { name: "title", kind: text("title"), default: "API", text: "the API's title in its document" },
  {
    ...{ name: "problemBase", kind: text("address"), default: "urn:sapwood:problem:" },
    text: "what stands before an error's code in its type: /docs/errors# leads to the documentation",
  },
  { name: "apiVersion", kind: text("version"), default: "1.0.0", text: "the API's version in its document" },
  {
    name: "server",
    kind: texts("url"),
    default: "the prefix",
    text: "the API's whole address in its document; repeatable",
  },
];

/** What the server needs besides. A new setting is a new entry. */
export const serverSettings: readonly Setting[] = [
  {
    ...{ name: "host", kind: text("host"), default: serverDefaults.host },
    text: "address to listen on; 0.0.0.0 is every one of the machine, and needs auth or --open",
  },
  {
    ...{ name: "open", kind: toggle, default: "false" },
    text: "listen beyond this machine, and answer to any name, though nobody signs in: whoever reaches it may do everything",
  },
  {
    ...{ name: "port", kind: port, default: serverDefaults.port },
    text: "port to listen on; 0 takes a free one",
  },
  { name: "tlsKey", kind: file, default: "none", text: "private key (PEM): with it and its certificate it is https" },
  {
    name: "tlsCert",
    kind: file,
    default: "none",
    text: "certificate (PEM), with those between it and the root behind it",
  },
  {
    ...{ name: "hsts", kind: count("seconds", 0), default: 0 },
    text: "with TLS: how long browsers are to come by https only; 0 does not tell them",
  },
  {
    ...{ name: "corsOrigin", kind: texts("origin"), default: "none" },
    text: "pages of which sites may use the API: https://app.example, or * for all; repeatable",
  },
  {
    name: "corsCredentials",
    kind: toggle,
    default: "false",
    text: "may these pages send cookies and other credentials?",
  },
  {
    ...{ name: "corsMaxAge", kind: count("seconds", 0), default: CORS_MAX_AGE },
    text: "how long browsers remember what a page was allowed",
  },
  {
    ...{ name: "workers", kind: countOrMax("workers"), default: "one process" },
    text: "so many processes share the port, and poolMax and maxConnections; max is one for each core",
  },
  {
    name: "compression",
    kind: toggle,
    default: "false",
    text: "gzip or brotli for clients that take it, but for single rows",
  },
  {
    ...{ name: "headersTimeout", kind: seconds(0), default: timeLimits.headersTimeout },
    text: "for a request's headers to come; 0 is for ever, here and below",
  },
  {
    ...{ name: "requestTimeout", kind: seconds(0), default: timeLimits.requestTimeout },
    text: "for a whole request to come",
  },
  {
    ...{ name: "answerTimeout", kind: seconds(), default: connectionDefaults.answerTimeout },
    text: "for a request that has come to be done, a batch too, before it is rolled back and a 504",
  },
  {
    ...{ name: "keepAliveTimeout", kind: seconds(0), default: timeLimits.keepAliveTimeout },
    text: "for a connection's next request; longer than a proxy in front keeps it",
  },
  {
    ...{ name: "sendTimeout", kind: seconds(0), default: timeLimits.sendTimeout },
    text: "for a client to go on taking its answer",
  },
  {
    ...{ name: "stopDelay", kind: seconds(0), default: serverDefaults.stopDelay },
    text: "told to stop, go on answering for so long, with /health/ready at 503, until load balancers have seen it",
  },
  {
    ...{ name: "stopTimeout", kind: seconds(), default: timeLimits.stopTimeout },
    text: "for requests in flight when the server is told to stop",
  },
  {
    ...{ name: "maxConnections", kind: count("connections", 0), default: timeLimits.maxConnections },
    text: "most connections at once; more are closed unread; 0 is any number",
  },
  {
    ...{ name: "rateLimit", kind: count("requests"), default: "off" },
    text: "most requests of one client in a period, before the rest are 429",
  },
  {
    ...{ name: "ratePeriod", kind: count("seconds"), default: rateDefaults.ratePeriod },
    text: "how long a period is",
  },
  {
    ...{ name: "rateFailures", kind: count("failures", 0), default: rateDefaults.rateFailures },
    text: "with auth: most failed sign-ins of one address in a period; 0 is any number",
  },
  {
    ...{ name: "rateStore", kind: text("url"), default: "memory" },
    text: "where they are counted: redis://… for several servers together (package ioredis)",
  },
  {
    ...{ name: "proxies", kind: count("proxies"), default: PROXIES },
    text: "with --trust-proxy: how many proxies add to X-Forwarded-For, to know a client's address",
  },
  {
    ...{ name: "cacheTtl", kind: seconds(0), default: "off" },
    text: "keep answers to GET for so long, or until a table of theirs is written; cache in the config file says more",
  },
  {
    ...{ name: "cacheMaxBytes", kind: count("bytes"), default: cacheDefaults.maxBytes },
    text: "most bytes of the answers that are kept",
  },
  {
    ...{ name: "listenForChanges", kind: toggle, default: "true" },
    text: "wait for NOTIFY sapwood on a connection of its own (PostgreSQL)",
  },
  {
    ...{ name: "schemaPoll", kind: seconds(0), default: 0 },
    text: "how often to look whether the schema has changed; 0 is never",
  },
  {
    ...{ name: "idempotency", kind: toggleOrOptions, default: "false" },
    text: "heed Idempotency-Key, so that a POST or PATCH may be sent twice; it makes the table sapwood_answers",
  },
  {
    ...{ name: "replicas", kind: texts("connections"), default: "none" },
    text: "connection strings of servers that follow the database, for reads; repeatable",
  },
  {
    ...{ name: "maxLag", kind: seconds(), default: MAX_LAG },
    text: "how far a replica may be behind before it is passed over",
  },
  {
    ...{ name: "positionCookie", kind: toggle, default: "false" },
    text: "with replicas: have browsers read their own writes, by a cookie",
  },
  {
    ...{ name: "raisedMessages", kind: toggle, default: "true" },
    text: "show clients the words of errors that the database's own code raises",
  },
  {
    ...{ name: "refreshByQuery", kind: toggle, default: "false" },
    text: "let ?refresh=true on any request read the schema again first",
  },
  {
    ...{ name: "logLevel", kind: word("level", logLevels), default: programLogLevel },
    text: `what is worth a line of JSON on stderr, of ${logLevels.join(", ")}; requests are info`,
  },
  {
    ...{ name: "logFormat", kind: word("format", logFormats), default: "auto" },
    text: `lines of json, or of text for people; auto is text at a terminal, else json`,
  },
  { name: "slowQuery", kind: count("ms", 0), default: "off", text: "log statements that took so many milliseconds" },
  {
    name: "serverTiming",
    kind: toggle,
    default: "false",
    text: "tell clients how long an answer took, in Server-Timing",
  },
  { name: "metrics", kind: toggle, default: "false", text: "serve /metrics, for Prometheus" },
  {
    ...{ name: "adminRoles", kind: texts("names"), default: adminRolesDefault.join() },
    text: "with auth: roles that may see /metrics and all of /health, refresh, and use /schema",
  },
  {
    ...{ name: "mcp", kind: word("mode", mcpModes), default: "off" },
    text: "let agents read, or write as well, at /mcp (package @modelcontextprotocol/sdk): off, read or write",
  },
  {
    ...{ name: "schemaRoutes", kind: toggle, default: "false" },
    text: "serve /schema/tables, where tables are made, changed and dropped; without auth on this machine only",
  },
];

/** Names of databases are in their flags and variables, which no list can hold. */
export const places = {
  db: { flag: "--db <name=connection>", variable: "SAPWOOD_DB_<NAME>" },
  config: { flag: "--config <file>", variable: "SAPWOOD_CONFIG" },
  envFile: { flag: "--env-file <file>" },
} as const;

export const settings: readonly Setting[] = [...databaseSettings, ...serverSettings, ...apiSettings];

const wordsOf = (name: string): readonly string[] => name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());

/** `--max-limit` */
export const flagOf = ({ name }: Setting): string => `--${wordsOf(name).join("-")}`;
/** `SAPWOOD_MAX_LIMIT` */
export const variableOf = ({ name }: Setting): string => `SAPWOOD_${wordsOf(name).join("_").toUpperCase()}`;

/** What the command line says; what it leaves out is not there. */
export interface Flags extends Readonly<Record<string, unknown>> {
  readonly config?: string;
  readonly envFile?: string;
  readonly db?: readonly string[];
}

/** Headings of a command's flags in its help, in their order. */
export const groups = {
  own: "Options:",
  connection: "Connection:",
  server: "Server:",
  api: "API:",
} as const;

/** Adds `<db>` and the flags that say how to read it. */
export function withDatabase(command: Command): Command {
  const { db, config, envFile } = places;
  command
    .optionsGroup(groups.connection)
    .argument(
      "[db]",
      "connection string: sqlite:path.db, postgres://…, mysql://…, mssql://… (env: DATABASE_URL), or a name of --db",
    )
    .option(
      db.flag,
      `a database and its name, which is its path; repeatable (env: ${db.variable})`,
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option(
      config.flag,
      `the config file (default: sapwood.config.js or .json, where there is one) (env: ${config.variable})`,
    )
    .option(envFile.flag, "a file of variables, for those that are not set (default: .env, where there is one)");
  return withFlags(command, databaseSettings, groups.connection).optionsGroup(groups.own);
}

/** Adds the flags of a server. */
export const withServer = (command: Command): Command =>
  withFlags(withFlags(command, serverSettings, groups.server), apiSettings, groups.api);

/** Adds the flags of an API's document. */
export const withDocument = (command: Command): Command => withFlags(command, apiSettings, groups.api);

function withFlags(command: Command, settings: readonly Setting[], group: string): Command {
  for (const setting of settings) {
    const { kind, text } = setting;
    const flag = flagOf(setting);
    // No default and no variable of commander's: the config file stands in between.
    const help = `${text} (default: ${setting.default}) (env: ${variableOf(setting)})`;
    if (kind.argument === undefined) command.addOption(new Option(flag, help).helpGroup(group));
    else command.addOption(new Option(`${flag} <${kind.argument}>`, help).argParser(parserOf(kind)).helpGroup(group));
    // Behind the other one, or commander takes it for the default.
    if (kind.argument === undefined || kind.orNone)
      command.addOption(new Option(flag.replace("--", "--no-")).hideHelp());
  }
  return command;
}

const parserOf =
  (kind: Kind) =>
  (text: string, before: unknown): unknown => {
    try {
      const value = fromText(kind, text);
      return kind.parted === undefined
        ? value
        : [...((before as unknown[] | undefined) ?? []), ...(value as unknown[])];
    } catch (error) {
      throw error instanceof Unfit ? new InvalidArgumentError(error.message) : error;
    }
  };
