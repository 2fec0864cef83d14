// One database of a server or several named ones: what is said of each, and its API with the path that its resources stand below.
import type { Knex } from "knex";
import type { ShownApi } from "../api/api.js";
import type { DefiningApi } from "../api/defining.js";
import type { ApiOptions } from "../api/options.js";
import { profileOf } from "../api/profiled.js";
import { ConfigError, checkBoolean } from "../base/config-error.js";
import type { ApiRequest } from "../http/message.js";

export type Db = string | Knex | Knex.Config;

/** How one of several databases is shown to people. */
export interface Labels {
  /** What people call it, at `/`, in the list of documentations and in `/metadata`. Default: only its name. */
  readonly label?: string;
  /** What is in it, for the same places. */
  readonly description?: string;
}

/** One of several databases, with options of its own: they win over those of the server. */
export interface DatabaseEntry extends ApiOptions, Labels {
  readonly db: Db;
  /** `false` switches it off: it is not opened, and its paths are a 404 that says so. Default true. */
  readonly active?: boolean;
}

/** What an entry has beside the options of its API. */
export const entryNames = ["db", "label", "description", "active"] as const;

/** Several databases by their names, which are their paths below the prefix: `/api/main`, `/api/legacy`. */
export interface NamedDatabases {
  readonly databases: Readonly<Record<string, Db | DatabaseEntry>>;
}

/** Those that are switched on, and the names of the others. Throws where none is on, and for labels that are none. */
export function switchedOn(db: Db | NamedDatabases): {
  readonly db: Db | NamedDatabases;
  readonly off: readonly string[];
} {
  if (!isNamedDatabases(db)) return { db, off: [] };
  const entries = Object.entries(db.databases).map(([name, entry]) => [name, databaseEntryOf(entry)] as const);
  for (const [name, { label, description, active }] of entries) {
    checkBoolean(active, `databases.${name}.active`);
    for (const [key, text] of Object.entries({ label, description }))
      if (text !== undefined && typeof text !== "string")
        throw new ConfigError(`databases.${name}.${key}`, "is a text for people.");
  }
  const on = entries.filter(([, { active = true }]) => active);
  const off = entries.filter(([, { active = true }]) => !active).map(([name]) => name);
  if (on.length === 0 && off.length > 0)
    throw new ConfigError("databases", `all are switched off (active: false): ${off.join(", ")}.`);
  return { db: { databases: Object.fromEntries(on) }, off };
}

/** One database of the server. Ask `api` each time for its tree and schema: they change with the database. */
export interface Mount {
  /** Left out where the server has one database only. */
  readonly name?: string;
  readonly labels?: Labels;
  /** What stands before the resources: `/api`, `/api/main`, or empty for the top. */
  readonly prefix: string;
  readonly api: DefiningApi;
}

/** The API of the profile that is asked for, as whoever asks may see it. Rejects with 401 for credentials that are not valid, or 406. */
export const shownByMount = async (request: ApiRequest, { api }: Mount): Promise<ShownApi> =>
  profileOf(api, request).as(await api.identify?.(request));

/** What holds for each database: its own options win over those of the server. */
export function settingsOfEach<Settings extends object>(
  db: Db | NamedDatabases,
  settings: Settings,
): readonly Settings[] {
  if (!isNamedDatabases(db)) return [settings];
  return Object.values(db.databases).map((entry) => (typeof entry === "object" ? { ...settings, ...entry } : settings));
}

export const isNamedDatabases = (db: Db | NamedDatabases): db is NamedDatabases =>
  typeof db === "object" && db !== null && "databases" in db;

export const databaseEntryOf = (entry: Db | DatabaseEntry): DatabaseEntry =>
  typeof entry === "object" && "db" in entry ? entry : { db: entry };
