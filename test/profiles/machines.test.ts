// Profiles with more than one process and more than one server: workers, their common rate limit, and replicas.
import { Agent, type IncomingHttpHeaders, request as send } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Api, createApi } from "../../src/index.js";
import { type Running, start } from "../cli/cli.js";
import type { Cluster } from "../support/cluster.js";
import { endAll } from "../support/daemon.js";
import { type Created, postgres } from "../support/databases.js";
import { jsonRequest } from "../support/json-request.js";
import { startPostgresCluster } from "../support/postgres-cluster.js";
import { ddl, profiles } from "./shop.js";

const v1 = { "accept-profile": "v1" };

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: a row of the test's own tables.
  readonly json: any;
}

/** On a connection of its own, so that any worker may have it. */
function ask(base: string, line: string, headers: Record<string, string> = {}, body?: unknown): Promise<Answer> {
  const [method = "", path = ""] = line.split(" ");
  const typed = body === undefined ? headers : { ...headers, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const sent = send(base + path, { method, agent: new Agent({ keepAlive: false }), headers: typed }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("error", reject).on("end", () => {
        const { statusCode: status = 0, headers } = answer;
        resolve({ status, headers, json: text === "" ? undefined : JSON.parse(text) });
      });
    });
    sent.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

describe.skipIf(postgres.skip)("workers", () => {
  let created: Created;
  const running: Running[] = [];
  beforeAll(async () => {
    created = await postgres.create(ddl);
  });
  afterEach(async () => {
    for (const one of running.splice(0)) {
      one.signal("SIGTERM");
      await one.ended;
    }
  });
  afterAll(() => created?.drop());
  async function serving(...more: string[]): Promise<Running> {
    const flags = ["--profiles", profiles.join(","), "--workers", "2", "--port", "0", ...more];
    const server = await start(["serve", created.url, ...flags]);
    running.push(server);
    return server;
  }

  test("all of them have all profiles, and a table that one makes is in all", async () => {
    const { url } = await serving("--schema-routes");
    for (let i = 0; i < 10; i++) {
      expect((await ask(url, "GET /api/orders/1")).json).toMatchObject({ title: "tea" });
      const old = await ask(url, "GET /api/orders/1", v1);
      expect(old.json).toEqual({ id: 1, name: "tea" });
      expect(old.headers["content-profile"]).toBe("v1");
      expect((await ask(url, "GET /api/notes/1", v1)).status).toBe(404);
    }
    const entry = { name: "v1.stamps", columns: [{ name: "id", type: "increments" }] };
    expect((await ask(url, "POST /schema/tables?profile=v1", {}, entry)).status).toBe(201);
    // The other worker hears of it a moment later.
    const everywhere = async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask(url, "GET /api/stamps", v1)));
      return answers.every(({ status }) => status === 200);
    };
    await expect.poll(everywhere, { timeout: 60_000 }).toBe(true);
    expect((await ask(url, "GET /api/stamps")).status).toBe(404);
    expect((await ask(url, "DELETE /schema/tables/v1.stamps?profile=v1&allow=breaking")).status).toBe(204);
  }, 120_000);

  test("a rate limit is of all profiles and workers together", async () => {
    const { url } = await serving("--rate-limit", "6", "--rate-period", "1000");
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) statuses.push((await ask(url, "GET /api/orders/1", i % 2 === 0 ? {} : v1)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429, 429, 429]);
  }, 120_000);
});

describe.skipIf(postgres.skip)("replicas", () => {
  let cluster: Cluster;
  let api: Api;
  beforeAll(async () => {
    cluster = await startPostgresCluster(1);
    await cluster.primary.ask(ddl);
    const replicas = cluster.replicas.map(({ url }) => url);
    api = await createApi(cluster.primary.url, { profiles, replicas, serverTiming: true });
    const ready = async () => (await api.health()).replicas?.every(({ state }) => state === "ready");
    while (!(await ready())) await sleep(50);
  }, 120_000);
  afterAll(async () => {
    await api?.close();
    await endAll();
  });
  async function asked(method: string, path: string, headers: Record<string, string>, body?: unknown) {
    const answer = await api.handle(jsonRequest(method, path, body, headers));
    const said = answer?.headers ?? {};
    const by = /desc="\d+ statements?(?:, ([^"]*))?"/.exec(said["server-timing"] ?? "")?.[1] ?? "";
    return { status: answer?.status, json: JSON.parse(String(answer?.body)), headers: said, by };
  }

  test("answer reads of each profile", async () => {
    expect(await asked("GET", "/orders/1", {})).toMatchObject({ json: { title: "tea" }, by: "replica1" });
    expect(await asked("GET", "/orders/1", v1)).toMatchObject({ json: { name: "tea" }, by: "replica1" });
    expect(await asked("GET", "/coupons", v1)).toMatchObject({ json: [{ code: "TEN" }], by: "replica1" });
  });

  test("what was written in one profile is read by its position in the other", async () => {
    for (let id = 10; id < 40; id++) {
      const written = await asked("POST", "/orders", { "content-profile": "v1" }, { id, name: `order ${id}` });
      expect(written.status).toBe(201);
      const position = written.headers["sapwood-position"] ?? "";
      expect(position).toMatch(/^[\dA-F]+\/[\dA-F]+$/);
      const read = await asked("GET", `/orders/${id}`, { "sapwood-position": position });
      expect(read.json).toMatchObject({ id, title: `order ${id}` });
    }
  });
});
