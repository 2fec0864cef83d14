// What the compiler says for one plan, on every database side by side. T-SQL and MySQL are read by a grammar that is not ours:
// there is no SQL Server and no MySQL 8.0 on the build machines.
import { describe, expect, test } from "vitest";
import type { Ask } from "../../src/dialect/connection.js";
import type { Dialect } from "../../src/dialect/dialect.js";
import { typeOf as mssqlType } from "../../src/dialect/mssql/column-type.js";
import { counted } from "../../src/dialect/mssql/driver.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { typeOf as mysqlType } from "../../src/dialect/mysql/column-type.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";
import { anyKey } from "../../src/plan/keys.js";
import type { Plan } from "../../src/plan/plan.js";
import type { Condition } from "../../src/plan/terms.js";
import type { Assignment, LinkPlan } from "../../src/plan/write-plan.js";
import { lookupOf } from "../../src/schema/lookup.js";
import type { Column, ColumnType, Table } from "../../src/schema/schema.js";
import { compile } from "../../src/sql/compile.js";
import { column } from "../support/literal-schema.js";
import { mysqlMistakes, tsqlMistakes } from "./grammar.js";
import { withoutBounds } from "./without-bounds.js";

const table = (
  name: string,
  columns: readonly Column[],
  primaryKey: string[],
  schema: string | null = null,
): Table => ({
  ...{ id: schema === null ? name : `${schema}.${name}`, name, schema, kind: "table", columns, primaryKey },
  ...{ uniqueKeys: [], foreignKeys: [] },
});
const whole = { kind: "integer", native: "int", min: "-2147483648", max: "2147483647" } as const;
const short = { kind: "text", native: "nvarchar(40)", length: 40 } as const;
const integer = (name: string, more: Partial<Column> = {}) => column(name, "integer", { type: whole, ...more });
const text = (name: string, more: Partial<Column> = {}) => column(name, "text", { type: short, ...more });

const lookup = lookupOf({
  tables: [
    table("tags", [integer("id", { identity: true })], ["id"]),
    table("members", [integer("id", { identity: true }), text("name", { nullable: true })], ["id"]),
    table("links", [integer("member_id"), integer("tag_id")], ["member_id", "tag_id"]),
    table("stock", [text("store"), text("sku"), integer("left", { default: "0" })], ["store", "sku"]),
    table("logs", [integer("size", { nullable: true })], []),
    table("users", [integer("id")], ["id"], "auth"),
    table('say "hi', [integer("a]b`c", { as: 'it\'s."x"' })], []),
  ],
});

const equal = (column: string, value: number): Condition => ({ type: "compare", column, operator: "eq", value });
const order = (column: string, descending = false, nullsFirst = !descending) => ({ column, descending, nullsFirst });

interface Case {
  readonly plan: Plan;
  readonly sqlite: string;
  readonly postgres: string;
  readonly mysql: string;
  readonly mssql: string;
}

