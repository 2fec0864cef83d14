// The options `auth` and `user` → who asks. Each method knows its own kind of credentials, and no request may carry two kinds.

import type { RolesOptions } from "../access/roles.js";
import type { InDatabaseOptions } from "../access/session-variables.js";
import { ConfigError, checkKeys } from "../base/config-error.js";
import type { ConnectionOptions } from "../database/connection-options.js";
import type { GivenDb } from "../database/open-knex.js";
import type { OpenDatabase } from "../database/session.js";
import { ANONYMOUS, type Caller } from "../http/caller.js";
import type { ApiRequest, Identify } from "../http/message.js";
import type { PageMatch } from "../http/page.js";
import { badCredentials } from "../http/unauthorized.js";
import { authDbOf, openAuthDatabase } from "./auth-database.js";
import { carried, keyHeadersOf } from "./credentials.js";
import { identifyByHost } from "./host-user.js";
import { type JwtOptions, openJwt } from "./jwt.js";
import { type KeysOption, openKeys } from "./keys.js";
import type { AuthGround, AuthMethod } from "./method.js";
import { pagesOf } from "./mounted-pages.js";
import { type OidcOptions, openOidc } from "./oidc.js";
import { openSignIn, type SignInMethods } from "./open-sign-in.js";

/** Another method is a line here, one in `methodNames` and one in `openMethods`. */
export interface AuthOptions extends SignInMethods {
  /** Tokens that another program signs. */
  readonly jwt?: JwtOptions;
  /** Tokens of an OpenID Connect provider. */
  readonly oidc?: OidcOptions;
  /** Keys of programs, in a header. */
  readonly keys?: KeysOption;
  /**
   * Where accounts, tokens and keys are kept, so that several APIs have the same: a connection string, a knex config or a knex
   * instance; in a server also the name of one of its databases. Default: in the API's own database.
   */
  readonly db?: GivenDb;
}

const methodNames: readonly (keyof AuthOptions)[] = ["jwt", "oidc", "accounts", "ldap", "keys"];

type Opening = Promise<AuthMethod> | undefined;

const openMethods = ({ jwt, oidc, accounts, ldap, keys }: AuthOptions, ground: AuthGround): readonly Opening[] => [
  jwt && openJwt(jwt, ground, oidc?.issuer),
  oidc && openOidc(oidc, ground, jwt === undefined),
  (accounts ?? ldap) && openSignIn({ accounts, ldap }, ground),
  keys && openKeys(keys, ground),
];

export interface WhoOptions {
  /** How callers say who they are: tokens, keys, accounts. Needs `roles`. Default: nobody needs to. */
  readonly auth?: AuthOptions;
  /**
   * The host's own authentication: answers what it knows of who asks as an object, the `role` among it, or nothing for nobody.
   * `raw` is the framework's own: Koa's context, Express' or Fastify's request. Needs `roles`.
   */
  user?(raw: unknown, request: ApiRequest): unknown;
  /** Who may do what. Where it is said, what is not granted is denied; left out, everyone may do everything. */
  readonly roles?: RolesOptions;
  /** What the database is told of who asks, so that its own rules decide too. Default: nothing. */
  readonly inDatabase?: InDatabaseOptions;
}

export interface Auth {
  readonly identify: Identify;
  /** What the OpenAPI document says of it. */
  readonly document: {
    /** OpenAPI's own, by their names. */
    readonly securitySchemes: AuthMethod["schemes"];
    /** May requests come without credentials as well? */
    readonly anonymous: boolean;
  };
  /** The page at a path, if there is one. */
  page(path: string): PageMatch | undefined;
  close(): Promise<void>;
}

/** Throws a `ConfigError` for what cannot be meant. */
export function checkAuth({ auth, user, roles }: WhoOptions): void {
  if (user !== undefined && typeof user !== "function")
    throw new ConfigError("options.user", "is a function that answers who asks: (context) => context.state.user.");
  if (auth !== undefined) checkKeys(auth, [...methodNames, "db"], "options.auth");
  if (auth !== undefined && !methodNames.some((name) => auth[name]))
    throw new ConfigError("options.auth", `names no way to sign in. There are ${methodNames.join(", ")}.`);
  authDbOf(auth);
  if ((auth !== undefined || user !== undefined) && roles === undefined)
    throw new ConfigError("options.roles", 'is missing, so nothing is granted to anyone. Try { member: "*" }.');
}

