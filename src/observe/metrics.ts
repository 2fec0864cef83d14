// What Prometheus asks for, by prom-client: durations of requests and statements, the pool, re-reads of the schema.
// Loaded only where an option asks for it. Every label is bounded by the schema, and their combinations by a number besides.
import { type Aggregator, Counter, Gauge, Histogram, type Registry } from "prom-client";
import { ConfigError } from "../base/config-error.js";
import type { ReplicaHealth } from "../database/replica-set.js";
import type { Database } from "../database/session.js";
import type { SchemaState } from "../schema/schema-state.js";
import { cacheMetrics, type WatchedCache } from "./cache-metrics.js";
import type { ReplicasHealth } from "./health.js";
import type { Metrics, MetricsOptions, MetricsRegistry } from "./metrics-options.js";
import { outboxGauges, type WatchedOutbox } from "./outbox-metrics.js";

/** Tells which schema is in use, and calls the listener after each re-read that changed it or failed. */
interface Rereads {
  readonly state: SchemaState;
  onChange(listener: (state: SchemaState) => void): () => void;
}

interface Watched {
  readonly cache?: WatchedCache | undefined;
  readonly database: Pick<Database, "usage">;
  readonly current: Rereads;
  readonly replicas?: ReplicasHealth | undefined;
  readonly outbox?: WatchedOutbox | undefined;
}

/** What one registry has of ours, whatever the number of APIs. */
interface Instruments {
  readonly requests: Bounded<"method" | "route" | "status">;
  readonly statements: Bounded<"operation" | "table">;
  readonly failures: Counter<"database">;
  readonly apis: Map<string, Watched>;
}

/** Label sets of one histogram; those that come later share one. Each is some fifteen lines of text. */
const MOST = 1_000;
const MORE = "(more)";
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "QUERY", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const known = new WeakMap<Registry, Instruments>();

/** Throws a `ConfigError` where the registry is none, or has an API of this name already. */
export function createMetrics({ registry: given, database = "main" }: MetricsOptions, watched: Watched): Metrics {
  const registry = given as Registry;
  if (typeof registry?.registerMetric !== "function")
    throw new ConfigError("options.metrics.registry", "is a prom-client Registry.");
  const { requests, statements, failures, apis } = instrumentsOf(registry);
  if (apis.has(database))
    throw new ConfigError("options.metrics.database", `another API of this registry is called ${database} already.`);
  apis.set(database, watched);
  failures.inc({ database }, 0);
  const stop = watched.current.onChange(({ problem }) => {
    if (problem !== undefined) failures.inc({ database });
  });
  return {
    request: (method, route, status, milliseconds) =>
      requests.observe(database, [methodOf(method), route, String(status)], milliseconds),
    statement: ({ operation, table, milliseconds }) =>
      statements.observe(database, [operation, table ?? ""], milliseconds),
    close: () => {
      stop();
      apis.delete(database);
    },
  };
}

/** A histogram of durations in seconds whose label sets are counted. */
class Bounded<Label extends string> {
  readonly #seen = new Map<string, Histogram.Internal<Label | "database">>();
  readonly #histogram: Histogram<Label | "database">;

  constructor(
    name: string,
    help: string,
    readonly labels: readonly Label[],
    registry: Registry,
  ) {
    this.#histogram = new Histogram({
      name,
      help,
      labelNames: ["database", ...labels],
      buckets,
      registers: [registry],
    });
  }

  observe(database: string, values: readonly string[], milliseconds: number): void {
    this.#of(database, values).observe(milliseconds / 1000);
  }

  #of(database: string, values: readonly string[]): Histogram.Internal<Label | "database"> {
    const key = `${database}\n${values.join("\n")}`;
    const found = this.#seen.get(key);
    if (found !== undefined) return found;
    if (this.#seen.size >= MOST) return this.#histogram.labels(database, ...this.labels.map(() => MORE));
    const made = this.#histogram.labels(database, ...values);
    this.#seen.set(key, made);
    return made;
  }
}

function instrumentsOf(registry: Registry): Instruments {
  const found = known.get(registry);
  if (found !== undefined) return found;
  const apis: Instruments["apis"] = new Map();
  const made: Instruments = {
    requests: new Bounded(
      "sapwood_http_request_duration_seconds",
      "How long requests took, by route pattern.",
      ["method", "route", "status"],
      registry,
    ),
    statements: new Bounded(
      "sapwood_statement_duration_seconds",
      "How long statements took, waiting for a connection included.",
      ["operation", "table"],
      registry,
    ),
    failures: new Counter({
      name: "sapwood_schema_reread_failures_total",
      help: "Re-reads of the schema that failed.",
      labelNames: ["database"],
      registers: [registry],
    }),
    apis,
  };
  gaugesOf(registry, apis);
  cacheMetrics(registry, apis);
  outboxGauges(registry, apis);
  known.set(registry, made);
  return made;
}

/** Asked when somebody reads them. */
function gaugesOf(registry: Registry, apis: Instruments["apis"]): void {
  const registers = [registry];
  new Gauge({
    name: "sapwood_pool_connections",
    help: "Connections of the pool.",
    labelNames: ["database", "state"],
    registers,
    collect() {
      this.reset();
      for (const [name, { database }] of apis) {
        const { used, free } = database.usage();
        this.set({ database: name, state: "used" }, used);
        this.set({ database: name, state: "free" }, free);
      }
    },
  });
  gauge(
    "sapwood_pool_waiting",
    "Statements and transactions that wait for a connection.",
    ({ database }) => database.usage().waiting,
  );
  gauge(
    "sapwood_schema_swaps",
    "How often a changed schema was taken up.",
    ({ current }) => current.state.swaps,
    "max",
  );
  gauge(
    "sapwood_schema_read_timestamp_seconds",
    "When the schema was read last.",
    ({ current }) => current.state.readAt.getTime() / 1000,
    "min",
  );
  replicaGauge("sapwood_replica_ready", "1 while reads go to the replica.", ({ state }) => (state === "ready" ? 1 : 0));
  replicaGauge(
    "sapwood_replica_lag_seconds",
    "How far the replica is behind; not there while that is not known.",
    ({ lag }) => lag,
  );

  function replicaGauge(name: string, help: string, read: (replica: ReplicaHealth) => number | null): void {
    new Gauge({
      name,
      help,
      aggregator: name.endsWith("ready") ? "min" : "max",
      labelNames: ["database", "replica"],
      registers,
      collect() {
        this.reset();
        for (const [database, { replicas }] of apis)
          for (const replica of replicas?.health() ?? []) {
            const value = read(replica);
            if (value !== null) this.set({ database, replica: replica.name }, value);
          }
      },
    });
  }

  /** `together`: what of several processes' numbers is shown. */
  function gauge(
    name: string,
    help: string,
    read: (api: Watched) => number | undefined,
    together: Aggregator = "sum",
  ): void {
    new Gauge({
      name,
      help,
      aggregator: together,
      labelNames: ["database"],
      registers,
      collect() {
        this.reset();
        for (const [database, api] of apis) {
          const value = read(api);
          if (value !== undefined) this.set({ database }, value);
        }
      },
    });
  }
}

/** What a server answers beside its APIs. `route` is `(none)` for what no route has. */
export const otherRequests = (registry: MetricsRegistry) => {
  const { requests } = instrumentsOf(registry as Registry);
  return (method: string, route: string, status: number, milliseconds: number): void =>
    requests.observe("", [methodOf(method), route, String(status)], milliseconds);
};

const methodOf = (method: string): string => (methods.has(method) ? method : "other");
