// How many rows a statement may go through, as SQLite's own programs tell.
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { statementReach } from "../../src/dialect/sqlite/reach.js";

const ddl = `
  CREATE TABLE plain (id INTEGER PRIMARY KEY, name TEXT, n INTEGER);
  CREATE TABLE pairs (a TEXT, b TEXT, n INTEGER, PRIMARY KEY (a, b));
  CREATE TABLE cascading (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE cascaded (id INTEGER PRIMARY KEY, of_id INTEGER REFERENCES cascading ON DELETE CASCADE);
  CREATE INDEX cascaded_of ON cascaded (of_id);
  CREATE TABLE kept (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE keeping (id INTEGER PRIMARY KEY, of_id INTEGER REFERENCES kept);
  CREATE INDEX keeping_of ON keeping (of_id);
  CREATE TABLE sought (id INTEGER PRIMARY KEY);
  CREATE TABLE seeking (id INTEGER PRIMARY KEY, of_id INTEGER REFERENCES sought);
  CREATE TABLE trees (id INTEGER PRIMARY KEY, above INTEGER REFERENCES trees ON DELETE SET NULL);
  CREATE TABLE logged (id INTEGER PRIMARY KEY, name TEXT, at TEXT);
  CREATE TABLE log (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TRIGGER logged_at AFTER UPDATE ON logged BEGIN
    UPDATE logged SET at = CURRENT_TIMESTAMP WHERE id = NEW.id; INSERT INTO log (name) VALUES (OLD.name); END;
  CREATE TABLE counted (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TRIGGER counted_all AFTER INSERT ON counted BEGIN UPDATE plain SET n = (SELECT count(*) FROM counted) WHERE id = 1; END;
  CREATE TABLE recurring (id INTEGER PRIMARY KEY);
  CREATE TRIGGER recurs AFTER INSERT ON recurring BEGIN
    UPDATE plain SET n = (WITH RECURSIVE i (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 9) SELECT max(v) FROM i) WHERE id = 1; END;
  CREATE VIEW shown AS SELECT id, name FROM plain;
  CREATE TRIGGER shown_all INSTEAD OF INSERT ON shown BEGIN UPDATE plain SET n = n + 1 WHERE n > NEW.id; END;`;

test.each([
  ["few", "INSERT INTO plain (name) VALUES (?), (?) RETURNING id"],
  ["few", "UPDATE plain SET name = ? WHERE id = +? RETURNING json_object('id', id)"],
  ["few", "DELETE FROM plain WHERE id IN (?, ?)"],
  ["few", "UPDATE pairs SET n = ? WHERE (a, b) IN (VALUES (?, ?), (?, ?)) RETURNING n"],
  ["few", "UPDATE cascading SET name = ? WHERE id = ?"],
  ["few", "INSERT INTO keeping (of_id) VALUES (?)"],
  ["few", "UPDATE logged SET name = ? WHERE id = ? RETURNING id"],
  ["indexed", "DELETE FROM kept WHERE id = ?"],
  ["indexed", "DELETE FROM keeping WHERE of_id = ?"],
  ["indexed", "INSERT INTO plain (name) SELECT value FROM json_each(?)"],
  ["many", "DELETE FROM cascading WHERE id = ?"],
  ["many", "DELETE FROM cascading WHERE id IN (?, ?)"],
  ["many", "DELETE FROM sought WHERE id = ?"],
  ["many", "DELETE FROM trees WHERE id = ?"],
  ["many", "UPDATE plain SET n = ? WHERE name = ?"],
  ["many", "INSERT INTO counted (name) VALUES (?)"],
  ["many", "INSERT INTO recurring DEFAULT VALUES"],
  ["many", "INSERT INTO shown (id) VALUES (?)"],
])("%s: %s", (reach, text) => {
  const database = new Database(":memory:");
  database.pragma("foreign_keys = ON");
  database.exec(ddl);
  const values = Array.from(text.matchAll(/\?/g), () => null);
  expect(statementReach(database, text, values)).toBe(reach);
  database.close();
});
