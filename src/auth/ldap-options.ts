// The option `auth.ldap`: where the directory is, how a name is found in it, and which of its groups are which roles.
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { ConfigError, checkBoolean, checkKeys } from "../base/config-error.js";
import { checkRole, checkSignIn, type SignInOptions, signInKeys } from "./accounts.js";

export interface LdapOptions extends SignInOptions {
  /** `ldaps://dc.example`, or `ldap://dc.example` with `startTls`. */
  readonly url: string;
  /** Encrypts the connection before anything is said on it. */
  readonly startTls?: boolean;
  /** Passwords may cross the network unencrypted. Default `false`: plain `ldap://` is for this machine only. */
  readonly insecure?: boolean;
  readonly tls?: LdapTls;
  /** The name's own entry, where all stand at one place: `uid={username},ou=people,dc=example,dc=org`. This, or `search`. */
  readonly bindDn?: string;
  readonly search?: LdapSearch;
  readonly groups: LdapGroups;
  /** Seconds that the directory has for each answer. Default 5. */
  readonly timeout?: number;
}

export interface LdapTls {
  /** A file of the certificates that are trusted, in PEM. Default: those that node trusts. */
  readonly caFile?: string;
  /** The name in the directory's certificate, where it is not the address's. */
  readonly servername?: string;
}

/** Finds the entry by an account that may look for it; without one anonymously. */
export interface LdapSearch {
  readonly base: string;
  /** Default `(uid={username})`; Active Directory: `(sAMAccountName={username})`. */
  readonly filter?: string;
  readonly bindDn?: string;
  readonly password?: string;
}

export interface LdapGroups {
  /** Groups by their distinguished name, or by what `attribute` says of them, and the role of their members. */
  readonly roles: Readonly<Record<string, string>>;
  /** Where groups are looked for. Without it the person's own entry names them. */
  readonly base?: string;
  /** Which groups there are a person's: `{dn}`, `{username}`. Default `(|(member={dn})(uniqueMember={dn})(memberUid={username}))`. */
  readonly filter?: string;
  /** What names a group. Default `memberOf` of the person's entry; with `base`, `cn` of the group's. */
  readonly attribute?: string;
}

const keys = ["url", "startTls", "insecure", "tls", "bindDn", "search", "groups", "timeout", ...signInKeys];

/** Throws a `ConfigError`. */
export function checkLdap(options: LdapOptions, roles: readonly string[], place: string): void {
  checkKeys(options, keys, place);
  checkSignIn(options, place);
  checkBoolean(options.startTls, `${place}.startTls`);
  checkBoolean(options.insecure, `${place}.insecure`);
  checkUrl(options, `${place}.url`);
  if (options.tls !== undefined) checkKeys(options.tls, ["caFile", "servername"], `${place}.tls`);
  const { timeout = 5 } = options;
  if (!(typeof timeout === "number" && timeout > 0 && timeout <= 60))
    throw new ConfigError(`${place}.timeout`, "is a number of seconds, up to 60.");
  checkFinding(options, place);
  checkGroups(options.groups, roles, `${place}.groups`);
}

function checkUrl({ url, startTls, insecure }: LdapOptions, place: string): void {
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  const { protocol = "", hostname = "", username = "", pathname = "" } = parsed ?? {};
  if (!["ldap:", "ldaps:"].includes(protocol) || hostname === "" || username !== "" || !["", "/"].includes(pathname))
    throw new ConfigError(place, "is ldaps://host, or ldap://host with startTls: true; a port may follow.");
  if (protocol === "ldaps:" && startTls)
    throw new ConfigError(place, "is ldaps://, which is encrypted already: leave startTls out, or say ldap://.");
  if (protocol === "ldaps:" || startTls || insecure || isLoopback(hostname)) return;
  throw new ConfigError(place, "would send passwords unencrypted: say ldaps://, or startTls: true.");
}

const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);

function checkFinding({ bindDn, search }: LdapOptions, place: string): void {
  if ((bindDn === undefined) === (search === undefined))
    throw new ConfigError(place, "says by bindDn where names stand, or by search how they are found: one of the two.");
  // What has no attribute could become the name of a SASL mechanism.
  if (bindDn !== undefined && !(typeof bindDn === "string" && bindDn.includes("={username}")))
    throw new ConfigError(`${place}.bindDn`, "has {username} in it: uid={username},ou=people,dc=example,dc=org.");
  if (search === undefined) return;
  checkKeys(search, ["base", "filter", "bindDn", "password"], `${place}.search`);
  checkText(search.base, `${place}.search.base`, "says where people stand: ou=people,dc=example,dc=org.");
  const { filter = "(uid={username})", bindDn: account, password } = search;
  if (typeof filter !== "string" || !filter.includes("{username}"))
    throw new ConfigError(`${place}.search.filter`, "has {username} in it: (uid={username}).");
  if ((account === undefined) !== (password === undefined) || account === "" || password === "")
    throw new ConfigError(`${place}.search`, "has bindDn and password of the account that searches, or neither.");
  if (account !== undefined && !account.includes("="))
    throw new ConfigError(`${place}.search.bindDn`, "is a distinguished name: cn=reader,dc=example,dc=org.");
}

function checkGroups(groups: LdapGroups, roles: readonly string[], place: string): void {
  checkKeys(groups ?? {}, ["roles", "base", "filter", "attribute"], place);
  const { roles: mapped, base, filter, attribute } = groups ?? {};
  if (typeof mapped !== "object" || mapped === null || Object.keys(mapped).length === 0)
    throw new ConfigError(`${place}.roles`, 'says which groups have which role: { "cn=editors,…": "editor" }.');
  for (const [group, role] of Object.entries(mapped)) checkRole(role ?? "", roles, `${place}.roles['${group}']`);
  if (base !== undefined) checkText(base, `${place}.base`, "says where groups stand: ou=groups,dc=example,dc=org.");
  if (attribute !== undefined) checkText(attribute, `${place}.attribute`, "is an attribute's name: memberOf, cn.");
  if (filter !== undefined && base === undefined)
    throw new ConfigError(`${place}.filter`, "needs base, below which it looks for groups.");
  if (filter !== undefined && !/\{(dn|username)\}/.test(filter))
    throw new ConfigError(`${place}.filter`, "has {dn} or {username} in it: (member={dn}).");
}

function checkText(value: unknown, place: string, message: string): void {
  if (typeof value !== "string" || value === "") throw new ConfigError(place, message);
}

/** What node's TLS takes. Throws a `ConfigError` for a file that cannot be read. */
export function tlsOptionsOf({ tls = {}, url }: LdapOptions, place: string) {
  const host = new URL(url.replace(/^ldaps?:/, "http:")).hostname.replace(/^\[(.*)\]$/, "$1");
  const { caFile, servername = isIP(host) === 0 ? host : undefined } = tls;
  // An address is no server's name (RFC 6066, 3): the certificate is held against `host` then.
  const name = { host, ...(servername !== undefined && { servername }) };
  if (caFile === undefined) return name;
  try {
    return { ...name, ca: readFileSync(caFile) };
  } catch (error) {
    throw new ConfigError(`${place}.tls.caFile`, `cannot read ${caFile} (${(error as NodeJS.ErrnoException).code}).`);
  }
}
