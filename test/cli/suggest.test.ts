// `sapwood init --suggest`: what it guesses on each database, what values say to it, and that the file it writes is one to serve with.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi, createLookingApi } from "../../src/api/create.js";
import { suggestedEntries, suggestedText, weighedSuggestions } from "../../src/cli/suggest.js";
import type { TableEntry } from "../../src/schema/config.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { onEveryDatabase } from "../support/matrix.js";
import { run } from "./cli.js";

const tables = `
CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20));
CREATE TABLE departments (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20));
CREATE TABLE calendar_events (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20));
CREATE TABLE persons (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20));
CREATE TABLE employees (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20));
CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, cust_id INTEGER, dept_id INTEGER, event_id INTEGER, author_id INTEGER, editor_id INTEGER, note_id VARCHAR(9), stripe_person_id INTEGER, total INTEGER);
INSERT INTO customers VALUES (1, 'a'), (2, 'b');
INSERT INTO departments VALUES (1, 'a');
INSERT INTO persons VALUES (5, 'a');
INSERT INTO orders VALUES (1, 1, 1, NULL, 7, 5, 'x', 1, 5), (2, 2, 9, NULL, NULL, NULL, 'y', 2, 6);
`;
const ddl = { sqlite: tables, postgres: tables, mariadb: tables };

const brief = (all: Awaited<ReturnType<typeof weighedSuggestions>>) =>
  all.map(({ column, parent, believed, confidence }) => [column, parent, believed, confidence]);

describe("suggestions", () => {
  onEveryDatabase(ddl, (place) => {
    let api: Api;
    beforeAll(async () => {
      api = await createLookingApi(place.db().url, { readOnly: true, statementTimeout: 10, listenForChanges: false });
    });
    afterAll(() => api?.close());

    test("by names alone hold from a half up", async () => {
      expect(brief(await weighedSuggestions(api, false))).toEqual([
        ["cust_id", "customers", true, 0.6],
        ["dept_id", "departments", true, 0.6],
        ["event_id", "calendar_events", true, 0.6],
        ["author_id", "employees", false, 0.3],
        ["editor_id", "employees", false, 0.3],
      ]);
    });

    test("hold only where the values are there, when they are looked at", async () => {
      const looked = await weighedSuggestions(api, true);
      expect(brief(looked)).toEqual([
        ["cust_id", "customers", true, 0.7],
        ["dept_id", "departments", false, 0.1],
        ["event_id", "calendar_events", false, 0.6],
        ["author_id", "employees", false, 0.1],
        ["editor_id", "persons", true, 0.4],
      ]);
      expect(looked[1]?.because).toBe("it is short for department; 1 of 2 values in up to 10000 rows are not there");
      expect(looked[2]?.because).toMatch(/; no values to look at$/);
      expect(looked[3]?.because).toMatch(/so could persons; 1 of 1 values/);
      expect(looked[4]?.because).toMatch(/^employees or persons could be meant; all 1 values/);
    });

    test("make the relations that they say", async () => {
      const overrides = suggestedEntries(await weighedSuggestions(api, true)) as TableEntry[];
      const served = await createApi(place.db().url, { overrides, listenForChanges: false });
      const orders = served.tree.resources.find(({ table }) => table === "orders");
      expect(orders?.relations).toMatchObject([
        { name: "cust", table: "customers", evidence: { by: "config" } },
        { name: "editor", table: "persons", evidence: { by: "config" } },
      ]);
      await served.close();
    });
  });

  test("a name cannot end its comment", () => {
    const text = suggestedText([
      {
        table: 'a"\n',
        column: "b",
        parent: "c",
        key: "id",
        others: [],
        because: "x\n}; process.exit()\u2028y",
        confidence: 0.5,
        believed: false,
      },
    ]);
    for (const line of text.split(/[\n\u2028]/))
      if (line.includes("process.exit")) expect(line.trim()).toMatch(/^\/\//);
    expect(text).toContain('name: "a\\"\\n"');
  });
});

describe("the file", () => {
  const [sqlite] = databases as [TestDatabase];
  let database: Created;
  let folder: string;
  beforeAll(async () => {
    database = await sqlite.create(tables);
    folder = await mkdtemp(join(tmpdir(), "sapwood-suggest-"));
  });
  afterAll(async () => {
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  });
  const init = (...args: string[]) => run(["init", database.url, ...args], {}, folder);

  test.each([
    ["sapwood.config.js", []],
    ["sapwood.config.json", ["--json"]],
  ])("%s is one to serve with, and stays without --force", async (name, args) => {
    const { code, stdout } = await init("--suggest", "--look", ...args);
    expect(stdout).toMatch(/2 relations suggested, and 3 more (as comments|left out)/);
    expect(code).toBe(0);
    const text = await readFile(join(folder, name), "utf8");
    expect(text).toMatch(/cust_id/);
    expect(text).toMatch(/it is short for customer; all 2 values/);
    const routes = await run(["routes", "--config", join(folder, name), "--why"], {}, folder);
    expect(routes.stdout).toMatch(/1-n customers → orders — config: belongsTo/);
    await writeFile(join(folder, name), "mine");
    const again = await init("--suggest", ...args);
    expect(again.stderr).toMatch(/is there already/);
    expect(again.code).toBe(1);
    expect(await readFile(join(folder, name), "utf8")).toBe("mine");
    expect((await init("--suggest", "--force", ...args)).code).toBe(0);
    expect(await readFile(join(folder, name), "utf8")).toMatch(/cust_id/);
    await rm(join(folder, name));
  });

  test("--look alone and --suggest without a database are mistakes", async () => {
    expect((await init("--look")).stderr).toMatch(/say both/);
    expect((await run(["init", "--suggest"], {}, folder)).stderr).toMatch(/needs the database/);
  });
});
