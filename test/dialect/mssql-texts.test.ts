// What SQL Server's dialect makes of connection strings, types, values and patterns, without a server.
import Sqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { typeOf } from "../../src/dialect/mssql/column-type.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";

const escaped = (text: string) => `N'"' + STRING_ESCAPE(${text}, 'json') COLLATE Latin1_General_100_BIN2 + N'"'`;

describe("connection strings", () => {
  test("become a knex config", () => {
    const { client, connection } = mssql.configure(
      "mssql://s%40a:p%2Fw@db.example:1533/my%20shop?trustServerCertificate=true&requestTimeout=5000&domain=corp",
    );
    expect(client).toBe("mssql");
    expect(connection).toMatchObject({
      ...{ server: "db.example", user: "s@a", password: "p/w", database: "my shop", domain: "corp" },
      options: { encrypt: true, trustServerCertificate: true, requestTimeout: 5000, port: 1533 },
    });
    expect(mssql.configure("mssql://[::1]?encrypt=false").connection).toMatchObject({
      server: "::1",
      options: { encrypt: false },
    });
  });

  test.each([
    ["mssql:server", "A SQL Server connection string looks like"],
    ["mssql://sa:100%@host/db", 'writes a "%" in names and passwords as "%25"'],
  ])("%s is refused in one line", (url, message) => {
    expect(() => mssql.configure(url)).toThrow(message);
  });
});

describe("parameters in a statement", () => {
  test.each([
    ["decimal", { precision: 10, scale: 2 }, "CAST(@p1 AS decimal(38, 12))"],
    ["money", {}, "CAST(@p1 AS decimal(38, 14))"],
    ["float", {}, "@p1"],
    ["real", {}, "CAST(@p1 AS real)"],
    ["date", {}, "CAST(@p1 AS date)"],
    ["time", {}, "CAST(@p1 AS time(7))"],
    ["datetime", {}, "CAST(CAST(@p1 AS datetime2(7)) AS datetime)"],
    ["smalldatetime", {}, "CAST(@p1 AS datetime2(7))"],
    ["datetimeoffset", {}, "CAST(@p1 AS datetimeoffset(7))"],
    ["varbinary", { length: -1 }, "CAST(@p1 AS varbinary(max))"],
    ["varbinary", { length: 20 }, "CAST(@p1 AS varbinary(8000))"],
    ["int", {}, "@p1"],
  ])("%s %o is said as %s", (name, more, text) => {
    expect(mssql.bind("@p1", typeOf({ name, ...more }))).toBe(text);
  });

  test("a pattern's bracket is no set of characters", () => {
    expect(mssql.likePattern("a[b]%\\[\\%_", true)).toBe("a\\[b]%\\[\\%_");
  });
});

describe("JSON", () => {
  test.each([
    ["bigint", {}, "CONVERT(varchar(20), [c])"],
    ["decimal", { precision: 10, scale: 2 }, "CONVERT(varchar(41), [c])"],
    ["money", {}, "CONVERT(varchar(41), CAST([c] AS decimal(19, 4)))"],
    ["bit", {}, "CASE WHEN [c] = 0 THEN 'false' WHEN [c] <> 0 THEN 'true' END"],
    ["nvarchar", { length: 20 }, escaped("CAST([c] AS nvarchar(max))")],
    ["char", { length: 20 }, escaped("RTRIM([c])")],
    ["ntext", {}, escaped("CAST([c] AS nvarchar(max))")],
    ["xml", {}, escaped("CAST([c] AS nvarchar(max))")],
    ["sql_variant", {}, escaped("CAST([c] AS nvarchar(4000))")],
    ["geography", {}, escaped("[c].ToString()")],
    ["Point", { clr: "geo" }, escaped("[c].ToString()")],
    ["uniqueidentifier", {}, `'"' + LOWER(CONVERT(char(36), [c])) + '"'`],
    ["date", {}, `'"' + CONVERT(char(10), [c], 23) + '"'`],
    ["time", { scale: 0 }, `'"' + CONVERT(varchar(8), [c], 108) + '"'`],
    ["smalldatetime", {}, `'"' + REPLACE(CONVERT(varchar(19), [c], 120), ' ', 'T') + '"'`],
    ["json", {}, "CAST([c] AS nvarchar(max)) COLLATE Latin1_General_100_BIN2"],
    [
      "varbinary",
      { length: -1 },
      "(SELECT SUBSTRING(r.j, 6, LEN(r.j) - 6) FROM (SELECT (SELECT CAST([c] AS varbinary(max)) AS v FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER) AS j) r) COLLATE Latin1_General_100_BIN2",
    ],
  ])("of %s %o", (name, more, text) => {
    expect(mssql.json("[c]", typeOf({ name, ...more }))).toBe(`ISNULL(${text}, 'null')`);
  });

  // REPLACE and RTRIM are SQLite's too; what CONVERT makes is written in its place.
  test.each([
    ["time", 7, "00:00:00.0000000", "00:00:00"],
    ["time", 3, "12:30:00.500", "12:30:00.5"],
    ["datetime", 3, "2024-10-20 10:00:10.000", "2024-10-20T10:00:10"],
    ["datetime2", 7, "2024-10-20 10:00:00.0100000", "2024-10-20T10:00:00.01"],
    ["datetimeoffset", 7, "2024-10-20 10:00:00.0000000", "2024-10-20T10:00:00+00:00"],
  ])("of %s(%i) %s", (name, scale, converted, expected) => {
    const text = mssql.json("[c]", typeOf({ name, scale })).replaceAll(" + ", " || ");
    const sql = text.replace(/CONVERT\(varchar\(27\), .*?, 121\)/, `'${converted}'`).replace("ISNULL(", "ifnull(");
    const memory = new Sqlite(":memory:");
    try {
      expect(memory.prepare(`SELECT ${sql}`).pluck().get()).toBe(`"${expected}"`);
    } finally {
      memory.close();
    }
  });
});
