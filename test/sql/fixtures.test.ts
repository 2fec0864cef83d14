// The fixtures that only a live SQL Server or MySQL 8 runs: there is none on the build machines, but there are grammars.
import { describe, expect, test } from "vitest";
import { ddl as badges } from "../fixtures/badges.js";
import { ddl as community, insertNumbered, rows } from "../fixtures/community.js";
import { overrides, ddl as values } from "../fixtures/values.js";
import { samples } from "../fixtures/values-rows.js";
import { batchesOf } from "../support/databases.js";
import { mysqlMistakes, mysqlWords, tsqlMistakes } from "./grammar.js";

const fixtures = { community, values, badges };

describe.each(Object.entries(fixtures))("%s", (_, ddl) => {
  test("is T-SQL, statement by statement", () => {
    for (const batch of batchesOf(ddl.mssql)) {
      expect(tsqlMistakes(batch), batch).toEqual([]);
      // A view stands alone in its batch.
      expect(batch.trim()).toMatch(/^(CREATE (TABLE|VIEW)|INSERT INTO|SET IDENTITY_INSERT \[\w+\] ON; INSERT INTO) /);
    }
  });

  test("is MySQL 8", () => {
    // `SET time_zone` and the rest as one script, as it is sent.
    expect(mysqlMistakes(ddl.mariadb)).toEqual([]);
  });

  test("makes the same tables everywhere", () => {
    const made = (text: string) => [...text.matchAll(/^CREATE (?:TABLE|VIEW) ["`[]?(\w+)/gm)].map(([, name]) => name);
    expect(made(ddl.mssql)).toEqual(made(ddl.postgres));
    expect(made(ddl.mariadb)).toEqual(made(ddl.postgres));
  });
});

test("SQL Server's rows have their ids said, and go back as they came", () => {
  const inserts = Object.keys(rows).map((table) => insertNumbered("mssql", table));
  for (const text of inserts) expect(tsqlMistakes(text)).toEqual([]);
  expect(community.mssql.endsWith(inserts.join("\n"))).toBe(true);
  // Text is Unicode, and nothing else stands in single quotes there.
  for (const text of [...inserts, values.mssql.slice(values.mssql.indexOf("INSERT"))])
    expect(text.replaceAll(/N'(?:[^']|'')*'/g, "")).not.toContain("'");
  expect(values.mssql.match(/^ {2}\(\d/gm)).toHaveLength(samples.length);
});

test("a UUID is MariaDB's own type, and 36 characters for MySQL 8", () => {
  expect(mysqlWords(badges.mariadb).join(" ")).toContain("id CHAR ( 36 ) NOT NULL DEFAULT ( uuid ( ) )");
  expect(mysqlWords(values.mariadb).join(" ")).toContain("token CHAR ( 36 ) ,");
  expect(overrides["MySQL 8"][0]?.columns).toEqual([{ name: "token", type: "uuid" }]);
});
