// API keys: of the database and of the config, in a header, shown once, and ended at once.
import { beforeAll, describe, expect, test } from "vitest";
import { hashOf } from "../../src/auth/secrets.js";
import { createApi } from "../../src/index.js";
import { isProblem } from "../conformance/case.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";
import { asking, roles } from "./asked.js";
import { addKey, ddl, noting } from "./signing-in.js";

onEveryDatabase(ddl, (place) => {
  const { noted, hooks } = noting();
  const options = { roles, hooks, auth: { keys: { create: true } } };
  let app: App;
  let second: App;
  let admin: Readonly<Record<string, string>>;

  const asKey = (key: string) => ({ "x-api-key": key });
  const status = async (by: App, key: string) => (await by.ask("GET /notes/1", { headers: asKey(key) })).status;
  const make = (body: unknown, by = app) => by.ask("POST /auth/keys", { headers: admin, body });

  beforeAll(async () => {
    [app, second] = await Promise.all([place.app(options), place.app(options)]);
    admin = asKey(await addKey(place.db().url, { name: "first", role: "admin" }));
  });

  test("POST /auth/keys shows a key once, and it says who asks", async () => {
    const made = await make({ name: "nightly report", role: "member", claims: { team: 7, role: "admin" } });
    expect(made.status, made.text).toBe(201);
    const { id, key } = made.json;
    expect(made.json).toEqual({
      ...{ id, key, name: "nightly report", role: "member", claims: { team: 7, role: "admin" } },
      ...{ createdAt: expect.stringMatching(/Z$/), expiresAt: null },
    });
    expect(key).toMatch(/^swk_[\w-]{43}$/);
    expect(made.headers).toMatchObject({ location: `/api/auth/keys/${id}`, "cache-control": "no-store" });
    expect(await status(second, key)).toBe(200);
    expect(noted.caller).toEqual({
      role: "member",
      claims: { sub: `key ${id}`, name: "nightly report", role: "member", team: 7 },
    });
    const { key: _, ...shown } = made.json;
    expect((await app.ask(`GET /auth/keys/${id}`, { headers: admin })).json).toEqual(shown);
    const list = await app.ask("GET /auth/keys", { headers: admin });
    expect(list.json).toContainEqual(shown);
    expect(list.text).not.toContain(key.slice(4));
    expect(JSON.stringify(await place.db().knex("sapwood_keys"))).not.toContain(key.slice(4));
  });

  test("DELETE /auth/keys/:id ends it in every process", async () => {
    const { id, key } = (await make({ name: "gone", role: "member" })).json;
    expect(await status(second, key)).toBe(200);
    expect((await app.ask(`DELETE /auth/keys/${id}`, { headers: admin })).status).toBe(204);
    const refused = await second.ask("GET /notes/1", { headers: asKey(key) });
    isProblem(refused, 401, "unauthorized");
    expect(refused.headers["www-authenticate"]).toMatch(/^Bearer /);
    expect(refused.text).not.toContain(key);
    isProblem(await app.ask(`DELETE /auth/keys/${id}`, { headers: admin }), 404, "not_found");
  });

  test("one with an end ends by itself", async () => {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const { id, key, ...made } = (await make({ name: "soon", role: "member", expiresAt })).json;
    expect(made.expiresAt).toBe(expiresAt);
    expect(await status(app, key)).toBe(200);
    await place
      .db()
      .knex("sapwood_keys")
      .where({ id })
      .update({ expires_at: Date.now() - 1 });
    expect(await status(app, key)).toBe(401);
  });

  test("what is no key is refused", async () => {
    for (const key of ["swk_", "x", `swk_${"A".repeat(43)}`, admin["x-api-key"]?.toUpperCase() ?? "", `' OR 1=1 --`])
      expect(await status(app, key), key).toBe(401);
  });

  test.each([
    [{ name: "x", role: "owner" }, 422, "invalid_value"],
    [{ name: "x".repeat(201), role: "member" }, 422, "invalid_value"],
    [{ name: "x", role: "member", expiresAt: "tomorrow" }, 422, "invalid_value"],
    [{ name: "x", role: "member", expiresAt: "2020-01-01" }, 422, "invalid_value"],
    [{ name: "x", role: "member", key: "mine" }, 400, "invalid_body"],
    [{ role: "member" }, 400, "invalid_body"],
  ])("POST refuses %#", async (body, status, code) => {
    isProblem(await make(body), status, code);
  });

  test("are for admins only", async () => {
    const member = asKey((await make({ name: "member", role: "member" })).json.key);
    for (const line of ["GET /auth/keys", "POST /auth/keys", "GET /auth/keys/1", "DELETE /auth/keys/1"]) {
      isProblem(await app.ask(line, { body: {} }), 401, "unauthorized");
      isProblem(await app.ask(line, { headers: member, body: {} }), 403, "forbidden");
    }
  });

  test("a role that is gone from the config is refused", async () => {
    const { key } = (await make({ name: "later", role: "member" })).json;
    const later = await place.app({ ...options, roles: { admin: "*" } });
    isProblem(await later.ask("GET /notes/1", { headers: asKey(key) }), 403, "forbidden");
  });

  test("the header may have another name", async () => {
    const other = await place.app({ ...options, auth: { keys: { header: "X-Shop-Key" } } });
    const { key } = (await make({ name: "other", role: "member" })).json;
    expect((await other.ask("GET /notes/1", { headers: { "x-shop-key": key } })).status).toBe(200);
    expect(await status(other, key)).toBe(401);
    const twice = { "x-shop-key": key, authorization: "Basic YTpi" };
    isProblem(await other.ask("GET /notes/1", { headers: twice }), 401, "unauthorized");
    const document = (await other.ask("GET /openapi.json")).json;
    expect(document.components.securitySchemes.apiKey).toMatchObject({
      type: "apiKey",
      in: "header",
      name: "X-Shop-Key",
    });
  });

  test("a key and a token at once leave open who asks", async () => {
    const headers = { ...admin, authorization: `Bearer swt_${"A".repeat(43)}` };
    isProblem(await app.ask("GET /notes/1", { headers }), 401, "unauthorized");
  });
});

