// What the compiler says for embedded relations, on every database side by side; T-SQL and MySQL are read by a foreign grammar.
import { describe, expect, test } from "vitest";
import type { Dialect } from "../../src/dialect/dialect.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";
import type { Embed, ListPlan, Plan } from "../../src/plan/plan.js";
import { lookupOf } from "../../src/schema/lookup.js";
import { compile } from "../../src/sql/compile.js";
import { column, schemaOf } from "../support/literal-schema.js";
import { mysqlMistakes, tsqlMistakes } from "./grammar.js";
import { withoutBounds } from "./without-bounds.js";

const [albums, tracks, playlists, links] = schemaOf({
  albums: "id",
  tracks: "id",
  playlists: "id",
  links: "id",
}).tables;
const lookup = lookupOf({
  tables: [albums, tracks, playlists, links].map((table, i) => ({
    ...(table as NonNullable<typeof table>),
    columns: [column("id", "date"), ...(i === 1 ? [column("album_id", "date")] : [])].concat(
      i === 3 ? [column("track_id", "date"), column("playlist_id", "date")] : [],
    ),
  })),
});

const id = { type: "column", field: "id", column: "id" } as const;
const byId = [{ column: "id", descending: false, nullsFirst: true }];
const list = (table: string, more: Partial<ListPlan>): ListPlan => ({
  kind: "list",
  table,
  select: [id],
  where: [],
  order: byId,
  ...more,
});
const album: Embed = {
  type: "embed",
  field: "album",
  join: { via: "parent", columns: ["album_id"], references: ["id"] },
  many: false,
  list: list("albums", { order: [] }),
};
const inPlaylists: Embed = {
  type: "embed",
  field: "playlists",
  join: {
    via: "link",
    link: "links",
    near: { columns: ["track_id"], references: ["id"] },
    far: { columns: ["playlist_id"], references: ["id"] },
  },
  many: true,
  list: list("playlists", { limit: 5, offset: 1 }),
};
const toAlbum = { table: "albums", columns: ["album_id"], references: ["id"] };
const above = (embed: Embed): ListPlan => list("tracks", { select: [id, embed], limit: 101 });

interface Case {
  readonly plan: Plan;
  readonly sqlite: string;
  readonly postgres: string;
  readonly mysql: string;
  readonly mssql: string;
}

