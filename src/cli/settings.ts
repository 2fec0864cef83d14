// Every setting of the program, once: flags, variables, the config file's keys, the help and the table in README.md come from here.

import { fieldCases } from "../base/naming.js";
import { connectionDefaults } from "../database/connection-options.js";
import { bigNumbers } from "../dialect/big-numbers.js";
import { limitNames, limitOptions } from "../http/limits.js";
import { MOST_OPERATIONS } from "../openapi/document.js";
import { serverDefaults } from "../server/serve.js";
import { count, pageOrNone, seconds, textKind, texts, toggle, word } from "./kinds.js";
import { serverSettings } from "./server-settings.js";
import type { CliSetting } from "./setting.js";

/** How the database's connections are kept. */
const connectionSettings: readonly CliSetting[] = [
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
    text: "for one statement, before it is a 504; on SQLite of what runs off the main thread",
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
  {
    ...{ name: "maxLifetime", kind: seconds(), default: "none" },
    text: "for a connection to be open, before another one takes its place",
  },
];

/** What each command needs that reads a database. */
export const databaseSettings: readonly CliSetting[] = [
  {
    ...{ name: "schema", kind: texts("names"), default: "the connection's own" },
    text: "database schemas to expose, joined by commas; repeatable",
  },
  {
    ...{ name: "profiles", kind: texts("names"), default: "none" },
    text: "database schemas that are an API of their own each, chosen by Accept-Profile; the first is the default",
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
    ...{ name: "softDelete", kind: textKind("column"), default: "none" },
    text: "the column that says which rows are deleted, such as deleted_at: DELETE sets it, and such rows are not shown",
  },
  {
    ...{ name: "fieldCase", kind: word("case", fieldCases), default: "preserve" },
    text: `how names in JSON are spelt: ${fieldCases.join(", ")}`,
  },
  {
    ...{ name: "keyField", kind: textKind("name"), default: "the column's name" },
    text: "what a key of one column is called in JSON, such as id",
  },
  {
    ...{ name: "connectTimeout", kind: seconds(), default: serverDefaults.connectTimeout },
    text: "how long to wait for the database at start, also for one that is not up yet",
  },
  ...connectionSettings,
];

/** Who asks, in the commonest case, and where that is kept. The config file's `auth` has all of it, and `roles` says what they may do. */
const tokenSettings: readonly CliSetting[] = [
  {
    ...{ name: "jwtSecret", kind: textKind("secret"), default: "none" },
    text: "take tokens that are signed by this secret (HS256): 32 bytes or more; others do not see it in the variable",
  },
  {
    ...{ name: "jwks", kind: textKind("url"), default: "none" },
    text: "take tokens that are signed by the keys at this address (JWK set)",
  },
  {
    ...{ name: "oidc", kind: textKind("issuer"), default: "none" },
    text: "take tokens of this OpenID Connect provider; it needs an audience",
  },
  {
    ...{ name: "jwtAudience", kind: textKind("audience"), default: "any" },
    text: "tokens are for this audience (aud)",
  },
  {
    ...{ name: "jwtIssuer", kind: textKind("issuer"), default: "any" },
    text: "tokens are of this issuer (iss)",
  },
  {
    ...{ name: "jwtRole", kind: textKind("claim"), default: "role" },
    text: "where a token names its role: a claim, or a path such as realm_access.roles",
  },
  {
    ...{ name: "authDb", kind: textKind("connection"), default: "the database" },
    text: "where accounts, their tokens and keys are kept: a connection string, or the name of one of several databases",
  },
];

/** What the API of a server and its document have in common. */
export const apiSettings: readonly CliSetting[] = [
  ...tokenSettings,
  {
    ...{ name: "prefix", kind: textKind("path"), default: serverDefaults.prefix },
    text: "where the resources are",
  },
  {
    ...{ name: "bigNumbers", kind: word("form", bigNumbers), default: "number" },
    text: `how decimals and 64-bit integers are shown: ${bigNumbers.join(" or ")}`,
  },
  ...limitNames.map((name): CliSetting => {
    const { default: value, least, unit, text } = limitOptions[name];
    return { name, kind: count(unit, least), default: value, text };
  }),
  {
    ...{ name: "docs", kind: pageOrNone, default: "/docs" },
    text: "where Swagger UI is; --no-docs turns it off, and the document, the diagram and /explore too",
  },
  {
    ...{ name: "trustProxy", kind: toggle, default: "no" },
    text: "believe a proxy's X-Forwarded-Host, -Proto, -Prefix and -For",
  },
  {
    ...{ name: "maxOperations", kind: count("operations"), default: MOST_OPERATIONS },
    text: "most operations in the document; with more, the longest paths are left out of it",
  },
  { name: "title", kind: textKind("title"), default: "API", text: "the API's title in its document" },
  {
    ...{ name: "problemBase", kind: textKind("address"), default: "urn:sapwood:problem:" },
    text: "what stands before an error's code in its type: /docs/errors# leads to the documentation",
  },
  { name: "apiVersion", kind: textKind("version"), default: "1.0.0", text: "the API's version in its document" },
  {
    name: "server",
    kind: texts("url"),
    default: "the prefix",
    text: "the API's whole address in its document; repeatable",
  },
];

/** Names of databases are in their flags and variables, which no list can hold. */
export const places = {
  db: { flag: "--db <name=connection>", variable: "SAPWOOD_DB_<NAME>" },
  config: { flag: "--config <file>", variable: "SAPWOOD_CONFIG" },
  envFile: { flag: "--env-file <file>" },
} as const;

export const settings: readonly CliSetting[] = [...databaseSettings, ...serverSettings, ...apiSettings];

const wordsOf = (name: string): readonly string[] => name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());

/** `--max-limit` */
export const flagOf = ({ name }: CliSetting): string => `--${wordsOf(name).join("-")}`;
/** `SAPWOOD_MAX_LIMIT` */
export const variableOf = ({ name }: CliSetting): string => `SAPWOOD_${wordsOf(name).join("_").toUpperCase()}`;
