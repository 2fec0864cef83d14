// The option `inDatabase`: each request runs in one transaction that knows who asks, so that the database's own rules decide too.

import { ConfigError, checkBoolean, checkKeys } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import type { Ask, SessionStatements } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { nobody } from "../http/caller.js";
import type { ApiRequest } from "../http/message.js";

export interface InDatabaseOptions {
  /**
   * Does each transaction know the caller's claims? PostgreSQL: `request.jwt.claims`, `request.method` and `request.path` by
   * `current_setting`; MySQL and MariaDB: the user variables `@sapwood_claims` and `@sapwood_role`; SQL Server:
   * `SESSION_CONTEXT(N'sapwood_claims')` and `N'sapwood_role'`; SQLite: the functions `sapwood_claims()` and `sapwood_role()`. The claims are a JSON object. Default false.
   */
  readonly claims?: boolean;
  /** The database's role for each of `roles`, which the transaction runs as. PostgreSQL, whose row level security goes by it. */
  readonly roles?: Readonly<Record<string, string>>;
  /** Do requests that only read run in READ ONLY transactions? PostgreSQL, MySQL and MariaDB. Default false. */
  readonly readOnly?: boolean;
}

/** What a request's transaction begins and ends with. */
export interface SessionVariables {
  readonly told?: SessionStatements;
  readonly readOnly: boolean;
}

const names = ["claims", "roles", "readOnly"];

/** Throws a `ConfigError` for what the database cannot do. */
export function checkInDatabase(
  options: InDatabaseOptions | undefined,
  roles: readonly string[],
  dialect: Dialect,
): void {
  if (options === undefined) return;
  const place = "options.inDatabase";
  checkKeys(options, names, place);
  checkBoolean(options.claims, `${place}.claims`);
  checkBoolean(options.readOnly, `${place}.readOnly`);
  const { setSessionVariables: tell, readOnlyTransactions = false } = dialect;
  const cannot = (name: string, what: string) =>
    new ConfigError(`${place}.${name}`, `${dialect.name} has no ${what}: leave it out.`);
  if (options.claims && tell === undefined) throw cannot("claims", "variables that a transaction could keep claims in");
  if (options.readOnly && !readOnlyTransactions) throw cannot("readOnly", "READ ONLY transactions");
  if (options.roles === undefined) return;
  if (dialect.canSetRole === undefined) throw cannot("roles", "roles that a transaction could take on");
  for (const [role, own] of Object.entries(options.roles)) {
    if (!roles.includes(role))
      throw new ConfigError(`${place}.roles.${role}`, `there is no such role.${didYouMean(role, roles)}`);
    if (typeof own !== "string" || own === "")
      throw new ConfigError(`${place}.roles.${role}`, "is the name of a role of the database.");
  }
  const missing = roles.filter((role) => !Object.hasOwn(options.roles ?? {}, role));
  if (missing.length > 0)
    throw new ConfigError(
      `${place}.roles`,
      `says nothing of ${missing.join(", ")}: whoever has that role would have all that the connection's user may.`,
    );
}

/** Throws a `ConfigError` for roles of the database that its user may not take on. `ask` takes knex's own placeholders. */
export async function checkRolesThere(
  options: InDatabaseOptions | undefined,
  dialect: Dialect,
  ask: Ask,
): Promise<void> {
  for (const [role, own] of Object.entries(options?.roles ?? {})) {
    const rows = await ask(dialect.canSetRole ?? "", [own]).catch(() => []);
    if (rows[0]?.may !== true)
      throw new ConfigError(
        `options.inDatabase.roles.${role}`,
        `the database has no role '${own}' that the connection's user may take on. Try: GRANT "${own}" TO CURRENT_USER.`,
      );
  }
}

/** Nothing where the options ask for none of it. */
export function tellingOf(
  { claims, roles, readOnly = false }: InDatabaseOptions,
  dialect: Dialect,
): ((request: ApiRequest) => SessionVariables) | undefined {
  const tells = claims === true || roles !== undefined;
  if (!tells && !readOnly) return undefined;
  if (!tells) return () => ({ readOnly });
  return ({ caller = nobody, method, path }) => {
    const asked = claims ? { role: caller.role, claims: JSON.stringify(caller.claims), method, path } : undefined;
    return { told: dialect.setSessionVariables?.(asked, roles?.[caller.role]), readOnly };
  };
}
