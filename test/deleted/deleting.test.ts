// Rows that are marked as deleted: gone for every request, still in their table, and there again when they are restored.
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import { isProblem } from "../conformance/case.js";
import type { App } from "../support/apps.js";
import type { RequestParts } from "../support/http.js";
import { onEveryServer, type Place } from "../support/matrix.js";
import { ddl, soft } from "./shop.js";

const stamps = { updated: "updated_at", by: "updated_by" };

async function mend(place: Place): Promise<void> {
  const { knex } = place.db();
  await knex("albums").where("id", ">", 5).update({ artist_id: null });
  for (const table of ["tracks", "sleeves", "albums_tags"]) await knex(table).delete();
  await knex("albums").where("id", ">", 5).delete();
  await knex("tags").where("id", ">", 3).delete();
  await knex("albums").update({ deleted_at: null, updated_at: null, updated_by: null });
  await knex("tags").update({ gone: false });
  for (const [id, album_id, seconds] of [
    [1, 1, 10],
    [2, 1, 20],
    [3, 2, 30],
    [4, 3, 40],
  ])
    await knex("tracks").insert({ id, title: "abcd"[(id as number) - 1], album_id, seconds });
  for (const id of [1, 2]) await knex("sleeves").insert({ id, text: `s${id}`, album_id: id });
  for (const [album_id, tag_id] of [
    [1, 1],
    [1, 2],
    [2, 2],
  ])
    await knex("albums_tags").insert({ album_id, tag_id });
}

