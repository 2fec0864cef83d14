// Whose session a connection speaks to: its own, or one that a pooler lends it for each transaction (pgbouncer's transaction mode).
// What is set on a lent one would stay with others, and be gone in the next transaction: it is said in each transaction instead.
import type { Client } from "pg";
import type { SharedSessions } from "../connection.js";
import { LentSettings, setLocally } from "./lent-settings.js";
import { fits } from "./wire/fits.js";

type DriverClient = Client & {
  /** As the server, or whoever stands before it, told when the connection was made (manual: protocol-flow, «BackendKeyData»). */
  readonly processID?: number | null;
};

export interface SessionState {
  /** What each transaction begins with where the session is lent; left out where it is the connection's own. */
  readonly lent?: LentSettings;
}

const sessions = new WeakMap<object, Promise<SessionState>>();

/** Asked once for each connection. */
export function sessionOf(connection: unknown): Promise<SessionState> {
  const client = connection as DriverClient;
  let session = sessions.get(client);
  if (session === undefined) {
    session = findSession(client);
    sessions.set(client, session);
    session.catch(() => sessions.delete(client));
  }
  return session;
}

async function findSession(client: DriverClient): Promise<SessionState> {
  if ((await backendOf(client)) === client.processID) return {};
  if (!fits(client))
    throw new Error(
      "A pooler that lends sessions needs a version of pg that sapwood knows: install the newest one of its peer range.",
    );
  return { lent: new LentSettings(client) };
}

/** Of the server's process. A pooler tells its clients numbers of its own, as it is asked to cancel by them. */
async function backendOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: unknown }>("SELECT pg_catalog.pg_backend_pid() AS pid");
  return Number(rows[0]?.pid);
}

/** So often two connections are asked in turn. */
const ROUNDS = 6;

/**
 * Do two connections get each other's sessions? A pooler that keeps a session for its client (pgbouncer's session mode) gives
 * each connection the same process each time, and never the other's.
 */
export async function mixesSessions(one: Client, other: Client): Promise<boolean> {
  const [mine, theirs] = [await backendOf(one), await backendOf(other)];
  for (let round = 0; round < ROUNDS; round++) {
    if (mine === theirs || (await backendOf(one)) !== mine || (await backendOf(other)) !== theirs) return true;
  }
  return false;
}

/** `Dialect.sharedSessions`. */
export async function sharedSessions(connection: unknown): Promise<SharedSessions | undefined> {
  const { lent } = await sessionOf(connection);
  return lent && { unkept: lent.unkept };
}

/** Says a statement of the developer's: once for all where the session is the connection's own. */
export async function saySetting(connection: unknown, statement: string): Promise<void> {
  const client = connection as Client;
  const { lent } = await sessionOf(client);
  if (lent === undefined) return void (await client.query(statement));
  const local = asLocal(statement);
  if (local === undefined) {
    lent.unkept.push(statement);
    return void (await client.query(statement));
  }
  lent.add(setLocally(local.name, await settingOf(client, local)));
}

interface LocalSetting {
  /** As `current_setting` knows it. */
  readonly name: string;
  /** Sets it until the transaction ends. */
  readonly text: string;
}

/** What the server makes of it: a list of names, a number with its unit. */
async function settingOf(client: Client, { name, text }: LocalSetting): Promise<string> {
  await client.query("BEGIN");
  try {
    await client.query(text);
    const { rows } = await client.query("SELECT current_setting($1) AS value", [name]);
    return String(rows[0]?.value);
  } finally {
    await client.query("ROLLBACK");
  }
}

/** Forms of SET that have a name of their own (manual: SET, SET ROLE, SET SESSION AUTHORIZATION). */
const named: readonly (readonly [RegExp, string])[] = [
  [/^time\s+zone\s/i, "TimeZone"],
  [/^role\s/i, "role"],
  [/^schema\s/i, "search_path"],
  [/^session\s+authorization\s/i, "session_authorization"],
];
/** They are for transactions to come, or for the connection as a whole. */
const unsettable = /^(default_transaction_\w+|transaction_\w+|client_encoding)$/i;

/** `SET x TO y` or `SELECT set_config('x', 'y', false)` as it is said in a transaction; nothing for every other statement. */
export function asLocal(statement: string): LocalSetting | undefined {
  const text = statement.trim().replace(/\s*;$/, "");
  if (text.includes(";")) return undefined;
  const called = /^select\s+(?:pg_catalog\.)?set_config\s*\(\s*'([\w.]+)'(\s*,[^()]*,\s*)(?:false|'f')\s*\)$/i.exec(
    text,
  );
  if (called !== null) return localSetting(called[1] as string, `SELECT set_config('${called[1]}'${called[2]}true)`);
  const rest = /^set\s+(?:session\s+(?!authorization\b))?(.*)$/is.exec(text)?.[1];
  if (rest === undefined) return undefined;
  const name = named.find(([form]) => form.test(rest))?.[1] ?? /^([\w.]+)\s*(?:=|\sto\s)/i.exec(rest)?.[1];
  return name === undefined ? undefined : localSetting(name, `SET LOCAL ${rest}`);
}

const localSetting = (name: string, text: string): LocalSetting | undefined =>
  unsettable.test(name) ? undefined : { name, text };
