// Every setting of the program, once: flags, variables, the config file's keys, the help and the README's table come from here.
import { type Command, InvalidArgumentError, Option } from "commander";
import { limitNames, limitOptions } from "../api/limits.js";
import { bigNumbers } from "../dialect/big-numbers.js";
import { type ServeSettings, serverDefaults } from "../server/serve.js";
import { count, fromText, type Kind, port, seconds, text, texts, Unfit, word } from "./kinds.js";

export interface Setting {
  /** The key in the config file; flag and variable are made of it: `--tls-key`, `SAPWOOD_TLS_KEY`. */
  readonly name: keyof ServeSettings & string;
  readonly kind: Kind;
  /** In a few words: what it is. */
  readonly text: string;
  /** What holds where nobody says anything, for people to read. */
  readonly default: string | number;
}

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
    ...{ name: "connectTimeout", kind: seconds(), default: serverDefaults.connectTimeout },
    text: "how long to wait for the database at start",
  },
];

/** What the API of a server and its document have in common. */
export const apiSettings: readonly Setting[] = [
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
  { name: "title", kind: text("title"), default: "API", text: "the API's title in its document" },
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
    text: "address to listen on; 0.0.0.0 is every one of the machine",
  },
  {
    ...{ name: "port", kind: port, default: serverDefaults.port },
    text: "port to listen on; 0 takes a free one",
  },
];

/** Names of databases are in their flags and variables, which no list can hold. */
export const places = {
  db: { flag: "--db <name=connection>", variable: "SAPWOOD_DB_<NAME>" },
  config: { flag: "--config <file>", variable: "SAPWOOD_CONFIG" },
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
  readonly db?: readonly string[];
}

/** Adds `<db>` and the flags that say how to read it. */
export function withDatabase(command: Command): Command {
  const { db, config } = places;
  command
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
    );
  return withFlags(command, databaseSettings);
}

/** Adds the flags of a server. */
export const withServer = (command: Command): Command => withFlags(command, [...serverSettings, ...apiSettings]);

/** Adds the flags of an API's document. */
export const withDocument = (command: Command): Command => withFlags(command, apiSettings);

function withFlags(command: Command, settings: readonly Setting[]): Command {
  for (const setting of settings) {
    const { kind, text } = setting;
    const flag = flagOf(setting);
    // No default and no variable of commander's: the config file stands in between.
    const help = `${text} (default: ${setting.default}) (env: ${variableOf(setting)})`;
    if (kind.argument === undefined) {
      command.addOption(new Option(flag, help));
      command.addOption(new Option(flag.replace("--", "--no-")).hideHelp());
    } else command.addOption(new Option(`${flag} <${kind.argument}>`, help).argParser(parserOf(kind)));
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
