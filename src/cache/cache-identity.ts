// Tells the answers of one API from those of other APIs in the same store: by its database, and by all that shapes answers.
import { createHash, randomUUID, scryptSync } from "node:crypto";
import { hostname } from "node:os";

/** Options that shape no answer, or are known by the rights that they lead to. Some hold secrets, or what is no data. */
const silent: ReadonlySet<string> = new Set([
  ...["auth", "cache", "idempotency", "logger", "metrics", "outbox", "replicas", "user", "webhooks"],
  ...["poolMin", "poolMax", "poolAcquireTimeout", "poolIdleTimeout", "slowQuery", "serverTiming", "schemaPoll"],
]);

/** Where another machine has another database by the same name. */
const LOCAL = /localhost|\b127\.|::1|^[^/]*$|^sqlite|:\/\/\/|socket|filename/i;

/** `db` names the database. Processes that may differ share no answers, but they tell each other of their writes. */
export function cacheIdentity(db: unknown, options: object): string {
  const named = typeof db === "string" ? db : textOf(connectionIn(db));
  const shaping = textOf(Object.entries(options).filter(([name]) => !silent.has(name)));
  if (named === undefined || shaping === undefined) return randomUUID();
  const where = LOCAL.test(named) ? [named, hostname()] : [named];
  // It may hold a password. A slow hash keeps those who read Redis from guessing it.
  const database = scryptSync(JSON.stringify(where), "sapwood", 32).toString("base64url");
  return createHash("sha256").update(database).update(shaping).digest("base64url");
}

/** The connection of a knex config, or of a knex instance. */
function connectionIn(db: unknown): unknown {
  const { client, connection } = db as { client?: { config?: { connection?: unknown } }; connection?: unknown };
  const found = typeof db === "function" ? client?.config?.connection : connection;
  // Whom it connects to is not known before it does.
  return typeof found === "function" ? undefined : found;
}

/** Functions are told apart by their text. Returns `undefined` for a value that contains itself. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, inner) =>
      typeof inner === "function" ? String(inner) : typeof inner === "bigint" ? `${inner}n` : inner,
    );
  } catch {
    return undefined;
  }
}
