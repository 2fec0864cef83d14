// What a change of the schema means for those who read, and for those who write.
import { describe, expect, test } from "vitest";
import { buildRouteTree } from "../../src/routes/build.js";
import type { Severity } from "../../src/routes/change.js";
import { apiChanges, worst } from "../../src/routes/diff.js";
import type { Column, ColumnType, Schema } from "../../src/schema/schema.js";
import { column, schemaOf } from "../support/literal-schema.js";

const sideOf = (schema: Schema) => ({ schema, tree: buildRouteTree(schema) });
const between = (before: Schema, after: Schema) =>
  apiChanges(sideOf(before), sideOf(after)).map(({ severity, at, text }) => `${severity}: ${at} ${text}`);

/** One table with one column beside its key. */
const withColumn = (more: Partial<Column> | undefined, kind: "table" | "view" = "table"): Schema => {
  const [table] = schemaOf({ albums: "id" }).tables;
  const columns = [...(table?.columns ?? []), ...(more === undefined ? [] : [column("c", "text", more)])];
  const readOnly = kind === "view" ? { denied: ["insert", "update", "delete"] as const } : {};
  return { tables: [{ ...(table as Schema["tables"][number]), kind, columns, ...readOnly }] };
};
const typed = (type: Partial<ColumnType> & { kind: ColumnType["kind"] }): Partial<Column> => ({
  nullable: true,
  type: { native: type.kind, ...type },
});

const nullable = { nullable: true };
const cases: [title: string, before: Partial<Column> | undefined, after: Partial<Column> | undefined, Severity[]][] = [
  ["nothing", nullable, nullable, []],
  ["a comment", nullable, { ...nullable, comment: "more" }, []],
  ["a column that went", nullable, undefined, ["breaking"]],
  ["one that came", undefined, nullable, ["new"]],
  ["one that came with a default", undefined, { default: "1" }, ["new"]],
  ["one that came and must be sent", undefined, {}, ["breaking"]],
  ["one that is numbered", undefined, { identity: true }, ["new"]],
  ["NULL is refused", nullable, {}, ["breaking"]],
  ["NULL is refused, and there is a default", { nullable: true, default: "1" }, { default: "1" }, ["breaking"]],
  ["a default that went", { default: "1" }, {}, ["breaking"]],
  ["another default", { default: "1" }, { default: "2" }, ["may break"]],
  ["NULL may come", {}, nullable, ["may break", "new"]],
  ["a default came", {}, { default: "1" }, ["new"]],
  ["it is computed", nullable, { generated: true, nullable: true }, ["breaking"]],
  ["it is computed no more", { generated: true, nullable: true }, nullable, ["new"]],
  ["another kind", typed({ kind: "integer" }), typed({ kind: "text" }), ["breaking"]],
  ["shorter", typed({ kind: "text", length: 9 }), typed({ kind: "text", length: 5 }), ["breaking"]],
  ["bounded", typed({ kind: "text" }), typed({ kind: "text", length: 5 }), ["breaking"]],
  ["longer", typed({ kind: "text", length: 5 }), typed({ kind: "text" }), ["may break"]],
  ["a value less", typed({ kind: "enum", values: ["a", "b"] }), typed({ kind: "enum", values: ["a"] }), ["breaking"]],
  ["a value more", typed({ kind: "enum", values: ["a"] }), typed({ kind: "enum", values: ["a", "b"] }), ["may break"]],
  ["narrower", typed({ kind: "integer", max: "9" }), typed({ kind: "integer", max: "5" }), ["breaking"]],
  ["wider", typed({ kind: "integer", max: "5" }), typed({ kind: "integer", max: "9" }), ["may break"]],
  [
    "fewer digits",
    typed({ kind: "decimal", precision: 9, scale: 2 }),
    typed({ kind: "decimal", precision: 5, scale: 2 }),
    ["breaking"],
  ],
  [
    "more digits",
    typed({ kind: "decimal", precision: 9, scale: 2 }),
    typed({ kind: "decimal", precision: 12, scale: 4 }),
    ["may break"],
  ],
  [
    "other elements",
    typed({ kind: "array", element: { kind: "text", native: "text" } }),
    typed({ kind: "array", element: { kind: "uuid", native: "uuid" } }),
    ["breaking"],
  ],
  ["searched no more", { nullable: true, fullText: {} }, nullable, ["breaking"]],
];

describe("a column", () => {
  test.each(cases)("%s", (_title, before, after, expected) => {
    const changes = apiChanges(sideOf(withColumn(before)), sideOf(withColumn(after)));
    expect(changes.map(({ severity }) => severity)).toEqual(expected);
    expect(worst(changes)).toBe(expected[0]);
    for (const { at } of changes) expect(at).toBe("/albums c");
  });

  test("of a view, which nobody writes: what is refused breaks nobody", () => {
    const change = (before: Partial<Column>, after: Partial<Column>) =>
      between(withColumn(before, "view"), withColumn(after, "view"));
    expect(change(nullable, {})).toEqual([]);
    expect(change(typed({ kind: "text", length: 9 }), typed({ kind: "text", length: 5 }))).toEqual([]);
    expect(change({}, nullable)).toEqual(["may break: /albums c may be null in answers"]);
  });

  test("a new name for one of its type is guessed, for two it is not", () => {
    const [before, after] = [schemaOf({ albums: "id title" }), schemaOf({ albums: "id label" })];
    expect(between(before, after)[0]).toBe("breaking: /albums title is gone: perhaps it is called label now");
    expect(between(schemaOf({ albums: "id a b" }), schemaOf({ albums: "id c d" }))).toContain(
      "breaking: /albums a is gone",
    );
  });
});

