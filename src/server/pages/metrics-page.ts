// `GET /metrics`: what Prometheus reads, of all workers together where there are several.
import { AggregatorRegistry } from "prom-client";
import type { Peers } from "../../base/peers.js";
import type { MetricsRegistry } from "../../observe/metrics-options.js";
import type { PageAnswer } from "../page.js";

const TOPIC = "metrics";

export function createMetricsPage(registry: MetricsRegistry, peers: Peers | undefined): PageAnswer {
  peers?.on(TOPIC, () => registry.getMetricsAsJSON());
  return async () => ({
    status: 200,
    headers: { "content-type": registry.contentType, "cache-control": "no-store" },
    body: await (peers === undefined ? registry : await together(registry, peers)).metrics(),
  });
}

/** Numbers of the same name and labels are added up; what is each worker's own has its label. */
async function together(registry: MetricsRegistry, peers: Peers): Promise<MetricsRegistry> {
  const [own, others] = await Promise.all([registry.getMetricsAsJSON(), peers.ask(TOPIC)]);
  return AggregatorRegistry.aggregate([own, ...others] as object[]);
}
