// Stamps on every way to write: when and by whom a row was made and changed, whatever the client says of it.
import { beforeAll, describe, expect, test } from "vitest";
import { isProblem } from "../conformance/case.js";
import type { App } from "../support/apps.js";
import type { RequestParts } from "../support/http.js";
import { onEveryServer } from "../support/matrix.js";
import { ddl, stamps } from "./notes.js";

const OLD = "2001-01-01T00:00:00";
/** Clients send whole records back, old ones too. */
const old = { created_at: OLD, updated_at: `${OLD}Z`, created_by: "mallory", updated_by: "mallory" };

interface Row {
  readonly created_at: string;
  readonly updated_at: string;
}

/** To the second, which is all that some of the columns keep. */
const second = (text: string): string => text.slice(0, 19);
const isNow = (text: string, since: string): void => {
  expect(second(text) >= since && second(text) <= second(new Date().toISOString()), text).toBe(true);
};

onEveryServer(ddl, (place) => {
  let app: App;
  let since: string;
  beforeAll(async () => {
    app = await place.app({ stamps });
    since = second(new Date().toISOString());
  });
  const ask = (line: string, body: unknown, user = "ada", parts: RequestParts = {}) =>
    app.ask(line, { ...parts, body, headers: { "x-user": user, ...parts.headers } });
  const note = async (id: number) => (await app.ask(`GET /notes/${id}`)).json;

  const isNew = (row: Row & object, by: string) => {
    isNow(row.created_at, since);
    expect(second(row.updated_at)).toBe(second(row.created_at));
    expect(row).toMatchObject({ created_by: by, updated_by: by });
  };
  const isChanged = (row: Row & object, by: string) => {
    expect(second(row.created_at)).toBe(OLD);
    isNow(row.updated_at, since);
    expect(row).toMatchObject({ created_by: null, updated_by: by });
  };

  test("POST /notes says who and when, and not what the client says", async () => {
    const { status, json, text } = await ask("POST /notes", { text: "new", ...old });
    expect(status, text).toBe(201);
    isNew(json, "ada");
    expect(await note(json.id)).toEqual(json);
  });

  test("POST /notes of several rows has one time for all", async () => {
    const { json } = await ask("POST /notes", [{ text: "a" }, { text: "b", code: 77, ...old }]);
    for (const row of json) isNew(row, "ada");
    expect(json[0].updated_at).toBe(json[1].updated_at);
  });

  test("POST /notes as CSV", async () => {
    const csv = { headers: { "content-type": "text/csv" } };
    const { json, status, text } = await ask("POST /notes", "text,created_at\r\nc,1999-01-01T00:00:00\r\n", "bob", csv);
    expect(status, text).toBe(201);
    isNew(json[0], "bob");
  });

  test("PATCH /notes/1 says who and when, and keeps who made it", async () => {
    const { json, status, text } = await ask("PATCH /notes/1", { text: "uno", ...old }, "bob");
    expect(status, text).toBe(200);
    isChanged(json, "bob");
  });

  test("PATCH /notes/1 of nothing else changes nothing", async () => {
    const before = await note(1);
    for (const body of [{}, old]) expect((await ask("PATCH /notes/1", body, "eve")).json).toEqual(before);
    expect(await note(1)).toEqual(before);
  });

  test.each([["without", {}] as const, ["with", old] as const])("PUT /notes/2 %s them", async (_, more) => {
    const { json, status, text } = await ask("PUT /notes/2", { text: "dos", code: 2, ...more }, "eve");
    expect(status, text).toBe(200);
    isChanged(json, "eve");
  });

  test("PATCH /notes?id=in:1,3 stamps each row", async () => {
    const { json, status, text } = await ask("PATCH /notes?id=in:1,3", { text: "many", ...old }, "joe");
    expect(status, text).toBe(200);
    expect(json).toHaveLength(2);
    for (const row of json) isChanged(row, "joe");
  });

  test("PATCH /notes of an array stamps each row", async () => {
    const body = [
      { id: 1, text: "a", ...old },
      { id: 3, text: "b" },
    ];
    const { json, status, text } = await ask("PATCH /notes", body, "liz");
    expect(status, text).toBe(200);
    for (const row of json) isChanged(row, "liz");
  });

  test("PUT /notes/90 makes it", async () => {
    const prefer = { headers: { prefer: "resolution=upsert" } };
    const { json, status, text } = await ask("PUT /notes/90", { text: "ninety", ...old }, "ada", prefer);
    expect(status, text).toBe(201);
    isNew(json, "ada");
  });

  test("POST /notes?on-conflict=merge: what stands keeps who made it", async () => {
    const { json, status, text } = await ask(
      "POST /notes?on-conflict=merge&conflict-columns=code",
      [
        { code: 3, text: "merged", ...old },
        { code: 303, text: "made", ...old },
      ],
      "kim",
    );
    expect(status, text).toBe(200);
    isChanged(json[0], "kim");
    isNew(json[1], "kim");
  });

  test("POST /notes?on-conflict=ignore leaves what stands", async () => {
    const before = await note(2);
    const body = { code: before.code, text: "ignored" };
    const { json } = await ask("POST /notes?on-conflict=ignore&conflict-columns=code", body, "zoe");
    expect(json).toEqual(before);
    expect(await note(2)).toEqual(before);
  });

  test("POST /notes with pages and tags: one time for all of them, links too", async () => {
    const body = {
      text: "whole",
      pages: [{ title: "p", created_at: OLD, updated_at: OLD }],
      tags: [{ id: 1 }, { name: "new" }],
    };
    const { json, status, text } = await ask("POST /notes", body);
    expect(status, text).toBe(201);
    isNew(json, "ada");
    const day = json.updated_at.slice(0, 10);
    const [page] = json.pages;
    expect(page).toMatchObject({ title: "p", created_at: day });
    expect(page.updated_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(page.updated_at)).toBe(Date.parse(json.updated_at));
    const links = await place.db().knex("notes_tags").where({ note_id: json.id });
    expect(links).toHaveLength(2);
    for (const link of links) expect(link.updated_by).toBe("ada");
  });

  test("POST /notes/1/pages", async () => {
    const { json, status, text } = await ask("POST /notes/1/pages", { title: "first" });
    expect(status, text).toBe(201);
    isNow(json.updated_at, since);
  });

  test("POST /notes/1/tags/2/add, and PUT /notes/1/tags", async () => {
    const { json, status, text } = await ask("POST /notes/1/tags/2/add", { created_at: OLD }, "bob");
    expect(status, text).toBe(201);
    isNow(json.created_at, since);
    expect(json.updated_by).toBe("bob");
    const again = await ask("POST /notes/1/tags/2/add", {}, "eve");
    expect([again.status, again.json]).toEqual([200, json]);
    expect((await ask("PUT /notes/1/tags", [2, 3], "joe")).status).toBe(200);
    const links = await place.db().knex("notes_tags").where({ note_id: 1 }).orderBy("tag_id");
    expect(links.map(({ updated_by }) => updated_by)).toEqual(["bob", "joe"]);
  });

  test("POST /batch has one time for all of its entries", async () => {
    const entry = (text: string) => ({ method: "POST", path: "/notes", body: { text } });
    const { json, status, text } = await ask("POST /batch", [entry("a"), entry("b")]);
    expect(status, text).toBe(200);
    const [one, other] = json.map(({ body }: { body: Row & object }) => body);
    isNew(one, "ada");
    expect(other.updated_at).toBe(one.updated_at);
  });

  test("who has not signed in is nobody; a column that takes no NULL refuses them, and what it cannot hold", async () => {
    isNewBy((await app.ask("POST /notes", { body: { text: "x" } })).json, null);
    isProblem(await app.ask("POST /signeds", { body: { text: "x" } }), 403, "forbidden");
    isProblem(await ask("POST /signeds", { text: "x" }, "ada"), 403, "forbidden");
    expect((await ask("POST /signeds", { text: "x", updated_by: 3 }, "7")).json).toMatchObject({ updated_by: 7 });
    expect((await app.ask("GET /signeds?select=count()")).json).toEqual([{ count: 1 }]);
  });
  const isNewBy = (row: object, by: string | null) => expect(row).toMatchObject({ created_by: by, updated_by: by });

  describe("with hooks", () => {
    test("a hook may say a stamp, and then it is that", async () => {
      const hooked = await place.app({
        stamps,
        overrides: [
          {
            name: "notes",
            preSave: ({ body }) => {
              body.created_at = OLD;
            },
          },
        ],
      });
      const { json } = await hooked.ask("POST /notes", { body: { text: "import" } });
      expect(second(json.created_at)).toBe(OLD);
      isNow(json.updated_at, since);
    });
  });

  describe("under roles", () => {
    test("whoever may write some fields only need not name them; a claim says who", async () => {
      const ruled = await place.app({
        stamps: { ...stamps, claim: "name" },
        user: () => ({ sub: 7, name: "Ada L.", role: "member" }),
        roles: { member: { notes: { operations: "*", write: ["text"] } } },
      });
      const { json, status, text } = await ruled.ask("POST /notes", { body: { text: "mine", ...old } });
      expect(status, text).toBe(201);
      isNew(json, "Ada L.");
    });
  });
});
