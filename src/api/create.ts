// A database and options → an API: reads the schema, builds the tree, and answers requests until it is closed.

import { findingsOf } from "../access/findings.js";
import { grantsAsJson } from "../access/print.js";
import { checkInDatabase, checkRolesThere, tellingOf } from "../access/session-variables.js";
import type { Shown } from "../access/shown.js";
import { type Auth, openAuth } from "../auth/auth.js";
import { keyHeadersOf } from "../auth/credentials.js";
import type { Peers } from "../base/peers.js";
import type { AnswerCache } from "../cache/answer-cache.js";
import { connectionDefaults } from "../database/connection-options.js";
import { askOf, knownDatabase, openDatabase } from "../database/database.js";
import type { GivenDb } from "../database/open-knex.js";
import { openReplicas } from "../database/open-replicas.js";
import { logPooler } from "../database/pooler.js";
import type { ReplicaSet } from "../database/replica-set.js";
import { replicated } from "../database/replicated.js";
import { openNotices } from "../database/schema-notices.js";
import type { OpenDatabase } from "../database/session.js";
import { refuseSystemSchemas } from "../database/system-tables.js";
import { bigNumbersAsStrings } from "../dialect/big-numbers.js";
import { MountedDocs } from "../docs/mounted-docs.js";
import { type Caller, nobody } from "../http/caller.js";
import { proxiesAhead } from "../http/client-address.js";
import { withDeprecation } from "../http/deprecation.js";
import { addressBefore, asForwarded } from "../http/forwarded.js";
import { type Limits, limitsOf } from "../http/limits.js";
import type { ApiRequest } from "../http/message.js";
import { problemsAt } from "../http/problem-address.js";
import { safeHeaders } from "../http/safe-headers.js";
import type { Idempotency } from "../idempotency/idempotency.js";
import { openIdempotency } from "../idempotency/options.js";
import { createHealth } from "../observe/health.js";
import { metadataOf } from "../observe/metadata.js";
import type { Metrics } from "../observe/metrics.js";
import { createWatch } from "../observe/watch.js";
import { type OpenApiOptions, partsOf, toOpenApi } from "../openapi/document.js";
import { type OpenOutbox, openOutbox } from "../outbox/open.js";
import { renamedAt } from "../routes/renamed.js";
import type { RouteTree } from "../routes/tree.js";
import type { OtherApis } from "../run/other-apis.js";
import type { Snapshot } from "../run/snapshot.js";
import type { Schema } from "../schema/schema.js";
import type { Api } from "./api.js";
import { buildSnapshot, readOptionsOf, type Surroundings, schemaFor } from "./build-snapshot.js";
import { type Defining, definingOf } from "./defining.js";
import { emptinessOf, tellEmptiness } from "./emptiness.js";
import { answer, findPath, type Journey } from "./follow-schema.js";
import { forewarn } from "./forewarn.js";
import { inStep } from "./in-step.js";
import { listOfQuery } from "./long-query.js";
import { type ApiOptions, checkOptions } from "./options.js";
import { Positions } from "./positions.js";
import { logRereads, SchemaCache } from "./schema-cache.js";

/**
 * @param db a connection string (`sqlite:path.db`, `postgres://…`, `mysql://…`, `mssql://…`), a knex config or a knex instance.
 * @throws an `Error` of one line when the database cannot be opened or read, or an option is wrong; a `ConfigError` where `db` is
 * `undefined` or empty, as an environment variable may be.
 */
export const createApi = (db: GivenDb, options: ApiOptions = {}): Promise<Api> => openApi(db, options, false, {});

/** An API whose tables can be made and changed; `defining` is left out where they cannot. */
export interface DefiningApi extends Api {
  readonly defining?: Defining;
}

/** What a server has around its APIs. */
export interface Neighbours {
  /** The processes beside this one. */
  readonly peers?: Peers | undefined;
  /** The APIs of its databases, for hooks. */
  readonly apis?: OtherApis;
}

/** The same for who makes tables as well. */
export const createDefiningApi = (
  db: GivenDb,
  options: ApiOptions = {},
  neighbours: Neighbours = {},
): Promise<DefiningApi> => openApi(db, options, false, neighbours);

/** The same for who only looks: nothing is written, neither by opening a file nor for those who will sign in. */
export const createLookingApi = (db: GivenDb, options: ApiOptions = {}): Promise<Api> => openApi(db, options, true, {});

