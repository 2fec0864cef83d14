import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Created, databases } from "../support/databases.js";
import { run } from "./cli.js";

const ddl = `
  CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(50));
  CREATE TABLE clubs (id INTEGER PRIMARY KEY, name VARCHAR(50));
  CREATE TABLE clubs_members (
    club_id INTEGER NOT NULL, member_id INTEGER NOT NULL, PRIMARY KEY (club_id, member_id),
    FOREIGN KEY (club_id) REFERENCES clubs (id), FOREIGN KEY (member_id) REFERENCES members (id)
  );
`;

for (const database of databases) {
  describe.skipIf(database.skip)(`sapwood routes on ${database.name}`, () => {
    let created: Created;
    beforeAll(async () => {
      created = await database.create(ddl);
    });
    afterAll(() => created?.drop());

    test("prints the paths and their methods", async () => {
      const { code, stdout, stderr } = await run(["routes", created.url]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/^\/members\/:id\/clubs +GET PUT PATCH DELETE$/m);
      expect(stdout).toMatch(/^\/clubs\/:id +GET.*DELETE$/m);
      expect(stdout).not.toContain("constraint");
    });

    test("--why", async () => {
      const { stdout } = await run(["routes", created.url, "--why"]);
      expect(stdout).toContain("clubs_members");
      expect(stdout).toMatch(/n-n clubs ↔ members — /);
    });

    test("--json, from DATABASE_URL", async () => {
      const { stdout } = await run(["routes", "--json"], { DATABASE_URL: created.url });
      const { routes, tables } = JSON.parse(stdout) as { routes: { path: string }[]; tables: { table: string }[] };
      expect(routes.map(({ path }) => path)).toContain("/clubs/:id/members");
      expect(tables.map(({ table }) => table)).toContain("clubs");
    });
  });
}
