// `sapwood users` and `sapwood keys`: the first admin, and the first key, of a server that then takes them; and where they are kept.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { password } from "../auth/signing-in.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { request } from "../support/http.js";
import { onEveryDatabase, type Place } from "../support/matrix.js";
import { type Environment, run, start } from "./cli.js";

const [sqlite] = databases as [TestDatabase];

const notes = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text VARCHAR(50)); INSERT INTO notes VALUES (1, 'hello');";
const config = { roles: { admin: "*", member: { notes: "read" } }, auth: { accounts: {}, keys: {} } };

const ddl = { sqlite: notes, postgres: notes, mariadb: notes };

/** Runs a line of words beside a config file, on the block's database. */
function beside(place: Place) {
  const at = { folder: "" };
  beforeAll(async () => {
    at.folder = await mkdtemp(join(tmpdir(), "sapwood-accounts-"));
    await writeFile(join(at.folder, "sapwood.config.json"), JSON.stringify(config));
  });
  afterAll(() => rm(at.folder, { recursive: true, force: true }));
  const sapwood = (line: string, input?: string) =>
    run(line.split(" "), { DATABASE_URL: place.db().url }, at.folder, input);
  return { at, sapwood };
}

onEveryDatabase(ddl, (place) => {
  const { at, sapwood } = beside(place);

  test("the tables that are not there stop a server, and users add makes them", async () => {
    const refused = await sapwood("serve --port 0");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("the database has no sapwood_users");
    const added = await sapwood("users add ada --role admin", `${password}\nsecond line\n`);
    expect(added).toMatchObject({ code: 0, stdout: "made user 1, ada, of the role admin\n" });
    expect(added.stderr).toBe("made sapwood_users, sapwood_tokens, sapwood_attempts\n");
    const key = await sapwood("keys add --role member --name report");
    expect(key.stdout).toMatch(/^swk_[\w-]{43}\n$/);
    const server = await start(["serve", "--port", "0"], { DATABASE_URL: place.db().url }, at.folder);
    const signedIn = await request(server.url, "POST", "/auth/token", { body: { username: "ada", password } });
    expect(signedIn.status, signedIn.text).toBe(200);
    const headers = { "x-api-key": key.stdout.trim() };
    expect((await request(server.url, "GET", "/api/notes/1", { headers })).status).toBe(200);
    expect((await request(server.url, "DELETE", "/api/notes/1", { headers })).status).toBe(403);
    expect((await sapwood("keys remove 1")).stdout).toBe("ended key 1\n");
    expect((await request(server.url, "GET", "/api/notes/1", { headers })).status).toBe(401);
    const token = { authorization: `Bearer ${signedIn.json.access_token}` };
    expect((await request(server.url, "GET", "/api/notes/1", { headers: token })).status).toBe(200);
    expect((await sapwood("users password ada", "another password")).code).toBe(0);
    expect((await request(server.url, "GET", "/api/notes/1", { headers: token })).status).toBe(401);
    server.signal("SIGTERM");
    await server.ended;
  });
});

onEveryDatabase(
  ddl,
  (place) => {
    const { sapwood } = beside(place);
    beforeAll(async () => void (await sapwood("users add ada --role admin", password)));

    test("users list, and remove", async () => {
      await sapwood(`users add bob --role member --claims {"team":7}`, password);
      expect((await sapwood("users list")).stdout).toBe("1\tada\tadmin\n2\tbob\tmember\n");
      expect(await sapwood("users remove BOB")).toMatchObject({ code: 0, stdout: "removed BOB\n" });
      expect((await sapwood("users list")).stdout).toBe("1\tada\tadmin\n");
    });

    test("keys list tells ends, and no key", async () => {
      const { stdout } = await sapwood("keys add --role member --expires 2100-01-31");
      const list = await sapwood("keys list");
      expect(list.stdout).toBe("1\tmember\tmember\t2100-01-31T00:00:00.000Z\n");
      expect(list.stdout).not.toContain(stdout.trim());
    });

    test.each([
      ["users add eve --role owner", password, "there is no role owner. The config's roles are admin, member."],
      ["users add eve --role mmber", password, "there is no role mmber. Perhaps you meant 'member'."],
      ["users add eve --role member", "short", "A password has at least 8 characters."],
      ["users add eve --role member", "", "A password has at least 8 characters."],
      ["users add ada --role member", password, "There is a user of this name already."],
      ["users add --role member", password, "the user's name is missing"],
      ["users add eve --role member --claims x", password, "--claims is a JSON object"],
      ["users password eve", password, "there is no user eve."],
      ["users remove eve", "", "there is no user eve."],
      ["keys add --role member --expires yesterday", "", "A key's end is a time to come"],
      ["keys remove 77", "", "there is no key 77."],
      ["keys remove swk_x", "", "there is no key swk_x."],
    ])("%s is refused in one line", async (line, input, message) => {
      const ended = await sapwood(line, input);
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toMatch(/^sapwood: [^\n]*\n$/);
      expect(ended.stderr).toContain(message);
      expect(ended.stderr).not.toContain(password);
    });

    test("a database may be named before the name", async () => {
      // Where no config has roles, any word is one.
      const added = await run(["users", "add", place.db().url, "zoe", "--role", "boss"], {}, tmpdir(), password);
      expect(added.stdout).toMatch(/^made user \d, zoe, of the role boss\n$/);
    });
  },
  ["sqlite"],
);

