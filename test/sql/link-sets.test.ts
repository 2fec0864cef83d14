// The statements that set a whole set of links, on every database.
import { expect, test } from "vitest";
import type { Dialect } from "../../src/dialect/dialect.js";
import { counted } from "../../src/dialect/mssql/driver.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";
import { anyKey } from "../../src/plan/keys.js";
import { equals } from "../../src/plan/path.js";
import type { Plan } from "../../src/plan/plan.js";
import type { Condition } from "../../src/plan/terms.js";
import { lookupOf } from "../../src/schema/lookup.js";
import { compile } from "../../src/sql/compile.js";
import { schemaOf } from "../support/literal-schema.js";
import { mysqlMistakes, tsqlMistakes } from "./grammar.js";

const lookup = lookupOf(
  schemaOf({
    lists: "id:integer",
    stocks: { columns: "place:text n:integer", key: "place n" },
    tags: "id:integer",
    tagged: { columns: "list_id:integer tag_id:integer", key: "list_id tag_id" },
    stored: { columns: "list_id:integer place:text n:integer", key: "list_id place n" },
  }),
);

const others = (columns: readonly string[], keys: readonly (readonly number[])[]): Condition[] => [
  ...equals(["list_id"], [0]),
  { type: "not", where: [anyKey(columns, keys)] },
];

const plans: Readonly<Record<string, Plan>> = {
  others: { kind: "exists", table: "tagged", where: others(["tag_id"], [[1], [2], [3]]) },
  unlink: { kind: "delete", table: "tagged", where: others(["tag_id"], [[1], [2], [3]]) },
  "unlink by two columns": {
    kind: "delete",
    table: "stored",
    where: others(
      ["place", "n"],
      [
        [1, 2],
        [3, 4],
      ],
    ),
  },
  link: {
    kind: "link",
    table: "stored",
    ends: [
      { table: "lists", columns: ["list_id"], references: ["id"], where: equals(["id"], [0]) },
      {
        table: "stocks",
        columns: ["place", "n"],
        references: ["place", "n"],
        where: [
          anyKey(
            ["place", "n"],
            [
              [1, 2],
              [3, 4],
            ],
          ),
        ],
      },
    ],
    set: [],
    unanswered: true,
  },
};

const texts = (dialect: Dialect) =>
  Object.fromEntries(Object.entries(plans).map(([name, plan]) => [name, compile(plan, lookup, dialect).text]));

test("SQLite", () =>
  expect(texts(sqlite)).toMatchInlineSnapshot(`
    {
      "link": "INSERT INTO "stored" ("list_id", "place", "n") SELECT "end 1"."id", "end 2"."place", "end 2"."n" FROM "lists" "end 1", "stocks" "end 2" WHERE "end 1"."id" = +? AND (("end 2"."place" = +? AND "end 2"."n" = +?) OR ("end 2"."place" = +? AND "end 2"."n" = +?)) AND NOT EXISTS (SELECT 1 FROM "stored" WHERE "stored"."list_id" = "end 1"."id" AND "stored"."place" = "end 2"."place" AND "stored"."n" = "end 2"."n") ON CONFLICT DO NOTHING",
      "others": "SELECT 1 FROM "tagged" WHERE "tagged"."list_id" = +? AND NOT ("tagged"."tag_id" IN (?, ?, ?, ?)) LIMIT 1",
      "unlink": "DELETE FROM "tagged" WHERE "tagged"."list_id" = +? AND NOT ("tagged"."tag_id" IN (?, ?, ?, ?))",
      "unlink by two columns": "DELETE FROM "stored" WHERE "stored"."list_id" = +? AND NOT ((("stored"."place" = +? AND "stored"."n" = +?) OR ("stored"."place" = +? AND "stored"."n" = +?)))",
    }
  `));
test("PostgreSQL", () =>
  expect(texts(postgres)).toMatchInlineSnapshot(`
    {
      "link": "INSERT INTO "stored" ("list_id", "place", "n") SELECT "end 1"."id", "end 2"."place", "end 2"."n" FROM "lists" "end 1", "stocks" "end 2" WHERE "end 1"."id" = $1 AND (("end 2"."place" = $2 AND "end 2"."n" = $3) OR ("end 2"."place" = $4 AND "end 2"."n" = $5)) AND NOT EXISTS (SELECT 1 FROM "stored" WHERE "stored"."list_id" = "end 1"."id" AND "stored"."place" = "end 2"."place" AND "stored"."n" = "end 2"."n") ON CONFLICT DO NOTHING",
      "others": "SELECT 1 FROM "tagged" WHERE "tagged"."list_id" = $1 AND NOT ("tagged"."tag_id" IN ($2, $3, $4, $5)) LIMIT 1",
      "unlink": "DELETE FROM "tagged" WHERE "tagged"."list_id" = $1 AND NOT ("tagged"."tag_id" IN ($2, $3, $4, $5))",
      "unlink by two columns": "DELETE FROM "stored" WHERE "stored"."list_id" = $1 AND NOT ((("stored"."place" = $2 AND "stored"."n" = $3) OR ("stored"."place" = $4 AND "stored"."n" = $5)))",
    }
  `));
