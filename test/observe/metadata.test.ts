// `api.metadata()`: what the API knows of a database, and why.
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { describing } from "../../src/observe/metadata.js";
import { buildRouteTree } from "../../src/routes/build.js";
import type { Schema } from "../../src/schema/schema.js";
import { onEveryDatabase } from "../support/matrix.js";

const text = { varchar: "VARCHAR(40)", key: "INTEGER PRIMARY KEY" };
const ddl = `
CREATE TABLE artists (id ${text.key}, name ${text.varchar} NOT NULL UNIQUE);
CREATE TABLE albums (id ${text.key}, title ${text.varchar} DEFAULT 'untitled', artist_id INTEGER NOT NULL,
  FOREIGN KEY (artist_id) REFERENCES artists (id));
CREATE TABLE tags (id ${text.key});
CREATE TABLE albums_tags (album_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, PRIMARY KEY (album_id, tag_id),
  FOREIGN KEY (album_id) REFERENCES albums (id), FOREIGN KEY (tag_id) REFERENCES tags (id));
`;

const versionOf = (name: string) =>
  (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;
const drivers: Readonly<Record<string, readonly unknown[]>> = {
  sqlite: ["sqlite", { name: "better-sqlite3", version: versionOf("better-sqlite3") }],
  postgres: ["postgres", { name: "pg", version: versionOf("pg") }],
  mariadb: ["mysql", { name: "mysql2", version: versionOf("mysql2") }],
};

onEveryDatabase({ sqlite: ddl, postgres: ddl, mariadb: ddl }, (place) => {
  test("tables, columns, keys, relations and their evidence, by the names of the API", async () => {
    const api = await createApi(place.db().url, {
      overrides: [{ name: "artists", resource: "bands", columns: [{ name: "name", as: "called" }] }],
    });
    await api.close();
    const { tables, dialect, driver } = api.metadata();
    expect([dialect, driver]).toEqual(drivers[place.name]);
    const { hostname, port, password } = new URL(place.db().url);
    for (const secret of [hostname, port, password].filter((text) => text.length > 3))
      expect(JSON.stringify(api.metadata())).not.toContain(secret);
    expect(tables.map(({ table, path }) => [table, path])).toEqual(
      expect.arrayContaining([
        ["albums", "/albums"],
        ["albums_tags", null],
        ["artists", "/bands"],
        ["tags", "/tags"],
      ]),
    );
    const of = (name: string) => tables.find(({ table }) => table === name);
    expect(of("artists")).toMatchObject({ primaryKey: ["id"], uniqueKeys: [["called"]] });
    expect(of("artists")?.columns[1]).toMatchObject({
      ...{ name: "called", column: "name", type: "text", nullable: false, default: null, generated: false },
      ...{ native: expect.stringMatching(/varchar|character varying/i), length: 40 },
    });
    expect(of("albums")?.columns[1]).toMatchObject({
      name: "title",
      nullable: true,
      default: expect.stringContaining("untitled"),
    });
    expect(of("albums")?.foreignKeys).toEqual([{ columns: ["artist_id"], table: "artists", references: ["id"] }]);
    expect(of("albums")?.relations).toContainEqual({
      name: "artist",
      relation: "parent",
      table: "artists",
      evidence: {
        by: "constraint",
        detail: expect.stringMatching(/^foreign key.*: albums\(artist_id\) references artists\(id\)$/),
      },
    });
    expect(of("albums_tags")?.decisions).toMatchObject([{ type: "n-n", evidence: { by: "key" } }]);
  });
});

describe("a thousand tables", () => {
  const column = { nullable: false, default: null, generated: false, identity: false };
  const integer = { kind: "integer", native: "int4" } as const;
  const schema: Schema = {
    tables: Array.from({ length: 1_000 }, (_, i) => ({
      ...{ id: `t${i}`, name: `t${i}`, schema: null, kind: "table", primaryKey: ["id"], uniqueKeys: [] },
      columns: ["id", "before", "c", "d", "e"].map((name) => ({ ...column, name, type: integer })),
      foreignKeys: i === 0 ? [] : [{ name: null, columns: ["before"], table: `t${i - 1}`, references: ["id"] }],
    })),
  };

  test("are all there, and made once", () => {
    const tree = buildRouteTree(schema);
    const metadataOf = describing({ dialect: "postgres" });
    const metadata = metadataOf({ tree, schema });
    expect(metadata.tables).toHaveLength(1_000);
    expect(metadata.tables.at(-1)?.relations).toMatchObject([{ table: "t998" }]);
    expect(metadataOf({ tree, schema })).toBe(metadata);
  });
});