const cases: Readonly<Record<string, Case>> = {
  "a relation to one row": {
    plan: above(album),
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'id\', "tracks"."id", \'album\', json((SELECT json_object(\'id\', "via 1"."id") FROM "albums" "via 1" WHERE "via 1"."id" = "tracks"."album_id" LIMIT 1))) AS j  FROM "tracks" ORDER BY "tracks"."id" ASC LIMIT 101)',
    postgres:
      'SELECT to_json("tracks"."id"), (SELECT row_to_json(r.*) FROM (SELECT "via 1"."id" AS "id" FROM "albums" "via 1" WHERE "via 1"."id" = "tracks"."album_id" LIMIT 1) r) FROM "tracks" ORDER BY "tracks"."id" ASC LIMIT 101',
    mysql:
      "SELECT CONCAT('{\"id\":', IFNULL(IF(`tracks`.`id` = 0, NULL, CONCAT('\"', `tracks`.`id`, '\"')), 'null'), ',\"album\":', IFNULL((SELECT CONCAT('{\"id\":', IFNULL(IF(`via 1`.`id` = 0, NULL, CONCAT('\"', `via 1`.`id`, '\"')), 'null'), '}') FROM `albums` `via 1` WHERE `via 1`.`id` = `tracks`.`album_id` LIMIT 1), 'null'), '}')  FROM `tracks` ORDER BY `tracks`.`id` ASC LIMIT 101",
    mssql:
      "SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL('\"' + CONVERT(char(10), [tracks].[id], 23) + '\"', 'null'), N',\"album\":', ISNULL((SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL('\"' + CONVERT(char(10), [via 1].[id], 23) + '\"', 'null'), N'}') FROM [albums] [via 1] WHERE [via 1].[id] = [tracks].[album_id] ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY), N'null') COLLATE Latin1_General_100_BIN2, N'}') FROM [tracks] ORDER BY [tracks].[id] ASC OFFSET 0 ROWS FETCH NEXT 101 ROWS ONLY",
  },
  "a list behind a link, its second page": {
    plan: above(inPlaylists),
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'id\', "tracks"."id", \'playlists\', json((SELECT \'[\' || ifnull(group_concat(j, \',\'), \'\') || \']\' FROM (SELECT json_object(\'id\', "via 1"."id") AS j FROM "playlists" "via 1" WHERE "via 1"."id" IN (SELECT "via 2"."playlist_id" FROM "links" "via 2" WHERE "via 2"."track_id" = "tracks"."id") ORDER BY "via 1"."id" ASC LIMIT 5 OFFSET +?)))) AS j  FROM "tracks" ORDER BY "tracks"."id" ASC LIMIT 101)',
    postgres:
      'SELECT to_json("tracks"."id"), (SELECT coalesce(json_agg(row_to_json(r.*)), \'[]\') FROM (SELECT "via 1"."id" AS "id" FROM "playlists" "via 1" WHERE "via 1"."id" IN (SELECT "via 2"."playlist_id" FROM "links" "via 2" WHERE "via 2"."track_id" = "tracks"."id") ORDER BY "via 1"."id" ASC LIMIT 5 OFFSET $1) r) FROM "tracks" ORDER BY "tracks"."id" ASC LIMIT 101',
    mysql:
      "SELECT CONCAT('{\"id\":', IFNULL(IF(`tracks`.`id` = 0, NULL, CONCAT('\"', `tracks`.`id`, '\"')), 'null'), '}'), CONCAT('{\"id\":', IFNULL(IF(`tracks`.`id` = 0, NULL, CONCAT('\"', `tracks`.`id`, '\"')), 'null'), '}') FROM `tracks` ORDER BY `tracks`.`id` ASC LIMIT 101",
    mssql:
      "SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL('\"' + CONVERT(char(10), [tracks].[id], 23) + '\"', 'null'), N',\"playlists\":', ISNULL((SELECT N'[' + STRING_AGG(r.j, N',') WITHIN GROUP (ORDER BY r.n) + N']' FROM (SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL('\"' + CONVERT(char(10), [via 1].[id], 23) + '\"', 'null'), N'}') AS j, ROW_NUMBER() OVER (ORDER BY [via 1].[id] ASC) AS n FROM [playlists] [via 1] WHERE [via 1].[id] IN (SELECT [via 2].[playlist_id] FROM [links] [via 2] WHERE [via 2].[track_id] = [tracks].[id]) ORDER BY [via 1].[id] ASC OFFSET @p1 ROWS FETCH NEXT 5 ROWS ONLY) r), N'[]') COLLATE Latin1_General_100_BIN2, N'}') FROM [tracks] ORDER BY [tracks].[id] ASC OFFSET 0 ROWS FETCH NEXT 101 ROWS ONLY",
  },
};

describe.each(Object.entries(cases))("%s", (_, { plan, ...texts }) => {
  test.each([sqlite, postgres, mysql, mssql])("on $name", (dialect) => {
    expect(withoutBounds(compile(plan, lookup, dialect).text)).toBe(texts[dialect.name as keyof typeof texts]);
  });
  test("is T-SQL and MySQL to a foreign grammar", () => {
    expect(tsqlMistakes(compile(plan, lookup, mssql).text)).toEqual([]);
    expect(mysqlMistakes(compile(plan, lookup, mysql).text)).toEqual([]);
  });
});

