// The API on node's own server, as `sapwood serve` runs it.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { type ApiOptions, apiOptions } from "../api/options.js";
import { keyHeadersOf } from "../auth/credentials.js";
import type { Logger } from "../base/logger.js";
import { checkProblemBase, problemsAt } from "../http/problem-address.js";
import type { McpMode } from "../mcp/modes.js";
import { loadSdk } from "../mcp/sdk.js";
import { checkDocs, exploreBeside } from "../routes/docs-place.js";
import type { DocsPlace } from "../routes/tree.js";
import { type CacheSettings, cacheOf } from "./cache-settings.js";
import { adminRolesDefault } from "./callers.js";
import { createCompression } from "./compress.js";
import { type CorsSettings, createCors } from "./cross-origin.js";
import { rejectCrossSite } from "./cross-site.js";
import { type ExposureSettings, isGuarded, refuseExposure } from "./exposure.js";
import { createListener, type TimeLimits, timeLimits, type Wrapper } from "./listener.js";
import { type Db, isNamedDatabases, type Mount, type NamedDatabases, settingsOfEach, switchedOn } from "./mount.js";
import { openMounts } from "./open-mounts.js";
import type { DocumentSettings, Site } from "./page.js";
import type { Limiting } from "./rate-limit.js";
import { type Counting, counts, type RateSettings } from "./rate-settings.js";
import { type SecuritySettings, securityHeaders } from "./security-headers.js";
import { bodyLimitOf, createSite } from "./site.js";
import { readTls, setTls, type TlsSettings } from "./tls.js";
import { authOf, isOneAuth, type TokenSettings, withAuthDb } from "./token-settings.js";
import type { CommonHeaders } from "./translate.js";
import { type WatchSettings, watchingOf } from "./watching.js";
import { shareOf, type Team } from "./workers/team.js";

/** Seconds for a statement where the database has no limit of its own. */
const STATEMENT_TIMEOUT = 30;

/** What holds where nobody says anything. */
export const serverDefaults = {
  host: "127.0.0.1",
  port: 3000,
  prefix: "/api",
  connectTimeout: 10,
  stopDelay: 0,
} as const;

export interface ServeSettings
  extends Omit<ApiOptions, "metrics">,
    DocumentSettings,
    CacheSettings,
    CorsSettings,
    ExposureSettings,
    RateSettings,
    SecuritySettings,
    TlsSettings,
    TimeLimits,
    TokenSettings,
    WatchSettings {
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Where the resources are: `/api` when left out, `/` for the top. Of several databases each is below it by its name. */
  readonly prefix?: string;
  /** Seconds that each database has at start. Default 10. */
  readonly connectTimeout?: number;
  /** Seconds from being told to stop until no new connection is taken; `/health/ready` is 503 meanwhile. Default 0: at once. */
  readonly stopDelay?: number;
  /** Roles that may see `/metrics`, `/metadata` and all of `/health`, and refresh, where callers sign in. Default `["admin"]`. */
  readonly adminRoles?: readonly string[];
  /** Are there pages that make, change and drop tables, databases and users, for `adminRoles`: `/schema`? Default false. */
  readonly schemaRoutes?: boolean;
  /** `sapwood serve` alone: how many processes share the port; `max` is one for each core. Default: one process, and none beside it. */
  readonly workers?: number | "max";
  /** What agents may do at `/mcp`, by the Model Context Protocol (package @modelcontextprotocol/sdk). Default `off`. */
  readonly mcp?: McpMode;
  /** Smaller answers for clients that take them. A proxy in front may do it as well. Default false. */
  readonly compression?: boolean;
}

export interface RunningServer {
  readonly url: string;
  /** Where the resources are: `url` and the prefix. */
  readonly api: string;
  readonly port: number;
  /** Where the documentation is; left out where there is none. */
  readonly docs?: string;
  /** Where the page to look around in is, in the same way. */
  readonly explore?: string;
  readonly mounts: readonly Mount[];
  /** Where `auth.db` has accounts, tokens and keys kept, without passwords: connection strings, and names of databases. */
  readonly authDbs: readonly string[];
  /** Does each of its databases ask who its callers are? */
  readonly guarded: boolean;
  /** Ends the requests in flight, then closes the server and the databases. */
  close(): Promise<void>;
  /** The same at once, without a word to load balancers: another worker has taken its place. */
  retire(): Promise<void>;
  /** Reads key and certificate again, where there are any: new connections get them. */
  renewTls(): void;
}

/** Reads the schemas, then listens. Rejects with the database's or the network's own error. */
export const serve = (db: Db | NamedDatabases, settings: ServeSettings = {}): Promise<RunningServer> =>
  open(db, settings);

/** The same as one of several workers. */
export async function serveTogether(
  db: Db | NamedDatabases,
  settings: ServeSettings,
  team: Team,
): Promise<RunningServer> {
  return open(...shareOf(db, { ...timeLimits, ...settings }, team.count), team);
}

