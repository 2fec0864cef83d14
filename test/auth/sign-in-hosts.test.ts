// Signing in through each host: below the mount in a framework, at the top of the server. And nothing of it reaches a log.
import express from "express";
import { describe, expect, test } from "vitest";
import { makeRoutes } from "../../adapters/express.js";
import { serve } from "../../src/server/serve.js";
import { hosts } from "../docs/hosts.js";
import { keepLines } from "../observe/lines.js";
import type { Created } from "../support/databases.js";
import { listen, request } from "../support/http.js";
import { roles, sqlite } from "./asked.js";
import { addUsers, bearer, ddl, password } from "./signing-in.js";

const options = { roles, auth: { accounts: { create: true } } };
const headers = { "content-type": "application/x-www-form-urlencoded" };
const sent = (username: string) => new URLSearchParams({ grant_type: "password", username, password }).toString();

async function onShop(work: (db: Created) => Promise<void>): Promise<void> {
  const db = await sqlite.create(ddl.sqlite);
  try {
    await work(db);
  } finally {
    await db.drop();
  }
}

describe.each(hosts)("through $name", ({ start }) => {
  test("POST /auth/token stands beside the documentation", () =>
    onShop(async (db) => {
      const host = await start(db.url, options);
      await addUsers(db.url, { role: "admin" });
      const { status, json } = await host.ask("POST /auth/token", { body: sent("ada"), headers });
      expect(status).toBe(200);
      const auth = bearer(json.access_token);
      const notes = host.resources === "." ? "/notes/1" : "/api/notes/1";
      expect((await host.ask(`GET ${notes}`, { headers: auth })).status).toBe(200);
      const body = { username: "bob", password, role: "member" };
      const made = await host.ask("POST /auth/users", { headers: auth, body });
      expect(made.headers.location).toBe(`${host.before}/auth/users/2`);
      expect((await host.ask("GET /auth/users/2", { headers: auth })).json.username).toBe("bob");
      const large = { body: `${sent("ada")}&x=${"x".repeat(2_000_000)}`, headers };
      expect((await host.ask("POST /auth/token", large)).status).toBe(413);
      expect((await host.ask("POST /auth/revoke", { body: `token=${json.access_token}`, headers })).status).toBe(200);
      expect((await host.ask(`GET ${notes}`, { headers: auth })).status).toBe(401);
      expect((await host.ask("GET /auth/nothing")).json?.access_token).toBeUndefined();
      await host.close();
    }));
});

test("a parser of the app's may have read the form already", () =>
  onShop(async (db) => {
    const api = await makeRoutes(db.url, options);
    await addUsers(db.url, {});
    const app = express().use(express.urlencoded(), express.json()).use("/api", api);
    const { base, close } = await listen(app);
    for (const parts of [{ body: sent("ada"), headers }, { body: { username: "ada", password } }])
      expect((await request(base, "POST", "/api/auth/token", parts)).status).toBe(200);
    await close();
    await api.close();
  }));

test("of several databases each has its own, below its name", () =>
  onShop((one) =>
    onShop(async (two) => {
      const server = await serve({ databases: { one: one.url, two: { db: two.url } } }, { port: 0, ...options });
      await addUsers(one.url, {});
      const signIn = (path: string) => request(server.url, "POST", path, { body: sent("ada"), headers });
      expect((await signIn("/auth/token")).status).toBe(404);
      expect((await signIn("/api/two/auth/token")).status).toBe(400);
      const { json } = await signIn("/api/one/auth/token");
      const read = (path: string) => request(server.url, "GET", path, { headers: bearer(json.access_token) });
      expect((await read("/api/one/notes/1")).status).toBe(200);
      expect((await read("/api/two/notes/1")).status).toBe(401);
      await server.close();
    }),
  ));

test("no password and no token is in a log, an error or a page", () =>
  onShop(async (db) => {
    const { logger, lines } = keepLines();
    const server = await serve(db.url, { port: 0, ...options, logger, slowQuery: 0, metrics: true });
    await addUsers(db.url, { role: "admin" });
    const texts: string[] = [];
    const ask = async (line: string, parts = {}) => {
      const [method = "", path = ""] = line.split(" ");
      const answer = await request(server.url, method, path, parts);
      if (path !== "/auth/token" || answer.status !== 200) texts.push(answer.text, JSON.stringify(answer.headers));
      return answer;
    };
    const token: string = (await ask("POST /auth/token", { body: sent("ada"), headers })).json.access_token;
    const auth = bearer(token);
    await ask("POST /auth/token", { body: { username: password, password: token } });
    await ask("POST /auth/token", { body: `{"username":"ada","password":"${password}"`, headers: {} });
    await ask("GET /api/notes/1", { headers: bearer(`${token.slice(0, -1)}-`) });
    await ask("POST /auth/users", { headers: auth, body: { username: "bob", password, role: "member" } });
    await ask("POST /auth/users", { headers: auth, body: { username: "bob", password, role: password } });
    await ask("POST /auth/users", { headers: auth, body: { username: "eve", role: "member", [password]: token } });
    await ask("GET /auth/users", { headers: auth });
    await db.knex.schema.alterTable("sapwood_tokens", (table) => table.renameColumn("sessions", "gone"));
    await ask("POST /auth/token", { body: sent("ada"), headers });
    await ask("GET /api/notes/1", { headers: auth });
    for (const page of ["/", "/metadata", "/openapi.json", "/health", "/metrics", "/docs/diagram.mmd"])
      await ask(`GET ${page}`, { headers: auth });
    await server.close();
    const [logged, answered] = [
      lines.map(({ text, fields }) => text + JSON.stringify(fields)).join("\n"),
      texts.join("\n"),
    ];
    expect(logged).toContain("/auth/token");
    for (const secret of [password, token, token.slice(4), "scrypt"]) {
      expect(logged).not.toContain(secret);
      expect(answered).not.toContain(secret);
    }
    expect(answered).not.toMatch(/sapwood_(users|tokens|attempts)/);
  }));
