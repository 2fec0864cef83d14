// A database and options → an API: reads the schema, builds the tree, and answers requests until it is closed.
import type { Knex } from "knex";
import { type Auth, checkAuth, openAuth, type WhoOptions, whoNames } from "../auth/auth.js";
import { type Caller, type Identify, nobody } from "../auth/caller.js";
import { type Finding, findingsOf } from "../auth/findings.js";
import { checkInDatabase, checkRolesThere, tellingOf } from "../auth/in-database.js";
import { type GrantAsJson, grantsAsJson } from "../auth/print.js";
import type { Shown } from "../auth/shown.js";
import { bigNumbers, bigNumbersAsStrings } from "../dialect/big-numbers.js";
import type { Dialect } from "../dialect/dialect.js";
import { type FoundPage, MountedDocs } from "../docs/mounted-docs.js";
import { createHealth, type Health } from "../observe/health.js";
import { logRereads } from "../observe/log.js";
import { type Metadata, metadataOf } from "../observe/metadata.js";
import type { Metrics } from "../observe/metrics.js";
import { checkWatch, createWatch, type WatchOptions, watchNames } from "../observe/watch.js";
import { type OpenApiDocument, type OpenApiOptions, toOpenApi } from "../openapi/document.js";
import type { BuildOptions } from "../routes/build.js";
import type { Matched } from "../routes/match.js";
import type { RouteTree } from "../routes/tree.js";
import { checkBoolean, checkSeconds, checkWord } from "../schema/check.js";
import { checkKeys, type TableEntry } from "../schema/config.js";
import type { Schema } from "../schema/schema.js";
import type { VisibleOptions } from "../schema/visible.js";
import { buildWorld, schemaFor } from "./build-world.js";
import { checkProxies, type ProxyOptions, proxiesAhead } from "./client-address.js";
import { type ConnectionOptions, connectionOptionNames } from "./connections.js";
import { Current, type Refreshed, type SchemaState } from "./current.js";
import { askOf, type Database, knownDatabase, openDatabase } from "./database.js";
import { answer, findPath, type Journey } from "./drift.js";
import { addressBefore, asForwarded } from "./forwarded.js";
import type { Hooks } from "./hooks.js";
import { type Limits, limitOptions, limitsOf } from "./limits.js";
import type { ApiRequest, ApiResponse } from "./message.js";
import { type NoticeOptions, openNotices } from "./notice.js";
import { safeHeaders } from "./safe-headers.js";
import { refuseSystemSchemas } from "./system-tables.js";

export interface ApiOptions
  extends BuildOptions,
    VisibleOptions,
    ConnectionOptions,
    NoticeOptions,
    WatchOptions,
    WhoOptions,
    ProxyOptions,
    Partial<Limits> {
  /** Database schema(s) to expose, on databases that have them. Default: the connection's own. */
  readonly schema?: string | readonly string[];
  /** The whole schema by hand: the database is not asked for its own. */
  readonly tables?: readonly TableOptions[];
  /** Table entries laid over what was read. */
  readonly overrides?: readonly TableOptions[];
  /** May a cell of CSV begin as a formula does? `false` puts a `'` before one that does. Default `true`. */
  readonly csvFormulas?: boolean;
  /**
   * How decimals and 64-bit integers are shown: as JSON numbers with all their digits, or as strings for clients that would
   * round them. Both are taken either way. Default `number`.
   */
  readonly bigNumbers?: (typeof bigNumbers)[number];
  /**
   * Does `?refresh=true` on any request read the schema again first? For development: whoever can ask can then keep the database
   * busy. Default `false`, and `refresh` is a column like any other.
   */
  readonly refreshByQuery?: boolean;
  /** Hooks for all tables; those of single tables stand in their entries. */
  readonly hooks?: Hooks;
}

/** A table entry and the table's hooks. */
export interface TableOptions extends TableEntry, Hooks {}

/** An API as somebody may see it. */
export interface ShownApi extends Shown, Pick<Api, "metadata" | "openApi"> {
  /** What the caller's role may do with each table; left out where there are no roles. */
  readonly grants?: readonly GrantAsJson[];
}

