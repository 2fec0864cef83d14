// `sapwood.config.js` or `.json` → the settings and the API's options in it, each known by its name. I/O: reads the file.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { optionNames } from "../api/options.js";
import { checkKeys } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import { type DatabaseEntry, type Db, entryNames } from "../server/mount.js";
import type { Entries } from "./databases.js";
import { importConfig } from "./import-config.js";
import { fromFile, UnfitSetting } from "./kinds.js";
import { settings } from "./settings.js";

/** What a config file says. */
export interface ConfigFile {
  /** As messages name it. */
  readonly name: string;
  /** Settings and options, their values in the form that the server takes. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly databases: Entries;
}

/** Those that are looked for. */
export const configFiles = ["js", "mjs", "ts", "mts", "json"].map((end) => `sapwood.config.${end}`);
const placeKeys = ["$schema", "db", "databases"];
/** All keys that a config file may have. */
export const known: ReadonlySet<string> = new Set([...placeKeys, ...settings.map(({ name }) => name), ...optionNames]);

/** The file that was named, else the one in the working directory, where there is one. Throws an `Error` of one line. */
export async function readConfigFile(named: string | undefined): Promise<ConfigFile | undefined> {
  const path = named ?? findConfigFile();
  if (path === undefined) return undefined;
  if (!existsSync(path)) throw new Error(`there is no config file ${path}. Make one with: sapwood init`);
  const name = basename(path);
  const { $schema: _, db, databases, ...values } = checked(await load(resolve(path), name), path);
  return { name, values, databases: { ...only(db, name), ...entriesOf(databases, name) } };
}

const only = (db: unknown, file: string): Entries =>
  db === undefined ? {} : { "": { db: connection(db, `${file}: db`) } };

/** `databases: { main: "postgres://…", legacy: { db: "…", overrides: […] } }` */
function entriesOf(databases: unknown, file: string): Entries {
  if (databases === undefined) return {};
  const place = `${file}: databases`;
  if (typeof databases !== "object" || databases === null || Array.isArray(databases))
    throw new Error(`${place}: it holds the databases by their names: { main: "postgres://…", legacy: { db: "…" } }.`);
  return Object.fromEntries(
    Object.entries(databases).map(([name, entry]) => [name, databaseEntryOf(entry, `${place}.${name}`)]),
  );
}

function databaseEntryOf(entry: unknown, place: string): Partial<DatabaseEntry> {
  if (typeof entry !== "object" || entry === null || isKnex(entry)) return { db: connection(entry, place) };
  checkKeys(entry, [...entryNames, ...optionNames], place);
  const { db, ...options } = entry as Partial<DatabaseEntry>;
  return db === undefined ? options : { ...options, db: connection(db, `${place}.db`) };
}

const isKnex = (value: object): boolean => "client" in value;

function connection(db: unknown, place: string): Db {
  if ((typeof db === "string" && db !== "") || typeof db === "function") return db as Db;
  if (typeof db === "object" && db !== null && isKnex(db)) return db as Db;
  throw new Error(`${place}: it is a connection string such as sqlite:shop.db, or a knex config.`);
}

function findConfigFile(): string | undefined {
  const [first, second] = configFiles.filter((name) => existsSync(name));
  if (second === undefined) return first;
  throw new Error(`there are ${first} and ${second}: remove one, or say --config ${first}.`);
}

async function load(path: string, name: string): Promise<unknown> {
  if (path.endsWith(".json")) return parseJson(await readFile(path, "utf8"), name);
  try {
    return await importConfig(path);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
  }
}

/** node's own message shows a part of the text, which may be a password. */
function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    const line = position === undefined ? "" : ` Look at line ${text.slice(0, Number(position)).split("\n").length}.`;
    throw new Error(`${name}: this is not valid JSON.${line}`);
  }
}

function checked(value: unknown, path: string): Record<string, unknown> {
  const name = basename(path);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${name}: it holds an object of settings, as ${example(path)}`);
  for (const key of Object.keys(value)) {
    if (!known.has(key))
      throw new Error(
        `${name}: there is no setting '${key}'.${didYouMean(key, known)} All are in: sapwood serve --help`,
      );
  }
  const entries = Object.entries(value).filter(([, given]) => given !== undefined && given !== null);
  return Object.fromEntries(entries.map(([key, given]) => [key, settingOf(key, given, path)]));
}

const example = (path: string): string =>
  path.endsWith(".json") ? '{ "port": 8080 }.' : "export default { port: 8080 }; or module.exports = { port: 8080 };";

function settingOf(key: string, given: unknown, path: string): unknown {
  const setting = settings.find(({ name }) => name === key);
  // Options of the API only: it checks them itself.
  if (setting === undefined) return given;
  try {
    const value = fromFile(setting.kind, given);
    return setting.kind.path ? resolve(dirname(path), value as string) : value;
  } catch (error) {
    if (!(error instanceof UnfitSetting)) throw error;
    throw new Error(`${basename(path)}: ${key}: ${error.message}`);
  }
}
