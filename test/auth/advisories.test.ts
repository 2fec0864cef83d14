// What went wrong with data in this class of software, each advisory by its number: the attack is really run, on each database.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import { type Created, databases } from "../support/databases.js";
import { type Sent, send } from "./same/sent.js";

const ddl = (array: string, list: (...words: string[]) => string) => `
  CREATE TABLE teams (id INTEGER PRIMARY KEY, name VARCHAR(50));
  CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50), password VARCHAR(50), labels ${array},
    team_id INTEGER, FOREIGN KEY (team_id) REFERENCES teams (id));
  CREATE TABLE safes (id INTEGER PRIMARY KEY, pin VARCHAR(50));
  INSERT INTO teams VALUES (1, 'red'), (2, 'blue');
  INSERT INTO users VALUES (1, 'ann', 'hunter2', ${list("a", "b")}, 1), (2, 'bob', 'swordfish', ${list("c")}, 2), (3, '0', 'x', ${list("")}, 1);
  INSERT INTO safes VALUES (1, 'pin-4711');`;
const ddls = {
  sqlite: ddl("VARCHAR(50)", (...words) => `'${words.join()}'`),
  mariadb: ddl("VARCHAR(50)", (...words) => `'${words.join()}'`),
  postgres: ddl("TEXT[]", (...words) => `ARRAY[${words.map((word) => `'${word}'`).join()}]`),
};

const users = { operations: "*", read: ["id", "name", "labels", "team_id"] } as const;
const roles = {
  member: { users, teams: "*" },
  team: { users: { ...users, rows: "team_id=in:$user.teams" }, teams: "read" },
  others: { users: { ...users, rows: "team_id=nin:$user.teams" } },
  notin: { users: { ...users, rows: "team_id=not.in:$user.teams" } },
  named: { users: { ...users, rows: "name=eq:$user.sub" } },
  admin: "*",
  anonymous: { teams: "read" },
} as const;

