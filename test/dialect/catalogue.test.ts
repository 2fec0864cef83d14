// Catalogue rows in, schema out; and the type maps, which are pure too.
import { describe, expect, test } from "vitest";
import type { Catalogue } from "../../src/dialect/catalogue.js";
import { schemaFromCatalogue } from "../../src/dialect/catalogue-schema.js";
import { dialectOfClient, dialectOfUrl } from "../../src/dialect/index.js";
import { typeOf as mysqlType } from "../../src/dialect/mysql/column-type.js";
import { typeOf as postgresType } from "../../src/dialect/postgres/column-type.js";
import { typeOf as sqliteType } from "../../src/dialect/sqlite/catalogue.js";
import type { ColumnType } from "../../src/schema/schema.js";

/** What further texts a type takes is another test's. */
const withoutAlso = ({ also: _, ...type }: ColumnType): ColumnType => type;

const column = (table: string, name: string, schema: string | null = null) => ({
  schema,
  table,
  name,
  type: { kind: "integer", native: "int" } as const,
  nullable: false,
  default: null,
  generated: false,
  identity: false,
});
const key = (table: string, id: string, name: string, primary = false) => ({
  schema: null,
  table,
  id,
  name: primary ? null : id,
  primary,
  column: name,
});
const reference = (table: string, id: string, from: string, toTable: string, toColumn: string | null) => ({
  schema: null,
  table,
  id,
  name: id,
  column: from,
  toSchema: null,
  toTable,
  toColumn,
});
const albumsKey = key("Albums", "pk", "Id", true);
const catalogue = (part: Partial<Catalogue>): Catalogue => ({
  defaultSchema: null,
  tables: [
    { schema: null, table: "Albums", kind: "table" },
    { schema: null, table: "tracks", kind: "table" },
  ],
  columns: [column("Albums", "Id"), column("Albums", "part"), column("tracks", "id"), column("tracks", "album_id")],
  keys: [],
  references: [],
  ...part,
});
const tracks = (part: Partial<Catalogue>) => schemaFromCatalogue(catalogue(part)).tables.find((t) => t.id === "tracks");

describe("foreign keys", () => {
  test("take the true spelling of tables and columns", () => {
    const references = [reference("tracks", "f", "ALBUM_ID", "albums", "ID")];
    const table = tracks({ keys: [albumsKey], references });
    expect(table?.foreignKeys).toEqual([{ name: "f", columns: ["album_id"], table: "Albums", references: ["Id"] }]);
  });

  test("without a column reference the primary key", () => {
    const table = tracks({ keys: [albumsKey], references: [reference("tracks", "f", "album_id", "Albums", null)] });
    expect(table?.foreignKeys[0]?.references).toEqual(["Id"]);
  });

  test.each([
    ["a table that was not read", reference("tracks", "f", "album_id", "artists", "id")],
    ["a column that is not there", reference("tracks", "f", "album_id", "Albums", "nope")],
    ["a primary key that is not there", reference("tracks", "f", "album_id", "Albums", null)],
    ["a column that is no key", reference("tracks", "f", "album_id", "Albums", "part")],
  ])("to %s are left out, and what their columns are called is no evidence", (_, wrong) => {
    const { tables, warnings } = schemaFromCatalogue(catalogue({ references: [wrong] }));
    const table = tables.find(({ id }) => id === "tracks");
    expect(table?.foreignKeys).toEqual([]);
    expect(table?.columns[1]?.elsewhere).toBe(true);
    expect(warnings).toMatchObject([{ table: "tracks", columns: ["album_id"] }]);
  });

  test("declared twice are one", () => {
    const twice = ["f", "g"].map((id) => reference("tracks", id, "album_id", "Albums", "Id"));
    expect(tracks({ keys: [albumsKey], references: twice })?.foreignKeys).toHaveLength(1);
  });
});

test("unique keys do not repeat the primary key or each other", () => {
  const keys = [
    key("Albums", "pk", "Id", true),
    key("Albums", "again", "Id"),
    key("Albums", "one", "part"),
    key("Albums", "two", "part"),
    key("Albums", "both", "part"),
    key("Albums", "both", "Id"),
  ];
  const albums = schemaFromCatalogue(catalogue({ keys })).tables[0];
  expect(albums?.primaryKey).toEqual(["Id"]);
  expect(albums?.uniqueKeys).toEqual([
    { name: "one", columns: ["part"] },
    { name: "both", columns: ["part", "Id"] },
  ]);
});