export interface Api {
  /**
   * The place a path leads to, for hosts that want to know before they hand a request over. It belongs to the tree of this
   * moment, and a request that is handled with it runs there, whatever was read meanwhile.
   */
  match(path: string): Matched | undefined;
  /** The same for a path that `match` does not know: asks the database, now and then, whether it has more than was read. */
  find(path: string, query?: string): Promise<Matched | undefined>;
  /** Answers a request; `undefined` when no route has its path, so that the host may pass it on. */
  handle(request: ApiRequest, matched?: Matched): Promise<ApiResponse | undefined>;
  /** The route tree in use: another one after the schema has changed. It never changes itself, so that what is made of it can be kept by it. */
  readonly tree: RouteTree;
  /** The schema in use, in the same way. */
  readonly schema: Schema;
  /** When it was read, its digest, and why the last re-read failed, if it did. */
  readonly schemaState: SchemaState;
  /**
   * Reads the schema again, and takes it up where it has changed; requests in flight finish in the one before. Rejects where it
   * cannot be read, or the options name what is gone: then the one before stays, and `schemaState.problem` says why. With
   * `tables` there is nothing to read: it answers `source: "config"`.
   */
  refresh(): Promise<Refreshed>;
  /** Calls `listener` whenever another schema was taken up, or a re-read has failed. Answers a function that ends it. */
  onChange(listener: (state: SchemaState) => void): () => void;
  readonly dialect: Dialect;
  readonly knex: Knex;
  readonly limits: Limits;
  /** Is the database there, which is it, and what was read of it when? Costs one tiny statement; never rejects. */
  health(): Promise<Health>;
  /** Tables, columns, keys, relations and their evidence, as plain data; the same object as long as the tree is. */
  metadata(): Metadata;
  /** The OpenAPI document of the tree in use. */
  openApi(said?: OpenApiOptions): OpenApiDocument;
  /** The same for a caller: with `roles`, cut to what theirs may use. Left out, it is for those who say nothing of themselves. */
  as(caller?: Caller): ShownApi;
  /** Grants of `roles` that look like mistakes. Asks the database which columns have an index. */
  checkRoles(): Promise<readonly Finding[]>;
  /** Who sent a request; left out where nobody signs in. Throws an `HttpError` for credentials that are not valid, or name no role. */
  readonly identify?: Identify;
  /** Ends the connections that were opened here. A knex instance that was handed in stays open. */
  close(): Promise<void>;
}

/**
 * @param db a connection string (`sqlite:path.db`, `postgres://…`, `mysql://…`, `mssql://…`), a knex config or a knex instance.
 * @throws an `Error` of one line when the database cannot be opened or read, or an option is wrong.
 */
