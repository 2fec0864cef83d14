import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDemo } from "../../src/cli/demo.js";
import { type Running, run, start } from "./cli.js";

describe("sapwood start", () => {
  let demo: Running;
  beforeAll(async () => {
    demo = await start(["start", "--port", "0"]);
  });
  afterAll(async () => {
    demo?.signal("SIGINT");
    expect((await demo?.ended)?.code).toBe(0);
  });

  const get = async (path: string) => (await fetch(demo.url + path)).json() as Promise<Record<string, unknown>[]>;

  test("GET /api/members/1/groups", async () => {
    expect((await get("/api/members/1/groups")).map(({ name }) => name)).toEqual([
      "Bread and Butter",
      "Open Data Circle",
      "Trail Runners",
    ]);
  });

  test("each URL that it prints works", async () => {
    const commands = [...demo.stdout().matchAll(/curl (-X POST )?'(\S+)'/g)];
    expect(commands.length).toBeGreaterThan(3);
    for (const [, post, url] of commands) {
      const answer = await fetch(url as string, { method: post ? "POST" : "GET" });
      expect(answer.status, url).toBe(post ? 201 : 200);
      const body = await answer.json();
      if (!post) expect((body as unknown[]).length, url).toBeGreaterThan(1);
    }
  });

  test("on a port that is taken says what to try", async () => {
    const { code, stderr } = await run(["start", "--port", new URL(demo.url).port]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^sapwood: port \d+ on 127\.0\.0\.1 is taken [^\n]*npm start -- --port 0[^\n]*\n$/);
  });

  test.each([
    ["countries", 10],
    ["venues", 12],
    ["groups", 8],
    ["members", 40],
    ["meetups", 60],
  ])("GET /api/%s has %i rows", async (path, rows) => {
    expect(await get(`/api/${path}`)).toHaveLength(rows);
  });
});

test("a demo leaves nothing behind", () => {
  const demo = makeDemo();
  const file = demo.db.replace("sqlite:", "");
  expect(existsSync(file)).toBe(true);
  demo.remove();
  expect(existsSync(file)).toBe(false);
});

test("sapwood start <db> serves that database", async () => {
  const demo = makeDemo();
  const server = await start(["start", demo.db, "--port", "0"]);
  expect(server.stdout()).toMatch(/^listening on \S+\n$/);
  expect((await fetch(`${server.url}/api/members/1`)).status).toBe(200);
  server.signal("SIGTERM");
  await server.ended;
  demo.remove();
});