test("tables outside the default schema carry its name, and stand behind the others", () => {
  const { tables } = schemaFromCatalogue({
    defaultSchema: "public",
    tables: [
      { schema: "audit", table: "users", kind: "table" },
      { schema: "public", table: "users", kind: "table" },
    ],
    columns: [],
    keys: [],
    references: [],
  });
  expect(tables.map(({ id, name, schema }) => ({ id, name, schema }))).toEqual([
    { id: "users", name: "users", schema: "public" },
    { id: "audit.users", name: "users", schema: "audit" },
  ]);
});

test.each([
  ["INTEGER", { kind: "integer", min: "-9223372036854775808", max: "9223372036854775807" }],
  ["NVARCHAR(160)", { kind: "text", length: 160 }],
  ["NUMERIC(10,2)", { kind: "decimal", significant: 15, precision: 10, scale: 2 }],
  ["double precision", { kind: "float" }],
  ["BOOLEAN", { kind: "boolean" }],
  ["DATETIME", { kind: "datetime" }],
  ["timestamp with time zone", { kind: "instant" }],
  ["DATE", { kind: "date" }],
  ["TIME", { kind: "time" }],
  ["uuid", { kind: "uuid" }],
  ["JSONB", { kind: "json" }],
  ["BLOB", { kind: "binary" }],
  ["", { kind: "any" }],
  ["POINT", { kind: "other" }],
])("SQLite's %j", (declared, type) => {
  expect(withoutAlso(sqliteType(declared))).toEqual({ native: declared, ...type });
});

test.each([
  [
    "numeric(30,10)",
    { name: "numeric", modifier: ((30 << 16) | 10) + 4 },
    { kind: "decimal", precision: 30, scale: 10 },
  ],
  [
    "numeric(3,-2)",
    { name: "numeric", modifier: ((3 << 16) | (-2 & 0x7ff)) + 4 },
    { kind: "decimal", precision: 3, scale: -2 },
  ],
  ["character varying(20)", { name: "varchar", modifier: 24 }, { kind: "text", length: 20 }],
  ["timestamp(3) without time zone", { name: "timestamp", modifier: 3 }, { kind: "datetime", scale: 3 }],
  ["text", { name: "text", modifier: -1 }, { kind: "text" }],
  ["mood", { name: "mood", modifier: -1, labels: ["sad", "o'k"] }, { kind: "enum", values: ["sad", "o'k"] }],
  ["interval", { name: "interval", modifier: -1 }, { kind: "other" }],
])("PostgreSQL's %s", (native, given, type) => {
  expect(withoutAlso(postgresType({ native, ...given }))).toEqual({ native, ...type });
});

test.each([
  ["tinyint(1)", "tinyint", { kind: "boolean", numeric: true }],
  ["tinyint(3) unsigned", "tinyint", { kind: "integer", min: "0", max: "255" }],
  ["bigint(20) unsigned", "bigint", { kind: "integer", min: "0", max: "18446744073709551615" }],
  ["mediumint", "mediumint", { kind: "integer", min: "-8388608", max: "8388607" }],
  ["enum('it''s','a,b','\\\\')", "enum", { kind: "enum", values: ["it's", "a,b", "\\"], holdsEmpty: true }],
  ["set('a','b')", "set", { kind: "other" }],
  ["year(4)", "year", { kind: "integer", min: "0", max: "2155" }],
  ["bit(1)", "bit", { kind: "boolean" }],
])("MySQL's %s", (native, name, type) => {
  expect(withoutAlso(mysqlType({ name, native }))).toEqual({ native, ...type });
});

test("a client or a connection string that nothing speaks is told what is supported", () => {
  expect(() => dialectOfClient("oracledb")).toThrow(
    'knex client "oracledb" is not supported; supported are better-sqlite3, pg, postgres, postgresql, mysql2, mssql.',
  );
  expect(() => dialectOfUrl("oracle://user:secret@host/db")).toThrow(
    'A connection string with "oracle:" is not supported; it begins with one of sqlite:, postgres:, postgresql:, mysql:, mariadb:, mssql:.',
  );
  expect(() => dialectOfUrl("secret")).toThrow(/^A connection string without a scheme/);
});

test.each([
  ["sqlite:no-such-file.db", "no such file: no-such-file.db"],
  ["sqlite:", "A SQLite connection string names a file"],
  ["postgres:secret", "A PostgreSQL connection string looks like"],
  ["mysql://root:secret@host", "A MySQL connection string ends in the database's name"],
])("configure(%j) is refused in one line", (url, message) => {
  expect(() => dialectOfUrl(url).configure(url)).toThrow(message);
});