const cases: Readonly<Record<string, Case>> = {
  "a list by its key": {
    plan: { kind: "list", table: "members", where: [], order: [order("id")], limit: 101 },
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'id\', "members"."id", \'name\', "members"."name") AS j  FROM "members" ORDER BY "members"."id" ASC LIMIT 101)',
    postgres: 'SELECT "members"."id", "members"."name" FROM "members" ORDER BY "members"."id" ASC LIMIT 101',
    mysql:
      "SELECT CONCAT('{\"id\":', IFNULL(`members`.`id`, 'null'), ',\"name\":', IFNULL(JSON_QUOTE(`members`.`name`), 'null'), '}')  FROM `members` ORDER BY `members`.`id` ASC LIMIT 101",
    mssql:
      "SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [members].[id]), 'null'), N',\"name\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([members].[name] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N'}') FROM [members] ORDER BY [members].[id] ASC OFFSET 0 ROWS FETCH NEXT 101 ROWS ONLY",
  },
  "a list with every filter, the second page": {
    plan: {
      kind: "list",
      table: "tags",
      where: [
        equal("id", 0),
        { type: "compare", column: "id", operator: "ne", value: 1 },
        { type: "in", column: "id", values: [2, 3], negated: false },
        { type: "in", column: "id", values: [4], negated: true },
        { type: "in", column: "id", values: [], negated: true },
        { type: "null", column: "id", negated: true },
        { type: "any", where: [equal("id", 5), { type: "not", where: [equal("id", 6)] }] },
      ],
      order: [order("id", true)],
      limit: 21,
      offset: 8,
    },
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'id\', "tags"."id") AS j  FROM "tags" WHERE "tags"."id" = ? AND "tags"."id" <> ? AND "tags"."id" IN (?, ?) AND "tags"."id" NOT IN (?) AND 1 = 1 AND "tags"."id" IS NOT NULL AND ("tags"."id" = ? OR NOT ("tags"."id" = ?)) ORDER BY "tags"."id" DESC LIMIT 21 OFFSET +?)',
    postgres:
      'SELECT "tags"."id" FROM "tags" WHERE "tags"."id" = $1 AND "tags"."id" <> $2 AND "tags"."id" IN ($3, $4) AND "tags"."id" NOT IN ($5) AND 1 = 1 AND "tags"."id" IS NOT NULL AND ("tags"."id" = $6 OR NOT ("tags"."id" = $7)) ORDER BY "tags"."id" DESC LIMIT 21 OFFSET $8',
    mysql:
      "SELECT CONCAT('{\"id\":', IFNULL(`tags`.`id`, 'null'), '}')  FROM `tags` WHERE `tags`.`id` = ? AND `tags`.`id` <> ? AND `tags`.`id` IN (?, ?) AND `tags`.`id` NOT IN (?) AND 1 = 1 AND `tags`.`id` IS NOT NULL AND (`tags`.`id` = ? OR NOT (`tags`.`id` = ?)) ORDER BY `tags`.`id` DESC LIMIT 21 OFFSET ?",
    mssql:
      "SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [tags].[id]), 'null'), N'}') FROM [tags] WHERE [tags].[id] = @p1 AND [tags].[id] <> @p2 AND [tags].[id] IN (@p3, @p4) AND [tags].[id] NOT IN (@p5) AND 1 = 1 AND [tags].[id] IS NOT NULL AND ([tags].[id] = @p6 OR NOT ([tags].[id] = @p7)) ORDER BY [tags].[id] DESC OFFSET @p8 ROWS FETCH NEXT 21 ROWS ONLY",
  },
  "NULL on the unusual side, a relation's column": {
    plan: {
      kind: "list",
      table: "logs",
      where: [],
      order: [
        order("size", false, false),
        { ...order("id"), through: [{ table: "tags", columns: ["size"], references: ["id"] }] },
      ],
    },
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'size\', "logs"."size") AS j  FROM "logs" ORDER BY "logs"."size" ASC NULLS LAST, (SELECT "via 1"."id" FROM "tags" "via 1" WHERE "via 1"."id" = "logs"."size") ASC)',
    postgres:
      'SELECT "logs"."size" FROM "logs" ORDER BY "logs"."size" ASC, (SELECT "via 1"."id" FROM "tags" "via 1" WHERE "via 1"."id" = "logs"."size") ASC NULLS FIRST',
    mysql:
      "SELECT CONCAT('{\"size\":', IFNULL(`logs`.`size`, 'null'), '}')  FROM `logs` ORDER BY (`logs`.`size` IS NULL) ASC, `logs`.`size` ASC, (SELECT `via 1`.`id` FROM `tags` `via 1` WHERE `via 1`.`id` = `logs`.`size`) ASC",
    mssql:
      "SELECT CONCAT(CAST(N'{\"size\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [logs].[size]), 'null'), N'}') FROM [logs] ORDER BY CASE WHEN [logs].[size] IS NULL THEN 1 ELSE 0 END, [logs].[size] ASC, (SELECT [via 1].[id] FROM [tags] [via 1] WHERE [via 1].[id] = [logs].[size]) ASC",
  },
  "an offset alone, and nothing to sort by": {
    plan: { kind: "list", table: "logs", where: [], order: [], offset: 0 },
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'size\', "logs"."size") AS j  FROM "logs" LIMIT -1 OFFSET +?)',
    postgres: 'SELECT "logs"."size" FROM "logs" OFFSET $1',
    mysql:
      "SELECT CONCAT('{\"size\":', IFNULL(`logs`.`size`, 'null'), '}')  FROM `logs` LIMIT 18446744073709551615 OFFSET ?",
    mssql:
      "SELECT CONCAT(CAST(N'{\"size\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [logs].[size]), 'null'), N'}') FROM [logs] ORDER BY (SELECT NULL) OFFSET @p1 ROWS",
  },
  "the page behind a key": {
    plan: {
      kind: "list",
      table: "tags",
      where: [{ type: "after", order: [order("id")], values: [0] }],
      order: [order("id")],
      limit: 21,
    },
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'id\', "tags"."id") AS j  FROM "tags" WHERE "tags"."id" > ? ORDER BY "tags"."id" ASC LIMIT 21)',
    postgres: 'SELECT "tags"."id" FROM "tags" WHERE "tags"."id" > $1 ORDER BY "tags"."id" ASC LIMIT 21',
    mysql:
      "SELECT CONCAT('{\"id\":', IFNULL(`tags`.`id`, 'null'), '}')  FROM `tags` WHERE `tags`.`id` > ? ORDER BY `tags`.`id` ASC LIMIT 21",
    mssql:
      "SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [tags].[id]), 'null'), N'}') FROM [tags] WHERE [tags].[id] > @p1 ORDER BY [tags].[id] ASC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY",
  },
  "the page behind a place in two directions, and the places of its rows": {
    plan: {
      kind: "list",
      table: "stock",
      where: [
        {
          type: "after",
          order: [order("left", true), order("store"), order("sku")],
          values: [0, 1, 2],
        },
      ],
      order: [order("left", true), order("store"), order("sku")],
      positions: true,
    },
    sqlite:
      'SELECT group_concat(j, char(30)), group_concat(p, char(30)) FROM (SELECT json_object(\'store\', "stock"."store", \'sku\', "stock"."sku", \'left\', "stock"."left") AS j, json_object(\'0\', CASE WHEN typeof("stock"."left") = \'blob\' THEN json_object(\'base64\', sapwood_base64("stock"."left")) ELSE "stock"."left" END, \'1\', CASE WHEN typeof("stock"."store") = \'blob\' THEN json_object(\'base64\', sapwood_base64("stock"."store")) ELSE "stock"."store" END, \'2\', CASE WHEN typeof("stock"."sku") = \'blob\' THEN json_object(\'base64\', sapwood_base64("stock"."sku")) ELSE "stock"."sku" END) AS p  FROM "stock" WHERE "stock"."left" <= ? AND ("stock"."left" < ? OR ("stock"."left" = ? AND ("stock"."store" > ? OR ("stock"."store" = ? AND "stock"."sku" > ?)))) ORDER BY "stock"."left" DESC, "stock"."store" ASC, "stock"."sku" ASC)',
    postgres:
      'SELECT "stock"."store", "stock"."sku", "stock"."left", (SELECT row_to_json(r.*)::text FROM (SELECT CAST("stock"."left" AS text) AS "0", CAST("stock"."store" AS text) AS "1", CAST("stock"."sku" AS text) AS "2") r) FROM "stock" WHERE "stock"."left" <= $1 AND ("stock"."left" < $2 OR ("stock"."left" = $3 AND ("stock"."store" > $4 OR ("stock"."store" = $5 AND "stock"."sku" > $6)))) ORDER BY "stock"."left" DESC, "stock"."store" ASC, "stock"."sku" ASC',
    mysql:
      "SELECT CONCAT('{\"store\":', IFNULL(JSON_QUOTE(`stock`.`store`), 'null'), ',\"sku\":', IFNULL(JSON_QUOTE(`stock`.`sku`), 'null'), ',\"left\":', IFNULL(`stock`.`left`, 'null'), '}'), CONCAT('{\"0\":', IFNULL(`stock`.`left`, 'null'), ',\"1\":', IFNULL(JSON_QUOTE(CONCAT(`stock`.`store`)), 'null'), ',\"2\":', IFNULL(JSON_QUOTE(CONCAT(`stock`.`sku`)), 'null'), '}')  FROM `stock` WHERE `stock`.`left` <= ? AND (`stock`.`left` < ? OR (`stock`.`left` = ? AND (`stock`.`store` > ? OR (`stock`.`store` = ? AND `stock`.`sku` > ?)))) ORDER BY `stock`.`left` DESC, `stock`.`store` ASC, `stock`.`sku` ASC",
    mssql:
      "SELECT CONCAT(CAST(N'{\"store\":' AS nvarchar(max)), ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[store] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"sku\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[sku] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"left\":', ISNULL(CONVERT(varchar(20), [stock].[left]), 'null'), N'}'), CONCAT(CAST(N'{\"0\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [stock].[left]), 'null'), N',\"1\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[store] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"2\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[sku] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N'}') FROM [stock] WHERE [stock].[left] <= @p1 AND ([stock].[left] < @p2 OR ([stock].[left] = @p3 AND ([stock].[store] > @p4 OR ([stock].[store] = @p5 AND [stock].[sku] > @p6)))) ORDER BY [stock].[left] DESC, [stock].[store] ASC, [stock].[sku] ASC",
  },
  "behind a value that NULLs follow": {
    plan: {
      kind: "count",
      table: "members",
      where: [{ type: "after", order: [order("name", true), order("id")], values: [0, 1] }],
    },
    sqlite:
      'SELECT count(*) FROM "members" WHERE (("members"."name" < ? OR "members"."name" IS NULL) OR ("members"."name" = ? AND "members"."id" > ?))',
    postgres:
      'SELECT count(*) FROM "members" WHERE (("members"."name" < $1 OR "members"."name" IS NULL) OR ("members"."name" = $2 AND "members"."id" > $3))',
    mysql:
      "SELECT count(*) FROM `members` WHERE ((`members`.`name` < ? OR `members`.`name` IS NULL) OR (`members`.`name` = ? AND `members`.`id` > ?))",
    mssql:
      "SELECT count(*) FROM [members] WHERE (([members].[name] < @p1 OR [members].[name] IS NULL) OR ([members].[name] = @p2 AND [members].[id] > @p3))",
  },
  "behind a NULL that comes first": {
    plan: {
      kind: "count",
      table: "members",
      where: [{ type: "after", order: [order("name"), order("id")], values: [null, 0] }],
    },
    sqlite:
      'SELECT count(*) FROM "members" WHERE ("members"."name" IS NOT NULL OR ("members"."name" IS NULL AND "members"."id" > ?))',
    postgres:
      'SELECT count(*) FROM "members" WHERE ("members"."name" IS NOT NULL OR ("members"."name" IS NULL AND "members"."id" > $1))',
    mysql:
      "SELECT count(*) FROM `members` WHERE (`members`.`name` IS NOT NULL OR (`members`.`name` IS NULL AND `members`.`id` > ?))",
    mssql:
      "SELECT count(*) FROM [members] WHERE ([members].[name] IS NOT NULL OR ([members].[name] IS NULL AND [members].[id] > @p1))",
  },
  "behind a NULL that comes last, of another row": {
    plan: {
      kind: "count",
      table: "logs",
      where: [
        {
          type: "after",
          order: [
            { ...order("id", false, false), through: [{ table: "tags", columns: ["size"], references: ["id"] }] },
            order("size", false, false),
          ],
          values: [null, null],
        },
      ],
    },
    sqlite:
      'SELECT count(*) FROM "logs" WHERE (SELECT "via 1"."id" FROM "tags" "via 1" WHERE "via 1"."id" = "logs"."size") IS NULL AND (1 = 0)',
    postgres:
      'SELECT count(*) FROM "logs" WHERE (SELECT "via 1"."id" FROM "tags" "via 1" WHERE "via 1"."id" = "logs"."size") IS NULL AND (1 = 0)',
    mysql:
      "SELECT count(*) FROM `logs` WHERE (SELECT `via 1`.`id` FROM `tags` `via 1` WHERE `via 1`.`id` = `logs`.`size`) IS NULL AND (1 = 0)",
    mssql:
      "SELECT count(*) FROM [logs] WHERE (SELECT [via 1].[id] FROM [tags] [via 1] WHERE [via 1].[id] = [logs].[size]) IS NULL AND (1 = 0)",
  },
  "an empty in:": {
    plan: { kind: "count", table: "members", where: [{ type: "never" }] },
    sqlite: 'SELECT count(*) FROM "members" WHERE 1 = 0',
    postgres: 'SELECT count(*) FROM "members" WHERE 1 = 0',
    mysql: "SELECT count(*) FROM `members` WHERE 1 = 0",
    mssql: "SELECT count(*) FROM [members] WHERE 1 = 0",
  },
  "LIKE with case and without": {
    plan: {
      kind: "count",
      table: "members",
      where: [
        { type: "like", column: "name", matchCase: true, value: 0 },
        { type: "like", column: "name", matchCase: false, value: 1 },
      ],
    },
    sqlite:
      'SELECT count(*) FROM "members" WHERE "members"."name" GLOB ? AND sapwood_lower(CAST("members"."name" AS TEXT)) LIKE sapwood_lower(?) ESCAPE \'\\\'',
    postgres:
      'SELECT count(*) FROM "members" WHERE CAST("members"."name" AS text) LIKE $1 ESCAPE E\'\\\\\' AND CAST("members"."name" AS text) ILIKE $2 ESCAPE E\'\\\\\'',
    mysql:
      "SELECT count(*) FROM `members` WHERE CONVERT(`members`.`name` USING utf8mb4) COLLATE utf8mb4_bin LIKE ? ESCAPE '|' AND LOWER(CONVERT(`members`.`name` USING utf8mb4)) COLLATE utf8mb4_bin LIKE LOWER(CONVERT(? USING utf8mb4)) ESCAPE '|'",
    mssql:
      "SELECT count(*) FROM [members] WHERE CAST([members].[name] AS nvarchar(max)) COLLATE Latin1_General_100_BIN2 LIKE @p1 ESCAPE '\\' AND LOWER(CAST([members].[name] AS nvarchar(max)) COLLATE Latin1_General_100_BIN2) LIKE LOWER(@p2 COLLATE Latin1_General_100_BIN2) ESCAPE '\\'",
  },
  "an N-to-N list": {
    plan: {
      kind: "list",
      table: "tags",
      where: [{ type: "within", columns: ["id"], table: "links", select: ["tag_id"], where: [equal("member_id", 0)] }],
      order: [order("id")],
      limit: 21,
    },
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'id\', "tags"."id") AS j  FROM "tags" WHERE "tags"."id" IN (SELECT "via 1"."tag_id" FROM "links" "via 1" WHERE "via 1"."member_id" = ?) ORDER BY "tags"."id" ASC LIMIT 21)',
    postgres:
      'SELECT "tags"."id" FROM "tags" WHERE "tags"."id" IN (SELECT "via 1"."tag_id" FROM "links" "via 1" WHERE "via 1"."member_id" = $1) ORDER BY "tags"."id" ASC LIMIT 21',
    mysql:
      "SELECT CONCAT('{\"id\":', IFNULL(`tags`.`id`, 'null'), '}')  FROM `tags` WHERE `tags`.`id` IN (SELECT `via 1`.`tag_id` FROM `links` `via 1` WHERE `via 1`.`member_id` = ?) ORDER BY `tags`.`id` ASC LIMIT 21",
    mssql:
      "SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [tags].[id]), 'null'), N'}') FROM [tags] WHERE [tags].[id] IN (SELECT [via 1].[tag_id] FROM [links] [via 1] WHERE [via 1].[member_id] = @p1) ORDER BY [tags].[id] ASC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY",
  },
  "a path over a composite key": {
    plan: {
      kind: "exists",
      table: "stock",
      where: [
        {
          type: "within",
          columns: ["store", "sku"],
          table: "stock",
          select: ["store", "sku"],
          where: [equal("store", 0), equal("sku", 1)],
        },
      ],
    },
    sqlite:
      'SELECT 1 FROM "stock" WHERE ("stock"."store", "stock"."sku") IN (SELECT "via 1"."store", "via 1"."sku" FROM "stock" "via 1" WHERE "via 1"."store" = ? AND "via 1"."sku" = ?) LIMIT 1',
    postgres:
      'SELECT 1 FROM "stock" WHERE EXISTS (SELECT 1 FROM "stock" "via 1" WHERE "via 1"."store" = "stock"."store" AND "via 1"."sku" = "stock"."sku" AND "via 1"."store" = $1 AND "via 1"."sku" = $2) LIMIT 1',
    mysql:
      "SELECT 1 FROM `stock` WHERE EXISTS (SELECT 1 FROM `stock` `via 1` WHERE `via 1`.`store` = `stock`.`store` AND `via 1`.`sku` = `stock`.`sku` AND `via 1`.`store` = ? AND `via 1`.`sku` = ?) LIMIT 1",
    mssql:
      "SELECT 1 FROM [stock] WHERE EXISTS (SELECT 1 FROM [stock] [via 1] WHERE [via 1].[store] = [stock].[store] AND [via 1].[sku] = [stock].[sku] AND [via 1].[store] = @p1 AND [via 1].[sku] = @p2) ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY",
  },
  "one row by its composite key": {
    plan: { kind: "read", table: "stock", where: [equal("store", 0), equal("sku", 1)] },
    sqlite:
      'SELECT json_object(\'store\', "stock"."store", \'sku\', "stock"."sku", \'left\', "stock"."left")  FROM "stock" WHERE "stock"."store" = ? AND "stock"."sku" = ?',
    postgres:
      'SELECT "stock"."store", "stock"."sku", "stock"."left" FROM "stock" WHERE "stock"."store" = $1 AND "stock"."sku" = $2',
    mysql:
      "SELECT CONCAT('{\"store\":', IFNULL(JSON_QUOTE(`stock`.`store`), 'null'), ',\"sku\":', IFNULL(JSON_QUOTE(`stock`.`sku`), 'null'), ',\"left\":', IFNULL(`stock`.`left`, 'null'), '}')  FROM `stock` WHERE `stock`.`store` = ? AND `stock`.`sku` = ?",
    mssql:
      "SELECT CONCAT(CAST(N'{\"store\":' AS nvarchar(max)), ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[store] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"sku\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[sku] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"left\":', ISNULL(CONVERT(varchar(20), [stock].[left]), 'null'), N'}') FROM [stock] WHERE [stock].[store] = @p1 AND [stock].[sku] = @p2",
  },
  "one row, locked": {
    plan: { kind: "read", table: "tags", where: [equal("id", 0)], lock: true },
    sqlite: 'SELECT json_object(\'id\', "tags"."id")  FROM "tags" WHERE "tags"."id" = ?',
    postgres: 'SELECT "tags"."id" FROM "tags" WHERE "tags"."id" = $1 FOR NO KEY UPDATE',
    mysql: "SELECT CONCAT('{\"id\":', IFNULL(`tags`.`id`, 'null'), '}')  FROM `tags` WHERE `tags`.`id` = ? FOR UPDATE",
    mssql:
      "SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [tags].[id]), 'null'), N'}') FROM [tags] WITH (UPDLOCK, ROWLOCK) WHERE [tags].[id] = @p1",
  },
  "a table in another schema": {
    plan: { kind: "exists", table: "auth.users", where: [equal("id", 0)] },
    sqlite: 'SELECT 1 FROM "auth"."users" WHERE "users"."id" = ? LIMIT 1',
    postgres: 'SELECT 1 FROM "auth"."users" WHERE "users"."id" = $1 LIMIT 1',
    mysql: "SELECT 1 FROM `auth`.`users` WHERE `users`.`id` = ? LIMIT 1",
    mssql:
      "SELECT 1 FROM [auth].[users] WHERE [users].[id] = @p1 ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY",
  },
  "names with quotes, brackets and dots": {
    plan: { kind: "read", table: 'say "hi', where: [equal("a]b`c", 0)] },
    sqlite: 'SELECT json_object(\'it\'\'s."x"\', "say ""hi"."a]b`c")  FROM "say ""hi" WHERE "say ""hi"."a]b`c" = ?',
    postgres: 'SELECT "say ""hi"."a]b`c" FROM "say ""hi" WHERE "say ""hi"."a]b`c" = $1',
    mysql:
      "SELECT CONCAT(_utf8mb4 0x7b22697427732e5c22785c22223a, IFNULL(`say \"hi`.`a]b``c`, 'null'), '}')  FROM `say \"hi` WHERE `say \"hi`.`a]b``c` = ?",
    mssql:
      "SELECT CONCAT(CAST(N'{\"it''s.\\\"x\\\"\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [say \"hi].[a]]b`c]), 'null'), N'}') FROM [say \"hi] WHERE [say \"hi].[a]]b`c] = @p1",
  },
  "an insert": {
    plan: { kind: "insert", table: "tags", columns: [], rows: 1 },
    sqlite: 'INSERT INTO "tags" DEFAULT VALUES RETURNING json_object(\'id\', "id")',
    postgres: 'INSERT INTO "tags" DEFAULT VALUES RETURNING "id"',
    mysql: "INSERT INTO `tags` () VALUES ()",
    mssql:
      "DECLARE @new TABLE ([id] int); INSERT INTO [tags] OUTPUT INSERTED.[id] INTO @new DEFAULT VALUES; SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [tags].[id]), 'null'), N'}') FROM @new [new row] JOIN [tags] ON [tags].[id] = [new row].[id]",
  },
  "an insert that says its number": {
    plan: { kind: "insert", table: "tags", columns: ["id"], rows: 1 },
    sqlite: 'INSERT INTO "tags" ("id") VALUES (?) RETURNING json_object(\'id\', "id")',
    postgres: 'INSERT INTO "tags" ("id") VALUES ($1) RETURNING "id"',
    mysql: "INSERT INTO `tags` (`id`) VALUES (?)",
    mssql:
      "DECLARE @new TABLE ([id] int); SET IDENTITY_INSERT [tags] ON; INSERT INTO [tags] ([id]) OUTPUT INSERTED.[id] INTO @new VALUES (@p1); SET IDENTITY_INSERT [tags] OFF; SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [tags].[id]), 'null'), N'}') FROM @new [new row] JOIN [tags] ON [tags].[id] = [new row].[id]",
  },
  "an insert into a table without a key": {
    plan: { kind: "insert", table: "logs", columns: ["size"], rows: 1 },
    sqlite: 'INSERT INTO "logs" ("size") VALUES (?) RETURNING json_object(\'size\', "size")',
    postgres: 'INSERT INTO "logs" ("size") VALUES ($1) RETURNING "size"',
    mysql: "INSERT INTO `logs` (`size`) VALUES (?)",
    mssql:
      "DECLARE @new TABLE ([size] int); INSERT INTO [logs] ([size]) OUTPUT INSERTED.[size] INTO @new VALUES (@p1); SELECT CONCAT(CAST(N'{\"size\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [logs].[size]), 'null'), N'}') FROM @new [logs]",
  },
  "an insert of two rows": {
    plan: { kind: "insert", table: "stock", columns: ["store", "sku"], rows: 2 },
    sqlite:
      'INSERT INTO "stock" ("store", "sku") VALUES (?, ?), (?, ?) RETURNING json_object(\'store\', "store", \'sku\', "sku", \'left\', "left")',
    postgres: 'INSERT INTO "stock" ("store", "sku") VALUES ($1, $2), ($3, $4) RETURNING "store", "sku", "left"',
    mysql: "INSERT INTO `stock` (`store`, `sku`) VALUES (?, ?), (?, ?)",
    mssql:
      "DECLARE @new TABLE ([ord] int, [store] nvarchar(40), [sku] nvarchar(40)); MERGE INTO [stock] USING (VALUES (0, @p1, @p2), (1, @p3, @p4)) AS [given row] ([ord], [c0], [c1]) ON 1 = 0 WHEN NOT MATCHED THEN INSERT ([store], [sku]) VALUES ([given row].[c0], [given row].[c1]) OUTPUT [given row].[ord], INSERTED.[store], INSERTED.[sku] INTO @new; SELECT CONCAT(CAST(N'{\"store\":' AS nvarchar(max)), ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[store] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"sku\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[sku] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"left\":', ISNULL(CONVERT(varchar(20), [stock].[left]), 'null'), N'}') FROM @new [new row] JOIN [stock] ON [stock].[store] = [new row].[store] AND [stock].[sku] = [new row].[sku] ORDER BY [new row].[ord]",
  },
  "an insert of two rows that say their numbers": {
    plan: { kind: "insert", table: "tags", columns: ["id"], rows: 2 },
    sqlite: 'INSERT INTO "tags" ("id") VALUES (?), (?) RETURNING json_object(\'id\', "id")',
    postgres: 'INSERT INTO "tags" ("id") VALUES ($1), ($2) RETURNING "id"',
    mysql: "INSERT INTO `tags` (`id`) VALUES (?), (?)",
    mssql:
      "DECLARE @new TABLE ([ord] int, [id] int); SET IDENTITY_INSERT [tags] ON; MERGE INTO [tags] USING (VALUES (0, @p1), (1, @p2)) AS [given row] ([ord], [c0]) ON 1 = 0 WHEN NOT MATCHED THEN INSERT ([id]) VALUES ([given row].[c0]) OUTPUT [given row].[ord], INSERTED.[id] INTO @new; SET IDENTITY_INSERT [tags] OFF; SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [tags].[id]), 'null'), N'}') FROM @new [new row] JOIN [tags] ON [tags].[id] = [new row].[id] ORDER BY [new row].[ord]",
  },
  "an insert of two rows that say nothing": {
    plan: { kind: "insert", table: "tags", columns: [], rows: 2 },
    sqlite: 'INSERT INTO "tags" ("id") VALUES (NULL), (NULL) RETURNING json_object(\'id\', "id")',
    postgres: 'INSERT INTO "tags" ("id") VALUES (DEFAULT), (DEFAULT) RETURNING "id"',
    mysql: "INSERT INTO `tags` (`id`) VALUES (DEFAULT), (DEFAULT)",
    mssql:
      "DECLARE @new TABLE ([ord] int, [id] int); MERGE INTO [tags] USING (VALUES (0), (1)) AS [given row] ([ord]) ON 1 = 0 WHEN NOT MATCHED THEN INSERT DEFAULT VALUES OUTPUT [given row].[ord], INSERTED.[id] INTO @new; SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [tags].[id]), 'null'), N'}') FROM @new [new row] JOIN [tags] ON [tags].[id] = [new row].[id] ORDER BY [new row].[ord]",
  },
  "an insert of two rows into a table without a key": {
    plan: { kind: "insert", table: "logs", columns: ["size"], rows: 2 },
    sqlite: 'INSERT INTO "logs" ("size") VALUES (?), (?) RETURNING json_object(\'size\', "size")',
    postgres: 'INSERT INTO "logs" ("size") VALUES ($1), ($2) RETURNING "size"',
    mysql: "INSERT INTO `logs` (`size`) VALUES (?), (?)",
    mssql:
      "DECLARE @new TABLE ([ord] int, [size] int); MERGE INTO [logs] USING (VALUES (0, @p1), (1, @p2)) AS [given row] ([ord], [c0]) ON 1 = 0 WHEN NOT MATCHED THEN INSERT ([size]) VALUES ([given row].[c0]) OUTPUT [given row].[ord], INSERTED.[size] INTO @new; SELECT CONCAT(CAST(N'{\"size\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [logs].[size]), 'null'), N'}') FROM @new [logs] ORDER BY [logs].[ord]",
  },
  "a row that may stand, merged": {
    plan: {
      kind: "insert",
      table: "stock",
      columns: ["store", "sku", "left"],
      rows: 1,
      conflict: { columns: ["store", "sku"], action: "merge" },
    },
    sqlite:
      'INSERT INTO "stock" ("store", "sku", "left") VALUES (?, ?, ?) ON CONFLICT ("store", "sku") DO UPDATE SET "left" = excluded."left" RETURNING json_object(\'store\', "store", \'sku\', "sku", \'left\', "left")',
    postgres:
      'INSERT INTO "stock" ("store", "sku", "left") VALUES ($1, $2, $3) ON CONFLICT ("store", "sku") DO UPDATE SET "left" = excluded."left" RETURNING "store", "sku", "left"',
    mysql:
      "INSERT INTO `stock` (`store`, `sku`, `left`) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE `stock`.`left` = IF(`stock`.`store` <=> VALUES(`store`) AND `stock`.`sku` <=> VALUES(`sku`), VALUES(`left`), (SELECT `stock`.`left` UNION ALL SELECT `stock`.`left`))",
    mssql:
      "DECLARE @new TABLE ([ord] int, [store] nvarchar(40), [sku] nvarchar(40)); MERGE INTO [stock] WITH (HOLDLOCK) USING (VALUES (0, @p1, @p2, @p3)) AS [given row] ([ord], [c0], [c1], [c2]) ON [stock].[store] = [given row].[c0] AND [stock].[sku] = [given row].[c1] WHEN NOT MATCHED THEN INSERT ([store], [sku], [left]) VALUES ([given row].[c0], [given row].[c1], [given row].[c2]) WHEN MATCHED THEN UPDATE SET [left] = [given row].[c2] OUTPUT [given row].[ord], INSERTED.[store], INSERTED.[sku] INTO @new; SELECT CONCAT(CAST(N'{\"store\":' AS nvarchar(max)), ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[store] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"sku\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[sku] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"left\":', ISNULL(CONVERT(varchar(20), [stock].[left]), 'null'), N'}') FROM @new [new row] JOIN [stock] ON [stock].[store] = [new row].[store] AND [stock].[sku] = [new row].[sku] ORDER BY [new row].[ord]",
  },
  "rows that may stand, merged by what they number themselves": {
    plan: {
      kind: "insert",
      table: "members",
      columns: ["id", "name"],
      rows: 2,
      conflict: { columns: ["id"], action: "merge" },
    },
    sqlite:
      'INSERT INTO "members" ("id", "name") VALUES (?, ?), (?, ?) ON CONFLICT ("id") DO UPDATE SET "name" = excluded."name" RETURNING json_object(\'id\', "id", \'name\', "name")',
    postgres:
      'INSERT INTO "members" ("id", "name") VALUES ($1, $2), ($3, $4) ON CONFLICT ("id") DO UPDATE SET "name" = excluded."name" RETURNING "id", "name"',
    mysql:
      "INSERT INTO `members` (`id`, `name`) VALUES (?, ?), (?, ?) ON DUPLICATE KEY UPDATE `members`.`name` = IF(`members`.`id` <=> VALUES(`id`), VALUES(`name`), (SELECT `members`.`name` UNION ALL SELECT `members`.`name`))",
    mssql:
      "DECLARE @new TABLE ([ord] int, [id] int); SET IDENTITY_INSERT [members] ON; MERGE INTO [members] WITH (HOLDLOCK) USING (VALUES (0, @p1, @p2), (1, @p3, @p4)) AS [given row] ([ord], [c0], [c1]) ON [members].[id] = [given row].[c0] WHEN NOT MATCHED THEN INSERT ([id], [name]) VALUES ([given row].[c0], [given row].[c1]) WHEN MATCHED THEN UPDATE SET [name] = [given row].[c1] OUTPUT [given row].[ord], INSERTED.[id] INTO @new; SET IDENTITY_INSERT [members] OFF; SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [members].[id]), 'null'), N',\"name\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([members].[name] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N'}') FROM @new [new row] JOIN [members] ON [members].[id] = [new row].[id] ORDER BY [new row].[ord]",
  },
  "a row that may stand, with nothing to merge": {
    plan: {
      kind: "insert",
      table: "stock",
      columns: ["store", "sku"],
      rows: 1,
      conflict: { columns: ["store", "sku"], action: "merge" },
    },
    sqlite:
      'INSERT INTO "stock" ("store", "sku") VALUES (?, ?) ON CONFLICT ("store", "sku") DO UPDATE SET "store" = "stock"."store" RETURNING json_object(\'store\', "store", \'sku\', "sku", \'left\', "left")',
    postgres:
      'INSERT INTO "stock" ("store", "sku") VALUES ($1, $2) ON CONFLICT ("store", "sku") DO UPDATE SET "store" = "stock"."store" RETURNING "store", "sku", "left"',
    mysql:
      "INSERT INTO `stock` (`store`, `sku`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `stock`.`store` = IF(`stock`.`store` <=> VALUES(`store`) AND `stock`.`sku` <=> VALUES(`sku`), `stock`.`store`, (SELECT `stock`.`store` UNION ALL SELECT `stock`.`store`))",
    mssql:
      "DECLARE @new TABLE ([ord] int, [store] nvarchar(40), [sku] nvarchar(40)); MERGE INTO [stock] WITH (HOLDLOCK) USING (VALUES (0, @p1, @p2)) AS [given row] ([ord], [c0], [c1]) ON [stock].[store] = [given row].[c0] AND [stock].[sku] = [given row].[c1] WHEN NOT MATCHED THEN INSERT ([store], [sku]) VALUES ([given row].[c0], [given row].[c1]) WHEN MATCHED THEN UPDATE SET [store] = [stock].[store] OUTPUT [given row].[ord], INSERTED.[store], INSERTED.[sku] INTO @new; SELECT CONCAT(CAST(N'{\"store\":' AS nvarchar(max)), ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[store] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"sku\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[sku] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"left\":', ISNULL(CONVERT(varchar(20), [stock].[left]), 'null'), N'}') FROM @new [new row] JOIN [stock] ON [stock].[store] = [new row].[store] AND [stock].[sku] = [new row].[sku] ORDER BY [new row].[ord]",
  },
  "rows that may stand, left as they are": {
    plan: {
      kind: "insert",
      table: "stock",
      columns: ["store", "sku", "left"],
      rows: 2,
      conflict: { columns: ["store", "sku"], action: "ignore" },
    },
    sqlite:
      'INSERT INTO "stock" ("store", "sku", "left") VALUES (?, ?, ?), (?, ?, ?) ON CONFLICT ("store", "sku") DO NOTHING RETURNING json_object(\'store\', "store", \'sku\', "sku", \'left\', "left")',
    postgres:
      'INSERT INTO "stock" ("store", "sku", "left") VALUES ($1, $2, $3), ($4, $5, $6) ON CONFLICT ("store", "sku") DO NOTHING RETURNING "store", "sku", "left"',
    mysql:
      "INSERT INTO `stock` (`store`, `sku`, `left`) VALUES (?, ?, ?), (?, ?, ?) ON DUPLICATE KEY UPDATE `stock`.`store` = IF(`stock`.`store` <=> VALUES(`store`) AND `stock`.`sku` <=> VALUES(`sku`), `stock`.`store`, (SELECT `stock`.`store` UNION ALL SELECT `stock`.`store`))",
    mssql:
      "DECLARE @new TABLE ([ord] int, [store] nvarchar(40), [sku] nvarchar(40)); MERGE INTO [stock] WITH (HOLDLOCK) USING (VALUES (0, @p1, @p2, @p3), (1, @p4, @p5, @p6)) AS [given row] ([ord], [c0], [c1], [c2]) ON [stock].[store] = [given row].[c0] AND [stock].[sku] = [given row].[c1] WHEN NOT MATCHED THEN INSERT ([store], [sku], [left]) VALUES ([given row].[c0], [given row].[c1], [given row].[c2]) OUTPUT [given row].[ord], INSERTED.[store], INSERTED.[sku] INTO @new; SELECT CONCAT(CAST(N'{\"store\":' AS nvarchar(max)), ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[store] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"sku\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[sku] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"left\":', ISNULL(CONVERT(varchar(20), [stock].[left]), 'null'), N'}') FROM @new [new row] JOIN [stock] ON [stock].[store] = [new row].[store] AND [stock].[sku] = [new row].[sku] ORDER BY [new row].[ord]",
  },
  "two defaults at this moment": {
    plan: { kind: "default", table: "stock", column: "left", rows: 2 },
    sqlite: "SELECT (0) UNION ALL SELECT (0)",
    postgres: "SELECT (0) UNION ALL SELECT (0)",
    mysql: "SELECT (0) UNION ALL SELECT (0)",
    mssql: "SELECT (0) UNION ALL SELECT (0)",
  },
  "the step of the numbers": {
    plan: { kind: "number-step", table: "tags" },
    sqlite: "SELECT 1",
    postgres: "SELECT 1",
    mysql: "SELECT @@session.auto_increment_increment",
    mssql: "SELECT 1",
  },
  "an update by a composite key, one column back to its default": {
    plan: {
      kind: "update",
      table: "stock",
      set: [{ column: "sku", value: 0 }, { column: "left" }],
      where: [equal("store", 1), equal("sku", 2)],
    },
    sqlite:
      'UPDATE "stock" SET "sku" = ?, "left" = (0) WHERE "stock"."store" = ? AND "stock"."sku" = ? RETURNING json_object(\'store\', "store", \'sku\', "sku", \'left\', "left")',
    postgres:
      'UPDATE "stock" SET "sku" = $1, "left" = DEFAULT WHERE "stock"."store" = $2 AND "stock"."sku" = $3 RETURNING "store", "sku", "left"',
    mysql: "UPDATE `stock` SET `sku` = ?, `left` = DEFAULT WHERE `stock`.`store` = ? AND `stock`.`sku` = ?",
    mssql:
      "DECLARE @new TABLE ([store] nvarchar(40), [sku] nvarchar(40)); UPDATE [stock] SET [sku] = @p1, [left] = DEFAULT OUTPUT INSERTED.[store], INSERTED.[sku] INTO @new WHERE [stock].[store] = @p2 AND [stock].[sku] = @p3; SELECT CONCAT(CAST(N'{\"store\":' AS nvarchar(max)), ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[store] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"sku\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[sku] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"left\":', ISNULL(CONVERT(varchar(20), [stock].[left]), 'null'), N'}') FROM @new [new row] JOIN [stock] ON [stock].[store] = [new row].[store] AND [stock].[sku] = [new row].[sku]",
  },
  "an update that adds to a number": {
    plan: {
      kind: "update",
      table: "stock",
      set: [{ column: "left", value: 0, increment: true }],
      where: [equal("store", 1), equal("sku", 2)],
    },
    sqlite:
      'UPDATE "stock" SET "left" = sapwood_plus("left", ?, \'-2147483648\', \'2147483647\', NULL) WHERE "stock"."store" = ? AND "stock"."sku" = ? RETURNING json_object(\'store\', "store", \'sku\', "sku", \'left\', "left")',
    postgres:
      'UPDATE "stock" SET "left" = "left" + $1 WHERE "stock"."store" = $2 AND "stock"."sku" = $3 RETURNING "store", "sku", "left"',
    mysql: "UPDATE `stock` SET `left` = `left` + CAST(? AS SIGNED) WHERE `stock`.`store` = ? AND `stock`.`sku` = ?",
    mssql:
      "DECLARE @new TABLE ([store] nvarchar(40), [sku] nvarchar(40)); UPDATE [stock] SET [left] = [left] + @p1 OUTPUT INSERTED.[store], INSERTED.[sku] INTO @new WHERE [stock].[store] = @p2 AND [stock].[sku] = @p3; SELECT CONCAT(CAST(N'{\"store\":' AS nvarchar(max)), ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[store] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"sku\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[sku] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"left\":', ISNULL(CONVERT(varchar(20), [stock].[left]), 'null'), N'}') FROM @new [new row] JOIN [stock] ON [stock].[store] = [new row].[store] AND [stock].[sku] = [new row].[sku]",
  },
  "the keys of a list's first rows, locked": {
    plan: {
      ...{
        kind: "list",
        table: "stock",
        where: [equal("left", 0)],
        order: [order("store"), order("sku")],
        limit: 1001,
      },
      ...{ select: ["store", "sku"].map((column) => ({ type: "column", field: column, column })), lock: true },
    },
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'store\', "stock"."store", \'sku\', "stock"."sku") AS j  FROM "stock" WHERE "stock"."left" = ? ORDER BY "stock"."store" ASC, "stock"."sku" ASC LIMIT 1001)',
    postgres:
      'SELECT "stock"."store", "stock"."sku" FROM "stock" WHERE "stock"."left" = $1 ORDER BY "stock"."store" ASC, "stock"."sku" ASC LIMIT 1001 FOR NO KEY UPDATE',
    mysql:
      "SELECT CONCAT('{\"store\":', IFNULL(JSON_QUOTE(`stock`.`store`), 'null'), ',\"sku\":', IFNULL(JSON_QUOTE(`stock`.`sku`), 'null'), '}')  FROM `stock` WHERE `stock`.`left` = ? ORDER BY `stock`.`store` ASC, `stock`.`sku` ASC LIMIT 1001 FOR UPDATE",
    mssql:
      "SELECT CONCAT(CAST(N'{\"store\":' AS nvarchar(max)), ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[store] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N',\"sku\":', ISNULL(N'\"' + STRING_ESCAPE(CAST([stock].[sku] AS nvarchar(max)), 'json') COLLATE Latin1_General_100_BIN2 + N'\"', 'null'), N'}') FROM [stock] WITH (UPDLOCK, ROWLOCK) WHERE [stock].[left] = @p1 ORDER BY [stock].[store] ASC, [stock].[sku] ASC OFFSET 0 ROWS FETCH NEXT 1001 ROWS ONLY",
  },
  "an update of rows that are read afterwards": {
    plan: {
      ...{ kind: "update", table: "stock", set: [{ column: "left", value: 0 }], unanswered: true },
      where: [
        anyKey(
          ["store", "sku"],
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        ),
      ],
    },
    sqlite:
      'UPDATE "stock" SET "left" = ? WHERE (("stock"."store" = +? AND "stock"."sku" = +?) OR ("stock"."store" = +? AND "stock"."sku" = +?) OR ("stock"."store" = +? AND "stock"."sku" = +?) OR ("stock"."store" = +? AND "stock"."sku" = +?))',
    postgres:
      'UPDATE "stock" SET "left" = $1 WHERE (("stock"."store" = $2 AND "stock"."sku" = $3) OR ("stock"."store" = $4 AND "stock"."sku" = $5) OR ("stock"."store" = $6 AND "stock"."sku" = $7) OR ("stock"."store" = $8 AND "stock"."sku" = $9))',
    mysql:
      "UPDATE `stock` SET `left` = ? WHERE ((`stock`.`store` = ? AND `stock`.`sku` = ?) OR (`stock`.`store` = ? AND `stock`.`sku` = ?) OR (`stock`.`store` = ? AND `stock`.`sku` = ?) OR (`stock`.`store` = ? AND `stock`.`sku` = ?))",
    mssql:
      "UPDATE [stock] SET [left] = @p1 WHERE (([stock].[store] = @p2 AND [stock].[sku] = @p3) OR ([stock].[store] = @p4 AND [stock].[sku] = @p5) OR ([stock].[store] = @p6 AND [stock].[sku] = @p7) OR ([stock].[store] = @p8 AND [stock].[sku] = @p9))",
  },
  "a delete of a row's links to these": {
    plan: {
      ...{ kind: "delete", table: "links" },
      where: [
        { type: "within", columns: ["member_id"], table: "members", select: ["id"], where: [equal("id", 0)] },
        { type: "within", columns: ["tag_id"], table: "tags", select: ["id"], where: [anyKey(["id"], [[1], [2]])] },
      ],
    },
    sqlite:
      'DELETE FROM "links" WHERE "links"."member_id" IN (SELECT "via 1"."id" FROM "members" "via 1" WHERE "via 1"."id" = ?) AND "links"."tag_id" IN (SELECT "via 2"."id" FROM "tags" "via 2" WHERE "via 2"."id" IN (?, ?))',
    postgres:
      'DELETE FROM "links" WHERE "links"."member_id" IN (SELECT "via 1"."id" FROM "members" "via 1" WHERE "via 1"."id" = $1) AND "links"."tag_id" IN (SELECT "via 2"."id" FROM "tags" "via 2" WHERE "via 2"."id" IN ($2, $3))',
    mysql:
      "DELETE FROM `links` WHERE `links`.`member_id` IN (SELECT `via 1`.`id` FROM `members` `via 1` WHERE `via 1`.`id` = ?) AND `links`.`tag_id` IN (SELECT `via 2`.`id` FROM `tags` `via 2` WHERE `via 2`.`id` IN (?, ?))",
    mssql:
      "DELETE FROM [links] WHERE [links].[member_id] IN (SELECT [via 1].[id] FROM [members] [via 1] WHERE [via 1].[id] = @p1) AND [links].[tag_id] IN (SELECT [via 2].[id] FROM [tags] [via 2] WHERE [via 2].[id] IN (@p2, @p3))",
  },
  "a delete": {
    plan: { kind: "delete", table: "members", where: [equal("id", 0)] },
    sqlite: 'DELETE FROM "members" WHERE "members"."id" = ?',
    postgres: 'DELETE FROM "members" WHERE "members"."id" = $1',
    mysql: "DELETE FROM `members` WHERE `members`.`id` = ?",
    mssql: "DELETE FROM [members] WHERE [members].[id] = @p1",
  },
  "a link": {
    plan: {
      kind: "link",
      table: "links",
      ends: [
        { table: "members", columns: ["member_id"], references: ["id"], where: [equal("id", 0)] },
        { table: "tags", columns: ["tag_id"], references: ["id"], where: [equal("id", 1)] },
      ],
      set: [],
    },
    sqlite:
      'INSERT INTO "links" ("member_id", "tag_id") SELECT "end 1"."id", "end 2"."id" FROM "members" "end 1", "tags" "end 2" WHERE "end 1"."id" = ? AND "end 2"."id" = ? AND NOT EXISTS (SELECT 1 FROM "links" WHERE "links"."member_id" = "end 1"."id" AND "links"."tag_id" = "end 2"."id") ON CONFLICT DO NOTHING RETURNING json_object(\'member_id\', "member_id", \'tag_id\', "tag_id")',
    postgres:
      'INSERT INTO "links" ("member_id", "tag_id") SELECT "end 1"."id", "end 2"."id" FROM "members" "end 1", "tags" "end 2" WHERE "end 1"."id" = $1 AND "end 2"."id" = $2 AND NOT EXISTS (SELECT 1 FROM "links" WHERE "links"."member_id" = "end 1"."id" AND "links"."tag_id" = "end 2"."id") ON CONFLICT DO NOTHING RETURNING "member_id", "tag_id"',
    mysql:
      "INSERT INTO `links` (`member_id`, `tag_id`) SELECT `end 1`.`id`, `end 2`.`id` FROM `members` `end 1`, `tags` `end 2` WHERE `end 1`.`id` = ? AND `end 2`.`id` = ? AND NOT EXISTS (SELECT 1 FROM `links` WHERE `links`.`member_id` = `end 1`.`id` AND `links`.`tag_id` = `end 2`.`id`) ON DUPLICATE KEY UPDATE `links`.`member_id` = IF(LAST_INSERT_ID(9223372036854775807), `links`.`member_id`, `links`.`member_id`)",
    mssql:
      "DECLARE @new TABLE ([member_id] int, [tag_id] int); INSERT INTO [links] ([member_id], [tag_id]) OUTPUT INSERTED.[member_id], INSERTED.[tag_id] INTO @new SELECT [end 1].[id], [end 2].[id] FROM [members] [end 1], [tags] [end 2] WHERE [end 1].[id] = @p1 AND [end 2].[id] = @p2 AND NOT EXISTS (SELECT 1 FROM [links] WITH (UPDLOCK, HOLDLOCK) WHERE [links].[member_id] = [end 1].[id] AND [links].[tag_id] = [end 2].[id]); SELECT CONCAT(CAST(N'{\"member_id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [links].[member_id]), 'null'), N',\"tag_id\":', ISNULL(CONVERT(varchar(20), [links].[tag_id]), 'null'), N'}') FROM @new [new row] JOIN [links] ON [links].[member_id] = [new row].[member_id] AND [links].[tag_id] = [new row].[tag_id]",
  },
};

