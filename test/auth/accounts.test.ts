// Signing in by a name and a password that are kept here: tokens, their end, locks, and what admins do.
import { beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/index.js";
import { isProblem } from "../conformance/case.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";
import { roles } from "./asked.js";
import { addUsers, bearer, ddl, form, noting, password, signIn, tokenOf } from "./signing-in.js";

const secretly = { username: "grace", role: "admin" } as const;

onEveryDatabase(ddl, (place) => {
  const { noted, hooks } = noting();
  const options = { roles, hooks, auth: { accounts: { create: true, lockAfter: 3 } } };
  let app: App;
  let second: App;

  beforeAll(async () => {
    // Two processes at once are two that find no tables.
    [app, second] = await Promise.all([place.app(options), place.app(options)]);
    await addUsers(place.db().url, { claims: { team: 7, sub: "not me" } }, secretly);
  });

  describe("POST /auth/token", () => {
    test("answers a token that says who asks", async () => {
      const answer = await signIn(app, "ada");
      expect(answer.status, answer.text).toBe(200);
      expect(answer.json).toEqual({
        access_token: expect.stringMatching(/^swt_[\w-]{43}$/),
        token_type: "Bearer",
        expires_in: 28_800,
      });
      expect(answer.headers).toMatchObject({ "cache-control": "no-store", pragma: "no-cache" });
      expect((await app.ask("GET /notes/1", { headers: bearer(answer.json.access_token) })).status).toBe(200);
      expect(noted.caller).toEqual({
        role: "member",
        claims: { sub: "1", username: "ada", role: "member", team: 7 },
      });
    });

    test("takes JSON as well, and names in any case and form of letters", async () => {
      for (const username of ["ADA", "ａｄａ"])
        expect((await app.ask("POST /auth/token", { body: { username, password } })).status, username).toBe(200);
    });

    test("refuses a wrong password and an unknown name in the same words", async () => {
      const wrong = await signIn(app, "ada", "wrong password");
      const unknown = await signIn(app, "nobody", "wrong password");
      expect(wrong.status).toBe(400);
      expect(wrong.json).toMatchObject({ error: "invalid_grant", code: "invalid_grant", status: 400 });
      expect(wrong.json.error_description).toBe(wrong.json.detail);
      expect(wrong.headers).toMatchObject({
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
      });
      expect(unknown.text).toBe(wrong.text);
      await signIn(app, "ada");
    });

    test.each([
      [{ grant_type: "client_credentials" }, 400, "unsupported_grant_type"],
      [{ username: "ada" }, 400, "invalid_request"],
      [{ username: "ada", password: "" }, 400, "invalid_request"],
      [{ username: "ada", password: 7 }, 400, "invalid_request"],
      [{ username: { $ne: null }, password }, 400, "invalid_request"],
      [["ada", password], 400, "invalid_request"],
      ["{", 400, "invalid_request"],
      [{ username: "a".repeat(20_000), password }, 413, "invalid_request"],
      [{ username: "a".repeat(2_000), password }, 400, "invalid_grant"],
      [{ username: "ada", password: "p".repeat(5_000) }, 400, "invalid_grant"],
      [{ username: "ada' OR '1'='1", password: "x' OR '1'='1" }, 400, "invalid_grant"],
      [{ username: "ada\u0000", password }, 400, "invalid_grant"],
    ])("refuses %#", async (body, status, error) => {
      const answer = await app.ask("POST /auth/token", { body });
      expect([answer.status, answer.json.error], answer.text).toEqual([status, error]);
      expect(answer.json.error_description).toBe(answer.json.detail);
    });

    test("refuses other bodies, and a field that stands twice", async () => {
      const headers = { "content-type": "text/plain" };
      expect((await app.ask("POST /auth/token", { body: "username=ada", headers })).status).toBe(415);
      const twice = "grant_type=password&username=grace&username=ada&password=x";
      const form = { "content-type": "application/x-www-form-urlencoded" };
      const answer = await app.ask("POST /auth/token", { body: twice, headers: form });
      expect([answer.status, answer.json.error]).toEqual([400, "invalid_request"]);
    });

    test("takes no other method", async () => {
      const answer = await app.ask("GET /auth/token");
      isProblem(answer, 405, "method_not_allowed");
      expect(answer.headers.allow).toBe("POST, OPTIONS");
    });
  });

  describe("a token ends", () => {
    const reads = async (token: string, by = app) => (await by.ask("GET /notes/1", { headers: bearer(token) })).status;

    test("by POST /auth/revoke, in every process, and others stay", async () => {
      const [token, other] = [await tokenOf(app, "ada"), await tokenOf(second, "ada")];
      expect(await reads(token, second)).toBe(200);
      const revoked = await form(app, "/auth/revoke", { token });
      expect([revoked.status, revoked.text]).toEqual([200, ""]);
      expect(await reads(token, second)).toBe(401);
      expect(await reads(other)).toBe(200);
      for (const unknown of [token, "swt_x", "other"])
        expect((await form(app, "/auth/revoke", { token: unknown })).status).toBe(200);
    });

    test("when its time has come, and is taken away", async () => {
      const token = await tokenOf(app, "ada");
      const { knex } = place.db();
      await knex("sapwood_tokens").update({ expires_at: Date.now() - 1 });
      const answer = await app.ask("GET /notes/1", { headers: bearer(token) });
      isProblem(answer, 401, "unauthorized");
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer .*error="invalid_token"/);
      // A process that has cleaned nothing yet.
      const third = await place.app(options);
      await tokenOf(third, "ada");
      expect(await knex("sapwood_tokens")).toHaveLength(1);
    });

    test.each([
      ["a new password", { password: "another password" }],
      ["being disabled", { disabled: true }],
    ])("by %s", async (_title, body) => {
      await addUsers(place.db().url, { username: "bob" });
      const admin = bearer(await tokenOf(app, "grace"));
      const { id } = (await app.ask("GET /auth/users", { headers: admin })).json.find(
        ({ username }: { username: string }) => username === "bob",
      );
      const tokens = [await tokenOf(app, "bob"), await tokenOf(second, "bob")];
      expect((await app.ask(`PATCH /auth/users/${id}`, { headers: admin, body })).status).toBe(200);
      for (const token of tokens) expect(await reads(token, second)).toBe(401);
      if ("disabled" in body) expect((await signIn(app, "bob")).status).toBe(400);
      expect((await app.ask(`DELETE /auth/users/${id}`, { headers: admin })).status).toBe(204);
    });

    test("with its user, and none that comes later gets it back", async () => {
      await addUsers(place.db().url, { username: "eve" });
      const token = await tokenOf(app, "eve");
      const admin = bearer(await tokenOf(app, "grace"));
      const users = (await app.ask("GET /auth/users", { headers: admin })).json;
      const { id } = users.at(-1);
      expect((await app.ask(`DELETE /auth/users/${id}`, { headers: admin })).status).toBe(204);
      expect(await reads(token, second)).toBe(401);
      isProblem(await app.ask(`DELETE /auth/users/${id}`, { headers: admin }), 404, "not_found");
      await addUsers(place.db().url, { username: "eve" });
      expect(await reads(token)).toBe(401);
    });

    test("and what is none is refused", async () => {
      for (const token of ["swt_", "swt_x", `swt_${"A".repeat(43)}`, `swt_${"A".repeat(5000)}`])
        expect(await reads(token), token).toBe(401);
    });
  });

  describe("too many failures", () => {
    test("lock the name in every process, whether there is such a user or not", async () => {
      await addUsers(place.db().url, { username: "locked" });
      for (const name of ["locked", "no such user"]) {
        const answers = [];
        for (const by of [app, second, app, second]) answers.push((await signIn(by, name, "a wrong one")).text);
        expect(new Set(answers).size).toBe(1);
        expect((await signIn(app, name)).text).toBe(answers[0]);
      }
      await place
        .db()
        .knex("sapwood_attempts")
        .update({ until_at: Date.now() - 1 });
      expect((await signIn(app, "locked")).status).toBe(200);
    });

    test("that come at once are counted each", async () => {
      await addUsers(place.db().url, { username: "rushed" });
      const { knex } = place.db();
      await knex("sapwood_attempts").del();
      const guesses = [1, 2, 3, 4, 5, 6].map((n) => signIn(n % 2 ? app : second, "rushed", `guess number ${n}`));
      for (const { status } of await Promise.all(guesses)) expect(status).toBe(400);
      // Of the name, and of the address.
      expect((await knex("sapwood_attempts")).map(({ failures }) => Number(failures))).toEqual([6, 6]);
      expect((await signIn(app, "rushed")).status).toBe(400);
      await knex("sapwood_attempts").del();
    });

    test("a success forgets those before", async () => {
      await addUsers(place.db().url, { username: "clumsy" });
      for (let i = 0; i < 3; i++) {
        await signIn(app, "clumsy", "a wrong one");
        await signIn(app, "clumsy", "a wrong one");
        expect((await signIn(app, "clumsy")).status).toBe(200);
      }
    });

    test("turn the address away, with Retry-After", async () => {
      await place.db().knex("sapwood_attempts").del();
      await signIn(app, "somebody", "a wrong one");
      await place.db().knex("sapwood_attempts").update({ failures: 30 });
      const answer = await signIn(second, "ada");
      expect([answer.status, answer.json.error]).toEqual([429, "temporarily_unavailable"]);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
      await place.db().knex("sapwood_attempts").del();
    });
  });

  describe("/auth/users", () => {
    let admin: { authorization: string };
    beforeAll(async () => {
      admin = bearer(await tokenOf(app, "grace"));
    });
    const post = (body: unknown) => app.ask("POST /auth/users", { headers: admin, body });

    test("POST makes a user, who can sign in", async () => {
      const made = await post({
        username: "Émile",
        password: "a long enough one",
        role: "member",
        claims: { team: 3 },
      });
      expect(made.status, made.text).toBe(201);
      const { id } = made.json;
      expect(made.headers.location).toBe(`/api/auth/users/${id}`);
      expect(made.json).toEqual({
        ...{ id, username: "Émile", role: "member", claims: { team: 3 }, disabled: false },
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      });
      expect((await app.ask(`GET /auth/users/${id}`, { headers: admin })).json).toEqual(made.json);
      expect((await signIn(app, "émile", "a long enough one")).status).toBe(200);
      isProblem(await post({ username: "ÉMILE", password, role: "member" }), 409, "unique_violation");
      const changed = await app.ask(`PATCH /auth/users/${id}`, { headers: admin, body: { role: "admin" } });
      expect(changed.json).toMatchObject({ role: "admin", claims: { team: 3 } });
    });

    test("a changed role counts for tokens that are out", async () => {
      const token = bearer(await tokenOf(app, "émile", "a long enough one"));
      expect((await app.ask("GET /auth/users", { headers: token })).status).toBe(200);
      const { id } = (await app.ask("GET /auth/users?limit=1000", { headers: admin })).json.find(
        ({ username }: { username: string }) => username === "Émile",
      );
      await app.ask(`PATCH /auth/users/${id}`, { headers: admin, body: { role: "member" } });
      isProblem(await app.ask("GET /auth/users", { headers: token }), 403, "forbidden");
    });

    test("GET lists them by pages", async () => {
      const all = (await app.ask("GET /auth/users", { headers: admin })).json;
      expect(all.length).toBeGreaterThan(2);
      expect((await app.ask("GET /auth/users?limit=1&offset=1", { headers: admin })).json).toEqual([all[1]]);
      isProblem(await app.ask("GET /auth/users?limit=x", { headers: admin }), 400, "malformed_query");
    });

    test.each([
      [{ username: "x", password: "short", role: "member" }, 422, "invalid_value"],
      [{ username: "x", password: "p".repeat(201), role: "member" }, 422, "invalid_value"],
      [{ username: "longer than eight", password: "Longer than eight", role: "member" }, 422, "invalid_value"],
      [{ username: "x".repeat(201), password, role: "member" }, 422, "invalid_value"],
      [{ username: "a\u0000b", password, role: "member" }, 422, "invalid_value"],
      [{ username: "x", password, role: "owner" }, 422, "invalid_value"],
      [{ username: "x", password, role: "anonymous" }, 422, "invalid_value"],
      [{ username: "x", password, role: "member", claims: [1] }, 422, "invalid_value"],
      [{ username: "x", password, role: "member", sessions: 3 }, 400, "invalid_body"],
      [{ username: "x", password }, 400, "invalid_body"],
      [[], 400, "invalid_body"],
    ])("POST refuses %#", async (body, status, code) => {
      isProblem(await post(body), status, code);
    });

    test("are for admins only", async () => {
      const member = bearer(await tokenOf(app, "ada"));
      for (const line of ["GET /auth/users", "POST /auth/users", "PATCH /auth/users/1", "DELETE /auth/users/1"]) {
        const anonymous = await app.ask(line, { body: {} });
        isProblem(anonymous, 401, "unauthorized");
        expect(anonymous.headers["www-authenticate"]).toMatch(/^Bearer/);
        isProblem(await app.ask(line, { headers: member, body: {} }), 403, "forbidden");
      }
      for (const line of ["GET /auth/users/x", "DELETE /auth/users/:id", "PATCH /auth/users/99999"])
        isProblem(await app.ask(line, { headers: admin, body: {} }), 404, "not_found");
    });
  });

  test("POST /auth/password changes one's own, for whoever knows the old one", async () => {
    await addUsers(place.db().url, { username: "mover" });
    const token = bearer(await tokenOf(app, "mover"));
    const change = (body: unknown, headers = {}) => app.ask("POST /auth/password", { body, headers });
    isProblem(await change({ password, new_password: "the next password" }), 401, "unauthorized");
    isProblem(await change({ password: "wrong one", new_password: "the next password" }, token), 400, "invalid_grant");
    isProblem(await change({ password, new_password: "short" }, token), 422, "invalid_value");
    expect((await change({ password, new_password: "the next password" }, token)).status).toBe(204);
    expect((await app.ask("GET /notes/1", { headers: token })).status).toBe(401);
    expect((await signIn(app, "mover")).status).toBe(400);
    expect((await signIn(app, "mover", "the next password")).status).toBe(200);
  });

  test("nothing of it is a route", async () => {
    const tables = app.api.schema.tables.map(({ name }) => name);
    expect(tables).toEqual(["notes"]);
    for (const table of ["users", "tokens", "attempts", "keys"])
      expect((await app.ask(`GET /sapwood_${table}`)).json).toBeUndefined();
    const { url } = place.db();
    const byHand = { tables: [{ name: "sapwood_users", columns: [{ name: "password" }] }] };
    await expect(createApi(url, byHand)).rejects.toThrow("sapwood's own table");
    // Neither for an API that knows nothing of accounts.
    const plain = await place.app();
    expect(plain.api.schema.tables).toHaveLength(1);
  });

  test("no token and no password is in the database", async () => {
    const token = await tokenOf(app, "ada");
    const { knex } = place.db();
    const kept = JSON.stringify([
      await knex("sapwood_users"),
      await knex("sapwood_tokens"),
      await knex("sapwood_attempts"),
    ]);
    for (const secret of [token, token.slice(4), password, "a wrong one"]) expect(kept).not.toContain(secret);
    expect(kept).toContain("$scrypt$ln=15,r=8,p=3$");
  });
});

