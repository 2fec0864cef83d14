// One database or several named ones → their APIs, each with the path that its resources stand below.
import type { Knex } from "knex";
import type { ShownApi } from "../api/api.js";
import { createDefiningApi } from "../api/create.js";
import type { DefiningApi } from "../api/defining.js";
import type { ApiOptions } from "../api/options.js";
import { profileOf } from "../api/profiled.js";
import { ConfigError, checkBoolean } from "../base/config-error.js";
import { withLogFields } from "../base/logger.js";
import { about, type Peers } from "../base/peers.js";
import { whenThere } from "../database/awaiting.js";
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
  const entries = Object.entries(db.databases).map(([name, entry]) => [name, entryOf(entry)] as const);
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

/** One of several databases could not be opened: `cause` says why. */
export class DatabaseFailure extends Error {
  override readonly name = "DatabaseFailure";
  constructor(
    readonly database: string,
    /** The connection string, where it is one. */
    readonly db: string | undefined,
    cause: unknown,
  ) {
    super(`database ${database}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** What holds for each database: its own options win over those of the server. */
export function settingsOfEach<Settings extends object>(
  db: Db | NamedDatabases,
  settings: Settings,
): readonly Settings[] {
  if (!isNamedDatabases(db)) return [settings];
  return Object.values(db.databases).map((entry) => (typeof entry === "object" ? { ...settings, ...entry } : settings));
}

/** Opens all of them at once, or none: the first that fails is thrown when the others are closed. */
export async function openMounts(
  db: Db | NamedDatabases,
  prefix: string,
  options: ApiOptions,
  patience: number,
  peers?: Peers,
): Promise<readonly Mount[]> {
  const apis: Record<string, DefiningApi> = {};
  const open = (entry: Db, own: ApiOptions = {}, name?: string) => {
    const all = watched(options, own, name);
    const create = () => createDefiningApi(entry, all, { peers: peers && about(peers, name ?? ""), apis });
    return whenThere(entry, create, { patience, tell: (why) => all.logger?.info({}, why) });
  };
  if (!isNamedDatabases(db)) return [{ prefix, api: await open(db) }];
  if (options.replicas !== undefined)
    throw new ConfigError("options.replicas", "of several databases each names its own: { main: { db, replicas } }.");
  const names = checkNames(Object.keys(db.databases));
  const opened = await Promise.allSettled(
    names.map(async (name): Promise<Mount> => {
      const { db: entry, label, description, active: _, ...own } = entryOf(db.databases[name] as Db | DatabaseEntry);
      try {
        apis[name] = await open(entry, own, name);
        const labels = { ...(label && { label }), ...(description && { description }) };
        return { name, labels, prefix: `${prefix}/${name}`, api: apis[name] };
      } catch (error) {
        throw new DatabaseFailure(name, typeof entry === "string" ? entry : undefined, error);
      }
    }),
  );
  const failed = opened.find((result) => result.status === "rejected");
  const mounts = opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  if (failed === undefined) return mounts;
  await closeMounts(mounts);
  throw failed.reason;
}

/** The server's options and a database's own. All have its registry and its log, each by its name. */
function watched(options: ApiOptions, own: ApiOptions, name: string | undefined): ApiOptions {
  const { logger, metrics } = options;
  if (name === undefined) return { ...options, ...own, metrics };
  return {
    ...options,
    ...own,
    logger: own.logger ?? (logger && withLogFields(logger, { database: name })),
    metrics: metrics && { ...metrics, database: name },
  };
}

/** Ends the connections of all. */
export async function closeMounts(mounts: readonly Mount[]): Promise<void> {
  await Promise.all(mounts.map(({ api }) => api.close()));
}

export const isNamedDatabases = (db: Db | NamedDatabases): db is NamedDatabases =>
  typeof db === "object" && db !== null && "databases" in db;

const entryOf = (entry: Db | DatabaseEntry): DatabaseEntry =>
  typeof entry === "object" && "db" in entry ? entry : { db: entry };

function checkNames(names: readonly string[]): readonly string[] {
  if (names.length === 0) throw new Error("databases: there is none. Name one, such as { main: 'sqlite:shop.db' }.");
  for (const name of names)
    if (!isDatabaseName(name))
      throw new Error(
        `databases.${name}: a database's name is part of its URLs, and has letters, digits, '-' and '_' only, such as main.`,
      );
  return names;
}

export const isDatabaseName = (name: string): boolean => /^[a-z][\w-]*$/i.test(name);
