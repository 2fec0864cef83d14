// The option `auth.keys`: programs show a key in a header. Keys are rows of `sapwood_keys`, or stand in the config; as hashes in both.
import { timingSafeEqual } from "node:crypto";
import { claimedRole } from "../access/role-of.js";
import { ConfigError, checkBoolean, checkKeys } from "../base/config-error.js";
import { keyTables } from "../database/making-own-tables.js";
import { Store } from "../database/store.js";
import type { Caller, Claims } from "../http/caller.js";
import type { Identify } from "../http/message.js";
import { badCredentials } from "../http/unauthorized.js";
import { ADMIN_ROLE, checkRole } from "./accounts.js";
import { ensureKept } from "./auth-database.js";
import { KEY_HEADER } from "./credentials.js";
import { keyPages } from "./key-pages.js";
import { callerOfKey, Keys } from "./key-rows.js";
import type { AuthGround, AuthMethod } from "./method.js";
import { hashOf, isSecret } from "./secrets.js";

/** A key that the config itself names. */
export interface ConfigKey {
  readonly name: string;
  /** `sha256:` and the hash in hexadecimal of all of the key: a text that nobody can guess, such as `openssl rand -hex 32` makes. */
  readonly hash: string;
  readonly role: string;
  readonly claims?: Claims;
}

export interface KeyOptions {
  /** The header that holds the key. Default `x-api-key`. */
  readonly header?: string;
  /** Makes the table `sapwood_keys` where it is not there. Default `false`: its absence is an error. */
  readonly create?: boolean;
  /** The role that may list, make and end keys at `/auth/keys`. Default `admin`. */
  readonly adminRole?: string;
}

/** Keys in the database, or only those of the list. */
export type KeysOption = KeyOptions | readonly ConfigKey[];

const place = "options.auth.keys";

/** Throws a `ConfigError` for what cannot be meant. I/O: looks for its table, and makes it where it may. */
export const openKeys = (option: KeysOption, ground: AuthGround): Promise<AuthMethod> =>
  Array.isArray(option) ? openListed(option, ground) : openTable(option as KeyOptions, ground);

async function openTable(options: KeyOptions, ground: AuthGround): Promise<AuthMethod> {
  checkKeys(options, ["header", "create", "adminRole"], place);
  const { header = KEY_HEADER, create, adminRole = ADMIN_ROLE } = options;
  checkBoolean(create, `${place}.create`);
  checkRole(options.adminRole, ground.roles, `${place}.adminRole`);
  if (typeof header !== "string" || !/^[\w!#$%&'*+.^`|~-]+$/.test(header))
    throw new ConfigError(`${place}.header`, `is a header's name, such as x-api-key, not ${JSON.stringify(header)}.`);
  if (!ground.looks) await ensureKept(ground, keyTables, create === true, place);
  const keys = new Keys(new Store(ground.database));
  const { roles, proxies } = ground;
  const method = methodOf(header, ground, (key) => (isSecret("swk", key) ? keys.judge(hashOf(key)) : undefined));
  return { ...method, pages: keyPages(keys, { adminRole, roles, proxies }) };
}

async function openListed(list: readonly ConfigKey[], ground: AuthGround): Promise<AuthMethod> {
  const known = list.map((key, i) => checkConfigKey(key, ground.roles, `${place}[${i}]`));
  return methodOf(KEY_HEADER, ground, (key) => {
    const hash = Buffer.from(hashOf(key), "hex");
    // All of them, whichever it is: how long it takes tells nothing.
    const [found] = known.filter((one) => timingSafeEqual(one.hash, hash));
    return found?.caller;
  });
}

function methodOf(
  name: string,
  { roles }: AuthGround,
  judge: (key: string) => Caller | undefined | Promise<Caller | undefined>,
): AuthMethod {
  const header = name.toLowerCase();
  const identify: Identify = async (request) => {
    const key = request.header(header);
    if (key === undefined) return undefined;
    const caller = await judge(key);
    if (caller === undefined) throw badCredentials("This API key has ended, or never was.");
    // The roles of the config may be others by now.
    return { ...caller, role: claimedRole(caller.claims, "role", roles, "key") };
  };
  const scheme = { type: "apiKey", in: "header", name, description: "A key for programs: swk_ and 43 characters." };
  return { identify, schemes: { apiKey: scheme } };
}

function checkConfigKey(
  key: ConfigKey,
  roles: readonly string[],
  at: string,
): { readonly hash: Buffer; readonly caller: Caller } {
  checkKeys(key, ["name", "hash", "role", "claims"], at);
  const { name, role, claims = {} } = key;
  if (typeof name !== "string" || name === "") throw new ConfigError(`${at}.name`, "says whose key it is.");
  const [, hash] = /^sha256:([\da-f]{64})$/i.exec(String(key.hash)) ?? [];
  // Not what stands there: it may be the key itself.
  if (hash === undefined)
    throw new ConfigError(`${at}.hash`, `is sha256: and 64 hexadecimal digits: printf %s "$KEY" | sha256sum.`);
  if (role === undefined) throw new ConfigError(`${at}.role`, "is the role of those who have the key.");
  checkRole(role, roles, `${at}.role`);
  return { hash: Buffer.from(hash, "hex"), caller: callerOfKey({ sub: `key ${name}`, name, role, claims }) };
}
