// Several hosts in one connection string: the one that can be written to is found, and found again when it has moved.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { hostsOf } from "../../src/database/hosts.js";
import { type Api, createApi } from "../../src/index.js";
import type { Cluster } from "../support/cluster.js";
import { endAll } from "../support/daemon.js";
import { jsonRequest } from "../support/json-request.js";
import { startPostgresCluster } from "../support/postgres-cluster.js";

describe("a connection string of several hosts", () => {
  it.each([
    ["postgres://u:p@a:1,b:2/d", ["postgres://u:p@a:1/d", "postgres://u:p@b:2/d"], true],
    ["postgres://u:p%2C@a,b/d?target_session_attrs=any", ["postgres://u:p%2C@a/d", "postgres://u:p%2C@b/d"], false],
    ["postgres://a/d?x=1&target_session_attrs=read-write&y=2", ["postgres://a/d?x=1&y=2"], true],
    ["postgres://a/d?target_session_attrs=primary&y=2", ["postgres://a/d?y=2"], true],
    ["mysql://[::1]:1,[::2]:3/d", ["mysql://[::1]:1/d", "mysql://[::2]:3/d"], true],
    ["postgres://u:p@a/d", ["postgres://u:p@a/d"], false],
    ["sqlite:a,b.db", ["sqlite:a,b.db"], false],
  ])("%s", (text, urls, writable) => expect(hostsOf(text)).toEqual({ urls, writable }));

  it("says what it cannot look for", () => {
    expect(() => hostsOf("postgres://a,b/d?target_session_attrs=standby")).toThrow(/any, read-write, primary/);
  });
});

describe("a primary that moves", () => {
  let cluster: Cluster;
  let api: Api;

  beforeEach(async () => {
    cluster = await startPostgresCluster(1);
    const { primary, replicas } = cluster;
    await primary.ask("CREATE TABLE notes (id integer PRIMARY KEY, text text NOT NULL)");
    // A commit is answered when the replica has it: a failover loses nothing that was acknowledged.
    await primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await primary.ask("SELECT pg_reload_conf()");
    const [one, two] = [replicas[0]?.url ?? "", primary.url].map((url) => new URL(url));
    api = await createApi(`postgres://postgres:sapwood@${one?.host},${two?.host}/postgres`);
  }, 60_000);
  afterEach(async () => {
    await api.close();
    await endAll();
  });
  afterAll(() => endAll());

  const write = async (id: number) => (await api.handle(jsonRequest("POST", "/notes", { id, text: "x" })))?.status ?? 0;

  it("is found though the other host is named first, and again after the failover; nothing acknowledged is lost", async () => {
    const { primary, replicas } = cluster;
    const replica = replicas[0];
    if (replica === undefined) throw new Error("There is one.");
    const acknowledged: number[] = [];
    const statuses = new Set<number>();
    let goesOn = true;
    let next = 1;
    const clients = Array.from({ length: 4 }, async () => {
      while (goesOn) {
        const id = next++;
        const status = await write(id);
        statuses.add(status);
        if (status === 201) acknowledged.push(id);
        await sleep(5);
      }
    });
    await sleep(300);
    const before = acknowledged.length;
    expect(before).toBeGreaterThan(0);
    await primary.kill();
    await replica.ask("SELECT pg_promote()");
    for (let i = 0; i < 200 && (await write(1_000_000 + i)) !== 201; i++) await sleep(50);
    await sleep(200);
    goesOn = false;
    await Promise.all(clients);
    const rows = await replica.ask("SELECT id FROM notes");
    const held = new Set(rows.map(({ id }) => id));
    expect(acknowledged.length).toBeGreaterThan(before);
    expect(acknowledged.filter((id) => !held.has(id))).toEqual([]);
    expect([...statuses].filter((status) => status !== 201 && status !== 503)).toEqual([]);
  });

  it("is left when it takes no more writes, though its connections stay open", async () => {
    const { primary, replicas } = cluster;
    expect(await write(1)).toBe(201);
    await primary.ask("ALTER SYSTEM RESET synchronous_standby_names");
    await primary.ask("ALTER SYSTEM SET default_transaction_read_only = on");
    await primary.ask("SELECT pg_reload_conf()");
    await sleep(200);
    const refused = await api.handle(jsonRequest("POST", "/notes", { id: 2, text: "x" }));
    expect(refused?.status).toBe(503);
    expect(refused?.headers).toHaveProperty("retry-after");
    expect(JSON.parse(String(refused?.body)).detail).toMatch(/^The server takes no writes any more.*seconds\.$/);
    await replicas[0]?.ask("SELECT pg_promote()");
    for (let i = 0; i < 100 && (await write(3 + i)) !== 201; i++) await sleep(50);
    const [row] = (await replicas[0]?.ask("SELECT count(*)::int AS rows FROM notes")) ?? [];
    expect(row).toEqual({ rows: 2 });
  });
});