describe.each(Object.entries(cases))("%s", (_, { plan, ...expected }) => {
  test.each([sqlite, postgres, mysql, mssql])("$name", (dialect) => {
    const { text } = compile(plan, lookup, dialect);
    expect(withoutBounds(text)).toBe(expected[dialect.name as keyof typeof expected]);
    expect(mistakes(dialect, text)).toEqual([]);
  });
});

test("a link that its key refuses where it stands asks for no absent row, which would lock its place", () => {
  const plan = { ...(cases["a link"]?.plan as LinkPlan), refused: true } as const;
  const insert =
    "INSERT INTO `links` (`member_id`, `tag_id`) SELECT `end 1`.`id`, `end 2`.`id` FROM `members` `end 1`, `tags` `end 2` WHERE `end 1`.`id` = ? AND `end 2`.`id` = ?";
  const { text } = compile(plan, lookup, mysql);
  expect([text, mistakes(mysql, text)]).toEqual([insert, []]);
  const mariadb = mysql.forServer?.("10.11.6-MariaDB") as Dialect;
  expect(compile(plan, lookup, mariadb).text).toBe(
    `${insert} RETURNING CONCAT('{"member_id":', IFNULL(\`member_id\`, 'null'), ',"tag_id":', IFNULL(\`tag_id\`, 'null'), '}')`,
  );
});

