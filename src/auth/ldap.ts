// A directory (LDAP, Active Directory) → who has this name and password there, and which role the person's groups have. I/O.
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { Client, Entry } from "ldapts";
import { claimedRole } from "../access/role-of.js";
import { ConfigError } from "../base/config-error.js";
import { type Logger, quiet } from "../base/logger.js";
import { Semaphore } from "../base/semaphore.js";
import { within } from "../base/timeout.js";
import { HttpError, problem } from "../http/problem.js";
import { TOKEN_LIFETIME } from "./accounts.js";
import { filled, inDn, inFilter, loginName, plainDn } from "./ldap-names.js";
import { checkLdap, type LdapGroups, type LdapOptions, type LdapSearch, tlsOptionsOf } from "./ldap-options.js";
import type { AuthGround } from "./method.js";
import { signInAway } from "./remote.js";
import type { DirectoryUser } from "./sessions.js";
import type { Directory } from "./sign-in.js";

/** Sign-ins at once, each with a connection or two of its own; more wait. */
const gate = new Semaphore(8, 64, () =>
  problem("busy", "Too many are signing in at this moment. Try again in a few seconds.", {
    headers: { "retry-after": "5" },
  }),
);

const MEMBERS = "(|(member={dn})(uniqueMember={dn})(memberUid={username}))";
const MOST_GROUPS = 1000;

/** Result codes that refuse a person's bind (RFC 4511, 4.1.9): no such entry or DN, credentials, a locked or disabled account. */
const refusing = new Set([19, 32, 34, 48, 49, 50, 53]);

interface Ldap {
  readonly options: LdapOptions;
  readonly roles: readonly string[];
  /** A connection of its own, encrypted where it is to be. */
  open(): Promise<Client>;
}

/** Throws a `ConfigError` for what cannot be meant, or where ldapts is missing. The directory itself may be away. */
export async function openLdap(options: LdapOptions, ground: AuthGround, place: string): Promise<Directory> {
  const { roles, logger = quiet } = ground;
  checkLdap(options, roles, place);
  const { Client } = await loadDriver(place);
  const { tokenLifetime = TOKEN_LIFETIME } = options;
  const ldap: Ldap = { options, roles, open: opening(options, tlsOptionsOf(options, place), Client) };
  const judge = (username: string, password: string) => gate.run(() => judged(ldap, username, password, logger));
  return {
    tokenLifetime,
    // Directories lock names themselves: one that is locked here is not tried there.
    judge: async (username, password, locked) => (locked ? undefined : judge(username, password)),
  };
}

async function loadDriver(place: string): Promise<typeof import("ldapts")> {
  try {
    return await import("ldapts");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new ConfigError(place, "needs the package ldapts, which is not installed. Install it: npm install ldapts");
  }
}

function opening({ url, startTls, timeout = 5 }: LdapOptions, tls: ConnectionOptions, Driver: typeof Client) {
  const patience = timeout * 1000;
  return async () => {
    const client = new Driver({
      ...{ url, timeout: patience, connectTimeout: patience },
      ...(url.startsWith("ldaps:") && { tlsOptions: tls }),
      createConnection: once(connect),
      createSecureConnection: once(connectTls),
    });
    try {
      // ldapts writes into what it is given.
      if (startTls) await within(patience, client.startTLS({ ...tls }));
    } catch (error) {
      await leave(client);
      throw error;
    }
    return client;
  };
}

/** ldapts opens a lost connection again by itself: on the new one nobody has signed in, and StartTLS was not said. */
function once<Connect extends typeof connect | typeof connectTls>(connect: Connect): Connect {
  let used = false;
  const first = (...args: unknown[]) => {
    if (used) throw new Error("The directory has closed the connection.");
    used = true;
    return (connect as (...args: unknown[]) => Socket)(...args);
  };
  return first as unknown as Connect;
}

const leave = (client: Client): Promise<void> => client.unbind().catch(() => undefined);

