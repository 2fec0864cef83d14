// Keys of several columns, UUIDs, and texts that a path must encode.
import { beforeAll, describe, expect, test } from "vitest";
import { readSchema } from "../../src/database/read-schema.js";
import { isProblem } from "../conformance/case.js";
import { ddl, oddKeys, otherUuid, uuid } from "../fixtures/shapes.js";
import { answers, lists, refuses, write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const enc = encodeURIComponent;

onEveryServer(ddl, (place) => {
  let app: App;
  beforeAll(async () => {
    app = await place.app();
  });

  describe("a key of three columns", () => {
    answers(() => app, {
      "GET /shelves/A,1,x%2Fy": { hall: "A", row_no: 1, slot: "x/y", note: "first" },
      "GET /shelves/A,1,x%2Cy": { hall: "A", row_no: 1, slot: "x,y", note: "second" },
      "GET /shelves/B,-2,50%25": { hall: "B", row_no: -2, slot: "50%", note: null },
      "GET /shelves/A,1,x%2Cy/boxes": [{ id: 1, hall: "A", row_no: 1, slot: "x,y" }],
      "GET /shelves/A,1,x%2Cy/boxes/1": { id: 1, hall: "A", row_no: 1, slot: "x,y" },
      "GET /boxes/2/shelf": { hall: "B", row_no: -2, slot: "50%", note: null },
      "GET /shelves/A,1,x%2Fy/labels": [{ name: "a/b" }],
      "GET /shelves/A,1,x%2Fy/labels/a%2Fb": { name: "a/b" },
      "GET /labels/a%2Fb/shelves/A,1,x%2Fy": { hall: "A", row_no: 1, slot: "x/y", note: "first" },
      "GET /labels/a%2Cb/shelves": [],
    });
    refuses(
      () => app,
      [
        ["GET /shelves/A,1", 404, "not_found"],
        ["GET /shelves/A,1,x,y", 404, "not_found"],
        ["GET /shelves/A,one,x%2Fy", 404, "not_found"],
        ["GET /shelves/A,1,x%2Cy/boxes/2", 404, "not_found"],
        ["GET /boxes/3/shelf", 404, "not_found"],
        ["POST /shelves", 409, "unique_violation", { hall: "A", row_no: 1, slot: "x,y" }],
        ["POST /boxes", 409, "foreign_key_violation", { hall: "A", row_no: 9, slot: "x,y" }],
        ["POST /shelves/A,9,x/boxes", 404, "parent_not_found", {}],
        ["PUT /shelves/A,1,x%2Cy", 422, "invalid_value", { hall: "Z" }],
        ["DELETE /shelves/A,1,x%2Cy", 409, "foreign_key_violation"],
      ],
    );

    test("POST /shelves, and all that follows under its Location", async () => {
      const body = { hall: "A,B", row_no: 3, slot: "c/d 🌲" };
      const made = await write(app, "POST /shelves", 201, body);
      const path = `/shelves/A%2CB,3,c%2Fd%20${enc("🌲")}`;
      expect(made.headers.location).toBe(`/api${path}`);
      expect((await write(app, `GET ${path}`, 200)).json).toEqual({ ...body, note: null });
      expect((await write(app, `PATCH ${path}`, 200, { note: "n" })).json.note).toBe("n");
      const box = await write(app, `POST ${path}/boxes`, 201, {});
      expect(box.json).toMatchObject(body);
      expect(box.headers.location).toBe(`/api${path}/boxes/${box.json.id}`);
      await write(app, `POST ${path}/labels/100%25/add`, 201);
      await write(app, `POST ${path}/labels/100%25/add`, 200);
      await write(app, `POST ${path}/labels/100%25/delete`, 204);
      await write(app, `DELETE ${path}/boxes/${box.json.id}`, 204);
      const moved = await write(app, `PATCH ${path}`, 200, { slot: "e" });
      expect(moved.json).toEqual({ ...body, slot: "e", note: "n" });
      await write(app, `GET ${path}`, 404);
      await write(app, "DELETE /shelves/A%2CB,3,e", 204);
    });

    lists(() => app, "slot", { "GET /shelves": ["x,y", "x/y", "50%"] });
  });

  describe("text keys", () => {
    for (const key of oddKeys) {
      const path = `/labels/${enc(key).replace(/^\.+$/, (dots) => dots.replaceAll(".", "%2E"))}`;
      test(`GET ${path} and what is below it`, async () => {
        expect((await write(app, `GET ${path}`, 200)).json).toEqual({ name: key });
        const [note] = (await write(app, `GET ${path}/notes`, 200)).json;
        expect(note).toMatchObject({ label: key, text: `on ${key}` });
        expect((await write(app, `GET ${path}/notes/${note.id}`, 200)).json).toEqual(note);
        expect((await write(app, `GET /notes/${note.id}/label`, 200)).json).toEqual({ name: key });
        expect((await write(app, `GET /labels?name=eq:${enc(key)}`, 200)).json).toEqual([{ name: key }]);
        expect((await write(app, `PATCH ${path}`, 200, {})).json).toEqual({ name: key });
        expect((await write(app, `PUT ${path}`, 200, { name: key })).json).toEqual({ name: key });
      });

      test(`POST, DELETE below ${path}`, async () => {
        const made = await write(app, `POST ${path}/notes`, 201, { text: "new" });
        expect(made.json.label).toBe(key);
        const under = made.headers.location?.slice("/api".length);
        await write(app, `GET ${under}`, 200);
        await write(app, `DELETE ${under}`, 204);
      });

      test(`POST /labels with ${JSON.stringify(`${key}'`)} answers a Location that leads to it`, async () => {
        const made = await write(app, "POST /labels", 201, { name: `${key}'` });
        const location = made.headers.location?.slice("/api".length);
        expect((await write(app, `GET ${location}`, 200)).json).toEqual({ name: `${key}'` });
        await write(app, `DELETE ${location}`, 204);
      });
    }

    test("every Location of `..` and `.` is one that a browser leaves alone", async () => {
      const made = await write(app, "POST /labels", 201, { name: "..." });
      await write(app, `DELETE ${made.headers.location?.slice("/api".length)}`, 204);
      const url = new URL(made.headers.location as string, "http://a.b");
      expect(url.pathname).toBe("/api/labels/...");
    });
  });

  describe("UUID keys", () => {
    answers(() => app, {
      [`GET /documents/${uuid}`]: { id: uuid, title: "Title 0" },
      [`GET /documents/${uuid.toUpperCase()}`]: { id: uuid, title: "Title 0" },
      [`GET /documents/${uuid}/pages/2`]: { id: 2, document_id: uuid, no: 2 },
      [`GET /documents/${otherUuid}/pages`]: [],
      "GET /pages/1/document": { id: uuid, title: "Title 0" },
    });
    refuses(
      () => app,
      [
        ["GET /documents/1", 404, "not_found"],
        ["GET /documents/0b9c5e1a-6f3d-4a63-9d0e-000000000000/pages", 404, "parent_not_found"],
      ],
    );

    test("POST /documents of what is no UUID", async ({ skip }) => {
      const { tables } = await readSchema(place.db().knex);
      const [id] = tables.find(({ name }) => name === "documents")?.columns ?? [];
      if (id?.type.kind !== "uuid") skip("the database has no type for them");
      isProblem(await app.ask("POST /documents", { body: { id: "no" } }), 422, "invalid_value");
    });

    test("POST /documents", async () => {
      const id = "11111111-2222-4333-8444-555555555555";
      const made = await write(app, "POST /documents", 201, { id, title: "t" });
      expect(made.json).toEqual({ id, title: "t" });
      expect(made.headers.location).toBe(`/api/documents/${id}`);
      expect((await write(app, `POST /documents/${id}/pages`, 201, { no: 1 })).json.document_id).toBe(id);
      await write(app, `DELETE /documents/${id}`, 409);
    });
  });
});
