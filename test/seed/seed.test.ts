// Rows of files → tables, on real databases: order, circles, all or nothing, what is said of mistakes; and tables emptied again.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { openDatabase } from "../../src/database/database.js";
import { applyTables } from "../../src/define/apply.js";
import { wantedFromEntries } from "../../src/define/wanted.js";
import type { TableEntry } from "../../src/schema/config.js";
import { reset } from "../../src/seed/reset.js";
import { type SeedOptions, seed } from "../../src/seed/seed.js";
import { type Created, everyDatabase } from "../support/databases.js";
import { jsonRequest } from "../support/json-request.js";

const id = { name: "id", type: "increments" };
/** A circle of two tables, a tree in one, and links. */
const tables: readonly TableEntry[] = [
  {
    name: "crews",
    columns: [id, { name: "name", type: "string(20)", notNull: true }, { name: "captain_id", type: "integer" }],
    unique: ["name"],
    belongsTo: [{ table: "people", column: "captain_id" }],
  },
  {
    name: "people",
    columns: [
      id,
      { name: "name", type: "string(20)", notNull: true },
      { name: "crew_id", type: "integer" },
      { name: "mentor_id", type: "integer" },
      { name: "born", type: "date" },
      { name: "about", type: "json" },
      { name: "is_paid", type: "boolean", notNull: true, default: false },
      { name: "balance", type: "decimal(20,2)" },
    ],
    belongsTo: [
      { table: "crews", column: "crew_id" },
      { table: "people", column: "mentor_id" },
    ],
  },
  {
    name: "skills",
    columns: [
      { name: "code", type: "string(8)" },
      { name: "text", type: "text" },
    ],
    primaryKey: "code",
  },
  {
    name: "people_skills",
    columns: [
      { name: "person_id", type: "integer" },
      { name: "skill", type: "string(8)" },
    ],
    primaryKey: ["person_id", "skill"],
    belongsTo: [
      { table: "people", column: "person_id" },
      { table: "skills", column: "skill" },
    ],
  },
];