onEveryServer(ddl, (place) => {
  let app: App;
  beforeAll(async () => {
    app = await place.app({ ...soft, stamps });
  });
  beforeEach(() => mend(place));
  const ask = (line: string, body?: unknown, headers: RequestParts["headers"] = { "x-user": "eve" }) =>
    app.ask(line, { ...(body !== undefined && { body }), headers });
  const ids = async (line: string, on = app) => {
    const { json, status, text } = await on.ask(line);
    expect(status, text).toBe(200);
    return json.map(({ id }: { id: number }) => id);
  };
  const status = async (line: string, body?: unknown) => (await ask(line, body)).status;
  const row = (table: string, id: number) => place.db().knex(table).where({ id }).first();
  const remove = async (line: string) => expect((await ask(`DELETE ${line}`)).status).toBe(204);

  test("DELETE /albums/1 marks it, says who and when, and it is gone for every request", async () => {
    await remove("/albums/1");
    const kept = await row("albums", 1);
    expect(kept.deleted_at).not.toBeNull();
    expect(kept).toMatchObject({ title: "one", updated_by: "eve" });
    expect(await status("GET /albums/1")).toBe(404);
    for (const [line, body] of [
      ["DELETE /albums/1", undefined],
      ["PATCH /albums/1", { title: "x" }],
      ["PUT /albums/1", { title: "x" }],
      [
        "PATCH /albums",
        [
          { id: 2, title: "x" },
          { id: 1, title: "x" },
        ],
      ],
      ["GET /albums/1/tracks", undefined],
      ["GET /albums/1/tracks/1", undefined],
      ["GET /albums/1/tags", undefined],
      ["GET /albums/1/sleeve", undefined],
      ["POST /albums/1/tracks", { title: "new" }],
      ["POST /albums/1/tags/3/add", {}],
      ["PUT /albums/1/tags", [3]],
      ["GET /tracks/1/album", undefined],
      ["GET /artists/1/albums/1", undefined],
    ] as const)
      expect([line, await status(line, body)]).toEqual([line, 404]);
    expect(await ids("GET /albums")).toEqual([2, 3, 4, 5]);
    expect(await ids("GET /albums?or=(id=1,id=2)")).toEqual([2]);
    expect(await ids("GET /artists/1/albums")).toEqual([2]);
    expect(await ids("GET /tags/2/albums")).toEqual([2]);
    expect(await ids("GET /tracks?album.title=in:one,two")).toEqual([3]);
    expect(await ids("GET /tracks?album=is:null")).toEqual([1, 2]);
    expect(await ids("GET /artists?albums.count()=eq:1")).toEqual([1]);
    expect(await ids("GET /albums?search=one")).toEqual([]);
    expect((await ask("GET /tracks/1?select=id,album(title)")).json).toEqual({ id: 1, album: null });
    expect((await ask("GET /artists/1?select=albums(id)")).json).toEqual({ albums: [{ id: 2 }] });
    expect((await ask("GET /albums?select=count(),code.sum()")).json).toEqual([{ count: 4, sum: 14 }]);
    const counted = await ask("GET /albums?limit=1&count=exact");
    expect(counted.headers["x-total-count"]).toBe("4");
    expect((await ask("GET /albums?limit=1&count=estimated")).headers["x-total-count"]).toBe("4");
    const csv = await ask("GET /albums?select=title", undefined, { accept: "text/csv" });
    expect(csv.text).toBe("title\r\ntwo\r\nthree\r\nfour\r\nfive\r\n");
    expect(await status("PATCH /albums?id=in:1", { title: "x" })).toBe(200);
    expect((await row("albums", 1)).title).toBe("one");
    const batch = await ask("POST /batch", [{ method: "GET", path: "/albums/1" }]);
    expect(batch.json).toMatchObject({ status: 404 });
  });

  test("DELETE of rows that are marked by a flag, one, several and below a parent", async () => {
    await remove("/tracks/1");
    expect(Boolean((await row("tracks", 1)).is_deleted)).toBe(true);
    expect(await ids("GET /tracks")).toEqual([2, 3, 4]);
    const many = await ask("DELETE /tracks?id=in:1,2,3");
    expect([many.status, many.headers["x-total-count"]]).toEqual([204, "2"]);
    expect(await ids("GET /tracks")).toEqual([4]);
    expect(await ids("GET /albums/1/tracks")).toEqual([]);
    await remove("/albums/3/tracks/4");
    expect(await place.db().knex("tracks").count({ n: "*" }).first()).toMatchObject({ n: expect.anything() });
    expect(await ids("GET /tracks")).toEqual([]);
    await remove("/tags/2");
    expect(await ids("GET /albums/1/tags")).toEqual([1]);
    expect(await place.db().knex("tracks")).toHaveLength(4);
  });

  test("GET ?deleted=with and ?deleted=only", async () => {
    await remove("/albums/1");
    await remove("/albums/4");
    await remove("/tracks/2");
    expect(await ids("GET /albums?deleted=only")).toEqual([1, 4]);
    expect(await ids("GET /albums?deleted=with")).toEqual([1, 2, 3, 4, 5]);
    expect(await ids("GET /albums?deleted=only&title=four")).toEqual([4]);
    expect((await ask("GET /albums?deleted=only&count=exact&limit=1")).headers["x-total-count"]).toBe("2");
    expect(await ids("GET /artists/2/albums?deleted=only")).toEqual([4]);
    expect((await ask("GET /albums/1?deleted=with")).json).toMatchObject({ id: 1, title: "one" });
    expect((await ask("GET /albums/2?deleted=only")).status).toBe(404);
    // Only the rows that are asked for: what is related to them is as ever.
    const { json } = await ask("GET /albums?deleted=with&id=1&select=id,tracks(id)");
    expect(json).toEqual([{ id: 1, tracks: [{ id: 1 }] }]);
    const page = await ask("GET /albums?deleted=with&limit=2");
    const next = /<\/api([^>]*)>; rel="next"/.exec(page.headers.link as string)?.[1];
    expect(await ids(`GET ${next}`)).toEqual([3, 4]);
    isProblem(await ask("GET /albums?deleted=all"), 400, "malformed_query");
    isProblem(await ask("GET /albums?deleted=only&deleted=with"), 400, "malformed_query");
    isProblem(await ask("GET /artists?deleted=only"), 400, "unknown_column");
  });

  test("POST …/restore brings a row back, with all that refers to it", async () => {
    await remove("/albums/1");
    const deleted = await ask("GET /albums/1?deleted=only");
    isProblem(await ask("POST /albums/1/restore", undefined, { "if-match": '"x"' }), 412, "precondition_failed");
    const etag = deleted.headers.etag as string;
    const back = await ask("POST /albums/1/restore", undefined, { "if-match": etag, "x-user": "joe" });
    expect([back.status, back.json], back.text).toMatchObject([200, { id: 1, deleted_at: null, updated_by: "joe" }]);
    expect((await ask("GET /albums/1")).headers.etag).toBe(back.headers.etag);
    expect(await ids("GET /albums/1/tracks")).toEqual([1, 2]);
    expect(await ids("GET /albums/1/tags")).toEqual([1, 2]);
    // Again: it is there.
    expect((await ask("POST /albums/1/restore")).json).toEqual(back.json);
    isProblem(await ask("POST /albums/99/restore"), 404, "not_found");
    isProblem(await ask("POST /albums/1/restore", { title: "x" }), 400, "invalid_body");
    expect(await status("POST /artists/1/restore")).toBe(404);
    await remove("/tracks/1");
    await remove("/tags/1");
    expect((await ask("POST /albums/2/tracks/1/restore")).status).toBe(404);
    const track = await ask("POST /albums/1/tracks/1/restore");
    expect([track.status, track.json], track.text).toMatchObject([200, { id: 1, is_deleted: false }]);
    expect((await ask("POST /tags/1/restore")).json).toMatchObject({ gone: false });
    await remove("/albums/2/sleeve");
    expect(await status("GET /albums/2/sleeve")).toBe(404);
    expect((await ask("POST /albums/2/sleeve/restore")).json).toMatchObject({ text: "s2" });
    expect(await status("GET /albums/2/sleeve")).toBe(200);
  });

  test("POST …/restore with Prefer: tx=rollback and return=minimal, and in a batch", async () => {
    await remove("/albums/1");
    const tried = await ask("POST /albums/1/restore", undefined, { prefer: "tx=rollback" });
    expect([tried.status, tried.json.deleted_at]).toEqual([200, null]);
    expect(await status("GET /albums/1")).toBe(404);
    const batch = await ask("POST /batch", [{ method: "POST", path: "/albums/1/restore" }]);
    expect(batch.json, batch.text).toMatchObject([{ status: 200 }]);
    await remove("/albums/1");
    expect((await ask("POST /albums/1/restore", undefined, { prefer: "return=minimal" })).status).toBe(204);
  });

  test("links that are taken away are marked, and there again when they are added", async () => {
    await ask("POST /albums/1/tags/2/delete");
    expect(await place.db().knex("albums_tags")).toHaveLength(3);
    expect(await ids("GET /albums/1/tags")).toEqual([1]);
    expect(await status("POST /albums/1/tags/2/delete")).toBe(404);
    const added = await ask("POST /albums/1/tags/2/add", { note: "again" });
    expect([added.status, added.json], added.text).toMatchObject([201, { note: "again", deleted_at: null }]);
    expect((await ask("POST /albums/1/tags/2/add", {})).status).toBe(200);
    expect((await ask("PUT /albums/1/tags", [3])).json).toMatchObject([{ id: 3 }]);
    expect((await ask("PUT /albums/1/tags", [1, 2])).json.map(({ id }: { id: number }) => id)).toEqual([1, 2]);
    expect(await place.db().knex("albums_tags").where({ album_id: 1 })).toHaveLength(3);
    expect(await status("DELETE /albums/1/tags?name=red")).toBe(204);
    const nested = await ask("PATCH /albums/1", { tags: [{ id: 1 }] });
    expect(nested.status, nested.text).toBe(200);
    expect(await ids("GET /albums/1/tags")).toEqual([1, 2]);
  });

  test("a link to a deleted row is kept while others are replaced", async () => {
    await remove("/tags/1");
    expect((await ask("PUT /albums/1/tags", [3])).json).toMatchObject([{ id: 3 }]);
    await ask("POST /tags/1/restore");
    expect(await ids("GET /albums/1/tags")).toEqual([1, 3]);
    isProblem(await ask("PUT /albums/1/tags", [1, 77]), 422, "invalid_value");
  });

  test("a foreign key to a deleted row is refused, unless the row has it already", async () => {
    await remove("/albums/1");
    isProblem(await ask("POST /tracks", { title: "x", album_id: 1 }), 409, "foreign_key_violation");
    isProblem(await ask("PATCH /tracks/3", { album_id: 1 }), 409, "foreign_key_violation");
    isProblem(await ask("PATCH /tracks?id=in:1,3", { album_id: 1 }), 409, "foreign_key_violation");
    const both = [
      { id: 3, album_id: 2 },
      { id: 4, album_id: 1 },
    ];
    isProblem(await ask("PATCH /tracks", both), 409, "foreign_key_violation");
    isProblem(await ask("POST /tracks", [{ album_id: 2 }, { album_id: 1 }]), 409, "foreign_key_violation");
    expect(await place.db().knex("tracks")).toHaveLength(4);
    const { json } = await ask("GET /tracks/1");
    const each = [
      { ...json, title: "still" },
      { id: 3, album_id: 3, title: "moved" },
    ];
    expect(await status("PATCH /tracks", each)).toBe(200);
    expect((await ask("PUT /tracks/1", { ...json, title: "whole" })).json).toMatchObject({
      title: "whole",
      album_id: 1,
    });
  });

  test("a key that a deleted row holds is taken", async () => {
    await remove("/albums/1");
    for (const [line, body] of [
      ["POST /albums", { title: "x", code: 1 }],
      ["PATCH /albums/2", { code: 1 }],
      ["POST /albums?on-conflict=merge", { id: 1, title: "x" }],
      ["POST /albums?on-conflict=ignore", { id: 1, title: "x" }],
      [
        "POST /albums?on-conflict=merge&conflict-columns=code",
        [
          { title: "y", code: 2 },
          { title: "x", code: 1 },
        ],
      ],
    ] as const) {
      const answer = await ask(line, body);
      isProblem(answer, 409, "unique_violation");
      expect(answer.json.detail).toMatch(/deleted row/);
    }
    const put = await ask("PUT /albums/1", { title: "x" }, { prefer: "resolution=upsert" });
    isProblem(put, 409, "unique_violation");
    expect(await row("albums", 1)).toMatchObject({ title: "one", code: 1 });
    expect((await ask("GET /albums/2")).json.title).toBe("two");
    expect((await ask("PUT /albums/60", { title: "x" }, { prefer: "resolution=upsert" })).status).toBe(201);
  });

  test("clients cannot mark a row, nor make one that is marked; what they have read they may send", async () => {
    for (const body of [{ deleted_at: "2020-01-01T00:00:00Z" }, { deleted_at: "" }])
      isProblem(await ask("PATCH /albums/2", body), 422, "read_only_column");
    isProblem(await ask("PATCH /tracks/3", { is_deleted: true }), 422, "read_only_column");
    isProblem(await ask("POST /albums", { title: "x", deleted_at: "2020-01-01T00:00:00Z" }), 422, "read_only_column");
    expect(await status("PATCH /albums/2", { title: "zwei", deleted_at: null })).toBe(200);
    expect(await status("PATCH /tracks/3", { is_deleted: false })).toBe(200);
    expect((await ask("POST /tags", { name: "new", gone: false })).json).toMatchObject({ gone: false });
  });

  test("hooks of deleting and saving run; DELETE with If-Match", async () => {
    const heard: string[] = [];
    const hear = (name: string) => (context: { operation: string }) => void heard.push(`${name} ${context.operation}`);
    const hooks = { preDelete: hear("preDelete"), postDelete: hear("postDelete") };
    const saving = { preSave: hear("preSave"), postSave: hear("postSave"), afterCommit: hear("afterCommit") };
    const hooked = await place.app({ ...soft, hooks: { ...hooks, ...saving } } as ApiOptions);
    const { headers } = await hooked.ask("GET /albums/2");
    expect((await hooked.ask("DELETE /albums/2", { headers: { "if-match": '"x"' } })).status).toBe(412);
    heard.length = 0;
    expect((await hooked.ask("DELETE /albums/2", { headers: { "if-match": headers.etag as string } })).status).toBe(
      204,
    );
    expect((await hooked.ask("POST /albums/2/restore")).status).toBe(200);
    expect(heard).toEqual([
      ...["preDelete delete", "postDelete delete", "afterCommit delete"],
      ...["preSave restore", "postSave restore", "afterCommit restore"],
    ]);
  });

  describe("under roles", () => {
    const as = (role: string, sub: string) => ({ headers: { "x-user": JSON.stringify({ role, sub }) } });
    let ruled: App;
    beforeAll(async () => {
      ruled = await place.app({
        ...soft,
        user: (_: unknown, { header }: { header(name: string): string | undefined }) =>
          JSON.parse(header("x-user") ?? "null"),
        roles: {
          admin: "*",
          editor: { "*": ["read", "update", "delete"] },
          owner: {
            albums: { operations: "*", rows: "owner=eq:$user.sub", read: ["id", "title", "owner"] },
            tracks: { operations: "*", rows: "album.owner=eq:$user.sub" },
          },
        },
      } as ApiOptions);
    });
    const asked = (line: string, role: string, sub = "ada") => ruled.ask(line, as(role, sub));

    test("deleted rows and restoring take the right to it", async () => {
      await remove("/albums/1");
      isProblem(await asked("GET /albums?deleted=only", "editor"), 403, "forbidden");
      isProblem(await asked("GET /albums/1?deleted=with", "editor"), 403, "forbidden");
      isProblem(await asked("POST /albums/1/restore", "editor"), 403, "forbidden");
      expect((await asked("OPTIONS /albums/1/restore", "admin")).headers.allow).toBe("POST, OPTIONS");
      expect((await asked("GET /albums?deleted=only", "admin")).json).toHaveLength(1);
      expect((await asked("POST /albums/1/restore", "admin")).status).toBe(200);
      expect((await asked("DELETE /albums/1", "editor")).status).toBe(204);
    });

    test("and only rows within the rule", async () => {
      for (const id of [1, 2]) await remove(`/albums/${id}`);
      const seen = await asked("GET /albums?deleted=only", "owner");
      expect(seen.json, seen.text).toEqual([{ id: 1, title: "one", owner: "ada" }]);
      expect((await asked("POST /albums/2/restore", "owner")).status).toBe(404);
      expect((await asked("GET /albums/2?deleted=with", "owner")).status).toBe(404);
      // The rule leads through a deleted album: it gives no right any more.
      expect((await asked("GET /tracks", "owner")).json.map(({ id }: { id: number }) => id)).toEqual([4]);
      const back = await asked("POST /albums/1/restore", "owner");
      expect([back.status, back.json], back.text).toEqual([200, { id: 1, title: "one", owner: "ada" }]);
      expect((await asked("GET /tracks", "owner")).json.map(({ id }: { id: number }) => id)).toEqual([1, 2, 4]);
      expect((await asked("DELETE /albums/2", "owner")).status).toBe(404);
      expect((await asked("DELETE /albums/1", "owner")).status).toBe(204);
    });
  });
});
