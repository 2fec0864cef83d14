// The option `metrics`, and what comes of it, in words that need no prom-client: who has not installed it has its types neither.

import type { Timed } from "./stopwatch.js";

/** A registry of prom-client: `new Registry()`. */
export interface MetricsRegistry {
  readonly contentType: string;
  metrics(): Promise<string>;
  getMetricsAsJSON(): Promise<readonly object[]>;
  getSingleMetric(name: string): unknown;
}

export interface MetricsOptions {
  /** A registry of prom-client; its text is yours to serve. */
  readonly registry: MetricsRegistry;
  /** The label `database`, which tells the APIs of one registry apart. Default `main`. */
  readonly database?: string;
}

export interface Metrics {
  request(method: string, route: string, status: number, milliseconds: number): void;
  statement(statement: Timed): void;
  /** Its pool is not asked any more. */
  close(): void;
}
