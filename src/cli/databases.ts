// Which databases are meant: by the command line, else the environment, else the config file. Each with the options that the file has for it.
import { nearest } from "../base/suggest.js";
import { isDatabaseName } from "../server/database-names.js";
import type { DatabaseEntry, NamedDatabases } from "../server/mount.js";
import type { Environment } from "./environment.js";
import { places } from "./settings.js";

/** By their names; the only one of a server has none, and stands at the empty one. */
export type Entries = Readonly<Record<string, Partial<DatabaseEntry>>>;

/** The name of a database that is the only one. */
const ONLY = "";
const nameless = "of several databases each has a name: --db main=sqlite:shop.db --db legacy=…";

/** Throws an `Error` of one line when there is none, or one without a connection. */
export function chooseDatabases(
  argument: string | undefined,
  flags: readonly string[],
  env: Environment,
  file: Entries,
): DatabaseEntry | NamedDatabases {
  const inEnv = fromEnvironment(env);
  const known = { ...file, ...inEnv };
  if (argument !== undefined && flags.length > 0)
    throw new Error("a database was given as an argument and by --db. Give all of them by --db name=connection.");
  if (argument !== undefined) return isDatabaseName(argument) ? named(argument, known) : { db: argument };
  const chosen = flags.length > 0 ? fromFlags(flags) : withoutOnly(inEnv, known);
  const names = Object.keys(chosen);
  const entries = names.map((name) => [name, whole(name, { ...file[name], ...chosen[name] })] as const);
  const [first] = entries;
  if (first === undefined)
    throw new Error(
      "no database was given. Name one, such as sqlite:path.db or postgres://user@host/name, or set DATABASE_URL.",
    );
  if (!names.includes(ONLY)) return { databases: Object.fromEntries(entries) };
  if (names.length === 1) return first[1];
  throw new Error(nameless);
}

/** One that stands alone wins over those that have names, from wherever it is nearer. */
function withoutOnly(inEnv: Entries, known: Entries): Entries {
  const names = Object.keys(inEnv);
  if (names.length === 0) return known;
  if (names[0] === ONLY) return inEnv;
  return Object.fromEntries(Object.entries(known).filter(([name]) => name !== ONLY));
}

function fromFlags(flags: readonly string[]): Entries {
  const entries = flags.map((flag) => {
    const [, name = ONLY, db = ""] = /^(?:([a-z][\w-]*)=)?(.*)$/is.exec(flag) ?? [];
    return [name, { db }] as const;
  });
  const names = entries.map(([name]) => name);
  const twice = names.find((name, i) => name !== ONLY && names.indexOf(name) < i);
  if (twice !== undefined) throw new Error(`--db ${twice}=…: there are two databases of this name.`);
  if (names.length > 1 && names.includes(ONLY)) throw new Error(nameless);
  return Object.fromEntries(entries);
}

function fromEnvironment(env: Environment): Entries {
  const start = places.db.variable.replace("<NAME>", "");
  const entries = Object.entries(env).flatMap(([variable, db]) =>
    variable.startsWith(start) && db ? [[variable.slice(start.length).toLowerCase(), { db }] as const] : [],
  );
  if (entries.length > 0) return Object.fromEntries(entries);
  return env.DATABASE_URL ? { [ONLY]: { db: env.DATABASE_URL } } : {};
}

/** `sapwood routes legacy`: one of those that have names. */
function named(name: string, known: Entries): DatabaseEntry {
  const entry = known[name];
  if (entry !== undefined) return whole(name, entry);
  const names = Object.keys(known).filter((name) => name !== ONLY);
  const near = nearest(name, names) ?? names.join(", ");
  const hint = names.length === 0 ? `A file is sqlite:${name}; a server is postgres://…` : `Perhaps you meant ${near}.`;
  throw new Error(`there is no database of the name ${name}. ${hint}`);
}

function whole(name: string, { db, ...options }: Partial<DatabaseEntry>): DatabaseEntry {
  // One that is switched off is not opened.
  if (db || options.active === false) return { ...options, db: db ?? "" };
  const variable = name === ONLY ? "DATABASE_URL" : places.db.variable.replace("<NAME>", name.toUpperCase());
  throw new Error(
    `${name === ONLY ? "the database" : `database ${name}`} has no connection: give it its db, or set ${variable}.`,
  );
}
