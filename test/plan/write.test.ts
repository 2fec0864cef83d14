// A body and a route → what is written.

import { describe, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import { Values } from "../../src/plan/values.js";
import { type PathColumns, planInsert, planReplace, planUpdate } from "../../src/plan/write.js";
import type { Assignment } from "../../src/plan/write-plan.js";
import type { Body } from "../../src/request/body.js";
import { lookupOf, tableOf } from "../../src/schema/lookup.js";
import type { Column, Table } from "../../src/schema/schema.js";
import { column, schemaOf } from "../support/literal-schema.js";

const columns: Column[] = [
  column("id", "integer", { identity: true }),
  column("title", "text", { type: { kind: "text", native: "varchar(5)", length: 5 } }),
  column("album_id", "integer", { nullable: true }),
  column("price", "decimal", { default: "0" }),
  column("total", "decimal", { generated: true }),
  column("KD_NAME", "text", { as: "customer", nullable: true }),
];
const tracks: Table = { ...(schemaOf({ tracks: "id" }).tables[0] as Table), columns };
const entry = tableOf(lookupOf({ tables: [tracks] }), "tracks");
const integer = { kind: "integer", native: "integer" } as const;

/** Runs a plan with these columns fixed by the path, and spells what is set: `title = "a"`; without a value: `price`. */
function set(
  fixed: Readonly<Record<string, number>>,
  plan: (values: Values, fixed: PathColumns) => Assignment[],
): string[] {
  const values = new Values(Object.values(fixed).map((value) => ({ value, type: integer })));
  const positions = new Map(Object.keys(fixed).map((name, i) => [name, i]));
  return plan(values, positions).map(({ column, value }) =>
    value === undefined ? column : `${column} = ${JSON.stringify(values.all[value]?.value)}`,
  );
}
const insert = (body: Body, fixed = {}) => set(fixed, (values, path) => planInsert(body, entry, path, values));
const update = (body: Body, key = {}) => set(key, (values, path) => planUpdate(body, entry, path, values));
const replace = (body: Body, key = {}, kept: string[] = []) =>
  set(key, (values, path) => planReplace(body, entry, path, new Set(kept), values));

function refusal(write: () => unknown): unknown {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return { status: error.status, code: error.code, detail: error.message, errors: error.errors };
  }
}

describe("POST", () => {
  test("writes what the body names, under the columns' own names", () =>
    expect(insert({ title: "a", price: "1.50", customer: "x" })).toEqual([
      'title = "a"',
      'price = "1.50"',
      'KD_NAME = "x"',
    ]));
  test("takes the path's columns where the body leaves them out", () => {
    expect(insert({ title: "a" }, { album_id: 7 })).toEqual(['title = "a"', "album_id = 7"]);
    expect(insert({}, { album_id: 7 })).toEqual(["album_id = 7"]);
  });
  test.each([7, "7", 7.0])("may repeat what the path says: %j", (album_id) =>
    expect(insert({ album_id }, { album_id: 7 })).toEqual(["album_id = 7"]),
  );
  test.each([[8], [null]])("may not say otherwise: %j", (album_id) =>
    expect(refusal(() => insert({ album_id }, { album_id: 7 }))).toEqual({
      status: 422,
      code: "invalid_value",
      detail: `album_id is 7 in the address and ${album_id} in the body: leave it out of the body.`,
      errors: [{ field: "album_id", message: `is 7 in the address and ${album_id} in the body` }],
    }),
  );
  test("leaves a null to what the database numbers itself", () =>
    expect(insert({ id: null, title: "a" })).toEqual(['title = "a"']));
});

describe("PATCH", () => {
  test("does not write again a key that is the address's own, and moves the row to another", () => {
    expect(update({ id: 7, title: "a" }, { id: 7 })).toEqual(['title = "a"']);
    expect(update({ id: 8 }, { id: 7 })).toEqual(["id = 8"]);
  });
  test("writes what the body names, and no more", () =>
    expect(update({ album_id: null })).toEqual(["album_id = null"]));
  test("writes nothing for an empty body", () => expect(update({})).toEqual([]));
  test("may change the key, but not to null", () => {
    expect(update({ id: 9 })).toEqual(["id = 9"]);
    expect(refusal(() => update({ id: null }))).toMatchObject({ status: 422, code: "not_null_violation" });
  });
});

describe("PUT", () => {
  test("puts what the body leaves out back to its default; never the key or what is computed", () =>
    expect(replace({ title: "a" })).toEqual(['title = "a"', "album_id", "price", "KD_NAME"]));
  test("keeps the columns by which the path found the row", () =>
    expect(replace({ title: "a" }, {}, ["album_id"])).toEqual(['title = "a"', "price", "KD_NAME"]));
  test("may repeat the key, and may not say otherwise", () => {
    expect(replace({ id: 7, title: "a" }, { id: 7 })).toEqual(['title = "a"', "album_id", "price", "KD_NAME"]);
    expect(refusal(() => replace({ id: 8 }, { id: 7 }))).toMatchObject({
      code: "invalid_value",
      errors: [{ field: "id" }],
    });
  });
});

describe("a refusal names its fields", () => {
  test("every value that does not fit, at once", () =>
    expect(refusal(() => insert({ title: "too long", album_id: "x", price: null }))).toEqual({
      status: 422,
      code: "invalid_value",
      detail:
        "title holds at most 5 characters, and this has 8; album_id is a whole number, not 'x'; price cannot be null.",
      errors: [
        { field: "title", message: "holds at most 5 characters, and this has 8" },
        { field: "album_id", message: "is a whole number, not 'x'" },
        { field: "price", message: "cannot be null" },
      ],
    }));
  test("under the name in JSON", () =>
    expect(refusal(() => update({ customer: 1 }))).toMatchObject({
      errors: [{ field: "customer", message: "is text, not the number 1" }],
    }));
  test("nulls alone have their own code", () =>
    expect(refusal(() => update({ title: null, price: null }))).toMatchObject({
      code: "not_null_violation",
      errors: [{ field: "title" }, { field: "price" }],
    }));
  test("a computed column", () =>
    expect(refusal(() => update({ total: 1 }))).toMatchObject({
      status: 422,
      code: "read_only_column",
      errors: [{ field: "total", message: "is computed by the database" }],
    }));
  test.each([
    ["titel", "is no column of tracks. Perhaps you meant 'title'."],
    ["KD_NAME", "is no column of tracks."],
    ["__proto__", "is no column of tracks."],
    ["constructor", "is no column of tracks."],
  ])("the unknown name %s", (name, message) =>
    expect(refusal(() => insert(JSON.parse(`{"title":"a","${name}":1}`)))).toEqual({
      status: 400,
      code: "unknown_column",
      detail: `'${name}' ${message}`,
      errors: [{ field: name, message }],
    }),
  );
});
