// What an API tells of its stamps, and what no config can mean.
import { describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { printRoutes } from "../../src/routes/print.js";
import { sqlite } from "../support/databases.js";
import { ddl, stamps } from "./notes.js";

const legacy = `${ddl.sqlite} CREATE TABLE legacy (id INTEGER PRIMARY KEY, created_at INTEGER, updated_at VARCHAR(10));`;

async function on<T>(options: ApiOptions, look: (api: Awaited<ReturnType<typeof createApi>>) => T): Promise<T> {
  const created = await sqlite.create(legacy);
  try {
    const api = await createApi(created.url, options);
    try {
      return await look(api);
    } finally {
      await api.close();
    }
  } finally {
    await created.drop();
  }
}

const none = { name: "legacy", stamps: false } as const;

describe("what is shown", () => {
  test("documents, metadata and routes --why say what the API writes", () =>
    on({ stamps, overrides: [none] }, (api) => {
      const { schemas } = JSON.parse(JSON.stringify(api.openApi().components));
      expect(schemas.NoteFlat.properties).toMatchObject({
        created_at: { readOnly: true, description: "Set by the API: when the row was made." },
        updated_by: { readOnly: true },
      });
      expect(Object.keys(schemas.PageChanges.properties)).toEqual(["id", "note_id", "title"]);
      expect(JSON.stringify(schemas.PageCreate)).not.toContain("updated_at");
      const columns = api.metadata().tables.find(({ table }) => table === "notes")?.columns ?? [];
      expect(columns.find(({ name }) => name === "updated_by")?.stamp).toEqual({
        at: "write",
        holds: "caller",
        claim: "sub",
      });
      expect(columns.find(({ name }) => name === "text")).not.toHaveProperty("stamp");
      const why = printRoutes(api.tree, { why: true });
      expect(why).toContain("field updated_at — set by the API: when the row was written last");
      expect(why).toContain("field created_by — set by the API: who has made the row, by the claim 'sub'");
    }));

  test("an entry's own stamps, and none", () =>
    on({ overrides: [{ name: "notes", stamps: { created: "created_at" } }, none] }, (api) => {
      const stamped = api
        .metadata()
        .tables.flatMap(({ table, columns }) =>
          columns.flatMap(({ name, stamp }) => (stamp ? [`${table}.${name}`] : [])),
        );
      expect(stamped).toEqual(["notes.created_at"]);
    }));
});

describe("mistakes", () => {
  const override = (entry: object) => ({ overrides: [none, { name: "notes", ...entry }] });
  test.each<[options: object, message: string | RegExp]>([
    [{ stamps: { made: "created_at" } }, /^options\.stamps\.made: there is no such option\. .*created/],
    [{ stamps: { created: true } }, "options.stamps.created: is a column's name."],
    [{ stamps: "created_at" }, /^options\.stamps: is an object; its options are created, /],
    [{ stamps: { created: "creatd_at" } }, /^options\.stamps\.created: no table has .*'created_at'\.$/],
    [{ stamps }, /^options\.stamps\.created: legacy\.created_at is INTEGER: .*name: "legacy", stamps: false/],
    [{ stamps: { updated: "updated_at" } }, /^options\.stamps\.updated: legacy\.updated_at is VARCHAR\(10\): /],
    [override({ stamps: { by: "updatedby" } }), /^overrides: notes\.stamps\.by: notes has no column .*'updated_by'\.$/],
    [override({ stamps: { updatd: "x" } }), /^overrides: notes\.stamps\.updatd: .*'updated'/],
    [override({ stamps: true }), /^overrides: notes\.stamps: is an object/],
  ])("%j", async (options, message) => {
    await expect(on(options as ApiOptions, () => undefined)).rejects.toThrow(message);
  });
});