test("a link whose ends foreign keys look at is told as the address says them, unless a key may be spelled in two ways", () => {
  const end = (table: string, value: number, columns: string[], references = ["id"]) => {
    const where = references.map((column, i) => ({ ...equal(column, value + i), key: true }) as const);
    return { table, columns, references, where };
  };
  const key = (table: string, columns: string[], references = ["id"]) => ({ name: null, table, columns, references });
  const plan = (ends: LinkPlan["ends"], more: Partial<LinkPlan> = {}): LinkPlan => ({
    ...{ kind: "link", table: "links", ends, set: [], refused: true },
    ...more,
  });
  const checked = (foreignKeys: Table["foreignKeys"]) =>
    lookupOf({
      tables: [
        table("tags", [integer("id")], ["id"]),
        table("shelves", [text("store"), integer("n")], ["store", "n"]),
        table("boxes", [integer("row"), integer("n")], ["row", "n"]),
        table("big", [column("id", "integer", { type: { ...whole, native: "bigint" } })], ["id"]),
        {
          ...table("links", [integer("tag_id"), integer("row"), integer("n"), text("store")], ["tag_id", "row", "n"]),
          foreignKeys,
        },
      ],
    });
  const textOf = (plan: LinkPlan, foreignKeys: Table["foreignKeys"]) => compile(plan, checked(foreignKeys), mysql).text;
  const tag = end("tags", 0, ["tag_id"]);
  const box = end("boxes", 1, ["row", "n"], ["row", "n"]);
  const keys = [key("tags", ["tag_id"]), key("boxes", ["n", "row"], ["n", "row"])];
  const told = textOf(plan([tag, box]), keys);
  expect(told).toBe("INSERT INTO `links` (`tag_id`, `row`, `n`) VALUES (?, ?, ?)");
  expect(mysqlMistakes(told)).toEqual([]);
  const shelf = end("shelves", 1, ["store", "n"], ["store", "n"]);
  const ruled = { ...tag, where: [...tag.where, equal("id", 5)] };
  const filtered = { ...tag, where: [equal("id", 0)] };
  for (const text of [
    textOf(plan([tag, box]), [key("tags", ["tag_id"])]),
    textOf(plan([tag, box]), [{ ...key("tags", ["tag_id"]), configured: true }, keys[1] as (typeof keys)[number]]),
    textOf(plan([tag, shelf]), [...keys, key("shelves", ["store", "n"], ["store", "n"])]),
    textOf(plan([end("big", 0, ["tag_id"]), box]), [...keys, key("big", ["tag_id"])]),
    textOf(plan([ruled, box]), keys),
    textOf(plan([filtered, box]), keys),
  ])
    expect(text).toMatch(/^INSERT INTO `links` \(.*\) SELECT `end 1`/);
});