describe.skipIf(sqlite.skip)("auth.db", () => {
  const made = { data: [] as Created[], folder: "" };
  beforeAll(async () => {
    made.data = [await sqlite.create(notes), await sqlite.create(notes), await sqlite.create()];
    made.folder = await mkdtemp(join(tmpdir(), "sapwood-auth-db-"));
    const [first, second] = made.data as [Created, Created];
    const databases = { main: first.url, legacy: second.url };
    await writeFile(join(made.folder, "sapwood.config.json"), JSON.stringify({ ...config, databases }));
  });
  afterAll(async () => {
    for (const one of made.data) await one.drop();
    await rm(made.folder, { recursive: true, force: true });
  });
  const tables = ({ knex }: Created) => knex.schema.hasTable("sapwood_users");

  test("users and keys go where it says, whichever database is named", async () => {
    const [first, second, apart] = made.data as [Created, Created, Created];
    const sapwood = (line: string, env: Environment = {}) => run(line.split(" "), env, made.folder, password);
    expect((await sapwood("users add ada --role admin")).stderr).toContain("Name one of them: main, legacy");
    const env = { SAPWOOD_AUTH_DB: apart.url };
    const added = await sapwood("users add ada --role admin", env);
    expect(added).toMatchObject({ code: 0, stdout: "made user 1, ada, of the role admin\n" });
    expect(added.stderr).toContain(`kept in ${apart.url} (auth.db)`);
    expect((await sapwood("users list legacy", env)).stdout).toBe("1\tada\tadmin\n");
    expect((await sapwood("users add eve --role owner", env)).stderr).toContain(
      "The config's roles are admin, member.",
    );
    expect((await sapwood("keys add --role member", env)).stdout).toMatch(/^swk_/);
    expect(await Promise.all([first, second].map(tables))).toEqual([false, false]);
    const named = { SAPWOOD_AUTH_DB: "legacy" };
    for (const line of ["users add bob --role member", "users add main cy --role member"])
      expect((await sapwood(line, named)).code, line).toBe(0);
    expect((await sapwood("users list legacy", named)).stdout).toBe("1\tbob\tmember\n2\tcy\tmember\n");
    expect(await Promise.all([first, second].map(tables))).toEqual([false, true]);
    const away = await sapwood("users list", { SAPWOOD_AUTH_DB: "sqlite:/no/such.db" });
    expect(away).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^sapwood: auth\.db: cannot open .*no such file/m),
    });
    const wrong = await sapwood("users list", { SAPWOOD_AUTH_DB: "legcy" });
    expect(wrong.stderr).toMatch(/^sapwood: [^\n]*no database of the name legcy.*legacy/);
  });

  test("check tells what is missing there", async () => {
    const empty = await sqlite.create();
    try {
      const { code, stdout } = await run(["check", "main"], { SAPWOOD_AUTH_DB: empty.url }, made.folder);
      expect({
        code,
        lines: stdout.split("\n").filter((line) => line.includes("does not start without it")).length,
      }).toEqual({ code: 2, lines: 4 });
      const there = await run(["check", "main"], { SAPWOOD_AUTH_DB: made.data[2]?.url ?? "" }, made.folder);
      expect(there.stdout).not.toContain("does not start without it");
    } finally {
      await empty.drop();
    }
  });
});
