// A Galera cluster of three nodes: sapwood's writes, and what becomes of them when a node is killed or two nodes write the same row.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Api, createApi } from "../../src/index.js";
import type { Server } from "../support/cluster.js";
import { endAll } from "../support/daemon.js";
import { mariadb } from "../support/databases.js";
import { hasGalera, startGalera } from "../support/galera.js";
import { jsonRequest } from "../support/json-request.js";

const skip = mariadb.skip ?? (hasGalera() ? undefined : "Galera is not installed");

describe.skipIf(skip)("three nodes", () => {
  let nodes: readonly Server[];
  const open: Api[] = [];

  beforeAll(async () => {
    nodes = await startGalera(3);
    await nodes[0]?.ask("CREATE DATABASE shop");
    await nodes[0]?.ask(
      "CREATE TABLE shop.notes (id integer PRIMARY KEY, text varchar(80) NOT NULL, hits integer NOT NULL DEFAULT 0)",
    );
    await nodes[0]?.ask("INSERT INTO shop.notes (id, text) VALUES (0, 'shared')");
  }, 300_000);
  afterEach(async () => {
    await Promise.all(open.splice(0).map((api) => api.close()));
  });
  afterAll(() => endAll());

  /** An API on these nodes, the first of which is tried first. */
  const apiOn = async (...servers: readonly (Server | undefined)[]): Promise<Api> => {
    const hosts = servers.map((server) => new URL(server?.url ?? "").host);
    const api = await createApi(`mysql://sapwood:sapwood@${hosts.join(",")}/shop`, {
      onConnect: "SET SESSION wsrep_sync_wait = 1",
    });
    open.push(api);
    return api;
  };
  const ask = async (api: Api, method: string, path: string, body?: unknown) => {
    const answer = await api.handle(jsonRequest(method, path, body));
    return {
      status: answer?.status ?? 0,
      json: answer?.body === undefined ? undefined : JSON.parse(String(answer.body)),
    };
  };

  it("what one node has acknowledged, the others show at once", async () => {
    const [one, two] = [await apiOn(nodes[0]), await apiOn(nodes[1])];
    for (let id = 1; id <= 50; id++) {
      expect((await ask(one, "POST", "/notes", { id, text: "x" })).status).toBe(201);
      expect((await ask(two, "GET", `/notes/${id}`)).status).toBe(200);
    }
  });

  it("two nodes that write the same row: each increment counts once", async () => {
    const apis = [await apiOn(nodes[0]), await apiOn(nodes[1]), await apiOn(nodes[2])];
    const statuses: number[] = [];
    await Promise.all(
      apis.map(async (api) => {
        for (let i = 0; i < 40; i++)
          statuses.push((await ask(api, "PATCH", "/notes/0", { hits: { increment: 1 } })).status);
      }),
    );
    const counted = statuses.filter((status) => status === 200).length;
    const [row] = (await nodes[0]?.ask("SELECT hits FROM shop.notes WHERE id = 0")) ?? [];
    expect(row?.hits).toBe(counted);
    expect(statuses.filter((status) => status !== 200 && status !== 409 && status !== 503)).toEqual([]);
    expect(counted).toBeGreaterThan(60);
  });

  it("a node that refuses all queries, as one does that has lost the others, is left for another", async () => {
    const api = await apiOn(nodes[1], nodes[0]);
    expect((await ask(api, "POST", "/notes", { id: 500, text: "z" })).status).toBe(201);
    await nodes[1]?.ask("SET GLOBAL wsrep_reject_queries = ALL");
    try {
      const statuses: number[] = [];
      for (let id = 501; id < 520; id++) statuses.push((await ask(api, "POST", "/notes", { id, text: "z" })).status);
      expect(new Set(statuses.slice(0, 10))).not.toContain(500);
      expect(statuses.slice(10)).toEqual(Array(9).fill(201));
    } finally {
      await nodes[1]?.ask("SET GLOBAL wsrep_reject_queries = NONE");
    }
  });

  it("a node that is killed: no acknowledged write is lost, none is done twice", async () => {
    const api = await apiOn(nodes[2], nodes[0], nodes[1]);
    const acknowledged: number[] = [];
    const statuses = new Set<number>();
    let goesOn = true;
    let next = 1_000;
    const clients = Array.from({ length: 4 }, async () => {
      while (goesOn) {
        const id = next++;
        const { status } = await ask(api, "POST", "/notes", { id, text: "y" });
        statuses.add(status);
        if (status === 201) acknowledged.push(id);
        await sleep(5);
      }
    });
    await sleep(300);
    const before = acknowledged.length;
    expect(before).toBeGreaterThan(0);
    await nodes[2]?.kill();
    for (let i = 0; i < 400 && acknowledged.length < before + 20; i++) await sleep(50);
    goesOn = false;
    await Promise.all(clients);
    const rows = (await nodes[0]?.ask("SELECT id FROM shop.notes WHERE id >= 1000")) ?? [];
    const held = new Set(rows.map(({ id }) => id));
    expect(acknowledged.length).toBeGreaterThanOrEqual(before + 20);
    expect(acknowledged.filter((id) => !held.has(id))).toEqual([]);
    expect([...statuses].filter((status) => status !== 201 && status !== 503)).toEqual([]);
  });
});
