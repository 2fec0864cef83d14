import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ddl } from "../fixtures/badges.js";
import { type Created, databases, sqlite } from "../support/databases.js";
import { run } from "./cli.js";

for (const database of databases) {
  describe.skipIf(database.skip)(`sapwood openapi and types on ${database.name}`, () => {
    let created: Created;
    beforeAll(async () => {
      created = await database.create(ddl[database.name]);
    });
    afterAll(() => created?.drop());

    test("the document", async () => {
      const { code, stdout, stderr } = await run(["openapi", created.url]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const document = JSON.parse(stdout);
      expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "API" }, servers: [{ url: "/api" }] });
      expect(Object.keys(document.paths)).toEqual(["/badges", "/badges/{id}", "/batch"]);
    });

    test("flags and variables", async () => {
      const flags = ["--server", "https://a.example/v1", "--server", "http://b.example", "--title", "Badges"];
      const { stdout } = await run(["openapi", ...flags, "--max-limit", "9"], {
        DATABASE_URL: created.url,
        SAPWOOD_API_VERSION: "2.1",
      });
      expect(JSON.parse(stdout)).toMatchObject({
        info: { title: "Badges", version: "2.1" },
        servers: [{ url: "https://a.example/v1" }, { url: "http://b.example" }],
      });
      expect(stdout).toContain("more than 9 are cut");
    });

    test("types", async () => {
      const { code, stdout, stderr } = await run(["types", created.url]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      for (const text of ["export interface paths", '"/badges/{id}"', "BadgeCreate"]) expect(stdout).toContain(text);
    });
  });
}

test("types of columns with names that openapi-typescript ends with", async () => {
  const created = await sqlite.create(
    'CREATE TABLE cars ("100%" INTEGER PRIMARY KEY, "constructor" TEXT NOT NULL, "it\'s" TEXT, "__proto__" TEXT, required TEXT, properties TEXT);',
  );
  const { code, stdout } = await run(["types", created.url]);
  expect(code).toBe(0);
  for (const text of ['"100%"?: number;', '"constructor"?: string;', '"it\'s"?: string | null;', '"__proto__"?:'])
    expect(stdout).toContain(text);
  expect(stdout).not.toContain("wild name");
  await created.drop();
});

test("a mistake is one line", async () => {
  for (const command of ["openapi", "types"]) {
    const { code, stdout, stderr } = await run([command, "sqlite:/nowhere/at/all.db"]);
    expect({ code, stdout, lines: stderr.trim().split("\n").length }).toEqual({ code: 1, stdout: "", lines: 1 });
  }
});

test("help", async () => {
  for (const command of ["openapi", "types"]) {
    const { stdout } = await run([command, "--help"]);
    for (const text of [
      "--server",
      "--prefix",
      "--big-numbers",
      "--max-limit",
      "--schema",
      "SAPWOOD_TITLE",
      "Examples:",
    ])
      expect(stdout).toContain(text);
  }
});
