// What `sapwood serve` says on stderr, and the flags that make it say more.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Created, sqlite } from "../support/databases.js";
import { type Environment, run, start } from "./cli.js";

const { create } = sqlite;
let database: Created;

beforeAll(async () => {
  database = await create("CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO clubs VALUES (1, 'a')");
});
afterAll(() => database?.drop());

/** What was logged, line by line, while `paths` were asked for; each line is JSON. */
async function told(args: readonly string[], env: Environment, paths: readonly string[]) {
  const server = await start(["serve", database.url, "--port", "0", ...args], env);
  const answers = [];
  for (const path of paths) answers.push(await fetch(server.url + path, { headers: { "x-request-id": "one" } }));
  for (const answer of answers) await answer.text();
  server.signal("SIGTERM");
  const { code, stdout, stderr } = await server.ended;
  expect({ code, stdout }).toEqual({ code: 0, stdout: `listening on ${server.url}\n` });
  const lines = stderr.split("\n").filter((line) => line !== "");
  return { answers, lines: lines.map((line) => JSON.parse(line)) };
}

describe("sapwood serve", () => {
  test("a line of JSON on stderr for each request", async () => {
    const { lines } = await told([], { SAPWOOD_LOG_LEVEL: "" }, ["/api/clubs/1?select=name"]);
    expect(lines).toEqual([
      {
        ...{ level: "info", time: expect.stringMatching(/^\d{4}-.*Z$/), requestId: "one", method: "GET" },
        ...{ route: "/api/clubs/:id", path: "/api/clubs/1", query: ["select"], status: 200 },
        ...{ ms: expect.any(Number), bytes: expect.any(Number), msg: "request" },
      },
    ]);
  });

  test("--log-level warn, --log-level error, SAPWOOD_LOG_LEVEL=silent", async () => {
    const paths = ["/api/clubs/1", "/api/nothing"];
    expect((await told(["--log-level", "warn", "--slow-query", "0"], {}, paths)).lines).toMatchObject([
      { level: "warn" },
    ]);
    expect((await told(["--log-level", "error", "--slow-query", "0"], {}, paths)).lines).toEqual([]);
    expect((await told([], { SAPWOOD_LOG_LEVEL: "silent" }, paths)).lines).toEqual([]);
  });

  test("--slow-query 0 --server-timing --metrics", async () => {
    const flags = ["--slow-query", "0", "--server-timing", "--metrics"];
    const { answers, lines } = await told(flags, {}, ["/api/clubs/1", "/metrics"]);
    expect(lines).toMatchObject([
      { level: "warn", requestId: "one", route: "GET /clubs/:id", values: 1, rows: 1, msg: "slow query" },
    ]);
    expect(lines[0].statement).toMatch(/^SELECT .*\?/s);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0]?.headers.get("server-timing")).toMatch(/^db;dur=/);
    expect(answers[1]?.headers.get("server-timing")).toBeNull();
  });

  test("the same by variables", async () => {
    const env = { SAPWOOD_SLOW_QUERY: "0", SAPWOOD_SERVER_TIMING: "true", SAPWOOD_METRICS: "true" };
    const { answers, lines } = await told([], env, ["/api/clubs/1", "/metrics"]);
    expect(lines).toMatchObject([{ msg: "slow query" }]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test("what watches a server is nothing to other commands", async () => {
    const env = { SAPWOOD_METRICS: "true", SAPWOOD_SLOW_QUERY: "0", SAPWOOD_SERVER_TIMING: "true" };
    for (const db of [[database.url], ["--db", `main=${database.url}`]]) {
      const { code, stdout, stderr } = await run(["routes", ...db], env);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("/clubs");
    }
    const several = await start(["serve", "--port", "0", "--db", `main=${database.url}`], env);
    expect(await (await fetch(`${several.url}/metrics`)).text()).toContain('database="main"');
    several.signal("SIGTERM");
    expect((await several.ended).code).toBe(0);
  });
});
