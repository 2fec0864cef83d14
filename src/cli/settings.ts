// The arguments and flags that commands share. A flag wins over its environment variable, which wins over the default.
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Limits, limitNames, limitOptions } from "../api/limits.js";
import { bigNumbers } from "../dialect/big-numbers.js";

/** Flags of every command that reads a database. */
export interface DatabaseFlags {
  readonly schema?: readonly string[];
  /** Seconds. */
  readonly connectTimeout: number;
}

/** Flags of the server. */
export interface ServerFlags extends DatabaseFlags, Partial<Limits> {
  readonly host: string;
  readonly port: number;
  readonly prefix: string;
  readonly bigNumbers?: (typeof bigNumbers)[number];
}

/** Flags of what is made of an API's document. */
export interface DocumentFlags extends DatabaseFlags, Partial<Limits> {
  readonly prefix: string;
  readonly server?: readonly string[];
  readonly title?: string;
  readonly apiVersion?: string;
  readonly bigNumbers?: (typeof bigNumbers)[number];
}

/** Adds `<db>` and the flags that say how to read it. */
export function withDatabase(command: Command): Command {
  return command
    .argument("[db]", "connection string: sqlite:path.db, postgres://…, mysql://…, mssql://… (env: DATABASE_URL)")
    .addOption(
      new Option(
        "--schema <names>",
        "database schemas to expose, joined by commas; repeatable (default: the connection's own)",
      )
        .env("SAPWOOD_SCHEMA")
        .argParser((text: string, before?: readonly string[]) => [...(before ?? []), ...text.split(",")]),
    )
    .addOption(
      flag(
        "--connect-timeout <seconds>",
        "how long to wait for the database at start",
        10,
        "SAPWOOD_CONNECT_TIMEOUT",
        (text) => toCount(text, 1),
      ),
    );
}

/** Adds the flags of a server. */
export function withServer(command: Command): Command {
  return withApi(
    command
      .addOption(flag("--host <host>", "address to listen on", "127.0.0.1", "SAPWOOD_HOST"))
      .addOption(flag("--port <port>", "port to listen on; 0 takes a free one", 3000, "SAPWOOD_PORT", toPort)),
  );
}

/** Adds the flags of an API's document. */
export function withDocument(command: Command): Command {
  const repeated = (text: string, before?: readonly string[]) => [...(before ?? []), text];
  return withApi(
    command
      .addOption(flag("--title <title>", "the API's title (default: API)", undefined, "SAPWOOD_TITLE"))
      .addOption(
        flag("--api-version <version>", "the API's version (default: 1.0.0)", undefined, "SAPWOOD_API_VERSION"),
      )
      .addOption(
        new Option("--server <url>", "the API's whole address; repeatable (default: the prefix)").argParser(repeated),
      ),
  );
}

/** Adds what the API of a server and its document have in common. */
function withApi(command: Command): Command {
  command.addOption(flag("--prefix <path>", "where the resources are", "/api", "SAPWOOD_PREFIX"));
  command.addOption(
    new Option("--big-numbers <form>", "how decimals and 64-bit integers are shown (default: number)")
      .choices(bigNumbers)
      .env("SAPWOOD_BIG_NUMBERS"),
  );
  for (const name of limitNames) command.addOption(limitFlag(name));
  return command;
}

function limitFlag(name: keyof Limits): Option {
  const { default: value, least = 1, unit, text } = limitOptions[name];
  const words = name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  // No default of its own: the API has it.
  return flag(
    `--${words.join("-")} <${unit}>`,
    `${text} (default: ${value})`,
    undefined,
    `SAPWOOD_${words.join("_").toUpperCase()}`,
    (text) => toCount(text, least),
  );
}

/** The database to use. Throws when neither the argument nor the environment names one. */
export function databaseOf(argument: string | undefined): string {
  const db = argument ?? process.env.DATABASE_URL;
  if (!db)
    throw new Error(
      "no database was given. Name one, such as sqlite:path.db or postgres://user@host/name, or set DATABASE_URL.",
    );
  return db;
}

function flag(name: string, text: string, value: unknown, variable: string, parse?: (text: string) => unknown): Option {
  const option = new Option(name, text).env(variable);
  if (value !== undefined) option.default(value);
  return parse === undefined ? option : option.argParser(parse);
}

function toPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 0 to 65535, such as 3000.");
}

function toCount(text: string, least: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= least && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError(`A whole number from ${least} up is needed here, such as 100.`);
}