/** SQL Server's as the driver sends it. The other two run against live servers elsewhere. */
function mistakes(dialect: Dialect, text: string): string[] {
  if (dialect === mssql) return tsqlMistakes(counted(text));
  return dialect === mysql ? mysqlMistakes(text) : [];
}

const mssqlTypes = [
  ...["bit", "tinyint", "smallint", "int", "bigint", "money", "smallmoney", "float", "real", "text", "ntext", "date"],
  ...["uniqueidentifier", "datetime", "smalldatetime", "timestamp", "image", "json", "xml", "sql_variant", "geometry"],
].map((name) => mssqlType({ name }));
const mssqlSized = [
  mssqlType({ name: "decimal", precision: 38, scale: 10 }),
  ...[0, 7].flatMap((scale) => ["time", "datetime2", "datetimeoffset"].map((name) => mssqlType({ name, scale }))),
  ...["char", "varchar", "nchar", "nvarchar", "binary", "varbinary"].map((name) => mssqlType({ name, length: 20 })),
  mssqlType({ name: "nvarchar", length: -1, collation: "Latin1_General_CS_AS" }),
  mssqlType({ name: "Point", clr: "dbo" }),
];
const mysqlTypes = [
  ...["tinyint(1)", "int unsigned", "bigint", "year(4)", "decimal(10,2)", "float", "double", "varchar(20)", "text"],
  ...["uuid", "json", "date", "time(3)", "datetime(6)", "timestamp", "binary(4)", "blob", "enum('a','b')", "set('a')"],
  ...["bit(8)", "geometry", "point"],
].map((native) => mysqlType({ name: native.replace(/\W.*/, ""), native }));
const config: ColumnType[] = (["any", "decimal", "datetime", "time", "text", "binary"] as const).map((kind) => ({
  kind,
  native: kind === "any" ? "" : kind,
}));

