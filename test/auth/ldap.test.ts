// Signing in by a directory: a real OpenLDAP, its people and groups, and what attackers send in their names.

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LdapOptions } from "../../src/auth/ldap-options.js";
import { createApi } from "../../src/index.js";
import { keepLines } from "../observe/lines.js";
import type { App } from "../support/apps.js";
import { anyFramework } from "../support/apps.js";
import { freePort } from "../support/daemon.js";
import type { Created } from "../support/databases.js";
import { onEveryDatabase } from "../support/matrix.js";
import { runProgram } from "../support/program.js";
import { rootDn, type Slapd, slapd, slapdInstall, startSlapd, stopSlapd, suffix } from "../support/slapd.js";
import { roles, sqlite } from "./asked.js";
import { addUsers, bearer, ddl, noting, signIn, tokenOf } from "./signing-in.js";

if (slapd === undefined && process.env.CI === "true")
  throw new Error(`slapd is not installed; bring it with: ${slapdInstall} (with CI=true nothing may be skipped)`);

const people = `ou=people,${suffix}`;
const groups = `ou=groups,${suffix}`;
const secret = "s3cret of the directory";
const dnOf = (uid: string) => `uid=${uid},${people}`;
const person = (uid: string, userPassword = secret) => ({
  [dnOf(uid)]: { objectClass: "inetOrgPerson", cn: uid, sn: uid, userPassword },
});

let directory: Slapd;
beforeAll(async () => {
  if (slapd === undefined) return;
  directory = await startSlapd();
  await directory.add({
    [people]: { objectClass: "organizationalUnit", ou: "people" },
    [groups]: { objectClass: "organizationalUnit", ou: "groups" },
    ...person("ada"),
    ...person("bob"),
    ...person("eve"),
    ...person("reader", "reader secret"),
    // A name of all that filters and distinguished names know.
    [`uid=a\\2ab\\,c(d)\\\\,${people}`]: { objectClass: "inetOrgPerson", cn: "odd", sn: "odd", userPassword: secret },
    [`cn=Admins,${groups}`]: { objectClass: "groupOfNames", cn: "Admins", member: [dnOf("ada")] },
    [`cn=members,${groups}`]: {
      objectClass: "groupOfNames",
      cn: "members",
      member: [dnOf("ada"), dnOf("bob"), `uid=a\\2ab\\,c(d)\\\\,${people}`],
    },
  });
});
afterAll(stopSlapd);

const byGroup = { [`CN=admins, ${groups}`]: "admin", [`cn=members,${groups}`]: "member" };
const template = (more: Partial<LdapOptions> = {}): LdapOptions => ({
  ...{ create: true, url: directory.url, bindDn: `uid={username},${people}`, groups: { roles: byGroup } },
  ...more,
});
const searching = (more: Partial<LdapOptions> = {}): LdapOptions => {
  const { bindDn: _, ...rest } = template();
  return { ...rest, search: { base: people, bindDn: dnOf("reader"), password: "reader secret" }, ...more };
};