const base = mkdtempSync(join(inject("files"), "seed-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let made = 0;
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = join(base, String(made++));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const MANY = 1_000;
const rows = {
  "people.csv": `\ufeffid,name,crew_id,mentor_id,born,about,is_paid,balance\r\n2,"Anna, ""A""",1,9,2001-02-28,"{""a"":[1]}",yes,123456789012.25\r\n9,Berta,1,,,,,\n`,
  "crews.json": ' [ {"id": 1, "name": "[1] \\"{,", "captain_id": 9},{"id":3,"name":"}]","captain_id":null} ]\n',
  "people_skills.ndjson": '{"person_id": 2, "skill": "s1"}\n\n{"person_id": 9, "skill": "s999"}\n',
  "Skills.csv": `code,text\n${Array.from({ length: MANY }, (_, i) => `s${i},""`).join("\n")}`,
  "README.md": "Not a table.",
};

for (const database of everyDatabase) {
  describe.skipIf(database.skip)(`rows of files on ${database.name}`, () => {
    let created: Created;
    beforeAll(async () => {
      created = await database.create();
      await applyTables(created.url, wantedFromEntries(tables), { options: {} });
    });
    afterAll(() => created?.drop());

    const open = async <T>(work: (opened: ReturnType<typeof openDatabase>) => Promise<T>): Promise<T> => {
      const opened = openDatabase(created.url, {}, { briefly: true });
      try {
        return await work(opened);
      } finally {
        await opened.close();
      }
    };
    const sow = (files: string | Readonly<Record<string, string>>, more: Partial<SeedOptions> = {}) =>
      open(({ knex }) =>
        knex.transaction((trx) =>
          seed(trx, typeof files === "string" ? files : folderOf(files), { options: {}, ...more }),
        ),
      );
    const empty = () =>
      open(async (opened) => {
        const api = await createApi(created.url);
        const { tables } = api.schema;
        await api.close();
        return reset(opened.knex, tables, opened.dialect);
      });
    const counts = async () =>
      Object.fromEntries(
        await Promise.all(
          tables.map(async ({ name }) => [name, Number((await created.knex(name).count({ n: "*" }))[0]?.n)]),
        ),
      );
    beforeEach(async () => void (await empty()));
    const NONE = { crews: 0, people: 0, skills: 0, people_skills: 0 };

    test("parents come first, a circle is closed at the end, and the API answers with them", async () => {
      const said: string[] = [];
      const done = await sow(rows, { progress: (table, count) => void said.push(`${table} ${count}`) });
      expect(done.map(({ table, rows }) => [table, rows])).toEqual(
        expect.arrayContaining([
          ["crews", 2],
          ["people", 2],
          ["skills", MANY],
          ["people_skills", 2],
        ]),
      );
      expect(said).toEqual(expect.arrayContaining(["skills 250", "skills 1000", "people 2"]));
      const api = await createApi(created.url);
      const get = async (path: string) => JSON.parse((await api.handle(jsonRequest("GET", path)))?.body ?? "null");
      expect(await get("/people/2?select=name,born,about,is_paid,mentor(name),crew(name,captain(name))")).toEqual({
        name: 'Anna, "A"',
        born: "2001-02-28",
        about: { a: [1] },
        is_paid: true,
        mentor: { name: "Berta" },
        crew: { name: '[1] "{,', captain: { name: "Berta" } },
      });
      expect(await get("/people/9?select=is_paid,born,about,balance")).toEqual({
        is_paid: false,
        born: null,
        about: null,
        balance: null,
      });
      expect(await get("/people/9/skills?select=code,text")).toEqual([{ code: "s999", text: "" }]);
      const next = await api.handle(jsonRequest("POST", "/people", { name: "Next" }));
      expect(JSON.parse(String(next?.body))).toMatchObject({ id: 10 });
      await api.close();
    });

    test("twice is refused, and with --on-conflict rows stay or become others", async () => {
      const folder = folderOf(rows);
      await sow(folder);
      await expect(sow(folder)).rejects.toThrow(/holds rows already\. Was it seeded before\?/);
      await sow(folder, { onConflict: "ignore" });
      const other = { "people.ndjson": '{"id":9,"name":"Bertha","mentor_id":2}' };
      await sow(other, { onConflict: "merge" });
      expect(await counts()).toEqual({ crews: 2, people: 2, skills: MANY, people_skills: 2 });
      expect(await created.knex("people").where({ id: 9 }).first("name", "mentor_id", "crew_id")).toEqual({
        ...{ name: "Bertha", mentor_id: 2, crew_id: 1 },
      });
    });

    test.each([
      [
        "an unknown column",
        { "people.csv": "id,nmae\n1,A" },
        /^people\.csv: people has no column 'nmae'\. Perhaps you meant 'name'/,
      ],
      [
        "an unknown table",
        { "poeple.csv": "id" },
        /^poeple\.csv: there is no table 'poeple'\. Perhaps you meant 'people'/,
      ],
      [
        "a value of another type",
        { "people.ndjson": '{"id":1,"name":"A"}\n{"id":2,"name":"B","born":"x"}' },
        /^people\.ndjson: row 2: born is a date/,
      ],
      ["a value that is missing", { "people.csv": "id\n1" }, /^people\.csv: row 1: name/],
      ["a key that stands twice", { "skills.csv": `code\n${"a\n".repeat(2)}` }, /^skills\.csv: row(s 1 to)? 2: /],
      ["a row that is not there", { "people.csv": "id,name,crew_id\n1,A,7" }, /^people\.csv: row 1: /],
      ["cells too few", { "people.csv": "id,name\n1,A\n2" }, /^people\.csv: it is not valid CSV near line 3/],
      [
        "JSON that ends too early",
        { "people.json": '[{"id":1,"name":"A"}' },
        /^people\.json: it ends before the list does/,
      ],
      ["JSON that is no list", { "people.json": '{"id":1}' }, /^people\.json: it holds one list of rows/],
      [
        "a line that is no JSON",
        { "people.ndjson": '{"id":1,"name":"A"}\n{' },
        /^people\.ndjson: row 2 is not valid JSON/,
      ],
      ["two files of one table", { "people.csv": "id", "people.json": "[]" }, /two files hold rows of people/],
    ] as [string, Record<string, string>, RegExp][])(
      "%s: all of it is undone, and the place is said",
      async (_, files, message) => {
        const good: Record<string, string> = message.source.includes("skills") ? {} : { "skills.csv": "code\na" };
        await expect(sow({ "crews.csv": "id,name\n1,A", ...good, ...files })).rejects.toThrow(message);
        expect(await counts()).toEqual(NONE);
      },
    );

    test("emptied tables say how many rows went, and number anew", async () => {
      await sow(rows);
      const gone = await empty();
      expect(Object.fromEntries(gone.map(({ table, rows }) => [table, rows]))).toEqual({
        ...{ crews: 2, people: 2, skills: MANY, people_skills: 2 },
      });
      expect(await counts()).toEqual(NONE);
      await created.knex("crews").insert({ name: "first" });
      expect(await created.knex("crews").pluck("id")).toEqual([1]);
    });
  });
}