test("MySQL", () =>
  expect(texts(mysql)).toMatchInlineSnapshot(`
    {
      "link": "INSERT INTO \`stored\` (\`list_id\`, \`place\`, \`n\`) SELECT \`end 1\`.\`id\`, \`end 2\`.\`place\`, \`end 2\`.\`n\` FROM \`lists\` \`end 1\`, \`stocks\` \`end 2\` WHERE \`end 1\`.\`id\` = ? AND ((\`end 2\`.\`place\` = ? AND \`end 2\`.\`n\` = ?) OR (\`end 2\`.\`place\` = ? AND \`end 2\`.\`n\` = ?)) AND NOT EXISTS (SELECT 1 FROM \`stored\` WHERE \`stored\`.\`list_id\` = \`end 1\`.\`id\` AND \`stored\`.\`place\` = \`end 2\`.\`place\` AND \`stored\`.\`n\` = \`end 2\`.\`n\`) ON DUPLICATE KEY UPDATE \`stored\`.\`list_id\` = IF(LAST_INSERT_ID(9223372036854775807), \`stored\`.\`list_id\`, \`stored\`.\`list_id\`)",
      "others": "SELECT 1 FROM \`tagged\` WHERE \`tagged\`.\`list_id\` = ? AND NOT (\`tagged\`.\`tag_id\` IN (?, ?, ?, ?)) LIMIT 1",
      "unlink": "DELETE FROM \`tagged\` WHERE \`tagged\`.\`list_id\` = ? AND NOT (\`tagged\`.\`tag_id\` IN (?, ?, ?, ?))",
      "unlink by two columns": "DELETE FROM \`stored\` WHERE \`stored\`.\`list_id\` = ? AND NOT (((\`stored\`.\`place\` = ? AND \`stored\`.\`n\` = ?) OR (\`stored\`.\`place\` = ? AND \`stored\`.\`n\` = ?)))",
    }
  `));
test("SQL Server", () =>
  expect(texts(mssql)).toMatchInlineSnapshot(`
    {
      "link": "INSERT INTO [stored] ([list_id], [place], [n]) SELECT [end 1].[id], [end 2].[place], [end 2].[n] FROM [lists] [end 1], [stocks] [end 2] WHERE [end 1].[id] = @p1 AND ((CAST([end 2].[place] AS nvarchar(max)) = @p2 AND [end 2].[n] = @p3) OR (CAST([end 2].[place] AS nvarchar(max)) = @p4 AND [end 2].[n] = @p5)) AND NOT EXISTS (SELECT 1 FROM [stored] WITH (UPDLOCK, HOLDLOCK) WHERE [stored].[list_id] = [end 1].[id] AND [stored].[place] = [end 2].[place] AND [stored].[n] = [end 2].[n])",
      "others": "SELECT 1 FROM [tagged] WHERE [tagged].[list_id] = @p1 AND NOT ([tagged].[tag_id] IN (@p2, @p3, @p4, @p5)) ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY",
      "unlink": "DELETE FROM [tagged] WHERE [tagged].[list_id] = @p1 AND NOT ([tagged].[tag_id] IN (@p2, @p3, @p4, @p5))",
      "unlink by two columns": "DELETE FROM [stored] WHERE [stored].[list_id] = @p1 AND NOT (((CAST([stored].[place] AS nvarchar(max)) = @p2 AND [stored].[n] = @p3) OR (CAST([stored].[place] AS nvarchar(max)) = @p4 AND [stored].[n] = @p5)))",
    }
  `));

test("are what the grammars of MySQL and SQL Server allow", () => {
  for (const text of Object.values(texts(mysql))) expect(mysqlMistakes(text)).toEqual([]);
  for (const text of Object.values(texts(mssql))) expect(tsqlMistakes(counted(text))).toEqual([]);
});