describe.skipIf(slapd === undefined)("a directory", () => {
  onEveryDatabase(ddl, (place) => {
    test("lets a person in, whose role is the first that a group has, until the token ends", async () => {
      const { noted, hooks } = noting();
      const app = await place.app({ roles, hooks, auth: { ldap: template({ tokenLifetime: 60 }) } });
      const answer = await signIn(app, "ADA", secret);
      expect(answer.json).toMatchObject({ token_type: "Bearer", expires_in: 60 });
      const headers = bearer(answer.json.access_token);
      expect((await app.ask("GET /notes/1", { headers })).status).toBe(200);
      expect(noted.caller).toEqual({
        role: "admin",
        claims: {
          ...{ sub: dnOf("ada"), username: "ada", role: "admin" },
          groups: [`CN=admins, ${groups}`, `cn=members,${groups}`],
        },
      });
      await app.ask("POST /auth/revoke", { body: { token: answer.json.access_token } });
      expect((await app.ask("GET /notes/1", { headers })).status).toBe(401);
      // There is nothing to keep here.
      expect((await app.ask("GET /auth/users", { headers })).json).toBeUndefined();
      expect(JSON.stringify(await place.db().knex("sapwood_tokens"))).not.toContain(secret);
    });
  });

  describe.each([
    ["by the person's entry", template],
    ["by looking for the person", searching],
    [
      "by looking for the groups",
      () => searching({ groups: { base: groups, roles: { ADMINS: "admin", members: "member" } } }),
    ],
    ["by StartTLS", () => template({ startTls: true, tls: { caFile: directory.caFile } })],
    ["by TLS", () => searching({ url: directory.secureUrl, tls: { caFile: directory.caFile } })],
  ] as const)("%s", (_title, options) => {
    let db: Created;
    let app: App;
    const { noted, hooks } = noting();
    beforeAll(async () => {
      db = await sqlite.create(ddl.sqlite);
      app = await anyFramework.start(db.url, { roles, hooks, auth: { ldap: { ...options(), lockAfter: 100 } } });
    });
    afterAll(async () => {
      await app.close();
      await db.drop();
    });

    test("each person has a role", async () => {
      for (const [name, role] of [
        ["ada", "admin"],
        ["bob", "member"],
        ["a*b,c(d)\\", "member"],
      ] as const) {
        const headers = bearer(await tokenOf(app, name, secret));
        expect((await app.ask("GET /notes/1", { headers })).status).toBe(200);
        expect(noted.caller).toMatchObject({ role, claims: { username: name } });
      }
    });

    test("who has none is told so", async () => {
      const answer = await signIn(app, "eve", secret);
      expect([answer.status, answer.json.error, answer.json.code]).toEqual([403, "access_denied", "forbidden"]);
    });

    test.each([
      ["ada", "wrong"],
      ["nobody", secret],
      ["*", secret],
      ["a*", secret],
      ["*)(uid=*", secret],
      ["*)(uid=*))(|(uid=*", secret],
      ["ada)(|(uid=*", secret],
      ["ada,ou=people", secret],
      [`ada,${people}`, secret],
      ["ada+cn=ada", secret],
      ["ada\\", secret],
      ["\\61da", secret],
      ["#616461", secret],
      ["reader", secret],
      // What a directory takes for the same name would be counted as another one.
      [" ada", secret],
      ["ada ", secret],
      ["a\u00adda", secret],
      ["ada\u0000", secret],
      ["a\ufe00da", secret],
      // ldapts takes these for ways to sign in, where it is given them as they are.
      ["EXTERNAL", secret],
      ["PLAIN", secret],
    ])("%j with %j is refused", async (name, password) => {
      const answer = await signIn(app, name, password);
      expect([answer.status, answer.json.error], answer.text).toEqual([400, "invalid_grant"]);
    });

    test("a bind without a password is never tried", async () => {
      for (const password of ["", undefined]) {
        const answer = await app.ask("POST /auth/token", { body: { username: "ada", password } });
        expect([answer.status, answer.json.error]).toEqual([400, "invalid_request"]);
      }
    });
  });

  async function onShop(
    ldap: LdapOptions,
    work: (app: App, lines: string[]) => Promise<void>,
    more = {},
  ): Promise<void> {
    const db = await sqlite.create(ddl.sqlite);
    const { logger, lines } = keepLines();
    const app = await anyFramework.start(db.url, { roles, logger, auth: { ldap, ...more } });
    const texts: string[] = [];
    try {
      await addUsers(db.url, { username: "bob", password: "bob's own password" });
      await work(app, texts);
      texts.push(...lines.map(({ level, text, fields }) => `${level} ${text} ${JSON.stringify(fields)}`));
    } finally {
      await app.close();
      await db.drop();
    }
    for (const hidden of [secret, "reader secret", "a wrong secret"]) expect(texts.join()).not.toContain(hidden);
  }

  const away = async (app: App) => {
    const answer = await signIn(app, "ada", secret);
    expect([answer.status, answer.json.code, answer.json.error], answer.text).toEqual([
      ...[503, "sign_in_away", "temporarily_unavailable"],
    ]);
    expect(answer.headers["retry-after"]).toBe("5");
  };

  test("one that is away is 503, and no failure of the person's", async () => {
    await onShop(template({ url: `ldap://127.0.0.1:${await freePort()}`, lockAfter: 1 }), async (app) => {
      for (let i = 0; i < 3; i++) await away(app);
    });
  });

  test("one that never answers is 503", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as { port: number };
    for (const startTls of [false, true])
      await onShop(template({ url: `ldap://127.0.0.1:${port}`, timeout: 0.2, startTls }), away);
    silent.close();
  });

  test.each([
    ["a certificate that nobody vouches for", () => template({ startTls: true })],
    ["the same by ldaps", () => template({ url: directory.secureUrl })],
    [
      "a certificate of another name",
      () => template({ startTls: true, tls: { caFile: directory.caFile, servername: "dc.example" } }),
    ],
    [
      "a service account that is refused",
      () => searching({ search: { base: people, bindDn: dnOf("reader"), password: "a wrong secret" } }),
    ],
  ])("%s is 503, and logged without its secrets", async (_title, options) => {
    await onShop(options(), async (app, texts) => {
      await away(app);
      texts.push((await signIn(app, "ada", secret)).text);
    });
  });

  test("a connection that is cut is not opened again: nobody has signed in on the new one, nor encrypted it", async () => {
    const open: Socket[] = [];
    const { port } = new URL(directory.url.replace("ldap:", "http:"));
    const between = createServer((from) => {
      open.push(from);
      const to = connect(Number(port), "127.0.0.1");
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const)
        one
          .on("error", () => {})
          .on("close", () => other.destroy())
          .on("data", (chunk) => other.write(chunk));
      // The first one has found the person, and will look for the groups when the second has tried the password.
      if (open.length === 2) open[0]?.destroy();
    }).listen(0, "127.0.0.1");
    await once(between, "listening");
    const url = `ldap://127.0.0.1:${(between.address() as { port: number }).port}`;
    await onShop(searching({ url, groups: { base: groups, roles: { Admins: "admin" } } }), away);
    expect(open).toHaveLength(2);
    between.close();
  });

  test("two people of one name are nobody", async () => {
    await onShop(
      searching({ search: { ...searching().search, base: people, filter: "(|(uid={username})(uid=bob))" } as never }),
      async (app) => {
        expect((await signIn(app, "ada", secret)).status).toBe(400);
        expect((await signIn(app, "bob", secret)).status).toBe(200);
      },
    );
  });

  test("a name that is locked is not tried there", async () => {
    await onShop(template({ lockAfter: 2 }), async (app) => {
      for (let i = 0; i < 2; i++) expect((await signIn(app, "ada", "a wrong secret")).status).toBe(400);
      expect((await signIn(app, "ada", secret)).status).toBe(400);
      expect((await signIn(app, "bob", secret)).status).toBe(200);
    });
  });

  test("a name that has an account here is not looked for there", async () => {
    const both = { accounts: {} };
    await onShop(
      template(),
      async (app) => {
        expect((await signIn(app, "bob", secret)).status).toBe(400);
        expect((await signIn(app, "bob", "bob's own password")).status).toBe(200);
        expect((await signIn(app, "ada", secret)).status).toBe(200);
      },
      both,
    );
  });
});