describe.each(databases)("$name", ({ name, skip, create }) => {
  let created: Created;
  let api: Api;
  beforeAll(async () => {
    if (skip !== undefined) return;
    created = await create(ddls[name]);
    api = await createApi(created.url, {
      roles,
      serverTiming: true,
      // Whoever says nothing has no claims.
      user: (raw) => (raw === "anonymous" ? undefined : typeof raw === "string" ? { role: raw } : raw),
    });
  });
  afterAll(async () => {
    await api?.close();
    await created?.drop();
  });

  const ask = (line: string, role: unknown = "member", body?: unknown, headers: Sent["headers"] = {}) => {
    const [method = "", target = ""] = line.split(/ (.*)/s);
    const [path = "", query = ""] = target.split(/\?(.*)/s);
    return send(api, { method, path, query, headers, body }, role);
  };
  const ids = async (line: string, role: unknown) => {
    const { status, body } = await ask(line, role);
    expect(status, body).toBe(200);
    return JSON.parse(body).map(({ id }: { id: number }) => id);
  };
  const secrets = /hunter2|swordfish|pin-4711/;
  /** Refused by name or by value, or nothing found; the tables are as before. */
  const survives = async (lines: readonly string[], role: unknown = "member", body?: unknown) => {
    const before = await rowsOf(created);
    for (const line of lines) {
      const answer = await ask(line, role, body);
      expect(answer.status, `${line}: ${answer.body}`).toBeLessThan(500);
      expect(answer.body, line).not.toMatch(secrets);
      if (answer.status < 300 && !line.startsWith("GET")) expect(line).toBe("is refused");
      if (answer.status === 200) expect(JSON.parse(answer.body), line).toEqual([]);
    }
    expect(await rowsOf(created)).toEqual(before);
  };
  /** The answer to a column that is not there, but for the name. */
  const isAbsent = async (line: string) => {
    const [hidden, absent] = await Promise.all([ask(line), ask(line.replaceAll("password", "nowhere_"))]);
    expect(hidden.status, `${line}: ${hidden.body}`).toBe(400);
    expect({ ...hidden, body: hidden.body.replaceAll("password", "nowhere_") }, line).toEqual(absent);
  };

  test.skipIf(skip)("CVE-2025-58450 (pREST): names in paths, orders and searches are no SQL", async () => {
    const injected = [
      'users" where (select 1 from pg_sleep(5))=1) s--',
      "users'; DROP TABLE users;--",
      "users`--",
      "users union select",
    ];
    await survives(
      injected.flatMap((text) => [
        `GET /${encodeURIComponent(text)}`,
        `GET /${encodeURIComponent(text)}/1`,
        `GET /users/${encodeURIComponent(text)}`,
        `GET /teams/1/${encodeURIComponent(text)}`,
        `GET /users?order-by=${encodeURIComponent(text)}`,
        `GET /users?select=${encodeURIComponent(text)}`,
        `GET /users?${encodeURIComponent(text)}=eq:1`,
        `GET /users?name=eq:${encodeURIComponent(text)}`,
        `GET /users?name=fts:${encodeURIComponent(`${text}') or true --`)}`,
        `GET /users?select=count(),${encodeURIComponent(text)}.max()`,
      ]),
    );
  });

  test.skipIf(skip)(
    "GHSA-wm25-j4gw-6vr3 (pREST): no spelling of a path is let in where the table is not granted",
    async () => {
      const paths = [
        ...[
          "/safes",
          "/safes/1",
          "//safes",
          "/safes/",
          "/SAFES",
          "/safes/auth",
          "/auth/safes",
          "/auth/../safes",
          "/teams/../safes",
        ],
        ...[
          "/teams/1/..%2F..%2Fsafes",
          "/%76ault",
          "/safes%00",
          "/safes;/teams",
          "/safes?auth",
          "/safes%2F1",
          "/teams%2F..%2Fsafes",
        ],
        ...[
          `/teams%22.safes)%20s;--/teams`,
          `/main.safes`,
          `/public.safes/1`,
          "/./safes",
          "/safes/1/",
          "/safes.json",
          "/safes#/auth",
        ],
      ];
      for (const role of ["anonymous", "member"])
        for (const path of paths)
          for (const method of ["GET", "HEAD", "DELETE", "PATCH"]) {
            const body = method === "PATCH" ? { pin: "1" } : undefined;
            const answer = await ask(`${method} ${path}`, role, body);
            expect([400, 401, 403, 404, 405], `${role} ${method} ${path}: ${answer.body}`).toContain(answer.status);
            expect(answer.body).not.toMatch(secrets);
          }
      expect((await ask("GET /safes/1", "admin")).status).toBe(200);
      // Nor as an entry of a batch, whose own path is open to everyone.
      const inside = await ask("POST /batch", "anonymous", [{ method: "GET", path: "/safes" }]);
      expect(inside.status, inside.body).toBe(401);
      expect(JSON.stringify(inside)).not.toMatch(secrets);
    },
  );

  test.skipIf(skip)("CVE-2023-22894 (Strapi): a column that is not read is no filter, by no way", async () => {
    for (const line of [
      "GET /users?password=startswith:h",
      "GET /users?not.or=(name=eq:x,password=like:h%25)",
      "GET /users?or=(id=eq:1,and(password=is:notnull))",
      "GET /teams?users.password=startswith:h",
      "GET /users?team.users.password=eq:hunter2",
      "GET /teams?select=*,users(id)&users.password=eq:hunter2",
      "GET /teams?select=*,users!inner(id)&users.or=(password=eq:hunter2)",
      "GET /users?password->a=eq:1",
      "GET /users?order-by=password",
      "GET /teams?select=id,users(id)&users.order-by=password:asc",
      "GET /users?select=team_id,count()&having=password=eq:x",
      "PATCH /users?password=startswith:h",
      "DELETE /users?password=startswith:h",
      "DELETE /users?select=password&id=eq:1",
    ])
      await isAbsent(line);
  });

  test.skipIf(skip)("CVE-2024-34708 (Directus): an alias shows no column that is not read", async () => {
    for (const line of [
      "GET /users?select=name:password",
      "GET /users/1?select=x:password",
      "GET /users?select=id,name,password",
      "GET /users?select=m:password.max()",
      "GET /users?select=password,count()",
      "GET /users?select=distinct.password",
      "GET /teams?select=u:users(p:password)",
      "GET /teams?select=users(password)",
      "GET /teams/1?select=u:users(*,p:password)",
      "GET /users?select=team(u:users(password))",
    ])
      await isAbsent(line);
    const all = await ask("GET /users?select=*,team(*,users(*))");
    expect(all.status).toBe(200);
    expect(all.body).not.toMatch(/password|hunter2/);
  });

  test.skipIf(skip)("CVE-2025-30352 (Directus): no search looks into a column that is not read", async () => {
    for (const operator of [
      "fts",
      "fts(english)",
      "contains",
      "ilike",
      "startswith",
      "endswith",
      "eq",
      "in",
      "between",
    ])
      await isAbsent(`GET /users?password=${operator}:hunter2`);
    expect(await ids("GET /users?search=ANN", "member")).toEqual([1]);
    expect(await ids("GET /users?search=hunter2", "member")).toEqual([]);
    for (const parameter of ["q", "_q", "filter"])
      expect((await ask(`GET /users?${parameter}=hunter2`)).status).toBe(400);
    const refused = await ask("GET /users?id=fts:x");
    expect(refused.body).not.toMatch(/password/);
    // In MATCH and in a column's own search the words are words.
    expect((await ask("GET /users?name=contains:hunter2")).body).toBe("[]");
  });

  test.skipIf(skip)("CVE-2024-39701 (Directus): in and nin of a claim that is empty let nothing through", async () => {
    for (const teams of [[], undefined, null, "", {}, [[]], [null], ["x"], "1,2"])
      for (const role of ["team", "others", "notin"])
        expect(await ids("GET /users", { role, teams }), `${role} ${JSON.stringify(teams)}`).toEqual([]);
    expect(await ids("GET /users", { role: "team", teams: [1] })).toEqual([1, 3]);
    expect(await ids("GET /users", { role: "team", teams: 2 })).toEqual([2]);
    expect(await ids("GET /users", { role: "others", teams: [1] })).toEqual([2]);
    expect(await ids("GET /users", { role: "notin", teams: ["1"] })).toEqual([2]);
    expect(await ids("GET /users?id=in:", "member")).toEqual([]);
    expect((await ask("PATCH /users?id=gt:0", { role: "team", teams: [] }, { name: "x" })).body).toBe("[]");
    expect((await ask("DELETE /users/1", { role: "others", teams: [] })).status).toBe(404);
    expect(await ids("GET /users", "admin")).toEqual([1, 2, 3]);
  });

  test.skipIf(skip)("CVE-2026-35441 (Directus): aliases do not multiply what one request may ask", async () => {
    const repeated = (count: number, inner: string) =>
      Array.from({ length: count }, (_, i) => `a${i}:users(${inner})`).join();
    const allowed = await ask(`GET /teams?select=id,${repeated(20, "id")}`);
    expect(allowed.status, allowed.body).toBe(200);
    // One statement a relation at most, and no more for more rows.
    expect(Number(allowed.statements)).toBeLessThanOrEqual(21);
    for (const select of [repeated(21, "id"), repeated(3, `team(${repeated(7, "id")})`), repeated(1000, "id")]) {
      const refused = await ask(`GET /teams?select=id,${select}`);
      expect([400, 414], refused.body.slice(0, 300)).toContain(refused.status);
      expect(refused.statements ?? "0").toBe("0");
    }
  });

  test.skipIf(skip)("CVE-2022-35942 (LoopBack): contains of a list and of a text binds its values", async () => {
    const values = [
      "'); DROP TABLE users;--",
      "a','b'); --",
      "{a}'::text[] or true --",
      "\\",
      '"',
      "a%' OR '1'='1",
      "]",
      "{",
      "' || (select pin from safes) || '",
    ];
    await survives(
      values.flatMap((text) => [
        `GET /users?labels=contains:${encodeURIComponent(`"${text.replaceAll(/["\\]/g, "\\$&")}"`)}`,
        `GET /users?labels=contains:${encodeURIComponent(text)}`,
        `GET /users?name=contains:${encodeURIComponent(text)}`,
      ]),
    );
    expect(await ids("GET /users?labels=contains:a", "member")).toEqual([1]);
  });

  test.skipIf(skip)(
    "CVE-2016-20018 (knex): an object or a list is no value of a column, and no name of one",
    async () => {
      const values: readonly unknown[] = [
        { password: 1 },
        { id: 1 },
        [0],
        { toString: 1 },
        { name: "ann" },
        [["ann"]],
        { __proto__: null, name: 1 },
      ];
      const before = await rowsOf(created);
      for (const value of values)
        for (const [line, body] of [
          ["PATCH /users/1", { name: value }],
          ["PATCH /users?id=eq:1", { name: value }],
          ["PUT /users/1", { name: value, team_id: value }],
          ["POST /users", { id: value, name: "x" }],
          ["POST /users?on-conflict=merge", { id: value, name: "x" }],
          ["PATCH /teams/1", { users: [{ id: value, name: "x" }] }],
        ] as const) {
          const { status, body: text } = await ask(line, "member", body);
          expect([400, 404, 409, 422], `${line} ${JSON.stringify(body)}: ${text}`).toContain(status);
        }
      expect(await rowsOf(created)).toEqual(before);
      await survives([
        "GET /users/%5B0%5D",
        "GET /users?name[password]=1",
        "GET /users?id[]=0",
        "GET /users?name=%5B0%5D",
        'GET /users?name={"password":1}',
      ]);
      // MySQL takes 0 for any text that begins with no digit: a claim is no number where the column is none.
      for (const sub of [{ password: 1 }, { name: "ann" }, [0, 1], [["ann"]], true, { toString: "ann" }])
        expect(await ids("GET /users", { role: "named", sub }), JSON.stringify(sub)).toEqual([]);
      expect(await ids("GET /users", { role: "named", sub: 0 })).toEqual([3]);
      expect(await ids("GET /users", { role: "named", sub: "ann" })).toEqual([1]);
    },
  );

  test.skipIf(skip)("CVE-2022-29822 (feathers-sequelize): no operator but those that are documented", async () => {
    for (const line of [
      "GET /users?$or[0][password]=x",
      "GET /users?name[$ne]=x",
      "GET /users?$where=1=1",
      "GET /users?$select[]=password",
      "GET /users?$sort[password]=1",
      "GET /users?name=$ne:x&$limit=99999",
      "GET /users?name=raw:1",
      "GET /users?where[password][$like]=h%25",
      "GET /users?include=safes",
      "GET /users?__proto__=1",
      "GET /users?constructor=eq:1",
      "GET /users?name.constructor=eq:1",
      "GET /users?select=*,__proto__(*)",
    ])
      await survives([line]);
    for (const body of [
      { $set: { name: "x" } },
      { "name[$ne]": "x" },
      { constructor: "x" },
      JSON.parse('{"__proto__":{"name":"x"}}'),
      { password: { $ne: 1 } },
    ])
      expect([400, 422]).toContain((await ask("PATCH /users/1", "member", body)).status);
  });
});

async function rowsOf({ knex }: Created): Promise<unknown> {
  return Promise.all(["teams", "users", "safes"].map((table) => knex(table).select("*").orderBy("id")));
}
