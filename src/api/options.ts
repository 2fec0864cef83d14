// What an API is asked for.
import { checkAuth, type WhoOptions } from "../auth/auth.js";
import { checkBoolean, checkIsCount, checkSeconds, checkWord } from "../base/config-error.js";
import { type CacheOptions, checkCache } from "../cache/cache-options.js";
import type { ConnectionOptions } from "../database/connection-options.js";
import { checkReplicas, type ReplicaOptions } from "../database/open-replicas.js";
import { checkChannel, type NoticeOptions } from "../database/schema-notices.js";
import { bigNumbers } from "../dialect/big-numbers.js";
import { checkProxies, type ProxyOptions } from "../http/client-address.js";
import { type Limits, limitNames } from "../http/limits.js";
import { checkProblemBase } from "../http/problem-address.js";
import { checkIdempotency, type IdempotencyOption } from "../idempotency/options.js";
import { checkWatch, type WatchOptions } from "../observe/watch.js";
import type { TellingOptions } from "../outbox/open.js";
import { checkOutbox } from "../outbox/outbox-options.js";
import { checkWebhooks } from "../outbox/webhook-options.js";
import type { BuildOptions } from "../routes/build.js";
import type { Hooks } from "../run/hooks.js";
import type { RunRoutine } from "../run/written-routine.js";
import { checkKeys, type TableEntry } from "../schema/config.js";
import type { RoutineEntry } from "../schema/routine-entry.js";
import type { RoutineOverride } from "../schema/routine-override.js";
import type { StampOptions } from "../schema/stamps.js";
import type { VisibleOptions } from "../schema/visible.js";
import type { PositionOptions } from "./positions.js";
import { checkProfiles } from "./profile-names.js";

export interface ApiOptions
  extends BuildOptions,
    VisibleOptions,
    ConnectionOptions,
    NoticeOptions,
    ReplicaOptions,
    PositionOptions,
    WatchOptions,
    WhoOptions,
    ProxyOptions,
    TellingOptions,
    Partial<Limits> {
  /** Database schema(s) to expose, on databases that have them. Default: the connection's own. */
  readonly schema?: string | readonly string[];
  /**
   * Schemas that are an API of their own each, at the same paths: `["v2", "v1"]`. A request names one by `Accept-Profile`, or by
   * `Content-Profile` where it writes; the first is that of requests which name none. For databases that have schemas, in place of `schema`.
   */
  readonly profiles?: readonly string[];
  /** The whole schema by hand: the database is not asked for its own. */
  readonly tables?: readonly TableOptions[];
  /** Entries of tables, and of functions and procedures, laid over what was read. */
  readonly overrides?: readonly (TableOptions | RoutineOverride)[];
  /** May a cell of CSV begin as a formula does? `false` puts a `'` before one that does. Default `true`. */
  readonly csvFormulas?: boolean;
  /**
   * Do errors that the database's own code raises on purpose (`RAISE`, `SIGNAL`, `THROW`) reach the client with their words? Default
   * `true`; `false` keeps the words for the log.
   */
  readonly raisedMessages?: boolean;
  /**
   * What stands before an error's code in its `type`: `/docs/errors#` leads to the documentation's own page. Default
   * `urn:sapwood:problem:`, behind which there is nothing to fetch.
   */
  readonly problemBase?: string;
  /**
   * How decimals and 64-bit integers are shown: as JSON numbers with all their digits, or as strings for clients that would
   * round them. Both are taken either way. Default `number`.
   */
  readonly bigNumbers?: (typeof bigNumbers)[number];
  /** The most operations of the OpenAPI document: with more, the longest paths are left out of it. Default 20000. */
  readonly maxOperations?: number;
  /**
   * Does `?refresh=true` on any request read the schema again first? For development: whoever can ask can then keep the database
   * busy. Default `false`, and `refresh` is a column like any other.
   */
  readonly refreshByQuery?: boolean;
  /** Columns that the API itself writes, in each table that has them: when and by whom a row was made and changed. */
  readonly stamps?: StampOptions;
  /**
   * Is `Idempotency-Key` heeded, so that a POST or a PATCH may be sent twice? Its answer is kept with what it has written, in the
   * table `sapwood_answers`, for a day. Default `false`.
   */
  readonly idempotency?: IdempotencyOption;
  /** Keeps answers to GET until they are too old, or something is written that they are made of. Default: nothing is kept. */
  readonly cache?: CacheOptions;
  /**
   * The column that says when a row was deleted, or whether it is, in each table that has it. DELETE sets it, and such rows are as if
   * they were not there; `?deleted=only` shows them, and `POST …/restore` brings one back.
   */
  readonly softDelete?: string;
  /** Functions written by hand, which are called as the database's own are: `/rpc/:name`. */
  readonly routines?: readonly RoutineOptions[];
  /** Hooks for all tables; those of single tables stand in their entries. */
  readonly hooks?: Hooks;
}