test("a missing ldapts is an error that says so", async () => {
  const hook = `export const resolve = (name, context, next) => {
    if (name === "ldapts") throw Object.assign(new Error("Cannot find package 'ldapts'"), { code: "ERR_MODULE_NOT_FOUND" });
    return next(name, context);
  };`;
  const asUrl = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
  const hooks = asUrl(`import { register } from "node:module"; register(${JSON.stringify(asUrl(hook))});`);
  const ldap = { url: "ldaps://dc.example", bindDn: "uid={username},dc=x", groups: { roles: { "cn=x": "admin" } } };
  const program = `import { createApi } from ${JSON.stringify(new URL("../../dist/src/index.js", import.meta.url))};
    await createApi("sqlite::memory:", ${JSON.stringify({ roles, auth: { ldap } })}).catch(({ message }) => console.log(message));`;
  const ended = await runProgram(process.execPath, ["--import", hooks, "--input-type=module", "-e", program]);
  expect(ended.stdout).toBe(
    "options.auth.ldap: needs the package ldapts, which is not installed. Install it: npm install ldapts\n",
  );
});

test.each([
  [{ url: "ldap://dc.example" }, "options.auth.ldap.url: would send passwords unencrypted"],
  [{ url: "ldap://127.0.0.1.example.org" }, "would send passwords unencrypted"],
  [{ url: "http://dc.example" }, "options.auth.ldap.url: is ldaps://host"],
  [{ url: "ldaps://dc.example", startTls: true }, "is encrypted already"],
  [{ bindDn: "{username}" }, "options.auth.ldap.bindDn: has {username} in it"],
  [{ search: { base: "dc=x" } }, "one of the two"],
  [{ bindDn: undefined }, "one of the two"],
  [
    { bindDn: undefined, search: { base: "dc=x", filter: "(uid=x)" } },
    "options.auth.ldap.search.filter: has {username}",
  ],
  [{ bindDn: undefined, search: { base: "dc=x", bindDn: rootDn } }, "has bindDn and password"],
  [{ bindDn: undefined, search: { base: "dc=x", bindDn: "EXTERNAL", password: "x" } }, "is a distinguished name"],
  [{ groups: {} }, "options.auth.ldap.groups.roles: says which groups"],
  [{ groups: { roles: { "cn=x": "amdin" } } }, "there is no role 'amdin'. Perhaps you meant 'admin'"],
  [{ groups: { roles: { "cn=x": "admin" }, filter: "(x={dn})" } }, "needs base"],
  [{ tls: { caFile: "/nowhere.pem" } }, "options.auth.ldap.tls.caFile: cannot read /nowhere.pem (ENOENT)."],
  [{ timeout: 0 }, "options.auth.ldap.timeout"],
  [{ urls: "x" }, "Perhaps you meant 'url'"],
])("a mistake stops the start: %j", async (more, message) => {
  const ldap = {
    url: "ldaps://dc.example",
    bindDn: "uid={username},dc=x",
    groups: { roles: { "cn=x": "admin" } },
    ...more,
  };
  await expect(createApi("sqlite::memory:", { roles, auth: { ldap: ldap as LdapOptions } })).rejects.toThrow(message);
});
