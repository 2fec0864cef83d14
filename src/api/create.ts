// A database and options → an API: reads the schema, builds the tree, and answers requests until it is closed.

import { checkInDatabase, checkRolesThere, tellingOf } from "../access/session-variables.js";
import { type Auth, openAuth } from "../auth/auth.js";
import { keyHeadersOf } from "../auth/credentials.js";
import { orNotInstalled } from "../base/not-installed.js";
import { about, type Peers } from "../base/peers.js";
import type { AnswerCache } from "../cache/answer-cache.js";
import { connectionDefaults } from "../database/connection-options.js";
import { askOf, knownDatabase, openDatabase } from "../database/database.js";
import { logDriver } from "../database/driver-fit.js";
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
import type { Metrics } from "../observe/metrics-options.js";
import { createWatch } from "../observe/watch.js";
import { type OpenOutbox, openOutbox } from "../outbox/open.js";
import type { OtherApis } from "../run/other-apis.js";
import type { Snapshot } from "../run/snapshot.js";
import type { Schema } from "../schema/schema.js";
import type { Api } from "./api.js";
import { apiOn } from "./api-on.js";
import { buildSnapshot, readDigest, type Surroundings, schemaFor } from "./build-snapshot.js";
import { type DefiningApi, definingOf } from "./defining.js";
import { emptinessOf, tellEmptiness } from "./emptiness.js";
import type { Journey } from "./follow-schema.js";
import { forewarn } from "./forewarn.js";
import { inStep } from "./in-step.js";
import { type ApiOptions, checkOptions } from "./options.js";
import { Positions } from "./positions.js";
import { inProfile, optionsOfEach, type ProfileOptions } from "./profile-options.js";
import { profiled } from "./profiled.js";
import { logRereads, SchemaCache } from "./schema-cache.js";

/**
 * @param db a connection string (`sqlite:path.db`, `postgres://…`, `mysql://…`, `mssql://…`), a knex config or a knex instance.
 * @throws an `Error` of one line when the database cannot be opened or read, or an option is wrong; a `ConfigError` where `db` is
 * `undefined` or empty, as an environment variable may be.
 */
export const createApi = (db: GivenDb, options: ApiOptions = {}): Promise<Api> => openApi(db, options, false, {});

/** What a server has around its APIs. */
export interface Neighbours {
  /** The processes beside this one. */
  readonly peers?: Peers | undefined;
  /** The APIs of its databases, for hooks. */
  readonly apis?: OtherApis;
  /** What `auth.db` names, where it is open already. */
  readonly authDatabase?: OpenDatabase | undefined;
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
  { peers, apis = {}, authDatabase }: Neighbours,
): Promise<DefiningApi> {
  checkOptions(options);
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
    const ground = { database: opened, logger, readOnly, looks };
    auth = await openAuth(options, { ...ground, proxies: proxiesAhead(options), shared: authDatabase });
    idempotency = await openIdempotency(options.idempotency, ground);
    outbox = await openOutbox(options, { ...ground, apis });
    const known = await knownDatabase(opened);
    replicas = looks ? undefined : openReplicas(known, options);
    await replicas?.begin();
    const reading = { known, database: replicas === undefined ? known : replicated(known, replicas), outbox, apis };
    const each = await Promise.all((await optionsOfEach(known, options)).map((one) => readOne(one, reading)));
    const currents = each.map(({ current }) => current);
    if (options.cache !== undefined && !looks) {
      const { openCache } = await import("../cache/open-cache.js");
      cache = await openCache({ db, database: known, peers }, { ...options, cache: options.cache });
      for (const current of currents) current.onChange(() => void cache?.clear());
    }
    const watched = { database: opened, current: allOf(currents), replicas, cache, outbox: outbox?.relay };
    if (options.metrics) metrics = (await loadMetrics()).createMetrics(options.metrics, watched);
    await notices?.begin(() => {
      for (const current of currents) void current.check().catch(() => undefined);
    });
    if (options.logger !== undefined) {
      await logDriver(opened, options.logger);
      await logPooler(opened, notices, options.logger);
    }
    checkInDatabase(options.inDatabase, Object.keys(options.roles ?? {}), opened.dialect);
    await checkRolesThere(options.inDatabase, opened.dialect, askOf(opened));
    const telling = options.inDatabase && tellingOf(options.inDatabase, opened.dialect);
    const shared: Omit<Journey, "current"> = {
      refreshByQuery: options.refreshByQuery === true,
      watch: createWatch(options, metrics),
      ...(auth && { identify: auth.identify }),
      ...(idempotency && { idempotency }),
      ...(telling && { telling }),
      ...(replicas && {
        positions: new Positions(replicas, credentialsOf(options), options.positionCookie === true, peers),
      }),
      ...(cache && { cache }),
      answerTimeout: (options.answerTimeout ?? connectionDefaults.answerTimeout) * 1000,
    };
    const opening = { opened, known, looks, peers, auth, shared, isListening: () => notices?.isListening, close };
    const offered = await Promise.all(each.map((one) => offer(one, opening)));
    if (!looks) await outbox?.relay.start();
    const [[, only]] = offered as [Offered];
    return options.profiles === undefined ? only : profiled(new Map(offered));
  } catch (error) {
    await close();
    throw error;
  }
}

