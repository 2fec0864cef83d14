// What an API tells of rows that are only marked as deleted, how its paths are called, and what no config can mean.
import { expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { printRoutes, routesAsJson } from "../../src/routes/print.js";
import { sqlite } from "../support/databases.js";
import { ddl, soft } from "./shop.js";

async function on<T>(options: object, look: (api: Awaited<ReturnType<typeof createApi>>) => T, more = ""): Promise<T> {
  const created = await sqlite.create(ddl.sqlite + more);
  try {
    const api = await createApi(created.url, options as ApiOptions);
    try {
      return await look(api);
    } finally {
      await api.close();
    }
  } finally {
    await created.drop();
  }
}

test("documents, metadata, routes and roles say it", () =>
  on({ ...soft, roles: { admin: "*", anonymous: { albums: ["read", "update", "delete"] } } }, (api) => {
    const { paths, components } = JSON.parse(JSON.stringify(api.as({ role: "admin", claims: {} }).openApi()));
    expect(paths["/albums/{id}/restore"].post).toMatchObject({
      operationId: "restoreAlbum",
      summary: "Restore an album that was deleted",
    });
    const named = (path: string) => JSON.stringify(paths[path].get.parameters);
    expect(named("/albums") + named("/albums/{id}")).toMatch(/deleted.*deleted/);
    expect(named("/artists")).not.toContain('deleted"');
    expect(components.schemas.AlbumFlat.properties.deleted_at).toMatchObject({
      readOnly: true,
      description: "Set by the API: when the row was deleted.",
    });
    expect(components.schemas.AlbumChanges.properties).not.toHaveProperty("deleted_at");
    const anonymous = api.as().openApi().paths;
    expect(anonymous).toHaveProperty("/albums/{id}");
    expect(anonymous).not.toHaveProperty("/albums/{id}/restore");
    const columns = api.metadata().tables.find(({ table }) => table === "tracks")?.columns;
    expect(columns?.find(({ name }) => name === "is_deleted")?.stamp).toEqual({ at: "delete", holds: "flag" });
    expect(printRoutes(api.tree, { why: true })).toContain(
      "field is_deleted — set by the API: whether the row was deleted",
    );
    expect(routesAsJson(api.tree)).toMatchObject({
      routes: expect.arrayContaining([
        {
          ...{ method: "POST", path: "/albums/:id/tracks/:trackId/restore", operation: "restore" },
          ...{ relation: "one-n", table: "tracks" },
        },
      ]),
    });
  }));

test("a relation that is called restore keeps its path", () =>
  on(
    soft,
    (api) => {
      const paths = printRoutes(api.tree);
      expect(paths).toMatch(/^\/albums\/:id\/restore +GET/m);
      expect(paths).toMatch(/^\/albums\/:id\/restore_row +POST/m);
    },
    "CREATE TABLE restore (id INTEGER PRIMARY KEY, album_id INTEGER UNIQUE REFERENCES albums (id));",
  ));

test("readOnly has no such route", () =>
  on({ ...soft, readOnly: true }, (api) => expect(printRoutes(api.tree)).not.toContain("restore")));

const entry = (softDelete: unknown) => ({ overrides: [{ name: "albums", softDelete }] });
test.each<[options: object, message: string | RegExp]>([
  [{ softDelete: "delete_at" }, /^options\.softDelete: no table has .*'deleted_at'\.$/],
  [{ softDelete: true }, /^options\.softDelete: is a column's name: /],
  [{ softDelete: "code" }, /^options\.softDelete: albums\.code is INTEGER: it is a boolean, .*softDelete: false/],
  [{ softDelete: "title" }, /^options\.softDelete: albums\.title is VARCHAR\(40\) NOT NULL: /],
  [entry("gone"), /^overrides: albums\.softDelete: albums has no column 'gone'/],
  [entry(true), /^overrides: albums\.softDelete: is a column's name, or false\.$/],
  [{ ...soft, exclude: ["albums.deleted_at"] }, /^options\.exclude: albums\.deleted_at says which rows are deleted/],
])("%j", async (options, message) => {
  await expect(on(options, () => undefined)).rejects.toThrow(message);
});
