// `sapwood/react-admin` against a server, alone and through react-admin's own ra-core, whose types it fits.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeEach, expect, test } from "vitest";
import { conditionsOf } from "../../src/client/filter-text.js";
import { dataProvider, type SapwoodDataProvider } from "../../src/client/react-admin.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const table = (integer: string) => `
CREATE TABLE countries (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE, age INTEGER, country_id INTEGER REFERENCES countries (id));
CREATE TABLE clubs (code VARCHAR(10) PRIMARY KEY, title VARCHAR(40));
CREATE TABLE clubs_members (club_code VARCHAR(10) NOT NULL REFERENCES clubs (code), member_id ${integer} NOT NULL REFERENCES members (id), PRIMARY KEY (club_code, member_id));
CREATE TABLE things (id INTEGER PRIMARY KEY, name VARCHAR(40));
CREATE TABLE places (x INTEGER NOT NULL, y VARCHAR(10) NOT NULL, label VARCHAR(40), PRIMARY KEY (x, y));
CREATE TABLE places_places (from_x INTEGER NOT NULL, from_y VARCHAR(10) NOT NULL, to_x INTEGER NOT NULL, to_y VARCHAR(10) NOT NULL,
  PRIMARY KEY (from_x, from_y, to_x, to_y), FOREIGN KEY (from_x, from_y) REFERENCES places (x, y), FOREIGN KEY (to_x, to_y) REFERENCES places (x, y))`;

const rows = {
  countries: [1, 2].map((id) => ({ id, name: `Country ${id}` })),
  members: Array.from({ length: 30 }, (_, i) => ({
    id: i + 1,
    name: i === 4 ? 'Quote " , ( \\' : `Member ${i + 1}`,
    age: i % 5 === 0 ? null : 20 + i,
    country_id: (i % 2) + 1,
  })),
  clubs: [
    { code: "a,b", title: "Comma" },
    { code: "c", title: "C" },
  ],
  clubs_members: [{ club_code: "a,b", member_id: 1 }],
  places: Array.from({ length: 60 }, (_, i) => ({ x: i, y: i === 1 ? "a,/%" : "b", label: `P${i}` })),
  places_places: [{ from_x: 50, from_y: "b", to_x: 51, to_y: "b" }],
  things: [1, 2].map((id) => ({ id, name: `Thing ${id}` })),
};

/** What a path has only in other letters. */
const odd = "what? 100% 日本";
const keys = { clubs: ["code"], places: ["x", "y"] };
const page = (page: number, perPage = 10) => ({ pagination: { page, perPage } });

onEveryDatabase({ sqlite: table("INTEGER"), postgres: table("INTEGER"), mariadb: table("INTEGER") }, (place) => {
  let app: App;
  let provider: SapwoodDataProvider;
  beforeEach(async () => {
    const { knex } = place.db();
    for (const name of Object.keys(rows).reverse()) await knex(name).del();
    for (const [name, all] of Object.entries(rows)) await knex(name).insert(all as object[]);
    app ??= await place.app({ overrides: [{ name: "things", resource: odd }] });
    provider = dataProvider(app.base + app.prefix, { keys });
  });
  const ids = (data: readonly { id: unknown }[]) => data.map(({ id }) => id);

  test("getList: pages, their total, sorting and filters", async () => {
    const sort = { field: "id", order: "DESC" };
    const list = await provider.getList("members", { ...page(2), sort });
    expect([list.total, ids(list.data)]).toEqual([30, [20, 19, 18, 17, 16, 15, 14, 13, 12, 11]]);
    const asked = async (filter: object) =>
      ids((await provider.getList("members", { ...page(1, 50), sort: { field: "id", order: "ASC" }, filter })).data);
    expect(await asked({ name: 'Quote " , ( \\' })).toEqual([5]);
    expect(await asked({ "age@gte": 47 })).toEqual([28, 29, 30]);
    expect(await asked({ age: null, "id@lt": 10 })).toEqual([1, 6]);
    expect(await asked({ id: [3, 1, 99] })).toEqual([1, 3]);
    expect(await asked({ name: ['Quote " , ( \\', "Member 2"] })).toEqual([2, 5]);
    expect(await asked({ "name@istartswith": "member 3" })).toEqual([3, 30]);
    expect(await asked({ country: { name: "Country 2" }, "id@lte": 4 })).toEqual([2, 4]);
    expect(await asked({ q: "ember 12", age: undefined })).toEqual([12]);
    const embedded = await provider.getList("members", { ...page(1, 1), meta: { select: "id,country(name)" } });
    expect(embedded.data).toEqual([{ id: 1, country: { name: "Country 1" } }]);
  });

  test("getList without a count tells whether there is another page", async () => {
    const counting = dataProvider(app.base + app.prefix, { keys, count: false });
    expect((await counting.getList("members", page(3))).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
    });
    expect((await counting.getList("members", page(1))).pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
    });
  });

  test("getMany: each row once, in any number, with keys of any kind", async () => {
    const all = [...rows.members.map(({ id }) => id), 1, 2, 999];
    expect(ids((await provider.getMany("members", { ids: all })).data)).toHaveLength(30);
    expect((await provider.getMany("members", { ids: [] })).data).toEqual([]);
    expect(ids((await provider.getMany("clubs", { ids: ["a,b", "c"] })).data).sort()).toEqual(["a,b", "c"]);
    const places = await provider.getList("places", { ...page(1, 60), sort: { field: "id", order: "ASC" } });
    expect(places.data[1]).toEqual({ id: "1,a%2C%2F%25", x: 1, y: "a,/%", label: "P1" });
    expect(ids((await provider.getMany("places", { ids: ids(places.data) as string[] })).data)).toHaveLength(60);
    expect((await provider.getOne("places", { id: "1,a%2C%2F%25" })).data.label).toBe("P1");
  });

  test("getManyReference: by a foreign key, by a nested route, and of an N-to-N", async () => {
    const by = async (resource: string, target: string, id: string | number) => {
      const { data, total } = await provider.getManyReference(resource, { target, id, ...page(1, 3) });
      return [ids(data), total];
    };
    expect(await by("members", "country_id", 2)).toEqual([[2, 4, 6], 15]);
    expect(await by("members", "countries/members", 2)).toEqual([[2, 4, 6], 15]);
    expect(await by("clubs", "members/clubs", 1)).toEqual([["a,b"], 1]);
    expect(await by("members", "clubs/members", "a,b")).toEqual([[1], 1]);
    await expect(by("members", "countries/members", 99)).rejects.toMatchObject({ status: 404 });
  });

  test("create, update of what has changed, delete", async () => {
    const made = await provider.create("members", { data: { id: 77, name: "New", country_id: 1 } });
    expect(made.data).toEqual({ id: 77, name: "New", age: null, country_id: 1 });
    const { data: before } = await provider.getOne("members", { id: 77 });
    const after = await provider.update("members", { id: 77, data: { ...before, age: 5 }, previousData: before });
    expect(after.data.age).toBe(5);
    expect((await provider.delete("members", { id: 77, previousData: after.data })).data).toEqual(after.data);
    await expect(provider.getOne("members", { id: 77 })).rejects.toMatchObject({ status: 404 });
    const club = await provider.update("clubs", {
      id: "a,b",
      data: { id: "a,b", code: "a,b", title: "T" },
      previousData: {},
    });
    expect(club.data).toEqual({ id: "a,b", code: "a,b", title: "T" });
  });

  test("a row that somebody else has changed since it was read is left alone", async () => {
    const { data: before } = await provider.getOne("members", { id: 3 });
    await place.db().knex("members").where({ id: 3 }).update({ age: 99 });
    const change = { id: 3, data: { ...before, name: "Mine" }, previousData: before };
    await expect(provider.update("members", change)).rejects.toMatchObject({
      status: 412,
      code: "precondition_failed",
    });
    await expect(provider.delete("members", { id: 3 })).rejects.toMatchObject({ status: 412 });
    const { data: again } = await provider.getOne("members", { id: 3 });
    expect((await provider.update("members", { ...change, previousData: again })).data).toMatchObject({ name: "Mine" });
    const careless = dataProvider(app.base + app.prefix, { ifMatch: false });
    await careless.getOne("members", { id: 4 });
    await place.db().knex("members").where({ id: 4 }).update({ age: 98 });
    expect((await careless.update("members", { id: 4, data: { age: 1 } })).data.age).toBe(1);
  });

  test("updateMany and deleteMany are one request, all or nothing", async () => {
    expect(await provider.updateMany("members", { ids: [1, 2, 3], data: { age: 7 } })).toEqual({ data: [1, 2, 3] });
    expect(await place.db().knex("members").where({ age: 7 }).pluck("id")).toHaveLength(3);
    await expect(provider.updateMany("members", { ids: [1, 2], data: { name: "Same" } })).rejects.toMatchObject({
      status: 409,
    });
    expect(await place.db().knex("members").where({ name: "Same" })).toEqual([]);
    await provider.deleteMany("places", { ids: ["1,a%2C%2F%25", "2,b"] });
    expect(await place.db().knex("places")).toHaveLength(58);
  });

  test("links: added, taken away, and set", async () => {
    const linked = async () =>
      ids((await provider.getManyReference("clubs", { target: "members/clubs", id: 2, ...page(1) })).data);
    await provider.link("members", { id: 2, relation: "clubs", relatedId: "a,b" });
    await provider.link("members", { id: 2, relation: "clubs", relatedId: "a,b" });
    expect(await linked()).toEqual(["a,b"]);
    await provider.setLinks("members", { id: 2, relation: "clubs", ids: ["c"] });
    expect(await linked()).toEqual(["c"]);
    await provider.unlink("members", { id: 2, relation: "clubs", relatedId: "c" });
    expect(await linked()).toEqual([]);
  });

  test("links whose relation is not called as the linked resource, with keys of several columns", async () => {
    const at = { id: "50,b", relation: "tos", reference: "places" };
    const linked = async () =>
      ids((await provider.getManyReference("places", { target: "places/tos", id: at.id, ...page(1) })).data);
    expect(await linked()).toEqual(["51,b"]);
    await provider.link("places", { ...at, relatedId: "1,a%2C%2F%25" });
    expect(await linked()).toEqual(["1,a%2C%2F%25", "51,b"]);
    await provider.unlink("places", { ...at, relatedId: "51,b" });
    expect(await linked()).toEqual(["1,a%2C%2F%25"]);
    await provider.setLinks("places", { ...at, ids: ["4,b", "1,a%2C%2F%25"] });
    expect(await linked()).toEqual(["1,a%2C%2F%25", "4,b"]);
  });

  test("a resource whose name has to be encoded", async () => {
    const sort = { field: "id", order: "ASC" };
    expect(ids((await provider.getList(odd, { ...page(1), sort })).data)).toEqual([1, 2]);
    expect(ids((await provider.getMany(odd, { ids: [2] })).data)).toEqual([2]);
    await provider.create(odd, { data: { id: 3, name: "Third" } });
    const { data } = await provider.getOne(odd, { id: 3 });
    await provider.update(odd, { id: 3, data: { name: "3rd" }, previousData: data });
    await provider.updateMany(odd, { ids: [1, 2], data: { name: "Same" } });
    await provider.delete(odd, { id: 1 });
    await provider.deleteMany(odd, { ids: [2] });
    expect(await place.db().knex("things").select()).toEqual([{ id: 3, name: "3rd" }]);
  });

  test("a refusal names its fields as react-admin's forms show them", async () => {
    const error = await provider.create("members", { data: { id: 78, name: "X", age: "old" } }).catch((error) => error);
    expect(error).toBeInstanceOf(Error);
    expect([error.status, Object.keys(error.body.errors)]).toEqual([422, ["age", "root"]]);
    expect(error.body.errors.root.serverError).toBe(error.message);
  });

  test("ra-core takes it: with callbacks around it, and combined with others", async () => {
    // It is looked for when the test runs: its types are compared below.
    const core = "ra-core";
    const { withLifecycleCallbacks, combineDataProviders, fetchRelatedRecords } = await import(core);
    const seen: string[] = [];
    const wrapped = withLifecycleCallbacks(provider, [
      {
        resource: "members",
        afterGetList: (result: { data: unknown[] }) => ({ ...result, data: result.data.slice(0, 1) }),
      },
      {
        resource: "*",
        beforeDelete: (params: object, _: object, resource: string) => {
          seen.push(resource);
          return params;
        },
      },
    ]);
    expect((await wrapped.getList("members", page(1))).data).toHaveLength(1);
    await wrapped.delete("places", { id: "5,b" });
    expect(seen).toEqual(["places"]);
    const combined = combineDataProviders(() => provider);
    expect((await combined.getOne("members", { id: 1 })).data.name).toBe("Member 1");
    const related = await fetchRelatedRecords(provider)(
      [{ country_id: 1 }, { country_id: 2 }],
      "country_id",
      "countries",
    );
    expect(related[2]).toEqual({ id: 2, name: "Country 2" });
  });
});

test("it is a DataProvider to ra-core's types", { timeout: 300_000 }, async () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const folder = await mkdtemp(join(root, "node_modules", ".react-admin-"));
  try {
    const file = join(folder, "typed.ts");
    const source = `import type { DataProvider } from "ra-core";
import { dataProvider } from ${JSON.stringify(join(root, "src/client/react-admin.ts"))};
export const provider: DataProvider<"members"> = dataProvider("/api");
// @ts-expect-error no such option
dataProvider("/api", { counts: "exact" });`;
    await writeFile(file, source);
    const program = ts.createProgram([file], {
      ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true },
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: [],
    });
    expect(
      ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    ).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.each([
  [{ a: 1, b: undefined, "c@ne": null }, ['"a"="eq:1"', '"c"="is:notnull"']],
  [{ 'x"y': "\\" }, [String.raw`"x\"y"="eq:\\"`]],
  [{ ids: ["a", 'b"'] }, [String.raw`"ids"="in:\"a\",\"b\\\"\""`]],
  [{ at: new Date(0) }, ['"at"="eq:1970-01-01T00:00:00.000Z"']],
  [{ a: { "b@gt": 1 } }, ['"a.b"="gt:1"']],
])("%j as conditions", (filters, wanted) => expect(conditionsOf(filters)).toEqual(wanted));