/** What an API has around who asks. `shared` is the open database of `auth.db`, where others have it too: who opened it closes it. */
export interface AuthSurroundings extends Omit<AuthGround, "roles" | "elsewhere"> {
  readonly shared?: OpenDatabase | undefined;
}

/** Nothing, where the options ask for neither. */
export async function openAuth(
  options: WhoOptions & ConnectionOptions,
  { shared, ...around }: AuthSurroundings,
): Promise<Auth | undefined> {
  const { auth, user, roles: granted = {} } = options;
  if (auth === undefined && user === undefined) return undefined;
  const roles = Object.keys(granted);
  const elsewhere = authDbOf(auth);
  const own = elsewhere === undefined || shared !== undefined ? undefined : openAuthDatabase(elsewhere, options);
  const database = shared ?? own;
  const ground = { ...around, roles, ...(database && { database, elsewhere, readOnly: false }) };
  const methods = await allOpen(openMethods(auth ?? {}, ground)).catch(async (error) => {
    await own?.close();
    throw error;
  });
  const byHost = user && identifyByHost((raw, request) => user(raw, request), roles);
  const identify = identifyBy(methods, byHost, keyHeadersOf(auth));
  return {
    identify,
    document: {
      securitySchemes: Object.assign({}, ...methods.map(({ schemes }) => schemes)),
      anonymous: methods.length > 0 && roles.includes(ANONYMOUS),
    },
    page: pagesOf(Object.assign({}, ...methods.map(({ pages }) => pages)), identify),
    close: async () => {
      await closeAll(methods);
      await own?.close();
    },
  };
}

/** All of them or none. */
async function allOpen(opening: readonly Opening[]): Promise<readonly AuthMethod[]> {
  const opened = await Promise.allSettled(opening);
  const methods = opened.flatMap((result) => (result.status === "fulfilled" && result.value ? [result.value] : []));
  const failed = opened.find((result) => result.status === "rejected");
  if (failed === undefined) return methods;
  await closeAll(methods);
  throw failed.reason;
}

const closeAll = async (methods: readonly AuthMethod[]): Promise<void> => {
  await Promise.all(methods.map((method) => method.close?.()));
};

/** Where only the host says who asks, the headers are its own affair. */
function identifyBy(
  methods: readonly AuthMethod[],
  byHost: Identify | undefined,
  keyHeaders: readonly string[],
): Identify {
  if (methods.length === 0 && byHost !== undefined) return byHost;
  const all: readonly Identify[] = [
    ...(byHost ? [byHost] : []),
    ...methods.map(
      (method): Identify =>
        (request) =>
          method.identify(request),
    ),
  ];
  const unknown = `Credentials of this kind are not taken here: send ${waysIn(methods)}.`;
  return async (request) => {
    const sent = carried(request, keyHeaders);
    if (sent > 1) throw twice();
    const callers: Caller[] = [];
    for (const identify of all) {
      const caller = await identify(request);
      if (caller !== undefined) callers.push(caller);
    }
    if (callers.length > 1) throw twice();
    if (callers.length === 0 && sent > 0) throw badCredentials(unknown);
    return callers[0];
  };
}

/** The headers that the methods' schemes are about. */
function waysIn(methods: readonly AuthMethod[]): string {
  const schemes = methods.flatMap(({ schemes }) => Object.values(schemes));
  const ways = schemes.map(({ type, name }) =>
    type === "apiKey" ? `${String(name).toLowerCase()}: <key>` : "Authorization: Bearer <token>",
  );
  return [...new Set(ways)].join(" or ");
}

const twice = () => badCredentials("The request says twice who asks: send one kind of credentials only.");
