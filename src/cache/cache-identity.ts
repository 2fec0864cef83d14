// What tells one API's answers from those of others that keep theirs in the same store: its database, and all that shapes answers.
import { createHash, randomUUID, scryptSync } from "node:crypto";
import { hostname } from "node:os";

/** Options that shape no answer, or are known by the rights that they lead to. Some hold secrets, or what is no data. */
const silent: ReadonlySet<string> = new Set([
  ...["auth", "cache", "idempotency", "logger", "metrics", "outbox", "replicas", "user", "webhooks"],
  ...["poolMin", "poolMax", "poolAcquireTimeout", "poolIdleTimeout", "slowQuery", "serverTiming", "schemaPoll"],
]);

/** Where another machine has another database by the same name. */
const LOCAL = /localhost|\b127\.|::1|^[^/]*$|^sqlite|:\/\/\/|socket|filename/i;

/** `db` is what the database is named by. Processes that cannot be told to be alike share no answers; their writes they do. */
export function cacheIdentity(db: unknown, options: object): string {
  const named = typeof db === "string" ? db : textOf(connectionIn(db));
  const shaping = textOf(Object.entries(options).filter(([name]) => !silent.has(name)));
  if (named === undefined || shaping === undefined) return randomUUID();
  const where = LOCAL.test(named) ? [named, hostname()] : [named];
  // There may be a password in it: nobody is to try words on what stands in Redis.
  const database = scryptSync(JSON.stringify(where), "sapwood", 32).toString("base64url");
  return createHash("sha256").update(database).update(shaping).digest("base64url");
}

/** Of knex's config, or of an instance. */
function connectionIn(db: unknown): unknown {
  const { client, connection } = db as { client?: { config?: { connection?: unknown } }; connection?: unknown };
  const found = typeof db === "function" ? client?.config?.connection : connection;
  // Who it connects to is known when it does.
  return typeof found === "function" ? undefined : found;
}

/** Functions by their text. Nothing for what has no end. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, inner) =>
      typeof inner === "function" ? String(inner) : typeof inner === "bigint" ? `${inner}n` : inner,
    );
  } catch {
    return undefined;
  }
}
