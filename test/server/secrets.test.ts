// Credentials and connection strings are sent everywhere, to a server that says all it can, and are nowhere in what it says.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { start } from "../cli/cli.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { exchange, request } from "../support/http.js";
import { startRelay } from "./relay.js";

const [, postgres] = databases as [TestDatabase, TestDatabase];
const secrets = [
  "topsecret-bearer",
  "topsecret-basic",
  "topsecret-key",
  "topsecret-cookie",
  "topsecret-proxy",
  "topsecret-query",
];
const [bearer, basic, key, cookie, proxy, query] = secrets as [string, string, string, string, string, string];
const sent: readonly Record<string, string>[] = [
  { authorization: `Bearer ${bearer}` },
  { authorization: `Basic ${basic}` },
  { authorization: basic },
  { "x-api-key": key },
  { cookie: `session=${cookie}` },
  { "proxy-authorization": `Basic ${proxy}` },
  { authorization: `Bearer ${bearer}`, "x-api-key": key, cookie: `session=${cookie}`, "proxy-authorization": proxy },
];
const inQuery = `access_token=${query}`;

/** What a careless hook throws: all that it was sent, and a connection string. */
const config = `export default {
  hooks: {
    preDelete: ({ request }) => {
      const headers = ["authorization", "x-api-key", "cookie", "proxy-authorization"].map((name) => [name, request.header(name)]);
      throw new Error(JSON.stringify(Object.fromEntries(headers)) + " " + request.query + " at postgres://app:topsecret-url@db/shop");
    },
    afterCommit: ({ request }) => {
      throw new TypeError("Authorization: " + request.header("authorization"));
    },
  },
};`;

describe.skipIf(postgres.skip)("on a database that goes away", () => {
  let created: Created;
  let folder: string;
  beforeAll(async () => {
    created = await postgres.create(
      "CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO clubs VALUES (1, 'Rowing');",
    );
    folder = await mkdtemp(join(tmpdir(), "sapwood-secrets-"));
    await writeFile(join(folder, "sapwood.config.mjs"), config);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await created?.drop();
  });

  const lines = [
    "GET /api/clubs",
    "GET /api/clubs/1",
    "GET /api/clubs/x",
    "GET /api/nothing",
    "GET /nothing",
    "PATCH /api/clubs/1",
    "DELETE /api/clubs/1",
    "POST /api/batch",
    "POST /admin/refresh",
    "GET /health",
    "GET /metadata",
    "GET /metrics",
    "GET /docs",
    "GET /openapi.json",
  ];

  test.each([
    ["without access control", []],
    ["where tokens are taken", ["--jwt-secret", "topsecret-of-thirty-two-bytes-and-more"]],
  ] as const)(
    "%s",
    async (_title, flags) => {
      const relay = await startRelay(created.url);
      const url = new URL(relay.url);
      url.searchParams.set("application_name", "topsecret-app");
      const roles = join(folder, "roles.mjs");
      await writeFile(roles, `${config.replace("hooks:", 'roles: { anonymous: "*", member: "*" }, hooks:')}`);
      const told = [
        "--log-level",
        "debug",
        "--slow-query",
        "0",
        "--server-timing",
        "--metrics",
        "--rate-failures",
        "0",
      ];
      const where = flags.length === 0 ? join(folder, "sapwood.config.mjs") : roles;
      const server = await start(["serve", "--port", "0", "--config", where, ...told, ...flags], {
        DATABASE_URL: url.href,
      });
      const answers: string[] = [];
      const statuses = new Set<number>();
      const ask = async (line: string, headers: Record<string, string>) => {
        const [method = "", path = ""] = line.split(" ");
        const body =
          method === "PATCH"
            ? { name: "x" }
            : path.endsWith("batch")
              ? [{ method: "GET", path: "/clubs/2" }]
              : undefined;
        for (const at of [path, `${path}?${inQuery}`]) {
          const answer = await request(server.url, method, at, { headers, body });
          statuses.add(answer.status);
          answers.push(JSON.stringify(answer.headers), answer.text);
        }
      };
      for (const line of lines) for (const headers of sent) await ask(line, headers);
      answers.push(await exchange(server.url, `GET / HTTP/9\r\nauthorization: Bearer ${bearer}\r\n\r\n`));
      await relay.down();
      for (const line of lines) for (const headers of sent.slice(-1)) await ask(line, headers);
      server.signal("SIGTERM");
      const { stdout, stderr } = await server.ended;
      await relay.up();
      // It has said something of each kind.
      for (const status of flags.length === 0 ? [200, 400, 404, 500, 503] : [401, 503])
        expect(statuses).toContain(status);
      expect(stderr).toContain('"msg":"request"');
      if (flags.length === 0) {
        expect(stderr).toContain("slow query");
        expect(stderr).toContain("unforeseen error");
      }
      const said = stdout + stderr + answers.join("\n");
      const password = new URL(created.url).password;
      for (const secret of [...secrets, "topsecret", ...(password === "" ? [] : [`:${password}@`])])
        expect(said.split("\n").filter((text) => text.includes(secret))).toEqual([]);
    },
    60_000,
  );
});
