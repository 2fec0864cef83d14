import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Created, databases, sqlite } from "../support/databases.js";
import { run } from "./cli.js";

const ddl = `
  CREATE TABLE towns (id INTEGER PRIMARY KEY);
  CREATE TABLE members (
    id INTEGER PRIMARY KEY, name VARCHAR(50), town_id INTEGER, FOREIGN KEY (town_id) REFERENCES towns (id)
  );
  CREATE TABLE clubs (id INTEGER PRIMARY KEY, chair_id INTEGER, FOREIGN KEY (chair_id) REFERENCES members (id));
  CREATE TABLE clubs_members (
    club_id INTEGER NOT NULL, member_id INTEGER NOT NULL, PRIMARY KEY (club_id, member_id),
    FOREIGN KEY (club_id) REFERENCES clubs (id), FOREIGN KEY (member_id) REFERENCES members (id)
  );
`;

for (const database of databases) {
  describe.skipIf(database.skip)(`sapwood diagram on ${database.name}`, () => {
    let created: Created;
    beforeAll(async () => {
      created = await database.create(ddl);
    });
    afterAll(() => created?.drop());

    test("prints Mermaid", async () => {
      const { code, stdout, stderr } = await run(["diagram", created.url]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const lines = stdout.split("\n");
      expect(lines[0]).toBe("flowchart LR");
      expect(lines).toContain('  t2 -->|"1-n<br/>/members/:id/chair_clubs/:chairClubId<br/>/clubs/:id/chair"| t0');
      expect(stdout).toContain("<b>clubs_members</b> · n-n<br/>");
      expect(lines.filter((line) => line.includes('-.-|"n-n"| t1'))).toHaveLength(2);
    });

    test("--table, --steps", async () => {
      const near = await run(["diagram", created.url, "--table", "clubs", "--format", "svg"]);
      expect({ code: near.code, stderr: near.stderr }).toEqual({ code: 0, stderr: "" });
      expect(near.stdout).not.toContain(">towns<");
      const further = await run(["diagram", created.url, "--table", "clubs", "--steps", "2"]);
      expect(further.stdout).toContain("<b>towns</b>");
      const mistyped = await run(["diagram", created.url, "--table", "club"]);
      expect([mistyped.code, mistyped.stderr]).toEqual([
        1,
        "sapwood: There is no table club here. Perhaps you meant 'clubs'.\n",
      ]);
    });

    test("--format svg", async () => {
      const { code, stdout, stderr } = await run(["diagram", "--format", "svg"], { DATABASE_URL: created.url });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/^<svg .*xmlns="http:\/\/www.w3.org\/2000\/svg"[\s\S]*<\/svg>\n+$/s);
      expect(stdout).toContain(">/members/:id/clubs/:clubId");
    });
  });
}

describe("of 500 tables", () => {
  const hub = (i: number) => (i < 10 ? "" : `, key_id INTEGER REFERENCES thing_${i % 10}s (id)`);
  const tables = Array.from(
    { length: 500 },
    (_, i) =>
      `CREATE TABLE thing_${i}s (id INTEGER PRIMARY KEY, other_id INTEGER REFERENCES thing_${(i * 7 + 1) % 500}s (id)${hub(i)});`,
  );
  let created: Created;
  beforeAll(async () => {
    created = await sqlite.create(tables.join("\n"));
  });
  afterAll(() => created?.drop());

  test("--format svg draws groups of them, and says so", async () => {
    const { code, stdout, stderr } = await run(["diagram", created.url, "--format", "svg"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^sapwood: 500 tables are too many for one picture: .* groups of them\. --cluster /);
    expect(stdout.match(/class="node"/g)?.length).toBeLessThanOrEqual(40);
    expect(stdout).toMatch(/>\d+(&#160;| )tables</);
  });

  test("--cluster draws the group of a table", async () => {
    const { code, stdout, stderr } = await run(["diagram", created.url, "--format", "svg", "--cluster", "thing_77s"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(">thing_77s<");
    expect(stdout.match(/class="node"/g)?.length).toBeLessThanOrEqual(24);
    const both = await run(["diagram", created.url, "--cluster", "thing_77s", "--table", "thing_1s"]);
    expect([both.code, both.stderr]).toEqual([1, expect.stringMatching(/--table .*--cluster/)]);
  });
});

test("sapwood diagram --format png is refused, with what there is", async () => {
  const { code, stderr } = await run(["diagram", "sqlite::memory:", "--format", "png"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^sapwood: [^\n]*'png'[^\n]*mermaid, svg\.\n$/);
});

test("sapwood diagram --help", async () => {
  const { stdout } = await run(["diagram", "--help"]);
  for (const text of ["--format <format>", "Examples:", "DATABASE_URL"]) expect(stdout).toContain(text);
});