/** Throws 403 for a person without a role, 503 where the directory does not do its part, which is logged. */
async function judged(
  ldap: Ldap,
  username: string,
  password: string,
  logger: Logger,
): Promise<DirectoryUser | undefined> {
  const name = loginName(username);
  // A bind without a password is one as nobody, and succeeds (RFC 4513, 5.1.2).
  if (name === undefined || password === "") return undefined;
  try {
    return ldap.options.search === undefined
      ? await byName(ldap, name, password)
      : await bySearch(ldap, ldap.options.search, name, password);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    logger.error({ problem }, "the directory could not be asked who signs in");
    throw signInAway();
  }
}

/** Everybody's entry stands at one place. */
function byName({ options, roles, open }: Ldap, name: string, password: string): Promise<DirectoryUser | undefined> {
  const { bindDn = "", groups } = options;
  const dn = filled(bindDn, { username: inDn(name) });
  return on(open, async (client) => {
    if (!(await binds(client, dn, password))) return undefined;
    const { searchEntries } = await client.search(dn, { scope: "base", attributes: [ofPerson(groups)] });
    const [entry = { dn }] = searchEntries;
    return personOf(client, entry, name, groups, roles);
  });
}

/** The entry is looked for by an account that may. A name that has none is as much work as a wrong password. */
function bySearch(
  { options: { groups }, roles, open }: Ldap,
  { base, filter = "(uid={username})", bindDn, password: own }: LdapSearch,
  name: string,
  password: string,
): Promise<DirectoryUser | undefined> {
  return on(open, async (reader) => {
    if (bindDn !== undefined) await reader.bind(bindDn, own);
    const entries = await entriesOf(reader, base, filled(filter, { username: inFilter(name) }), ofPerson(groups), 2);
    const [entry] = entries.length === 1 ? entries : [];
    const right = await on(open, (client) => binds(client, entry?.dn ?? `cn=nobody,${base}`, password));
    return right && entry !== undefined ? personOf(reader, entry, name, groups, roles) : undefined;
  });
}

async function on<T>(open: () => Promise<Client>, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await open();
  try {
    return await work(client);
  } finally {
    await leave(client);
  }
}

async function binds(client: Client, dn: string, password: string): Promise<boolean> {
  try {
    await client.bind(dn, password);
    return true;
  } catch (error) {
    if (refusing.has(codeOf(error))) return false;
    throw error;
  }
}

const codeOf = (error: unknown): number => Number((error as { code?: unknown }).code);

/** What of the person's own entry names groups. */
const ofPerson = ({ base, attribute = "memberOf" }: LdapGroups): string => (base === undefined ? attribute : "1.1");

async function personOf(
  client: Client,
  entry: Entry,
  username: string,
  groups: LdapGroups,
  roles: readonly string[],
): Promise<DirectoryUser> {
  const names = new Set((await groupsOf(client, entry, username, groups)).map(plainDn));
  const mapped = Object.entries(groups.roles).filter(([group]) => names.has(plainDn(group)));
  const role = claimedRole({ role: mapped.map(([, role]) => role) }, "role", roles, "account");
  return { username, role, claims: { sub: plainDn(entry.dn), groups: mapped.map(([group]) => group) } };
}

async function groupsOf(client: Client, entry: Entry, username: string, groups: LdapGroups): Promise<string[]> {
  const { base, filter = MEMBERS, attribute = base === undefined ? "memberOf" : "cn" } = groups;
  if (base === undefined) return textsOf(entry, attribute);
  const asked = filled(filter, { dn: inFilter(entry.dn), username: inFilter(username) });
  const found = await entriesOf(client, base, asked, attribute, MOST_GROUPS);
  return found.flatMap((group) => [group.dn, ...textsOf(group, attribute)]);
}

async function entriesOf(
  client: Client,
  base: string,
  filter: string,
  attribute: string,
  sizeLimit: number,
): Promise<readonly Entry[]> {
  const { searchEntries } = await client.search(base, { scope: "sub", filter, attributes: [attribute], sizeLimit });
  return searchEntries;
}

/** Servers spell attributes as they like. */
function textsOf(entry: Entry, attribute: string): string[] {
  const found = Object.entries(entry).find(([name]) => name.toLowerCase() === attribute.toLowerCase());
  return [found?.[1] ?? []].flat().flatMap((value) => (typeof value === "string" ? [value] : []));
}
