// What the compiler says for full-text search, on every database side by side; T-SQL and MySQL are read by a foreign grammar.

import { describe, expect, test } from "vitest";
import type { Dialect } from "../../src/dialect/dialect.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { indexedText } from "../../src/dialect/postgres/search.js";
import { searchedBy } from "../../src/dialect/sqlite/search.js";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";
import { planFilters } from "../../src/plan/filter.js";
import { Values } from "../../src/plan/values.js";
import { parseFilter } from "../../src/request/filter.js";
import { lookupOf, tableOf } from "../../src/schema/lookup.js";
import type { FullTextIndex, Table } from "../../src/schema/schema.js";
import { bindings } from "../../src/sql/compile.js";
import { whereOf } from "../../src/sql/expression.js";
import { Writer } from "../../src/sql/writer.js";
import { column, schemaOf } from "../support/literal-schema.js";
import { mysqlMistakes, tsqlMistakes } from "./grammar.js";

const [table] = schemaOf({ t: "id" }).tables as [Table];
const searched = (name: string, fullText: FullTextIndex, native = "text") => ({
  ...column(name, "text", { type: { kind: "text", native } }),
  fullText,
});

function said(dialect: Dialect, filter: string, name = "c"): readonly unknown[] {
  const index = dialect === sqlite ? { table: "words", rowid: "id" } : {};
  const columns = [
    searched("c", index),
    { ...searched("d", index), nullable: true },
    searched('e"`]', dialect === postgres ? { language: "english" } : { ...index, table: 'w"s' }),
    { ...column("v", "other", { type: { kind: "other", native: "tsvector" } }), fullText: {} },
  ];
  const lookup = lookupOf({ tables: [{ ...table, primaryKey: [], columns }] });
  const entry = tableOf(lookup, "t");
  const names = {
    ...{ lookup, relations: new Map(), limits: { maxValues: 9, maxWords: 9, defaultLimit: 9, maxLimit: 9 } },
    searching: { languages: ["english", "it's"], unindexed: dialect.search.unindexed },
  };
  const values = new Values();
  const writer = new Writer(lookup, dialect);
  const conditions = planFilters([parseFilter(name, filter, 9)], entry, names, values);
  const statement = writer.finished(whereOf(writer, conditions, entry));
  const plain = bindings(statement, values.all, dialect).map((bound) =>
    typeof bound === "object" && bound !== null && "value" in bound ? bound.value : bound,
  );
  return [statement.text, ...plain];
}

interface Case {
  readonly asked: readonly [filter: string, column?: string];
  readonly sqlite?: readonly unknown[];
  readonly postgres: readonly unknown[];
  readonly mysql?: readonly unknown[];
  readonly mssql?: readonly unknown[];
}

const cases: Readonly<Record<string, Case>> = {
  "one word": {
    asked: ["fts:cats"],
    sqlite: [' WHERE "t"."id" IN (SELECT rowid FROM "words" WHERE "words" MATCH \'"c" : \' || ?)', '(("cats"))'],
    postgres: [` WHERE to_tsvector(CAST("t"."c" AS text)) @@ to_tsquery($1)`, "'cats'"],
    mysql: [" WHERE MATCH (`t`.`c`) AGAINST (? IN BOOLEAN MODE)", "+cats"],
    mssql: [" WHERE CONTAINS([t].[c], @p1)", '("cats")'],
  },
  "words, phrases, what excludes, alternatives": {
    asked: ['fts:big cats "black dog" -snake -"red fish" or fish'],
    sqlite: [
      ' WHERE "t"."id" IN (SELECT rowid FROM "words" WHERE "words" MATCH \'"c" : \' || ?)',
      '(("big" AND "cats" AND "black dog" NOT "snake" NOT "red fish") OR ("fish"))',
    ],
    postgres: [
      ` WHERE to_tsvector(CAST("t"."c" AS text)) @@ to_tsquery($1)`,
      "'big' & 'cats' & 'black dog' & !'snake' & !'red fish' | 'fish'",
    ],
    mysql: [
      " WHERE MATCH (`t`.`c`) AGAINST (? IN BOOLEAN MODE)",
      '(+big +cats +"black dog" -snake -"red fish") (+fish)',
    ],
    mssql: [
      " WHERE CONTAINS([t].[c], @p1)",
      '("big" AND "cats" AND "black dog" AND NOT "snake" AND NOT "red fish") OR ("fish")',
    ],
  },
  "what no word has": {
    asked: [`fts:o'clock\\ a*b(c) "d""e`],
    sqlite: [
      ' WHERE "t"."id" IN (SELECT rowid FROM "words" WHERE "words" MATCH \'"c" : \' || ?)',
      '(("o clock" AND "a b c" AND "d" AND "e"))',
    ],
    postgres: [
      ` WHERE to_tsvector(CAST("t"."c" AS text)) @@ to_tsquery($1)`,
      "('o''clock\\\\' | 'o clock') & ('a*b(c)' | 'a b c') & 'd' & 'e'",
    ],
    mysql: [" WHERE MATCH (`t`.`c`) AGAINST (? IN BOOLEAN MODE)", '+"o clock" +"a b c" +d +e'],
    mssql: [" WHERE CONTAINS([t].[c], @p1)", '("o clock" AND "a b c" AND "d" AND "e")'],
  },
  "what may be NULL, turned round": {
    asked: ["not.fts:cats", "d"],
    sqlite: [
      ' WHERE NOT (("t"."id" IN (SELECT rowid FROM "words" WHERE "words" MATCH \'"d" : \' || ?) OR CASE WHEN "t"."d" IS NULL THEN NULL ELSE 0 END = 1))',
      '(("cats"))',
    ],
    postgres: [
      ` WHERE NOT ((to_tsvector(CAST("t"."d" AS text)) @@ to_tsquery($1) OR CASE WHEN "t"."d" IS NULL THEN NULL ELSE 0 END = 1))`,
      "'cats'",
    ],
    mysql: [
      " WHERE NOT ((MATCH (`t`.`d`) AGAINST (? IN BOOLEAN MODE) OR CASE WHEN `t`.`d` IS NULL THEN NULL ELSE 0 END = 1))",
      "+cats",
    ],
    mssql: [" WHERE NOT ((CONTAINS([t].[d], @p1) OR CASE WHEN [t].[d] IS NULL THEN NULL ELSE 0 END = 1))", '("cats")'],
  },
  "names that need quotes, and an index's language": {
    asked: ["fts:cats", 'e"`]'],
    sqlite: [' WHERE "t"."id" IN (SELECT rowid FROM "w""s" WHERE "w""s" MATCH \'"e""`]" : \' || ?)', '(("cats"))'],
    postgres: [
      ` WHERE to_tsvector('english'::regconfig, CAST("t"."e""\`]" AS text)) @@ to_tsquery('english'::regconfig, $1)`,
      "'cats'",
    ],
    mysql: [' WHERE MATCH (`t`.`e"``]`) AGAINST (? IN BOOLEAN MODE)', "+cats"],
    mssql: [' WHERE CONTAINS([t].[e"`]]], @p1)', '("cats")'],
  },
  "a language": {
    asked: ["fts(it's):cats"],
    postgres: [
      ` WHERE to_tsvector('it''s'::regconfig, CAST("t"."c" AS text)) @@ to_tsquery('it''s'::regconfig, $1)`,
      "'cats'",
    ],
  },
  "a tsvector": {
    asked: ["fts(english):cats", "v"],
    postgres: [` WHERE "t"."v" @@ to_tsquery('english'::regconfig, $1)`, "'cats'"],
  },
};

