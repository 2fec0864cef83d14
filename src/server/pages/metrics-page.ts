// `GET /metrics`: what Prometheus reads.
import type { Registry } from "prom-client";
import type { Answer } from "../page.js";

export const createMetricsPage =
  (registry: Registry): Answer =>
  async () => ({
    status: 200,
    headers: { "content-type": registry.contentType, "cache-control": "no-store" },
    body: await registry.metrics(),
  });