/** One of several profiles, or the only API. */
interface Read extends ProfileOptions {
  readonly build: Build;
  readonly current: SchemaCache;
}

interface Reading {
  readonly known: OpenDatabase;
  /** The same, where statements go to replicas too. */
  readonly database: OpenDatabase;
  readonly outbox: OpenOutbox | undefined;
  readonly apis: OtherApis;
}

async function readOne(one: ProfileOptions, { known, database, outbox, apis }: Reading): Promise<Read> {
  const { options, profile, concerns } = one;
  const all = options.profiles;
  const around: Surroundings = {
    ...(outbox && { outbox: (schema: Schema) => outbox.of(schema, concerns) }),
    ...(profile !== undefined && all && { profile: { name: profile, all } }),
    apis,
  };
  const build = builderOf(database, options, limitsOf(options), around);
  try {
    const current = await readCurrent(known, build, options);
    const { logger } = options;
    if (logger !== undefined) {
      logRereads(current, logger);
      forewarn(current, logger);
    }
    return { ...one, build, current };
  } catch (error) {
    throw inProfile(error, profile);
  }
}

type Offered = readonly [string, DefiningApi];

interface Opening {
  readonly opened: OpenDatabase;
  readonly known: OpenDatabase;
  readonly looks: boolean;
  readonly peers: Peers | undefined;
  readonly auth: Auth | undefined;
  readonly shared: Omit<Journey, "current">;
  isListening(): boolean | undefined;
  close(): Promise<void>;
}

/** By its profile's name. */
async function offer({ profile = "", options, build, current }: Read, opening: Opening): Promise<Offered> {
  const { opened, known, looks, peers, auth, shared, isListening, close } = opening;
  const emptiness = await emptinessOf(current.snapshot.tree, opened, options);
  if (!looks) tellEmptiness(emptiness, options);
  const own = peers && (profile === "" ? peers : about(peers, profile));
  const refresh = own === undefined ? () => current.refresh() : inStep(current, own);
  const journey: Journey = { ...shared, current };
  const api = apiOn(journey, auth, options, { refresh, knex: opened.knex, emptiness, isListening, close });
  const defining = definingOf(known, options, build);
  return [profile, Object.assign(api, defining && { defining })];
}

/** What is known of all, where one is asked: the first one's state, and the changes of each. */
const allOf = (currents: readonly SchemaCache[]): Pick<SchemaCache, "state" | "onChange"> => ({
  get state() {
    return (currents[0] as SchemaCache).state;
  },
  onChange: (listener) => {
    const ends = currents.map((current) => current.onChange(listener));
    return () => {
      for (const end of ends) end();
    };
  },
});

/** prom-client is loaded for those who ask for it. */
const loadMetrics = () => orNotInstalled("options.metrics", import("../observe/metrics.js"));

const credentialsOf = ({ auth }: ApiOptions): readonly string[] => ["authorization", ...keyHeadersOf(auth)];

type Build = (schema: Schema) => Snapshot;

function builderOf(known: OpenDatabase, options: ApiOptions, limits: Limits, around: Surroundings): Build {
  const { dialect: plain } = known;
  const database = { ...known, dialect: options.bigNumbers === "string" ? bigNumbersAsStrings(plain) : plain };
  return (schema) => buildSnapshot(schema, database, options, limits, around);
}

/** Reads the schema for the first time. */
async function readCurrent(database: OpenDatabase, build: Build, options: ApiOptions): Promise<SchemaCache> {
  const digestOf = () => readDigest(database, options);
  const readsSchema = options.tables === undefined;
  // Asked first: what changes while the schema is read is noticed later.
  const digest = readsSchema ? await digestOf().catch(() => undefined) : undefined;
  const read = async () => build(await schemaFor(database, options));
  return new SchemaCache(await read(), digest, readsSchema ? { read, readDigest: digestOf } : undefined);
}
