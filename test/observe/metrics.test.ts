// What Prometheus reads: durations by route pattern and by statement, the pool, re-reads; bounded, and nothing when off.
import { Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { onEveryDatabase, onEveryHost } from "../support/matrix.js";
import { shop } from "./shop.js";

const linesOf = async (registry: Registry): Promise<readonly string[]> => (await registry.metrics()).split("\n");

onEveryHost(shop, (place) => {
  test("requests are counted by method, route pattern and status", async () => {
    const registry = new Registry();
    const app = await place.app({ metrics: { registry } });
    for (const id of [1, 2, 1]) expect((await app.ask(`GET /artists/${id}/albums?limit=${id}`)).status).toBe(200);
    expect((await app.ask("GET /artists/77")).status).toBe(404);
    expect((await app.ask("GET /nothing/77")).status).toBe(404);
    const counts = (await linesOf(registry)).filter((line) =>
      line.startsWith("sapwood_http_request_duration_seconds_count"),
    );
    expect(counts.sort()).toEqual([
      'sapwood_http_request_duration_seconds_count{database="main",method="GET",route="/artists/:id",status="404"} 1',
      'sapwood_http_request_duration_seconds_count{database="main",method="GET",route="/artists/:id/albums",status="200"} 3',
    ]);
  });
});

onEveryDatabase(shop, (place) => {
  test("statements by operation and table, the pool's connections, re-reads that failed", async () => {
    const registry = new Registry();
    const app = await place.app({ metrics: { registry, database: "shop" }, overrides: [{ name: "albums" }] });
    await app.ask("GET /artists/1");
    await app.ask("GET /artists/2");
    await app.ask("GET /naps");
    await place.db().knex.schema.renameTable("albums", "records");
    await expect(app.api.refresh()).rejects.toThrow();
    await place.db().knex.schema.renameTable("records", "albums");
    const lines = await linesOf(registry);
    const read = 'sapwood_statement_duration_seconds_count{database="shop",operation="read",table="artists"} 2';
    expect(lines).toContain(read);
    const sum = lines.find((line) =>
      /duration_seconds_sum\{database="shop",operation="list",table="naps"\}/.test(line),
    );
    expect(Number(sum?.split(" ").at(-1))).toBeGreaterThan(0.1);
    expect(lines).toContain('sapwood_pool_connections{database="shop",state="used"} 0');
    expect(lines.join("\n")).toMatch(/^sapwood_pool_connections\{database="shop",state="free"\} [1-9]/m);
    expect(lines).toContain('sapwood_pool_waiting{database="shop"} 0');
    expect(lines).toContain('sapwood_schema_reread_failures_total{database="shop"} 1');
    expect(lines).toContain('sapwood_schema_swaps{database="shop"} 0');
    const readAt = lines.find((line) => line.startsWith('sapwood_schema_read_timestamp_seconds{database="shop"}'));
    expect(Number(readAt?.split(" ").at(-1))).toBeCloseTo(app.api.schemaState.readAt.getTime() / 1000, 3);
  });

  test("two APIs of one registry need names, and one that is closed is not asked any more", async () => {
    const registry = new Registry();
    const first = await createApi(place.db().url, { metrics: { registry } });
    await expect(createApi(place.db().url, { metrics: { registry } })).rejects.toThrow("options.metrics.database");
    const second = await createApi(place.db().url, { metrics: { registry, database: "other" } });
    await second.close();
    const pools = (await linesOf(registry)).filter((line) => line.startsWith("sapwood_pool_waiting{"));
    expect(pools).toEqual(['sapwood_pool_waiting{database="main"} 0']);
    await first.close();
    await (await createApi(place.db().url, { metrics: { registry } })).close();
    await expect(createApi(place.db().url, { metrics: {} as never })).rejects.toThrow("options.metrics.registry");
  });
});

describe("bounded", () => {
  test("label sets beyond a thousand share one", async () => {
    const registry = new Registry();
    const { createMetrics } = await import("../../src/observe/metrics.js");
    const current = { state: {} as never, onChange: () => () => {} };
    const metrics = createMetrics(
      { registry },
      { database: { usage: () => ({ used: 0, free: 0, waiting: 0 }) }, current },
    );
    for (let i = 0; i < 3_000; i++) metrics.request(i % 2 ? "GET" : `X${i}`, `/t${i}`, 200, 1);
    metrics.request("GET", "/t1", 200, 1);
    const text = await registry.getSingleMetricAsString("sapwood_http_request_duration_seconds");
    const counts = text.split("\n").filter((line) => line.startsWith("sapwood_http_request_duration_seconds_count"));
    expect(counts).toHaveLength(1_001);
    const name = "sapwood_http_request_duration_seconds_count";
    expect(counts).toContain(`${name}{database="main",method="(more)",route="(more)",status="(more)"} 2000`);
    expect(counts).toContain(`${name}{database="main",method="GET",route="/t1",status="200"} 2`);
    expect(text).not.toContain('method="X');
  });
});