describe.each([
  { dialect: mssql, types: [...mssqlTypes, ...mssqlSized, ...config] },
  { dialect: mysql, types: [...mysqlTypes, ...config] },
])("$dialect.name: every type is read, written, compared and sorted by", ({ dialect, types }) => {
  test.each(types.map((type) => [type.native || "none", type] as const))("%s", (_, type) => {
    const own = lookupOf({ tables: [table("t", [column("c", type.kind, { type, nullable: true })], ["c"])] });
    const set: Assignment[] = [{ column: "c", value: 0 }];
    const where: Condition[] = [
      ...(["eq", "lt"] as const).map((operator) => ({ type: "compare", column: "c", operator, value: 0 }) as const),
      { type: "like", column: "c", matchCase: false, value: 1 },
    ];
    const plans: Plan[] = [
      { kind: "list", table: "t", where, order: [order("c", true, true)], limit: 0, offset: 3 },
      {
        ...{ kind: "list", table: "t", order: [order("c")], positions: true },
        where: [{ type: "after", order: [order("c", true, true), order("c")], values: [0, 1] }],
      },
      { kind: "insert", table: "t", columns: ["c"], rows: 1 },
      { kind: "insert", table: "t", columns: ["c"], rows: 2 },
      { kind: "update", table: "t", set, where },
      ...(["integer", "decimal", "float"].includes(type.kind)
        ? [{ kind: "update", table: "t", set: [{ column: "c", value: 0, increment: true }], where } as const]
        : []),
    ];
    for (const plan of plans) expect(mistakes(dialect, compile(plan, own, dialect).text)).toEqual([]);
  });
});