onEveryDatabase(ddl, (place) => {
  test("without its table, and without leave to make it, an API does not start", async () => {
    const start = (keys: object) => createApi(place.db().url, { roles, auth: { keys } });
    await expect(start({})).rejects.toThrow("options.auth.keys: the database has no sapwood_keys");
    await (await start({ create: true })).close();
    await (await start({})).close();
  });
});

describe("keys of the config", () => {
  const [secret, other] = ["a secret of the deployment", "another"];
  const listed = [
    { name: "ci", hash: `sha256:${hashOf(secret)}`, role: "admin", claims: { team: 1 } },
    { name: "report", hash: `sha256:${hashOf(other).toUpperCase()}`, role: "member" },
  ];

  test("need no table", async () => {
    const { ask, close } = await asking({ auth: { keys: listed } });
    expect((await ask({ "x-api-key": secret })).caller).toEqual({
      role: "admin",
      claims: { sub: "key ci", name: "ci", role: "admin", team: 1 },
    });
    expect((await ask({ "x-api-key": other })).caller?.role).toBe("member");
    for (const key of ["", hashOf(secret), `sha256:${hashOf(secret)}`])
      expect(await ask({ "x-api-key": key })).toMatchObject({ status: 401, code: "unauthorized" });
    expect((await ask()).caller?.role).toBe("anonymous");
    await close();
  });

  test.each([
    [[{ ...listed[0], hash: secret }], "options.auth.keys[0].hash: is sha256: and 64 hexadecimal digits"],
    [
      [listed[0], { ...listed[1], role: "mmber" }],
      "options.auth.keys[1].role: there is no role 'mmber'. Perhaps you meant",
    ],
    [[{ ...listed[0], role: undefined }], "options.auth.keys[0].role: is the role"],
    [[{ ...listed[0], key: secret }], "options.auth.keys[0].key: there is no such option"],
    [{ header: "x key" }, "options.auth.keys.header: is a header's name"],
    [{ adminRole: "boss" }, "options.auth.keys.adminRole: there is no role 'boss'"],
  ])("a mistake stops the start: %#", async (keys, message) => {
    const starting = createApi("sqlite::memory:", { roles, auth: { keys: keys as never } });
    await expect(starting).rejects.toThrow(message);
    await expect(starting).rejects.not.toThrow(secret);
  });
});