async function open(given: Db | NamedDatabases, settings: ServeSettings, team?: Team): Promise<RunningServer> {
  const { db: named, off } = switchedOn(given);
  const { host, port, prefix: path, connectTimeout, stopDelay } = { ...serverDefaults, ...settings };
  const { title, apiVersion, server: addresses } = settings;
  const document = { title, apiVersion, server: addresses };
  const auth = authOf(settings);
  const db = withAuthDb(named, { ...settings, auth });
  const guarded = isGuarded(db, { ...settings, auth });
  await refuseExposure(host, guarded, settings);
  const tls = readTls(settings);
  const headers = securityHeaders(settings, tls !== undefined);
  const keyHeaders = [...new Set(settingsOfEach(db, { auth }).flatMap(({ auth }) => keyHeadersOf(auth)))];
  const watching = await watchingOf(settings, keyHeaders, team?.number);
  const around = [watching.around, ...aroundOf(settings, headers)];
  const prefix = toPrefix(path);
  const { trustProxy } = settings;
  checkDocs(settings.docs, "docs");
  const cache = cacheOf(settings);
  const cached = cache && { cache };
  if (settings.problemBase !== undefined) checkProblemBase(settings.problemBase, "problemBase");
  const { problemBase, ...all } = apiOptions({
    defaultStatementTimeout: STATEMENT_TIMEOUT,
    ...settings,
    ...watching.options,
    auth,
    ...cached,
  });
  // Of several databases each has its own pages, below its name. Problems are addressed for all of the server.
  const options = isNamedDatabases(db) ? all : { ...all, docs: false };
  const {
    mounts,
    authDbs,
    close: closeMounts,
  } = await openMounts(db, {
    ...{ prefix, options, patience: connectTimeout * 1000, peers: team?.peers },
  });
  for (const db of authDbs) watching.options.logger.info({ db }, "accounts, tokens and keys are kept there");
  const docs = docsOf(settings, prefix, mounts);
  const { adminRoles = adminRolesDefault, schemaRoutes = false } = settings;
  let isStopping = false;
  const about = {
    prefix,
    mounts,
    off,
    oneAuth: isOneAuth(db, auth),
    document,
    docs,
    trustProxy,
    adminRoles,
    schemaRoutes,
    keyHeaders,
    registry: watching.registry,
    peers: team?.peers,
  };
  const { mcp = "off" } = settings;
  // What is not installed is said at the start.
  if (mcp !== "off") await loadSdk();
  const site: Site = { ...about, mcp, logger: watching.options.logger, isStopping: () => isStopping };
  let limiting: Limiting | undefined;
  const end = async () => {
    limiting?.close();
    await closeMounts();
  };
  try {
    const listening = { ...timeLimits, ...settings, bodyLimit: bodyLimitOf(site), tls, headers, around };
    limiting = await limitingOf({ ...settings, guarded, keyHeaders }, watching.options.logger, team);
    const inside = createSite(site);
    const kept = { ...settings, host, anyName: guarded || settings.open === true };
    const answer = rejectCrossSite(limiting?.around(inside) ?? inside, kept);
    const addressed = problemsAt(problemBase);
    const { server, stop } = createListener(async (req) => addressed(await answer(req)), listening);
    await listen(server, host, port);
    const { port: taken } = server.address() as AddressInfo;
    const url = `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${taken}`;
    const retire = async () => {
      await stop();
      await end();
    };
    const close = async () => {
      isStopping = true;
      if (stopDelay > 0) await setTimeout(stopDelay * 1000);
      await retire();
    };
    const renewTls = () => setTls(server, readTls(settings));
    const where = { url, api: url + prefix, port: taken, guarded, mounts, authDbs, ...(docs && pagesAt(url, docs)) };
    return { ...where, close, retire, renewTls };
  } catch (error) {
    await end();
    throw error;
  }
}

const pagesAt = (url: string, { page, explore }: DocsPlace) => ({ docs: url + page, explore: url + explore });

/** The library that counts is loaded for those who count. */
async function limitingOf(settings: Counting, logger: Logger, team?: Team): Promise<Limiting | undefined> {
  if (!counts(settings)) return undefined;
  const { createLimiting } = await import("./rate-limit.js");
  return createLimiting(settings, logger, team);
}

/** What sees each request before the site does; nothing, where nothing is asked for. */
function aroundOf(settings: ServeSettings, headers: CommonHeaders): readonly Wrapper[] {
  const cors = createCors(settings, headers);
  return [...(cors ? [cors] : []), ...(settings.compression ? [createCompression()] : [])];
}

/** `--docs /reference` is at the server's top too. Where resources are there as well, a table that is called `explore` keeps its path. */
function docsOf({ docs = true }: ServeSettings, prefix: string, [only]: readonly Mount[]): DocsPlace | undefined {
  if (docs === false) return undefined;
  const page = docs === true ? "/docs" : docs;
  const taken = new Set(prefix === "" && only !== undefined ? Object.keys(only.api.tree.root.literals) : []);
  return { page, document: "/openapi.json", explore: exploreBeside(page, taken) };
}

/** `api`, `/api` and `/api/` are all `/api`; `/` is the top. Throws for what cannot stand in a path. */
export function toPrefix(text: string): string {
  const prefix = `/${text}`.replace(/^\/+/, "/").replace(/\/+$/, "");
  if (/[?#\s]/.test(prefix)) throw new Error(`The prefix must be a path such as /api, not '${text}'.`);
  return new URL(`http://localhost${prefix}`).pathname.replace(/\/+$/, "");
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