onEveryDatabase(ddl, (place) => {
  test("without its tables, and without leave to make them, an API does not start", async () => {
    const { url } = place.db();
    const start = (accounts: object) => createApi(url, { roles, auth: { accounts } });
    await expect(start({})).rejects.toThrow(
      "options.auth.accounts: the database has no sapwood_users, sapwood_tokens, sapwood_attempts, which sapwood keeps",
    );
    await (await start({ create: true })).close();
    await (await start({})).close();
    await expect(createApi(url, { roles, readOnly: true, auth: { accounts: {} } })).rejects.toThrow(
      "options.readOnly: is true, and signing in (options.auth.accounts) writes tokens.",
    );
  });
});

test.each([
  [{ lockAftr: 3 }, "options.auth.accounts.lockAftr: there is no such option. Perhaps you meant 'lockAfter'"],
  [{ tokenLifetime: 0 }, "options.auth.accounts.tokenLifetime: is a whole number from 1"],
  [{ adminRole: "amdin" }, "there is no role 'amdin'. Perhaps you meant 'admin'"],
  [{ create: "yes" }, "is true or false"],
])("a mistake stops the start: %j", async (accounts, message) => {
  await expect(createApi("sqlite::memory:", { roles, auth: { accounts: accounts as object } })).rejects.toThrow(
    message,
  );
});