async function openApi(
  db: GivenDb,
  options: ApiOptions,
  looks: boolean,
  { peers, apis = {} }: Neighbours,
): Promise<DefiningApi> {
  checkOptions(options);
  const limits = limitsOf(options);
  const opened = openDatabase(db, options, { looks });
  const notices = options.tables === undefined ? openNotices(opened, options) : undefined;
  let metrics: Metrics | undefined;
  let auth: Auth | undefined;
  let idempotency: Idempotency | undefined;
  let replicas: ReplicaSet | undefined;
  let cache: AnswerCache | undefined;
  let outbox: OpenOutbox | undefined;
  const close = async () => {
    metrics?.close();
    await cache?.close();
    await outbox?.relay.close();
    await idempotency?.close();
    await auth?.close();
    await notices?.close();
    await replicas?.close();
    await opened.close();
  };
  try {
    refuseSystemSchemas(options, opened.dialect);
    // First, as it may make tables of its own.
    const { logger, readOnly = false } = options;
    auth = await openAuth(options, { database: opened, logger, proxies: proxiesAhead(options), readOnly, looks });
    const ground = { database: opened, logger, readOnly, looks };
    idempotency = await openIdempotency(options.idempotency, ground);
    outbox = await openOutbox(options, { ...ground, apis });
    const known = await knownDatabase(opened);
    replicas = looks ? undefined : openReplicas(known, options);
    await replicas?.begin();
    const around = { ...(outbox && { outbox: outbox.of }), apis };
    const build = builderOf(replicas === undefined ? known : replicated(known, replicas), options, limits, around);
    const current = await readCurrent(known, build, options);
    if (options.cache !== undefined) {
      const { openCache } = await import("../cache/open-cache.js");
      cache = openCache(options.cache, options, peers);
      current.onChange(() => void cache?.clear());
    }
    const watched = { database: opened, current, replicas, cache, outbox: outbox?.relay };
    if (options.metrics) metrics = (await loadMetrics()).createMetrics(options.metrics, watched);
    if (options.logger !== undefined) {
      logRereads(current, options.logger);
      forewarn(current, options.logger);
    }
    await notices?.begin(() => void current.check().catch(() => undefined));
    if (options.logger !== undefined) await logPooler(opened, notices, options.logger);
    checkInDatabase(options.inDatabase, Object.keys(options.roles ?? {}), opened.dialect);
    await checkRolesThere(options.inDatabase, opened.dialect, askOf(opened));
    const telling = options.inDatabase && tellingOf(options.inDatabase, opened.dialect);
    const emptiness = await emptinessOf(current.snapshot.tree, opened, options);
    if (!looks) tellEmptiness(emptiness, options);
    if (!looks) await outbox?.relay.start();
    const watch = createWatch(options, metrics);
    const journey: Journey = {
      current,
      refreshByQuery: options.refreshByQuery === true,
      watch,
      ...(auth && { identify: auth.identify }),
      ...(idempotency && { idempotency }),
      ...(telling && { telling }),
      ...(replicas && { positions: new Positions(replicas, credentialsOf(options), options.positionCookie === true) }),
      ...(cache && { cache }),
      answerTimeout: (options.answerTimeout ?? connectionDefaults.answerTimeout) * 1000,
    };
    const refresh = peers === undefined ? () => current.refresh() : inStep(current, peers);
    const own = { refresh, knex: opened.knex, emptiness, isListening: () => notices?.isListening, close };
    const defining = definingOf(known, options, build);
    return Object.assign(apiOn(journey, auth, options, own), defining && { defining });
  } catch (error) {
    await close();
    throw error;
  }
}

/** prom-client is loaded for those who ask for it. */
const loadMetrics = () => import("../observe/metrics.js");

const credentialsOf = ({ auth }: ApiOptions): readonly string[] => ["authorization", ...keyHeadersOf(auth)];

type Build = (schema: Schema) => Snapshot;

function builderOf(known: OpenDatabase, options: ApiOptions, limits: Limits, around: Surroundings): Build {
  const { dialect: plain } = known;
  const database = { ...known, dialect: options.bigNumbers === "string" ? bigNumbersAsStrings(plain) : plain };
  return (schema) => buildSnapshot(schema, database, options, limits, around);
}

