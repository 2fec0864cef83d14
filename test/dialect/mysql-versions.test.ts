// The servers between the oldest and the newest that are supported, by text: what their versions choose, and that the catalogue is asked
// for columns alone that MySQL 8.0 and MariaDB 10.6 have.
import { describe, expect, test } from "vitest";
import { indexed, readCatalogue, schemaDigest } from "../../src/dialect/mysql/catalogue.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { mysqlMistakes } from "../sql/grammar.js";
import { everyDatabase } from "../support/databases.js";

/** What `SELECT VERSION()` answers. */
const versions: Readonly<Record<string, readonly string[]>> = {
  "8.0.11": [],
  "8.0.13-log": [],
  "8.0.14": ["lateral"],
  "8.0.18": ["lateral"],
  "8.0.19": ["lateral", "alias"],
  "8.0.36-0ubuntu0.22.04.1": ["lateral", "alias"],
  "8.4.3-commercial": ["lateral", "alias"],
  "9.7.4-2": ["lateral", "alias"],
  // They say which version they follow, and lack LATERAL.
  "8.0.11-TiDB-v8.5.0": [],
  "8.0.30-Vitess": [],
  "10.4.34-MariaDB": ["returning"],
  "10.6.16-MariaDB-log": ["returning", "sorted lists"],
  "11.4.2-MariaDB-ubu2404": ["returning", "sorted lists"],
  "5.5.5-10.11.6-MariaDB-1:10.11.6+maria~deb12": ["returning", "sorted lists"],
};

const conflict = { action: "merge", columns: ["id"], update: [], own: "`t`." } as const;

test.each(Object.entries(versions))("a server of version %s can %j", (version, expected) => {
  const dialect = mysql.forServer?.(version) ?? mysql;
  const can = {
    lateral: dialect.lateral === true,
    alias: dialect.onConflict?.(conflict).startsWith("AS `via new` ON DUPLICATE KEY UPDATE "),
    returning: dialect.returning.insert,
    "sorted lists": dialect.embedMany !== undefined,
  };
  expect(Object.entries(can).flatMap(([name, is]) => (is ? [name] : []))).toEqual(expected);
});

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Columns of information_schema that both have: MySQL 8.0's manual, chapter 28, and MariaDB's pages on each table. */
const shared: Readonly<Record<string, readonly string[]>> = {
  TABLES:
    words(`TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_TYPE ENGINE VERSION ROW_FORMAT TABLE_ROWS AVG_ROW_LENGTH DATA_LENGTH
    MAX_DATA_LENGTH INDEX_LENGTH DATA_FREE AUTO_INCREMENT CREATE_TIME UPDATE_TIME CHECK_TIME TABLE_COLLATION CHECKSUM CREATE_OPTIONS
    TABLE_COMMENT`),
  ENGINES: words("ENGINE SUPPORT COMMENT TRANSACTIONS XA SAVEPOINTS"),
  COLUMNS:
    words(`TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION COLUMN_DEFAULT IS_NULLABLE DATA_TYPE
    CHARACTER_MAXIMUM_LENGTH CHARACTER_OCTET_LENGTH NUMERIC_PRECISION NUMERIC_SCALE DATETIME_PRECISION CHARACTER_SET_NAME COLLATION_NAME
    COLUMN_TYPE COLUMN_KEY EXTRA PRIVILEGES COLUMN_COMMENT GENERATION_EXPRESSION`),
  STATISTICS:
    words(`TABLE_CATALOG TABLE_SCHEMA TABLE_NAME NON_UNIQUE INDEX_SCHEMA INDEX_NAME SEQ_IN_INDEX COLUMN_NAME COLLATION
    CARDINALITY SUB_PART PACKED NULLABLE INDEX_TYPE COMMENT INDEX_COMMENT`),
  KEY_COLUMN_USAGE:
    words(`CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME
    ORDINAL_POSITION POSITION_IN_UNIQUE_CONSTRAINT REFERENCED_TABLE_SCHEMA REFERENCED_TABLE_NAME REFERENCED_COLUMN_NAME`),
  CHECK_CONSTRAINTS: words("CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME CHECK_CLAUSE"),
  TRIGGERS:
    words(`TRIGGER_CATALOG TRIGGER_SCHEMA TRIGGER_NAME EVENT_MANIPULATION EVENT_OBJECT_CATALOG EVENT_OBJECT_SCHEMA
    EVENT_OBJECT_TABLE ACTION_ORDER ACTION_CONDITION ACTION_STATEMENT ACTION_ORIENTATION ACTION_TIMING SQL_MODE DEFINER`),
  VIEWS: words("TABLE_CATALOG TABLE_SCHEMA TABLE_NAME VIEW_DEFINITION CHECK_OPTION IS_UPDATABLE DEFINER SECURITY_TYPE"),
  ROUTINES:
    words(`SPECIFIC_NAME ROUTINE_CATALOG ROUTINE_SCHEMA ROUTINE_NAME ROUTINE_TYPE DATA_TYPE DTD_IDENTIFIER ROUTINE_BODY
    ROUTINE_DEFINITION IS_DETERMINISTIC SQL_DATA_ACCESS SECURITY_TYPE CREATED LAST_ALTERED SQL_MODE ROUTINE_COMMENT DEFINER`),
  PARAMETERS:
    words(`SPECIFIC_CATALOG SPECIFIC_SCHEMA SPECIFIC_NAME ORDINAL_POSITION PARAMETER_MODE PARAMETER_NAME DATA_TYPE
    CHARACTER_MAXIMUM_LENGTH CHARACTER_OCTET_LENGTH NUMERIC_PRECISION NUMERIC_SCALE DATETIME_PRECISION CHARACTER_SET_NAME COLLATION_NAME
    DTD_IDENTIFIER ROUTINE_TYPE`),
  SCHEMATA: words("CATALOG_NAME SCHEMA_NAME DEFAULT_CHARACTER_SET_NAME DEFAULT_COLLATION_NAME SQL_PATH"),
  TABLE_PRIVILEGES: words("GRANTEE TABLE_CATALOG TABLE_SCHEMA TABLE_NAME PRIVILEGE_TYPE IS_GRANTABLE"),
  SCHEMA_PRIVILEGES: words("GRANTEE TABLE_CATALOG TABLE_SCHEMA PRIVILEGE_TYPE IS_GRANTABLE"),
};

