// A server that nobody told anything has every limit on.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limitOptions } from "../../src/http/limits.js";
import { timeLimits } from "../../src/server/listener.js";
import { serve } from "../../src/server/serve.js";
import { type Running, start } from "../cli/cli.js";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { exchange, request } from "../support/http.js";

const [sqlite, postgres] = databases as [TestDatabase, TestDatabase];
let database: Created;
let server: Running;
beforeAll(async () => {
  database = await sqlite.create(ddl.sqlite);
  server = await start(["serve", database.url, "--port", "0"]);
});
afterAll(async () => {
  server?.signal("SIGTERM");
  await server?.ended;
  await database?.drop();
});

const values = (count: number) => Array.from({ length: count }, (_, i) => i).join(",");
const nested = (depth: number) => `members(${"groups(members(".repeat(depth)}id${"))".repeat(depth)})`;

describe("with no flags", () => {
  const asks: readonly (readonly [string, string, number, string, unknown?])[] = [
    ["a huge body", "POST /api/members", 413, "body_too_large", { name: "x".repeat(2_000_000) }],
    ["deep JSON", "POST /api/members", 400, "invalid_body", `${"[".repeat(500_000)}${"]".repeat(500_000)}`],
    ["many rows", "POST /api/members", 400, "too_complex", Array.from({ length: 1_001 }, () => ({ name: "x" }))],
    [
      "a long batch",
      "POST /api/batch",
      400,
      "too_complex",
      Array.from({ length: 101 }, () => ({ method: "GET", path: "/members" })),
    ],
    ["a long list of values", `GET /api/members?id=in:${values(1_001)}`, 400, "too_complex"],
    ["many filters", `GET /api/members?${"id=gt:0&".repeat(51)}`, 400, "too_complex"],
    ["deep logic", `GET /api/members?and=(${"and(".repeat(40)}id=gt:0${")".repeat(41)}`, 400, "too_complex"],
    ["a deep select", `GET /api/groups?select=${nested(3)}`, 400, "too_complex"],
    [
      "wide select",
      `GET /api/groups?select=${Array.from({ length: 21 }, (_, i) => `m${i}:members(id)`).join(",")}`,
      400,
      "too_complex",
    ],
  ];
  test.each(asks as [string, string, number, string, unknown?][])("%s", async (_title, line, status, code, body) => {
    const [method = "", path = ""] = line.split(" ");
    isProblem(await request(server.url, method, path, { body }), status, code);
  });

  test("a list without an end is cut", async () => {
    const answer = await request(server.url, "GET", "/api/members?limit=1000000&envelope=true");
    expect(answer.json.limit).toBe(1_000);
  });

  // Short enough to be read at once: what is left unread resets the connection.
  test.each([
    ["a long URL", `GET /api/members?name=${"x".repeat(20_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`],
    ["huge headers", `GET /api/members HTTP/1.1\r\nhost: localhost\r\nx: ${"x".repeat(20_000)}\r\n\r\n`],
    ["many headers", `GET /api/members HTTP/1.1\r\nhost: localhost\r\n${"xxxx: xxxx\r\n".repeat(2_500)}\r\n`],
  ])("%s", async (_title, text) => {
    expect(await exchange(server.url, text)).toMatch(/^HTTP\/1\.1 431 /);
  });

  test("each limit has a default that bounds something", () => {
    for (const [name, { default: value }] of Object.entries(limitOptions)) expect(value, name).toBeGreaterThan(0);
    // How each takes effect, with shorter times, is in http.test.ts.
    for (const [name, value] of Object.entries(timeLimits)) expect(value, name).toBeGreaterThan(0);
  });
});

test.skipIf(postgres.skip)("a statement has 30 seconds, unless the database says otherwise", async () => {
  const created = await postgres.create(
    "CREATE VIEW limits AS SELECT current_setting('statement_timeout') AS statement;",
  );
  const told = async () => {
    const running = await serve(created.url, { port: 0 });
    const answer = await request(running.url, "GET", "/api/limits");
    await running.close();
    return answer.json;
  };
  expect(await told()).toEqual([{ statement: "30s" }]);
  await created.knex.raw(`ALTER DATABASE ${new URL(created.url).pathname.slice(1)} SET statement_timeout = '5s'`);
  expect(await told()).toEqual([{ statement: "5s" }]);
  await created.drop();
});