test("a wide table's row is no wider than CONCAT takes", () => {
  const wide = lookupOf({
    tables: [
      table(
        "t",
        Array.from({ length: 400 }, (_, i) => integer(`c${i}`)),
        ["c0"],
      ),
    ],
  });
  const { text } = compile({ kind: "read", table: "t", where: [] }, wide, mssql);
  expect(tsqlMistakes(text)).toEqual([]);
  const names = text.match(/N'[{,]"c\d+":'/g);
  expect(names).toHaveLength(400);
  for (const group of text.split("CONCAT(").slice(2)) expect(group.match(/N'/g)?.length).toBeLessThan(128);
});

describe("the catalogue's questions", () => {
  const asked = async (dialect: Dialect, schema?: string, engine: string | null = null): Promise<string[]> => {
    const texts: string[] = [];
    const ask: Ask = async (text) => {
      texts.push(text);
      return dialect === mysql && texts.length === 1 ? [{ table: "t", version: "11.4-MariaDB", engine }] : [];
    };
    await dialect.readSchema(ask, { schema });
    await dialect.identify(ask);
    return texts;
  };

  test.each([undefined, "it's"])("mssql, schema %s", async (schema) => {
    const texts = await asked(mssql, schema);
    expect(texts).toHaveLength(6);
    for (const text of texts) expect([text.includes("?"), tsqlMistakes(text)]).toEqual([false, []]);
  });

  test.each([null, "Aria"])("mysql, where an engine without transactions is %s", async (engine) => {
    const texts = await asked(mysql, undefined, engine);
    expect(texts).toHaveLength(10);
    for (const text of texts) expect(mysqlMistakes(text)).toEqual([]);
  });
});

describe("the grammars refuse what is broken", () => {
  test.each([
    "SELECT [id] FROM [t] LIMIT 1",
    "SELECT [id FROM t",
    "SELECT [id] FROM [t] WHERE",
    "SELECT [id] FROM [t] OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY",
    "SELECT [id] FROM [t] ORDER BY [id] FETCH NEXT 1 ROWS ONLY",
    "SELECT [id] FROM [t] ORDER BY [id] ASC NULLS FIRST",
    "SELECT CONCAT(N'{', [id], FROM [t]",
    "INSERT INTO [t] ([a]) VALUES (@p1) RETURNING [id]",
    "INSERT INTO [t] ([a]) VALUES (@p1) OUTPUT INSERTED.[id]",
    "UPDATE [t] SET [a] = @p1 WHERE [id] = @p2 OUTPUT INSERTED.[id]",
    "DECLARE @new TABLE ([id]); SELECT 1",
    "SELECT 'it's'",
    "SELECT `id` FROM [t]",
  ])("T-SQL: %s", (text) => {
    expect(tsqlMistakes(text)).not.toEqual([]);
  });

  test.each([
    "SELECT `id` FROM `t` OFFSET 3",
    "SELECT [id] FROM `t`",
    "SELECT `id` FROM `t` WHERE",
    "SELECT `id` FROM `t` ORDER BY `id` NULLS FIRST",
    "INSERT INTO `t` (`a`) VALUES (?) RETURNING `id`",
    "INSERT INTO `t` DEFAULT VALUES",
    "SELECT CONCAT('{', `id`, FROM `t`",
    "SELECT 'it's'",
  ])("MySQL: %s", (text) => {
    expect(mysqlMistakes(text)).not.toEqual([]);
  });
});