/** Reads the schema for the first time. */
async function readCurrent(database: OpenDatabase, build: Build, options: ApiOptions): Promise<SchemaCache> {
  const readDigest = () => database.dialect.schemaDigest(askOf(database), readOptionsOf(options));
  const readsSchema = options.tables === undefined;
  // Asked first: what changes while the schema is read is noticed later.
  const digest = readsSchema ? await readDigest().catch(() => undefined) : undefined;
  const read = async () => build(await schemaFor(database, options));
  return new SchemaCache(await read(), digest, readsSchema ? { read, readDigest } : undefined);
}

function apiOn(
  journey: Journey,
  auth: Auth | undefined,
  options: ApiOptions,
  {
    knex,
    emptiness,
    isListening,
    refresh,
    close,
  }: Pick<Api, "knex" | "emptiness" | "refresh" | "close"> & { isListening(): boolean | undefined },
): Api {
  const { current, positions } = journey;
  const { dialect, limits } = current.snapshot;
  const { bigNumbers, maxOperations } = options;
  const keyed = journey.idempotency !== undefined;
  const about = (said: OpenApiOptions = {}) => ({
    ...{ ...limits, ...auth?.document },
    ...{ bigNumbers, maxOperations, keyed, ...said },
  });
  const openApi = (tree: RouteTree, said?: OpenApiOptions) => toOpenApi(tree, about(said));
  const as = (caller?: Caller): Shown => current.snapshot.roles?.viewFor(caller).access.shown() ?? current.snapshot;
  const treeFor = async (request: ApiRequest) => as(await auth?.identify(request)).tree;
  const docs = new MountedDocs(
    (tree, servers) => partsOf(tree, about({ servers })),
    options.trustProxy ? addressBefore : undefined,
    options.roles && treeFor,
  );
  const safe = safeHeaders(auth !== undefined, keyHeadersOf(options.auth));
  const addressed = problemsAt(options.problemBase);
  const route = (path: string) => current.match(path) ?? listOfQuery(path, (list) => current.match(list));
  const match = (path: string) => auth?.page(path) ?? route(path) ?? docs.find(current.snapshot.tree, path);
  const api: Omit<Api, "health"> = {
    match,
    find: (path, query = "") => findPath(path, query, journey),
    handle: async (request, matched) => {
      const found = matched ?? match(request.path);
      const outside = options.trustProxy ? asForwarded(request) : request;
      if (found?.type === "page") return safe(outside, addressed(await found.page(outside)));
      const response = await answer(outside, found, journey);
      if (response === undefined) return undefined;
      const renamed = renamedAt(request.path, current.snapshot.tree.renamed);
      const told = renamed ? withDeprecation(response, renamed, outside.prefix + renamed.path) : response;
      const shown = addressed(told);
      return safe(outside, positions === undefined ? shown : await positions.told(outside, shown));
    },
    get tree() {
      return current.snapshot.tree;
    },
    get schema() {
      return current.snapshot.schema;
    },
    get schemaState() {
      const listening = isListening();
      return listening === undefined ? current.state : { ...current.state, listening };
    },
    refresh,
    onChange: (listener) => current.onChange(listener),
    openApi: (said) => openApi(current.snapshot.tree, said),
    openApiParts: (said) => partsOf(current.snapshot.tree, about(said)),
    metadata: () => metadataOf(current.snapshot),
    as: (caller) => {
      const { tree, schema } = as(caller);
      const { roles, lookup } = current.snapshot;
      const role = roles?.byName.get((caller ?? nobody).role);
      return {
        tree,
        schema,
        ...(role && { grants: grantsAsJson(role, lookup) }),
        metadata: () => metadataOf({ tree, schema }),
        openApi: (said) => openApi(tree, said),
        openApiParts: (said) => partsOf(tree, about(said)),
      };
    },
    checkRoles: async () => {
      const { roles, lookup } = current.snapshot;
      const rows = await askOf({ knex })(dialect.indexed);
      const indexed = new Set(rows.map(({ table, column }) => JSON.stringify([table, column])));
      const isIndexed = (table: string, column: string) => indexed.has(JSON.stringify([table, column]));
      return findingsOf(options.roles ?? {}, [...(roles?.byName.values() ?? [])], { lookup, isIndexed });
    },
    ...(auth && { identify: auth.identify }),
    close,
    emptiness,
    dialect,
    knex,
    limits,
  };
  return Object.assign(api, { health: createHealth(api, positions?.replicas) });
}
