// Changes that SQLite's ALTER TABLE cannot do, on real files: what is changed, what stays as it was, and what is refused with nothing done.
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { applyTables } from "../../src/define/apply.js";
import { stepText } from "../../src/define/step.js";
import { wantedFromEntries } from "../../src/define/wanted.js";
import type { TableEntry } from "../../src/schema/config.js";
import { type Created, sqlite } from "../support/databases.js";

/** One of everything that a table may be made with. */
const ddl = `
  CREATE TABLE clubs (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);
  CREATE TABLE 'boats' ( -- all of them
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, /* counted, on and on */
    [name] VARCHAR(20) COLLATE NOCASE NOT NULL CONSTRAINT named UNIQUE DEFAULT 'it''s, (new)',
    club INTEGER CONSTRAINT of_club REFERENCES clubs(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    length NUMERIC(6,2) CHECK (length > 0 AND length <> 13),
    doubled AS (length * 2) STORED,
    crew TEXT DEFAULT NULL,
    CONSTRAINT short CHECK (length(name) < 19), -- as a sign has room
    UNIQUE (club, name) ON CONFLICT ABORT
  );
  CREATE INDEX boats_long ON boats (length) WHERE length > 10;
  CREATE INDEX boats_upper ON boats (upper(name));
  CREATE TABLE log (what TEXT);
  CREATE TRIGGER boats_log AFTER UPDATE OF crew ON boats BEGIN INSERT INTO log VALUES (NEW.name || ' ' || NEW.crew); END;
  CREATE TRIGGER clubs_log AFTER INSERT ON clubs BEGIN INSERT INTO log SELECT count(*) FROM boats; END;
  CREATE VIEW long_boats AS SELECT id, name FROM boats WHERE length > 10;
  CREATE TABLE seats (boat INTEGER NOT NULL REFERENCES boats ON DELETE CASCADE, seat INTEGER, PRIMARY KEY (boat, seat)) WITHOUT ROWID, STRICT;
  INSERT INTO clubs VALUES (1, 'R'), (2, 'S');
  INSERT INTO boats (id, name, club, length, crew) VALUES (3, 'Anna', 1, 12.5, '4'), (7, 'Berta', NULL, 8, NULL), (9, 'gone', 1, 1, 'x');
  DELETE FROM boats WHERE id = 9;
  INSERT INTO seats VALUES (3, 1), (3, 2), (7, 1);
`;

const columns = [
  { name: "id", type: "increments" },
  { name: "name", type: "string(20)", notNull: true, default: "'it''s, (new)'" },
  { name: "club", type: "integer" },
  { name: "length", type: "decimal(6,2)" },
  { name: "doubled", type: "decimal(6,2)" },
  { name: "crew", type: "text" },
];
const boats: TableEntry = {
  name: "boats",
  columns,
  unique: ["name", ["club", "name"]],
  belongsTo: [{ table: "clubs", column: "club", onDelete: "set null" }],
};
const clubs: TableEntry = {
  name: "clubs",
  columns: [
    { name: "id", type: "increments" },
    { name: "code", type: "text", notNull: true },
  ],
  unique: ["code"],
};
const withColumn = (name: string, more: object): TableEntry => ({
  ...boats,
  columns: columns.map((column) => (column.name === name ? { ...column, ...more } : column)),
});

