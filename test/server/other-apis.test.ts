// Hooks of one database ask the API of another one, in the same process and with the rights of whom they name.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jsonRequest } from "../../src/http/json-request.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";

const [sqlite] = databases as [TestDatabase];
const key = "k".repeat(40);
const auth = {
  keys: [{ name: "copier", hash: `sha256:${createHash("sha256").update(key).digest("hex")}`, role: "copier" }],
};

let main: Created;
let audit: Created;
let server: RunningServer;
const seen: unknown[] = [];

beforeAll(async () => {
  main = await sqlite.create("CREATE TABLE orders (id INTEGER PRIMARY KEY, title VARCHAR(40));");
  audit = await sqlite.create("CREATE TABLE entries (id INTEGER PRIMARY KEY, text VARCHAR(40));");
  server = await serve(
    {
      databases: {
        main: {
          db: main.url,
          hooks: {
            afterCommit: async ({ apis, result, body }) => {
              const headers: Record<string, string> = body.title === "nobody" ? {} : { "X-Api-Key": key };
              const { title } = result as { title: string };
              const answer = await apis.audit?.handle(jsonRequest("POST /entries", { body: { text: title }, headers }));
              seen.push(answer?.status, Object.keys(apis).sort());
            },
          },
        },
        audit: { db: audit.url, auth, roles: { copier: { entries: "*" } } },
      },
    },
    { port: 0 },
  );
});
afterAll(async () => {
  await server?.close();
  await main?.drop();
  await audit?.drop();
});

const post = (title: string) =>
  fetch(`${server.api}/main/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ title }),
  });

test("POST /api/main/orders makes a row of the other database as the key's role", async () => {
  expect((await post("tea")).status).toBe(201);
  expect(seen.splice(0)).toEqual([201, ["audit", "main"]]);
  expect(await audit.knex("entries").pluck("text")).toEqual(["tea"]);
});

test("without a key it is nobody, who may do nothing there", async () => {
  expect((await post("nobody")).status).toBe(201);
  expect(seen.splice(0)[0]).toBe(401);
  expect(await audit.knex("entries").pluck("text")).toEqual(["tea"]);
});
