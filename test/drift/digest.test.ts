// Whatever changes what the API shows changes the digest; on SQL Server, the text of the question.
import { describe, expect, test } from "vitest";
import { askOf, openDatabase } from "../../src/database/database.js";
import { readDatabaseSchema } from "../../src/database/read-schema.js";
import { digestSql } from "../../src/dialect/mssql/catalogue.js";
import { tsqlMistakes } from "../sql/grammar.js";
import type { DatabaseName } from "../support/databases.js";
import { onEveryServer } from "../support/matrix.js";

const tables = `
CREATE TABLE artists (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL, rank INTEGER);
CREATE TABLE albums (id INTEGER NOT NULL PRIMARY KEY, artist_id INTEGER, title VARCHAR(40));
`.replaceAll("rank", "place");
const ddl: Record<DatabaseName, string> = { sqlite: tables, postgres: tables, mariadb: tables };

/** What is common to all, then what each has beside it. */
const changes: Readonly<Record<DatabaseName | "all", readonly string[]>> = {
  all: [
    "CREATE TABLE labels (id INTEGER NOT NULL PRIMARY KEY)",
    "DROP TABLE labels",
    "ALTER TABLE artists ADD COLUMN born INTEGER",
    "ALTER TABLE artists RENAME COLUMN born TO birth",
    "ALTER TABLE artists DROP COLUMN birth",
    "CREATE UNIQUE INDEX one_name ON artists (name)",
    "ALTER TABLE albums RENAME TO records",
    "ALTER TABLE records RENAME TO albums",
    "CREATE VIEW names AS SELECT id, name FROM artists",
    "DROP VIEW names",
  ],
  sqlite: ["CREATE TABLE songs (id INTEGER PRIMARY KEY, album_id INTEGER REFERENCES albums (id))"],
  postgres: [
    "ALTER TABLE artists ALTER name TYPE varchar(50)",
    "ALTER TABLE artists ALTER name DROP NOT NULL",
    "ALTER TABLE artists ALTER place SET DEFAULT 7",
    "ALTER TABLE artists ALTER place SET DEFAULT 8",
    "ALTER TABLE albums ADD FOREIGN KEY (artist_id) REFERENCES artists (id)",
    "ALTER TABLE albums DROP CONSTRAINT albums_pkey",
    "ALTER TABLE albums ADD PRIMARY KEY (id, title)",
    "COMMENT ON COLUMN artists.name IS 'as it is printed'",
    "COMMENT ON TABLE artists IS 'who plays'",
    "CREATE TYPE mood AS ENUM ('good'); ALTER TABLE artists ADD mood mood",
    "ALTER TYPE mood ADD VALUE 'bad'",
    "CREATE INDEX searched ON artists USING gin (to_tsvector('english', name))",
  ],
  mariadb: [
    "ALTER TABLE artists MODIFY name VARCHAR(50) NOT NULL",
    "ALTER TABLE artists MODIFY name VARCHAR(50)",
    "ALTER TABLE artists MODIFY place INTEGER DEFAULT 7",
    "ALTER TABLE artists MODIFY place INTEGER DEFAULT 8",
    "ALTER TABLE albums ADD FOREIGN KEY (artist_id) REFERENCES artists (id)",
    "ALTER TABLE albums DROP PRIMARY KEY",
    "ALTER TABLE albums ADD PRIMARY KEY (id, title)",
    "ALTER TABLE albums DROP PRIMARY KEY, ADD PRIMARY KEY (title, id)",
    "ALTER TABLE artists MODIFY name VARCHAR(50) COMMENT 'as it is printed'",
    "ALTER TABLE artists COMMENT 'who plays'",
    "ALTER TABLE artists ADD mood ENUM ('good')",
    "ALTER TABLE artists MODIFY mood ENUM ('good', 'bad')",
    "ALTER TABLE artists MODIFY mood ENUM ('good', 'bad') AFTER id",
    "ALTER TABLE artists ADD notes JSON",
    "ALTER TABLE artists MODIFY notes LONGTEXT",
    "ALTER TABLE artists ADD FULLTEXT (name)",
  ],
};

onEveryServer(ddl, (place) => {
  test("each change of the schema changes it, and rows do not", async () => {
    const database = openDatabase(place.db().url);
    const digest = () => database.dialect.schemaDigest(askOf(database), {});
    const schema = () => readDatabaseSchema(database, {});
    let before = { digest: await digest(), schema: await schema() };
    await place.db().knex("artists").insert({ id: 1, name: "Nina" });
    expect(await digest()).toBe(before.digest);
    for (const change of [...changes.all, ...changes[place.name]]) {
      await place.db().knex.raw(change);
      const after = { digest: await digest(), schema: await schema() };
      expect(after.digest, change).not.toBe(before.digest);
      expect(after.digest, change).toBe(await digest());
      before = after;
    }
    await database.close();
  });
});

describe("SQL Server", () => {
  test.each([[{}], [{ schema: ["dbo", "audit"] }]])("%o: one question for five words", (options) => {
    const text = digestSql(options);
    expect(tsqlMistakes(text)).toEqual([]);
    expect(text.match(/HASHBYTES\('SHA2_256', \(/g)).toHaveLength(5);
    // knex takes it for a binding.
    expect(text).not.toContain("?");
  });
});