/** A routine's entry; with `run` it is a function of the host's. */
export interface RoutineOptions extends RoutineEntry {
  readonly run?: RunRoutine;
}

/** A table entry and the table's hooks. */
export interface TableOptions extends TableEntry, Hooks {}

/** Throws a `ConfigError` for what cannot be meant; `place` is where it stands. */
type Check = (value: unknown, place: string) => void;

/** Checked by the room that it is for, or together with others. */
const elsewhere: Check = () => {};

/** Every option there is: one that is added to `ApiOptions` and not here does not compile. */
const checks = {
  schema: elsewhere,
  profiles: elsewhere,
  tables: elsewhere,
  overrides: elsewhere,
  routines: elsewhere,
  stamps: elsewhere,
  softDelete: elsewhere,
  include: elsewhere,
  exclude: elsewhere,
  tableNamePlural: elsewhere,
  resourcePathPlural: elsewhere,
  resourceCase: elsewhere,
  fieldCase: elsewhere,
  keyField: elsewhere,
  inflections: elsewhere,
  inflect: elsewhere,
  tablePrefix: elsewhere,
  classifyBy: elsewhere,
  depth: elsewhere,
  maxRoutes: elsewhere,
  batch: elsewhere,
  docs: elsewhere,
  renamed: elsewhere,
  csvFormulas: checkBoolean,
  raisedMessages: checkBoolean,
  problemBase: checkProblemBase,
  bigNumbers: (value, place) => checkWord(value, bigNumbers, place),
  maxOperations: checkIsCount,
  trustProxy: elsewhere,
  proxies: elsewhere,
  hooks: elsewhere,
  poolMin: elsewhere,
  poolMax: elsewhere,
  poolAcquireTimeout: elsewhere,
  poolIdleTimeout: elsewhere,
  maxLifetime: elsewhere,
  answerTimeout: elsewhere,
  statementTimeout: elsewhere,
  defaultStatementTimeout: elsewhere,
  onConnect: elsewhere,
  readOnly: elsewhere,
  replicas: elsewhere,
  maxLag: elsewhere,
  positionCookie: checkBoolean,
  refreshByQuery: checkBoolean,
  idempotency: checkIdempotency,
  cache: checkCache,
  outbox: checkOutbox,
  webhooks: checkWebhooks,
  listenForChanges: checkBoolean,
  notifyChannel: checkChannel,
  schemaPoll: checkSeconds,
  logger: elsewhere,
  slowQuery: elsewhere,
  serverTiming: checkBoolean,
  metrics: elsewhere,
  auth: elsewhere,
  user: elsewhere,
  roles: elsewhere,
  inDatabase: elsewhere,
  ...(Object.fromEntries(limitNames.map((name) => [name, elsewhere])) as Record<keyof Limits, Check>),
} satisfies Record<keyof ApiOptions, Check>;

export const optionNames: readonly string[] = Object.keys(checks);

/** Throws a `ConfigError` for what cannot be meant. */
export function checkOptions(options: ApiOptions): void {
  checkKeys(options, optionNames, "options");
  for (const name of Object.keys(options) as (keyof typeof checks)[]) checks[name](options[name], `options.${name}`);
  checkProxies(options);
  checkWatch(options);
  checkReplicas(options);
  checkProfiles(options);
  checkAuth(options);
}

/** What of a server's settings is the API's affair. */
export const apiOptions = (settings: ApiOptions): ApiOptions =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => optionNames.includes(name)));
