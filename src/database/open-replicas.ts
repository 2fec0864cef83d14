// Connection strings of replicas → the servers that reads may go to.
import { ConfigError } from "../base/config-error.js";
import type { Logger } from "../base/logger.js";
import type { ConnectionOptions } from "./connection-options.js";
import { openDatabase } from "./database.js";
import { Replica } from "./replica.js";
import { ReplicaSet } from "./replica-set.js";
import type { OpenDatabase } from "./session.js";

export interface ReplicaOptions {
  /**
   * Connection strings of servers that follow the database: reads go to them, writes and transactions never. PostgreSQL, MySQL and
   * MariaDB. Default: none.
   */
  readonly replicas?: readonly string[];
  /** Seconds that a replica may be behind before it is passed over. Default 10. */
  readonly maxLag?: number;
}

export const MAX_LAG = 10;

/** Throws a `ConfigError` for what cannot be meant. */
export function checkReplicas({ replicas, maxLag }: ReplicaOptions): void {
  const isList =
    replicas === undefined || (Array.isArray(replicas) && replicas.every((url) => typeof url === "string"));
  if (!isList) throw new ConfigError("options.replicas", "is a list of connection strings.");
  if (maxLag !== undefined && !(typeof maxLag === "number" && maxLag > 0))
    throw new ConfigError("options.maxLag", `is a number of seconds above 0, not ${String(maxLag)}.`);
}

/**
 * The replicas of a database, none of them connected yet; `undefined` where the options name none. Throws a `ConfigError` where the
 * database cannot have any.
 */
export function openReplicas(
  primary: OpenDatabase,
  { replicas: urls = [], maxLag = MAX_LAG, ...options }: ReplicaOptions & ConnectionOptions & { logger?: Logger },
): ReplicaSet | undefined {
  if (urls.length === 0) return undefined;
  const { dialect } = primary;
  const { replication } = dialect;
  if (replication === undefined)
    throw new ConfigError("options.replicas", "only PostgreSQL, MySQL and MariaDB can have replicas here.");
  const open = (url: string, i: number) => {
    const reading = { ...options, readOnly: true };
    const replica = openDatabase(url, reading);
    if (replica.dialect.name !== dialect.name)
      throw new ConfigError(`options.replicas[${i}]`, "is another kind of database.");
    const beside = openDatabase(url, { ...reading, poolMin: 0, poolMax: 1 }).speaking(dialect);
    return new Replica(`replica${i + 1}`, replica.speaking(dialect), beside, replication);
  };
  return new ReplicaSet(primary, urls.map(open), replication, maxLag, options.logger);
}