describe("a table", () => {
  test("that went takes its routes and relations with it", () => {
    const before = schemaOf({ artists: "id", albums: "id artist_id > artists" });
    expect(between(before, schemaOf({ artists: "id" }))).toEqual([
      "breaking: GET POST PATCH DELETE /artists/:id/albums is gone",
      "breaking: GET PUT PATCH DELETE /artists/:id/albums/:albumId is gone",
      "breaking: GET POST PATCH DELETE /albums is gone",
      "breaking: GET PUT PATCH DELETE /albums/:id is gone",
      "breaking: GET /albums/:id/artist is gone",
      "breaking: /artists albums(…) can be neither embedded nor filtered by any more",
    ]);
    expect(
      new Set(apiChanges(sideOf(schemaOf({ artists: "id" })), sideOf(before)).map(({ severity }) => severity)),
    ).toEqual(new Set(["new"]));
  });

  test("whose key is another one has other paths", () => {
    const before = schemaOf({ albums: "id code" });
    const after = schemaOf({ albums: { columns: "id code", key: "code" } });
    expect(between(before, after)).toContain(
      "breaking: /albums/:id the key was (id) and is (code): paths name other rows",
    );
  });

  test("that became a view is written no more", () => {
    const after = schemaOf({ albums: { columns: "id", key: "", view: true } });
    expect(between(schemaOf({ albums: "id" }), after)).toEqual([
      "breaking: POST PATCH DELETE /albums is gone",
      "breaking: GET PUT PATCH DELETE /albums/:id is gone",
    ]);
  });

  test("with a foreign key that leads elsewhere", () => {
    const before = schemaOf({ users: "id", companies: "id", boats: "id owner_id > users" });
    const after = schemaOf({ users: "id", companies: "id", boats: "id owner_id > companies" });
    expect(between(before, after)).toEqual(
      expect.arrayContaining([
        "breaking: GET /boats/:id/owner answers with rows of another table",
        "breaking: /boats owner(…) leads to /companies, and led to /users",
        "new: GET POST PATCH DELETE /companies/:id/boats is new",
      ]),
    );
  });

  test("a key that is unique now, and one that is not", () => {
    const unique = schemaOf({ albums: { columns: "id code", unique: ["code"] } });
    const plain = schemaOf({ albums: "id code" });
    expect(between(plain, unique)).toEqual([
      "may break: /albums code must be unique now: writes may be refused with 409",
    ]);
    expect(between(unique, plain)[0]).toContain("may break: /albums code is not unique any more");
  });
});

describe("a routine", () => {
  const integer: ColumnType = { kind: "integer", native: "int4" };
  const taking = (...names: string[]): Schema => ({
    ...schemaOf({ albums: "id" }),
    routines: [
      {
        ...{ id: "f(int4)", name: "f", schema: null, kind: "function", reads: true },
        returns: { type: "value", of: integer, many: false },
        arguments: names.map((said) => ({
          ...{ name: said.replace("?", ""), type: integer, mode: "in" },
          ...(said.endsWith("?") && { default: "1" }),
        })),
      },
    ],
  });
  test("that takes an argument no more breaks its callers, and one more that must be said", () => {
    expect(between(taking("a", "b"), taking("a"))).toEqual(["breaking: /rpc/f b is no argument any more"]);
    expect(between(taking("a"), taking("a", "b"))).toEqual([
      "breaking: /rpc/f b is a new argument that cannot be left out",
    ]);
    expect(between(taking("a"), taking("a", "b?"))).toEqual(["new: /rpc/f b is a new argument"]);
    expect(between(taking("a"), taking("a"))).toEqual([]);
  });

  test("of a row, which is a field of its table, and went", () => {
    const before = schemaOf({ albums: "id" });
    const size = { id: "size(albums)", name: "size", schema: null, kind: "function", reads: true } as const;
    const row = { type: { kind: "other", native: "albums" }, mode: "in", row: "albums" } as const;
    const of = (type: ColumnType): Schema => ({
      ...before,
      routines: [{ ...size, arguments: [row], returns: { type: "value", of: type, many: false } }],
    });
    expect(between(of(integer), before)).toEqual([
      "breaking: GET POST /albums/:id/size is gone",
      "breaking: /albums size is gone",
    ]);
    expect(between(before, of(integer))).toContain("new: /albums size is new");
    expect(between(of(integer), of({ kind: "text", native: "text" }))).toEqual([
      "breaking: /albums size is text (text), and was integer (int4)",
    ]);
  });

  test("of a row, which is a relation of its table, and went", () => {
    const before = schemaOf({ albums: "id", tracks: "id album_id > albums" });
    const best = { id: "best(albums)", name: "best", schema: null, kind: "function", reads: true } as const;
    const row = { type: { kind: "other", native: "albums" }, mode: "in", row: "albums" } as const;
    const of = (many: boolean): Schema => ({
      ...before,
      routines: [{ ...best, arguments: [row], returns: { type: "rows", table: "tracks", many } }],
    });
    expect(between(of(true), before)).toEqual([
      "breaking: GET POST /albums/:id/best is gone",
      "breaking: /albums best(…) can be neither embedded nor filtered by any more",
    ]);
    expect(between(of(true), of(false))).toEqual([
      "breaking: /albums best(…) is one object where embedded, and was an array",
    ]);
  });

  test("that went", () => {
    expect(between(taking("a"), schemaOf({ albums: "id" }))).toEqual(["breaking: GET POST /rpc/f is gone"]);
  });
});
