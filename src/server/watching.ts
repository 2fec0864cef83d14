// Settings → what watches the server: its log, the names of its requests, and its metrics where they are asked for.
import type { ApiOptions } from "../api/options.js";
import type { Logger } from "../base/logger.js";
import { orNotInstalled } from "../base/not-installed.js";
import type { MetricsOptions, MetricsRegistry } from "../observe/metrics-options.js";
import type { Wrapper } from "./listener.js";
import { createLog, type LogFormat, type LogLevel } from "./log.js";
import { watchRequests } from "./requests.js";

export interface WatchSettings extends Pick<ApiOptions, "logger"> {
  /** Is there a page `/metrics`? Of a registry that is given it shows what is in it. Default `false`. */
  readonly metrics?: boolean | MetricsOptions;
  /** What is worth a line on stderr; requests are `info`. Default `warn`, and the program's is `info`. A `logger` decides for itself. */
  readonly logLevel?: LogLevel;
  /** JSON for programs, `text` for people; `auto` looks whether stderr is a terminal. Default `json`, and the program's is `auto`. */
  readonly logFormat?: LogFormat;
}

export interface Watching {
  /** What the APIs are to tell, and where. */
  readonly options: { readonly logger: Logger; readonly metrics: MetricsOptions | undefined };
  /** Sees each request first. */
  readonly around: Wrapper;
  readonly registry: MetricsRegistry | undefined;
}

export async function watchingOf(
  settings: WatchSettings,
  keyHeaders: readonly string[],
  worker?: string,
): Promise<Watching> {
  const { logLevel = "warn", logger = createLog(logLevel, keyHeaders, settings.logFormat) } = settings;
  const telling = settings.logger !== undefined || logLevel === "info" || logLevel === "debug";
  const metrics = settings.metrics ? await metricsOf(settings.metrics, worker) : undefined;
  return {
    options: { logger, metrics: metrics && { registry: metrics.registry } },
    around: watchRequests(logger, telling, metrics?.count),
    registry: metrics?.registry,
  };
}

/** prom-client, and what it tells of the process, are loaded for those who ask. */
async function metricsOf(given: true | MetricsOptions, worker: string | undefined) {
  const loading = Promise.all([import("prom-client"), import("../observe/metrics.js")]);
  const [{ collectDefaultMetrics, Registry }, { otherRequests }] = await orNotInstalled("The page /metrics", loading);
  if (given !== true) return { registry: given.registry, count: otherRequests(given.registry) };
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, ...(worker && { labels: { worker } }) });
  return { registry, count: otherRequests(registry) };
}
