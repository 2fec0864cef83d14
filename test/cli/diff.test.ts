// `sapwood schema` and `sapwood diff`: what they print, and the exit codes that a pipeline goes by.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Created, databases } from "../support/databases.js";
import { run } from "./cli.js";

const ddl = `
  CREATE TABLE clubs (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, motto VARCHAR(50));
  CREATE TABLE boats (id INTEGER NOT NULL PRIMARY KEY, club_id INTEGER, FOREIGN KEY (club_id) REFERENCES clubs (id));
`;
const folder = mkdtempSync(join(tmpdir(), "sapwood-diff-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const database of databases) {
  describe.skipIf(database.skip)(`sapwood diff on ${database.name}`, () => {
    let created: Created;
    const old = join(folder, `${database.name}.json`);
    beforeAll(async () => {
      created = await database.create(ddl);
      const { code, stdout } = await run(["schema", created.url]);
      expect(code).toBe(0);
      writeFileSync(old, stdout);
    });
    afterAll(() => created?.drop());

    test("each change has its severity, and the worst is the exit code", async () => {
      const { knex, url } = created;
      const none = await run(["diff", old, url]);
      expect(none).toMatchObject({ code: 0, stdout: "Nothing has changed for the API's clients.\n", stderr: "" });

      await knex.schema.alterTable("boats", (table) => table.integer("seats"));
      const fresh = await run(["diff", old, url]);
      expect(fresh.code).toBe(0);
      expect(fresh.stdout).toMatch(/^Is new \(1\)\n {2}\/boats seats +is new\n$/);
      expect((await run(["diff", old, url, "--fail-on", "new"])).code).toBe(4);

      await knex.raw("CREATE UNIQUE INDEX one_motto ON clubs (motto)");
      const maybe = await run(["diff", old, url]);
      expect(maybe.code).toBe(3);
      expect(maybe.stdout).toContain("May break some (1)\n  /clubs motto  must be unique now");
      expect((await run(["diff", old, url, "--fail-on", "breaking"])).code).toBe(0);

      await knex.schema.alterTable("clubs", (table) => table.renameColumn("name", "title"));
      const broken = await run(["diff", old, "--json"], { DATABASE_URL: url });
      expect(broken.code).toBe(2);
      const { severity, changes } = JSON.parse(broken.stdout);
      expect(severity).toBe("breaking");
      expect(changes).toContainEqual({
        severity: "breaking",
        at: "/clubs name",
        text: "is gone: perhaps it is called title now",
      });
      expect((await run(["diff", old, url, "--fail-on", "never"])).code).toBe(0);
    });
  });
}

describe("a file that is no saved schema", () => {
  test.each([
    ["nothing.json", undefined, "cannot read"],
    ["text.json", "no JSON", "is not a saved schema. Save one with: sapwood schema <db> > schema.json"],
    ["other.json", '{"tables":[{"name":"a"}]}', "is not a saved schema"],
  ])("%s", async (name, content, message) => {
    const file = join(folder, name);
    if (content !== undefined) writeFileSync(file, content);
    const { code, stderr, stdout } = await run(["diff", file, "sqlite::memory:"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(new RegExp(`^sapwood: .*${message}.*\\n$`));
  });
});
