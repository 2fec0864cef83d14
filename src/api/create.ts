// A database and options → an API: reads the schema, builds the tree, and answers requests until it is closed.

import { checkInDatabase, checkRolesThere, tellingOf } from "../access/session-variables.js";
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
import { proxiesAhead } from "../http/client-address.js";
import { type Limits, limitsOf } from "../http/limits.js";
import type { Idempotency } from "../idempotency/idempotency.js";
import { openIdempotency } from "../idempotency/options.js";
import type { Metrics } from "../observe/metrics.js";
import { createWatch } from "../observe/watch.js";
import { type OpenOutbox, openOutbox } from "../outbox/open.js";
import type { OtherApis } from "../run/other-apis.js";
import type { Snapshot } from "../run/snapshot.js";
import type { Schema } from "../schema/schema.js";
import type { Api } from "./api.js";
import { apiOn } from "./api-on.js";
import { buildSnapshot, readOptionsOf, type Surroundings, schemaFor } from "./build-snapshot.js";
import { type Defining, definingOf } from "./defining.js";
import { emptinessOf, tellEmptiness } from "./emptiness.js";
import type { Journey } from "./follow-schema.js";
import { forewarn } from "./forewarn.js";
import { inStep } from "./in-step.js";
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
    if (options.cache !== undefined && !looks) {
      const { openCache } = await import("../cache/open-cache.js");
      cache = await openCache({ db, database: known, peers }, { ...options, cache: options.cache });
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