describe.skipIf(sqlite === undefined || sqlite.skip)("tables that SQLite copies", () => {
  let created: Created;
  let file: Database.Database;
  beforeEach(async () => {
    created = await sqlite.create(ddl);
    file = new Database(created.url.slice("sqlite:".length));
  });
  afterEach(async () => {
    file?.close();
    await created?.drop();
  });

  const apply = (entry: TableEntry, drop = false) =>
    applyTables(created.url, wantedFromEntries([clubs, entry]), { options: {}, drop });
  const textsOf = () =>
    file.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").all() as {
      name: string;
      sql: string;
    }[];
  const textOf = (name: string) => textsOf().find((text) => text.name === name)?.sql ?? "";
  const rows = (sql: string) => file.prepare(sql).all();
  /** What no change here may touch. */
  const all = () => ({
    texts: textsOf(),
    boats: rows("SELECT rowid, * FROM boats"),
    seats: rows("SELECT * FROM seats"),
    counted: rows("SELECT * FROM sqlite_sequence"),
  });

  test("what is there is as the entries say", async () => {
    expect((await apply(boats)).plan.steps).toEqual([]);
  });

  test("a type, a default and NOT NULL change, and all else stays", async () => {
    const before = all();
    const { plan, outcome } = await apply(withColumn("crew", { type: "integer", default: 5 }));
    expect(outcome?.failed).toBeUndefined();
    expect(plan.steps.map(stepText)).toEqual(["change column boats.crew: type, default"]);
    const after = all();
    expect(after.counted).toEqual(before.counted);
    expect(after.seats).toEqual(before.seats);
    expect(after.texts.filter(({ name }) => name !== "boats")).toEqual(
      before.texts.filter(({ name }) => name !== "boats"),
    );
    expect(textOf("boats")).toMatchSnapshot();
    expect(after.boats).toEqual(
      before.boats.map((row) => ({ ...(row as object), crew: (row as { id: number }).id === 3 ? 4 : null })),
    );
    file.exec("UPDATE boats SET crew = 6 WHERE id = 7");
    expect(rows("SELECT what FROM log WHERE what <> '0'")).toEqual([{ what: "Berta 6" }]);
    expect(() => file.exec("UPDATE boats SET length = 13")).toThrow(/CHECK/);
    expect(file.prepare("INSERT INTO boats (name) VALUES ('C')").run().lastInsertRowid).toBe(10);
    file.pragma("foreign_keys = ON");
    file.exec("DELETE FROM boats WHERE id = 3");
    expect(rows("SELECT * FROM seats")).toEqual([{ boat: 7, seat: 1 }]);
    expect((await apply(withColumn("crew", { type: "integer", default: 5 }))).plan.steps).toEqual([]);
  });

  test.each([
    ["a text that is no number", withColumn("name", { type: "integer", default: undefined })],
    ["NULL where none may be", withColumn("crew", { notNull: true })],
    ["a text that is too long", withColumn("name", { type: "string(4)" })],
    ["digits that have no room", withColumn("length", { type: "decimal(2,0)" })],
    ["a text that is no date", withColumn("crew", { type: "date" })],
    [
      "a row that refers to nothing",
      {
        ...boats,
        belongsTo: [
          { table: "clubs", column: "club" },
          { table: "clubs", column: "length" },
        ],
      },
    ],
    ["two rows with one key", { ...boats, primaryKey: "length" }],
  ] as [string, TableEntry][])("refused with nothing done: %s", async (_, entry) => {
    file.exec("UPDATE boats SET length = 12.5");
    const before = all();
    const { outcome, plan } = await apply(entry, true);
    expect(outcome?.failed, plan.steps.map(stepText).join()).toBeDefined();
    expect(outcome?.done).toEqual([]);
    expect(all()).toEqual(before);
  });

  test("a column of a view, a trigger or a rule does not go", async () => {
    for (const gone of ["length", "crew", "name"]) {
      const before = all();
      const entry = {
        ...boats,
        columns: columns.filter(({ name }) => name !== gone && name !== "doubled"),
        unique: [],
      };
      const { outcome } = await apply(entry, true);
      expect(outcome?.failed?.error, gone).toBeDefined();
      expect(all(), gone).toEqual(before);
    }
  });

  test("foreign keys and unique keys go and come, and a column with its default of a moment", async () => {
    const entry: TableEntry = {
      ...boats,
      columns: [...columns, { name: "seen", type: "datetime", notNull: true, default: "now" }],
      unique: ["name"],
      belongsTo: [],
    };
    const { outcome, plan } = await apply(entry, true);
    expect(outcome?.failed).toBeUndefined();
    expect(plan.steps.map(stepText)).toEqual([
      "drop foreign key boats(club) to clubs; drop unique boats(club, name); add column boats.seen",
    ]);
    expect(textOf("boats")).toMatchSnapshot();
    expect(rows("SELECT count(*) AS n FROM boats WHERE seen LIKE '20__-%'")).toEqual([{ n: 2 }]);
    const again = await apply({ ...entry, belongsTo: boats.belongsTo ?? [] });
    expect(again.outcome?.failed).toBeUndefined();
    expect(textOf("boats")).toContain("references `clubs`");
    expect(rows("PRAGMA foreign_key_list(boats)")).toMatchObject([
      { table: "clubs", from: "club", on_delete: "SET NULL" },
    ]);
  });

  test("a table without a rowid gets another key and keeps its form", async () => {
    const seats: TableEntry = {
      name: "seats",
      columns: [
        { name: "boat", type: "integer", notNull: true },
        { name: "seat", type: "integer", notNull: true },
      ],
      primaryKey: ["seat", "boat"],
      belongsTo: [{ table: "boats", column: "boat", onDelete: "cascade" }],
    };
    const { outcome, plan } = await applyTables(created.url, wantedFromEntries([clubs, boats, seats]), { options: {} });
    expect(outcome?.failed).toBeUndefined();
    expect(plan.steps.map(stepText)).toEqual(["change primary key seats(seat, boat)"]);
    expect(textOf("seats")).toMatchSnapshot();
    expect(rows("SELECT * FROM seats")).toEqual([
      { boat: 3, seat: 1 },
      { boat: 7, seat: 1 },
      { boat: 3, seat: 2 },
    ]);
  });
});
