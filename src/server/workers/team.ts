// What a worker knows of the others, and its share of what all of them may have together.

import type { Peers } from "../../base/peers.js";
import { connectionDefaults } from "../../database/connection-options.js";
import type { GivenDb } from "../../database/open-knex.js";
import { type Db, isNamedDatabases, type NamedDatabases } from "../mount.js";

export interface Team {
  readonly peers: Peers;
  /** Of all workers. */
  readonly count: number;
  /** This one's, from 1 up. */
  readonly number: string;
  /** What none but they know. */
  readonly secret: string;
}

interface Pool {
  readonly poolMin?: number;
  readonly poolMax?: number;
}

interface Shared extends Pool {
  readonly maxConnections?: number;
  readonly authDb?: string;
  readonly auth?: { readonly db?: GivenDb } | undefined;
}

/** `poolMax` and `maxConnections` are for all workers together. Throws an `Error` of one line where there is less than one for each. */
export function shareOf<Settings extends Shared>(
  db: Db | NamedDatabases,
  settings: Settings,
  count: number,
): readonly [Db | NamedDatabases, Settings] {
  const { maxConnections } = settings;
  const whole = maxConnections ? { maxConnections: eachOf("maxConnections", maxConnections, count) } : {};
  // Accounts that are kept elsewhere have as many connections there as a database has.
  const authDb = settings.authDb ?? settings.auth?.db;
  const pool = authDb === undefined ? {} : poolOf(authDb, settings, count);
  if (!isNamedDatabases(db)) return [db, { ...settings, ...whole, ...pool, ...poolOf(db, settings, count) }];
  const databases = Object.fromEntries(
    Object.entries(db.databases).map(([name, entry]) => {
      const { db: own, ...options } = typeof entry === "object" && "db" in entry ? entry : { db: entry };
      return [name, { db: own, ...options, ...poolOf(own, { ...settings, ...options }, count) }];
    }),
  );
  return [{ databases }, { ...settings, ...whole, ...pool }];
}

/** An instance's connections are its maker's. */
function poolOf(db: Db, { poolMin, poolMax }: Pool, count: number): Pool {
  if (typeof db === "function") return {};
  if (db === "sqlite::memory:")
    throw new Error(
      "workers: sqlite::memory: is one process's own, so that each would have another database. Leave workers out, or name a file.",
    );
  const all = poolMax ?? (typeof db === "object" ? db.pool?.max : undefined) ?? connectionDefaults.poolMax;
  const share = eachOf("poolMax", all, count);
  return { poolMax: share, poolMin: Math.min(poolMin ?? connectionDefaults.poolMin, share) };
}

/** All of them together have no more than was said. */
function eachOf(name: string, all: number, count: number): number {
  if (all < count)
    throw new Error(
      `${name} is ${all} for all workers together, fewer than the ${count} workers, which need one each.`,
    );
  return Math.floor(all / count);
}