for (const [title, { asked, ...expected }] of Object.entries(cases)) {
  describe(`${title}: ${asked[1] ?? "c"}=${asked[0]}`, () => {
    for (const dialect of [sqlite, postgres, mysql, mssql]) {
      const texts = expected[dialect.name as keyof typeof expected];
      if (texts !== undefined) test(dialect.name, () => expect(said(dialect, ...asked)).toEqual(texts));
    }
    const { mysql: ofMysql, mssql: ofMssql } = expected;
    if (ofMysql !== undefined)
      test("is MySQL", () => expect(mysqlMistakes(`SELECT 1 FROM t${ofMysql[0]};`)).toEqual([]));
    if (ofMssql !== undefined)
      test("is T-SQL", () => expect(tsqlMistakes(`SELECT 1 FROM t${ofMssql[0]};`)).toEqual([]));
  });
}

describe("what an index of PostgreSQL is made of", () => {
  const spelled: Readonly<Record<string, readonly [column: string, language: string] | undefined>> = {
    "to_tsvector('english'::regconfig, body)": ["body", "english"],
    "to_tsvector('english'::regconfig, (title)::text)": ["title", "english"],
    'to_tsvector(\'public.it\'\'s\'::regconfig, ("a ""b""")::text)': ['a "b"', "public.it's"],
    "to_tsvector('simple'::regconfig, \"Body\")": ["Body", "simple"],
    "to_tsvector('english'::regconfig, lower(body))": undefined,
    "to_tsvector('english'::regconfig, ((title || ' '::text) || body))": undefined,
    "lower(body)": undefined,
  };
  for (const [expression, expected] of Object.entries(spelled)) {
    test(expression, () => {
      const found = indexedText(expression);
      expect(found && [found.column, found.index.language]).toEqual(expected);
    });
  }
});

describe("what a table of FTS5 indexes", () => {
  const says: Readonly<Record<string, readonly (readonly [string, string, string])[]>> = {
    "CREATE VIRTUAL TABLE w USING fts5(title, body, content='posts', content_rowid='id')": [
      ["posts", "title", "id"],
      ["posts", "body", "id"],
    ],
    'CREATE VIRTUAL TABLE "w" USING FTS5 ( "a,""b" , [c d] UNINDEXED, e unindexed, `f`, tokenize = "unicode61 tokenchars \'-_,\'", content=posts)':
      [
        ["posts", 'a,"b', "rowid"],
        ["posts", "f", "rowid"],
      ],
    "CREATE VIRTUAL TABLE w USING fts5(body, prefix='2 3', content='')": [["w", "body", "rowid"]],
    "CREATE VIRTUAL TABLE w USING fts5(\n  body,\n  content_rowid=id\n)": [["w", "body", "rowid"]],
    "CREATE VIRTUAL TABLE w USING rtree(id, minX, maxX)": [],
    "CREATE VIRTUAL TABLE w USING fts4(body)": [],
  };
  for (const [sql, expected] of Object.entries(says)) {
    test(sql, () => {
      expect(searchedBy("w", sql).map(({ table, column, index }) => [table, column, index.rowid])).toEqual(expected);
    });
  }
});