type Server = "mysql" | "mariadb";

/** And what only one of them has. */
const own: Readonly<Record<Server, Readonly<Record<string, readonly string[]>>>> = {
  mysql: { COLUMNS: ["SRS_ID"], STATISTICS: ["IS_VISIBLE", "EXPRESSION"] },
  mariadb: { COLUMNS: ["IS_GENERATED"], CHECK_CONSTRAINTS: ["TABLE_NAME", "LEVEL"] },
};

const columnsOf = (server: Server, table: string): readonly string[] => [
  ...(shared[table] ?? []),
  ...(own[server][table] ?? []),
];

const keywords = new Set(
  words(`SELECT AS IF NULL COALESCE DATABASE VERSION GLOBAL FROM LEFT JOIN ON WHERE AND OR IN ORDER BY IS NOT DISTINCT USING CONCAT_WS COUNT
    SUM CRC32 JSON_ARRAY CURRENT_USER SHOW GRANTS SUBSTRING SUBSTRING_INDEX CHAR_LENGTH UNION ALL LIKE GROUP DESC LIMIT`),
);

/** All that is asked of a server that says it is of this version. */
async function askedOf(version: string): Promise<string[]> {
  const asked: string[] = [];
  const table = { table: "t", kind: "BASE TABLE", comment: "", version, modes: "", place: "d", engine: null };
  const ask = async (text: string) => {
    asked.push(text);
    return /information_schema\.TABLES t LEFT JOIN/.test(text) || /^SELECT VERSION/.test(text) ? [table] : [];
  };
  await readCatalogue(ask);
  await schemaDigest(ask);
  const dialect = mysql.forServer?.(version) ?? mysql;
  const { databases, grants, holdsTables } = dialect.administration as NonNullable<typeof dialect.administration>;
  return [...asked, indexed, databases, grants as string, holdsTables("d")];
}

/** Names of columns in capitals, by the texts' own SELECTs; texts in quotes and names in backticks are no columns. */
function unknownIn(text: string, server: Server): string[] {
  const bare = text.replace(/'[^']*'|`[^`]*`|@@\w+\.\w+/g, " ");
  const tables = [...bare.matchAll(/information_schema\.(\w+)/g)].map(([, name = ""]) => name);
  const columns = new Set(tables.flatMap((table) => columnsOf(server, table)));
  const names = [...bare.replace(/information_schema\.\w+/g, " ").matchAll(/\b[A-Z][A-Z0-9_]+\b/g)].map(
    ([name]) => name,
  );
  return [
    ...tables.filter((table) => shared[table] === undefined),
    ...names.filter((name) => !columns.has(name) && !keywords.has(name)),
  ];
}

describe.each([
  ["mysql", "8.0.11", "10.6.16-MariaDB", "TABLE_NAME"],
  ["mariadb", "10.6.16-MariaDB", "8.0.11", "SRS_ID"],
] as const)("the catalogue of %s %s", (server, version, other, unknown) => {
  test("is asked for what it has, in words that a foreign grammar knows", async () => {
    const asked = await askedOf(version);
    expect(asked.length).toBeGreaterThan(12);
    for (const text of asked) {
      expect(unknownIn(text, server), text).toEqual([]);
      expect(mysqlMistakes(text), text).toEqual([]);
    }
  });

  test(`what the other alone has would be found out: ${unknown}`, async () => {
    expect((await askedOf(other)).flatMap((text) => unknownIn(text, server))).toContain(unknown);
  });
});

describe("the lists above are true of the newer servers that are here", () => {
  for (const database of everyDatabase.filter(({ name }) => name in own)) {
    test.skipIf(database.skip)(database.name, async () => {
      const created = await database.create();
      try {
        const [rows] = await created.knex.raw(
          "SELECT TABLE_NAME AS `table`, COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'information_schema'",
        );
        const there = new Set(rows.map((row: { table: string; name: string }) => `${row.table}.${row.name}`));
        const said = Object.keys(shared).flatMap((table) =>
          columnsOf(database.name as Server, table).map((column) => `${table}.${column}`),
        );
        expect(said.filter((column) => !there.has(column))).toEqual([]);
      } finally {
        await created.drop();
      }
    });
  }
});