export async function createApi(db: string | Knex | Knex.Config, options: ApiOptions = {}): Promise<Api> {
  checkKeys(options, optionNames, "options");
  checkBoolean(options.csvFormulas, "options.csvFormulas");
  checkBoolean(options.refreshByQuery, "options.refreshByQuery");
  checkBoolean(options.listenForChanges, "options.listenForChanges");
  checkSeconds(options.schemaPoll, "options.schemaPoll");
  checkProxies(options);
  checkWord(options.bigNumbers, bigNumbers, "options.bigNumbers");
  checkBoolean(options.serverTiming, "options.serverTiming");
  checkWatch(options);
  checkAuth(options);
  const limits = limitsOf(options);
  const opened = openDatabase(db, options);
  const notices = options.tables === undefined ? openNotices(opened, options) : undefined;
  let metrics: Metrics | undefined;
  let auth: Auth | undefined;
  const close = async () => {
    metrics?.close();
    await auth?.close();
    await notices?.close();
    await opened.close();
  };
  try {
    refuseSystemSchemas(options, opened.dialect);
    // First, as it may make tables of its own.
    const { logger, readOnly = false } = options;
    auth = await openAuth(options, { database: opened, logger, proxies: proxiesAhead(options), readOnly });
    const current = await readCurrent(opened, options, limits);
    if (options.metrics) metrics = (await loadMetrics()).createMetrics(options.metrics, opened.knex, current);
    if (options.logger !== undefined) logRereads(current, options.logger);
    await notices?.begin(() => void current.check().catch(() => undefined));
    checkInDatabase(options.inDatabase, Object.keys(options.roles ?? {}), opened.dialect);
    await checkRolesThere(options.inDatabase, opened.dialect, askOf(opened));
    const telling = options.inDatabase && tellingOf(options.inDatabase, opened.dialect);
    const watch = createWatch(options, metrics);
    const journey = {
      current,
      refreshByQuery: options.refreshByQuery === true,
      watch,
      identify: auth?.identify,
      telling,
    };
    return apiOn(journey, auth, options, () => notices?.isListening, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** prom-client is loaded for those who ask for it. */
const loadMetrics = () => import("../observe/metrics.js");

/** Reads the schema for the first time. */
async function readCurrent(opened: Database, options: ApiOptions, limits: Limits): Promise<Current> {
  const readDigest = () => opened.dialect.schemaDigest(askOf(opened), options);
  const readsSchema = options.tables === undefined;
  // Asked first: what changes while the schema is read is noticed later.
  const digest = readsSchema ? await readDigest().catch(() => undefined) : undefined;
  const schema = await schemaFor(opened, options);
  const known = await knownDatabase(opened);
  const { dialect: plain } = known;
  const database = { ...known, dialect: options.bigNumbers === "string" ? bigNumbersAsStrings(plain) : plain };
  const build = (schema: Schema) => buildWorld(schema, database, options, limits);
  const read = async () => build(await schemaFor(database, options));
  return new Current(build(schema), digest, readsSchema ? { read, readDigest } : undefined);
}

function apiOn(
  journey: Journey,
  auth: Auth | undefined,
  options: ApiOptions,
  isListening: () => boolean | undefined,
  close: () => Promise<void>,
): Api {
  const { current } = journey;
  const { database, limits } = current.world;
  const { dialect, knex } = database;
  const openApi = (tree: RouteTree, said: OpenApiOptions = {}) =>
    toOpenApi(tree, { ...limits, ...auth?.document, bigNumbers: options.bigNumbers, ...said });
  const as = (caller?: Caller): Shown => current.world.admit?.(caller).admission?.shown() ?? current.world;
  const treeFor = async (request: ApiRequest) => as(await auth?.identify(request)).tree;
  const docs = new MountedDocs(
    (tree) => openApi(tree),
    options.trustProxy ? addressBefore : undefined,
    options.roles && treeFor,
  );
  const safe = safeHeaders(auth !== undefined);
  const match = (path: string) => auth?.page(path) ?? current.match(path) ?? docs.find(current.world.tree, path);
  const api: Omit<Api, "health"> = {
    match,
    find: (path, query = "") => findPath(path, query, journey),
    handle: async (request, matched) => {
      const found = matched ?? match(request.path);
      const outside = options.trustProxy ? asForwarded(request) : request;
      const response = await (isPage(found) ? found.page(outside) : answer(outside, found, journey));
      return response && safe(outside, response);
    },
    get tree() {
      return current.world.tree;
    },
    get schema() {
      return current.world.schema;
    },
    get schemaState() {
      const listening = isListening();
      return listening === undefined ? current.state : { ...current.state, listening };
    },
    refresh: () => current.refresh(),
    onChange: (listener) => current.onChange(listener),
    openApi: (said) => openApi(current.world.tree, said),
    metadata: () => metadataOf(current.world),
    as: (caller) => {
      const { tree, schema } = as(caller);
      const { roles, lookup } = current.world;
      const role = roles?.get((caller ?? nobody).role);
      return {
        tree,
        schema,
        ...(role && { grants: grantsAsJson(role, lookup) }),
        metadata: () => metadataOf({ tree, schema }),
        openApi: (said) => openApi(tree, said),
      };
    },
    checkRoles: async () => {
      const { roles = new Map(), lookup } = current.world;
      const rows = await askOf(database)(dialect.indexed);
      const indexed = new Set(rows.map(({ table, column }) => JSON.stringify([table, column])));
      const isIndexed = (table: string, column: string) => indexed.has(JSON.stringify([table, column]));
      return findingsOf(options.roles ?? {}, [...roles.values()], { lookup, isIndexed });
    },
    ...(auth && { identify: auth.identify }),
    close,
    dialect,
    knex,
    limits,
  };
  return Object.assign(api, { health: createHealth(api) });
}

const isPage = (found: Matched | undefined): found is FoundPage => found !== undefined && "page" in found;

export const optionNames: readonly string[] = [
  "schema",
  "tables",
  "overrides",
  "include",
  "exclude",
  "tableNamePlural",
  "resourcePathPlural",
  "resourceCase",
  "inflections",
  "classifyBy",
  "depth",
  "batch",
  "docs",
  "csvFormulas",
  "bigNumbers",
  "trustProxy",
  "proxies",
  "hooks",
  ...connectionOptionNames,
  "refreshByQuery",
  "listenForChanges",
  "schemaPoll",
  ...watchNames,
  ...whoNames,
  ...Object.keys(limitOptions),
];

/** What of a server's settings is the API's affair. */
export const apiOptions = (settings: ApiOptions): ApiOptions =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => optionNames.includes(name)));
