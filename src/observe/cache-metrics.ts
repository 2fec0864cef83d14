// Kept answers for Prometheus: what the cache made of GETs, and how much is kept.
import { Counter, Gauge, type Registry } from "prom-client";

/** What is kept of answers. */
export interface WatchedCache {
  readonly counts: Readonly<Record<string, number>>;
  readonly usage: { readonly answers: number; readonly bytes: number; readonly isShared: boolean };
}

/** APIs by their names. */
type Apis = ReadonlyMap<string, { readonly cache?: WatchedCache | undefined }>;

export function cacheMetrics(registry: Registry, apis: Apis): void {
  new Counter({
    name: "sapwood_cache_requests_total",
    help: "GETs, by what the cache made of them.",
    labelNames: ["database", "outcome"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [database, { cache }] of apis)
        for (const [outcome, count] of Object.entries(cache?.counts ?? {})) this.inc({ database, outcome }, count);
    },
  });
  for (const unit of ["bytes", "answers"] as const) {
    usage(`sapwood_cache_${unit}`, `What each process keeps of answers: ${unit}.`, unit, false);
    usage(`sapwood_cache_shared_${unit}`, `What all processes keep of answers together: ${unit}.`, unit, true);
  }

  function usage(name: string, help: string, unit: "bytes" | "answers", shared: boolean): void {
    new Gauge({
      name,
      help,
      // Each of several processes tells the same of what they share.
      aggregator: shared ? "max" : "sum",
      labelNames: ["database"],
      registers: [registry],
      collect() {
        this.reset();
        for (const [database, { cache }] of apis)
          if (cache?.usage.isShared === shared) this.set({ database }, cache.usage[unit]);
      },
    });
  }
}