test.each([sqlite, postgres, mysql, mssql])("a field of a related row is looked up by itself on $name", (dialect) => {
  const spread = { type: "column", field: "album", column: "id", through: [toAlbum] } as const;
  const text = compile(list("tracks", { select: [id, spread] }), lookup, dialect).text.replaceAll(/[`[\]]/g, '"');
  expect(text).toContain('(SELECT "via 1"."id" FROM "albums" "via 1" WHERE "via 1"."id" = "tracks"."album_id")');
});

test("what is related to a related row is asked of both tables", () => {
  const spread: Embed = { ...album, through: [{ ...toAlbum, where: [{ type: "never" }] }] };
  const texts = [sqlite, mssql, mysql].map((dialect) => compile(above(spread), lookup, dialect).text);
  expect(texts[0]).toContain(
    'FROM "albums" "via 1", "albums" "via 2" WHERE "via 1"."id" = "tracks"."album_id" AND 1 = 0 AND "via 2"."id" = "via 1"."album_id" LIMIT 1',
  );
  expect(tsqlMistakes(texts[1] as string)).toEqual([]);
  expect(mysqlMistakes(texts[2] as string)).toEqual([]);
});

describe("where a database cannot embed a list in its row's statement", () => {
  test("the row leaves a gap, with the key that it is filled by", () => {
    const { shape } = compile(above(inPlaylists), lookup, mysql);
    expect(shape).toEqual([0, { embed: inPlaylists, table: "tracks", key: ["id"], column: 1 }]);
  });

  test("the gap of what is related to a related row has that row's key", () => {
    const { text, shape } = compile(above({ ...inPlaylists, through: [toAlbum] }), lookup, mysql);
    expect(shape).toEqual([0, { embed: inPlaylists, table: "albums", key: ["id"], column: 1 }]);
    expect(text).toContain("FROM `albums` `via 1` WHERE `via 1`.`id` = `tracks`.`album_id`) FROM `tracks`");
  });

  test("one statement fills it for all rows", () => {
    const { text, order } = compile(
      { kind: "level", table: "tracks", key: ["id"], keys: [[5], [6]], embed: inPlaylists },
      lookup,
      mysql,
    );
    expect(text).toBe(
      "SELECT `via 3`.`c0`, `via 3`.`c1` FROM (SELECT CONCAT('{\"id\":', IFNULL(IF(`via 1`.`id` = 0, NULL, CONCAT('\"', `via 1`.`id`, '\"')), 'null'), '}') AS `c0`, CONCAT('{\"id\":', IFNULL(IF(`via 2`.`id` = 0, NULL, CONCAT('\"', `via 2`.`id`, '\"')), 'null'), '}') AS `c1`, ROW_NUMBER() OVER (PARTITION BY `via 1`.`id` ORDER BY `via 2`.`id` ASC) AS `n` FROM `tracks` `via 1`, `playlists` `via 2` WHERE `via 1`.`id` IN (?, ?) AND `via 2`.`id` IN (SELECT `via 4`.`playlist_id` FROM `links` `via 4` WHERE `via 4`.`track_id` = `via 1`.`id`)) `via 3` WHERE `via 3`.`n` > ? AND `via 3`.`n` <= 5 + ? ORDER BY `via 3`.`n` LIMIT 50001",
    );
    expect(mysqlMistakes(text)).toEqual([]);
    expect(order).toEqual([5, 6, 1, 1]);
  });
});

describe("on MySQL with LATERAL", () => {
  const newer = mysql.forServer?.("8.0.36") as Dialect;
  const inAlbum: Embed = {
    type: "embed",
    field: "tracks",
    join: { via: "child", columns: ["album_id"], references: ["id"], enforced: true },
    many: true,
    list: list("tracks", { limit: 5, offset: 1 }),
  };
  const level = (embed: Embed): Plan => ({ kind: "level", table: "albums", key: ["id"], keys: [[5], [6]], embed });
  const isLateral = (embed: Embed, dialect = newer) => compile(level(embed), lookup, dialect).text.includes("LATERAL");

  test("the first rows of each list are looked up by a foreign key's index, and their JSON made of these alone", () => {
    const { text, order } = compile(level(inAlbum), lookup, newer);
    expect(text).toBe(
      "SELECT CONCAT('{\"id\":', IFNULL(IF(`via 1`.`id` = 0, NULL, CONCAT('\"', `via 1`.`id`, '\"')), 'null'), '}'), CONCAT('{\"id\":', IFNULL(IF(`via 2`.`id` = 0, NULL, CONCAT('\"', `via 2`.`id`, '\"')), 'null'), '}') FROM `albums` `via 1`, LATERAL (SELECT `via 3`.`id` FROM `tracks` `via 3` WHERE `via 3`.`album_id` = `via 1`.`id` ORDER BY `via 3`.`id` ASC LIMIT 5 OFFSET ?) `via 4`, `tracks` `via 2` WHERE `via 1`.`id` IN (?, ?) AND `via 2`.`id` = `via 4`.`id` ORDER BY `via 2`.`id` ASC LIMIT 50001",
    );
    expect(order).toEqual([1, 5, 6]);
    expect(mysqlMistakes(text)).toEqual([]);
  });

  test("where there is such an index, and rows are cut off", () => {
    expect(isLateral(inAlbum)).toBe(true);
    expect(isLateral(inAlbum, mysql)).toBe(false);
    expect(isLateral({ ...inAlbum, join: { ...inAlbum.join, enforced: false } as Embed["join"] })).toBe(false);
    expect(isLateral(inPlaylists)).toBe(false);
    const { limit: _, ...unlimited } = inAlbum.list;
    expect(isLateral({ ...inAlbum, list: unlimited })).toBe(false);
    expect(isLateral({ ...inAlbum, list: { ...inAlbum.list, having: [] } })).toBe(false);
  });
});

describe("on MariaDB", () => {
  const mariadb = mysql.forServer?.("10.11.6-MariaDB") as Dialect;
  const grouped = list("playlists", {
    select: [id, { type: "aggregate", field: "count", of: { aggregate: "count" } }],
    having: [],
  });
  const pages = { ...inPlaylists, list: list("playlists", { limit: 5 }) };

  test("a list is part of its row, where its rows are few enough to be sorted", () => {
    expect(compile(above(pages), lookup, mariadb)).toEqual({
      text: "SELECT CONCAT('{\"id\":', IFNULL(IF(`tracks`.`id` = 0, NULL, CONCAT('\"', `tracks`.`id`, '\"')), 'null'), ',\"playlists\":', IF(@@group_concat_max_len >= 1048576 AND (SELECT 1 FROM `playlists` `via 1` WHERE `via 1`.`id` IN (SELECT `via 2`.`playlist_id` FROM `links` `via 2` WHERE `via 2`.`track_id` = `tracks`.`id`) LIMIT 1 OFFSET 1000) IS NULL, (SELECT IFNULL(CONCAT('[', IFNULL(GROUP_CONCAT(IFNULL(CONCAT('{\"id\":', IFNULL(IF(`via 1`.`id` = 0, NULL, CONCAT('\"', `via 1`.`id`, '\"')), 'null'), '}'), _utf8mb4 0x1e) ORDER BY `via 1`.`id` ASC SEPARATOR ',' LIMIT 5), ''), ']'), _utf8mb4 0x1e) FROM `playlists` `via 1` WHERE `via 1`.`id` IN (SELECT `via 2`.`playlist_id` FROM `links` `via 2` WHERE `via 2`.`track_id` = `tracks`.`id`)), _utf8mb4 0x1e), '}')  FROM `tracks` ORDER BY `tracks`.`id` ASC LIMIT 101",
      order: [],
      needsCheck: true,
    });
  });

  test.each([
    ["an offset", above(inPlaylists)],
    ["groups", above({ ...inPlaylists, list: grouped })],
  ])("one with %s is asked for by a statement of its own", (_, plan) => {
    const { shape, text, needsCheck: doubtful } = compile(plan, lookup, mariadb);
    expect([shape?.length, doubtful]).toEqual([2, undefined]);
    expect(mysqlMistakes(text)).toEqual([]);
  });

  test("and so is each list within it", () => {
    const within = { ...inPlaylists, list: list("playlists", { limit: 5, offset: 1, select: [id, pages] }) };
    const { shape } = compile(
      { kind: "level", table: "tracks", key: ["id"], keys: [[5]], embed: within },
      lookup,
      mariadb,
    );
    expect(shape).toEqual([1, { embed: pages, table: "playlists", key: ["id"], column: 2 }]);
  });
});
