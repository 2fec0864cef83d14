// One database or several named ones → their APIs, each with the path that its resources stand below. I/O.

import { createDefiningApi, type Neighbours } from "../api/create.js";
import type { DefiningApi } from "../api/defining.js";
import type { ApiOptions } from "../api/options.js";
import { ConfigError } from "../base/config-error.js";
import { withLogFields } from "../base/logger.js";
import { about, type Peers } from "../base/peers.js";
import { type Patience, whenThere } from "../database/awaiting.js";
import { DatabaseFailure } from "../database/database-failure.js";
import { AuthDatabases } from "./auth-databases.js";
import { checkDatabaseNames } from "./database-names.js";
import {
  type DatabaseEntry,
  type Db,
  databaseEntryOf,
  isNamedDatabases,
  type Mount,
  type NamedDatabases,
} from "./mount.js";

/** The databases of a server, open. */
export interface OpenMounts {
  readonly mounts: readonly Mount[];
  /** Where accounts are kept that are not in an API's own database, without passwords. */
  readonly authDbs: readonly string[];
  /** Ends the connections of all. */
  close(): Promise<void>;
}

export interface MountOptions {
  readonly prefix: string;
  /** Those of the server: each database's own win over them. */
  readonly options: ApiOptions;
  /** Milliseconds to wait for a database. */
  readonly patience: number;
  readonly peers?: Peers | undefined;
}

/** Opens all of them at once, or none: the first that fails is thrown when the others are closed. */
export async function openMounts(db: Db | NamedDatabases, given: MountOptions): Promise<OpenMounts> {
  const opening = isNamedDatabases(db) ? openNamed(db, given) : openOnly(db, given);
  const opened = await Promise.allSettled(opening.mounts);
  const mounts = opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const close = async () => {
    await Promise.all(mounts.map(({ api }) => api.close()));
    await opening.auth.close();
  };
  const failed = opened.find((result) => result.status === "rejected");
  if (failed === undefined) return { mounts, authDbs: opening.auth.names, close };
  await close();
  throw failed.reason;
}

/** What is being opened. */
interface Opening {
  readonly mounts: readonly Promise<Mount>[];
  readonly auth: AuthDatabases;
}

function openOnly(db: Db, { prefix, options, patience, peers }: MountOptions): Opening {
  const waiting = waitingOf(options, patience);
  const auth = new AuthDatabases({ all: {}, options, patience: waiting, knexOf: () => Promise.reject() });
  const open = async (): Promise<Mount> => {
    const placed = await auth.place(undefined, options);
    const around = { peers: peers && about(peers, ""), authDatabase: placed.authDatabase };
    return { prefix, api: await openOne(db, placed.options, around, waiting) };
  };
  return { mounts: [open()], auth };
}

function openNamed({ databases }: NamedDatabases, { prefix, options, patience, peers }: MountOptions): Opening {
  if (options.replicas !== undefined)
    throw new ConfigError("options.replicas", "of several databases each names its own: { main: { db, replicas } }.");
  const names = checkDatabaseNames(Object.keys(databases));
  const all = new Map(names.map((name) => [name, databaseEntryOf(databases[name] as Db | DatabaseEntry)]));
  const apis: Record<string, DefiningApi> = {};
  const opening = new Map<string, Promise<Mount>>();
  const auth = new AuthDatabases({
    all: Object.fromEntries([...all].map(([name, entry]) => [name, { ...options, ...entry }])),
    options,
    patience: waitingOf(options, patience),
    knexOf: async (name) => (await mountOf(name)).api.knex,
  });
  const open = async (name: string): Promise<Mount> => {
    const { db, label, description, active: _, ...own } = all.get(name) as DatabaseEntry;
    try {
      const placed = await auth.place(name, watched(options, own, name));
      const around = { peers: peers && about(peers, name), apis, authDatabase: placed.authDatabase };
      apis[name] = await openOne(db, placed.options, around, waitingOf(placed.options, patience));
      const labels = { ...(label && { label }), ...(description && { description }) };
      return { name, labels, prefix: `${prefix}/${name}`, api: apis[name] };
    } catch (error) {
      throw error instanceof DatabaseFailure ? error : new DatabaseFailure(`database ${name}`, db, error);
    }
  };
  // One that keeps the accounts of another is opened when that asks for it.
  const mountOf = (name: string): Promise<Mount> => {
    const known = opening.get(name) ?? open(name);
    opening.set(name, known);
    return known;
  };
  return { mounts: names.map(mountOf), auth };
}

const openOne = (db: Db, options: ApiOptions, around: Neighbours, waiting: Patience): Promise<DefiningApi> =>
  whenThere(db, () => createDefiningApi(db, options, around), waiting);

const waitingOf = ({ logger }: ApiOptions, patience: number): Patience => ({
  patience,
  tell: (why) => logger?.info({}, why),
});

/** The server's options and a database's own. All have its registry and its log, each by its name. */
function watched(options: ApiOptions, own: ApiOptions, name: string): ApiOptions {
  const { logger, metrics } = options;
  return {
    ...options,
    ...own,
    logger: own.logger ?? (logger && withLogFields(logger, { database: name })),
    metrics: metrics && { ...metrics, database: name },
  };
}
