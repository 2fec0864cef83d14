// 1-to-1: by a unique key, by a shared primary key, and by a key that is called `id` on both sides.
import { beforeAll, describe, expect, test } from "vitest";
import { ddl } from "../fixtures/shapes.js";
import { answers, refuses, write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

onEveryServer(ddl, (place) => {
  let app: App;
  beforeAll(async () => {
    app = await place.app();
  });

  answers(() => app, {
    "GET /people/1/passport": { id: 1, person_id: 1, country: "NO" },
    "GET /people/1/passports": [{ id: 1, person_id: 1, country: "NO" }],
    "GET /people/1/passports/1": { id: 1, person_id: 1, country: "NO" },
    "GET /passports/1/person": { id: 1, name: "Ada" },
    "GET /people/1/profile": { person_id: 1, bio: "counts" },
    "GET /people/1/profiles/1": { person_id: 1, bio: "counts" },
    "GET /profiles/1/person": { id: 1, name: "Ada" },
    "GET /people/1/badge": { id: 1, colour: "red" },
    "GET /badges/1/person": { id: 1, name: "Ada" },
    "GET /people/1/locker": { person_id: 1, code: "one" },
    "GET /people/2/locker": { person_id: 2, code: "two" },
  });
  refuses(
    () => app,
    [
      ["GET /people/2/passport", 404, "not_found"],
      ["GET /people/99/passport", 404, "parent_not_found"],
      ["GET /people/2/profile", 404, "not_found"],
      ["GET /passports/2/person", 404, "not_found"],
      ["PATCH /people/2/passport", 404, "not_found", { country: "x" }],
      ["PUT /people/99/passport", 404, "parent_not_found", { country: "x" }],
      ["DELETE /people/2/profile", 404, "not_found"],
      ["PATCH /people/3/locker", 404, "not_found", { code: "x" }],
      ["POST /people/1/passports", 409, "unique_violation", { country: "x" }],
      ["POST /people/1/profiles", 409, "unique_violation", { bio: "x" }],
    ],
  );

  describe("the singular route writes", () => {
    for (const [name, field, key] of [
      ["passport", "country", "person_id"],
      ["profile", "bio", "person_id"],
      ["badge", "colour", "id"],
      ["locker", "code", "person_id"],
    ] as const) {
      test(`PUT, PATCH, DELETE /people/3/${name}`, async () => {
        const made = await write(app, `POST /people/3/${name}s`, 201, { [field]: "new" });
        expect(made.json).toMatchObject({ [key]: 3, [field]: "new" });
        const path = `/people/3/${name}`;
        const row = made.json;
        expect((await write(app, `GET ${path}`, 200)).json).toEqual(row);
        expect((await write(app, `PATCH ${path}`, 200, { [field]: "patched" })).json).toEqual({
          ...row,
          [field]: "patched",
        });
        expect((await write(app, `PUT ${path}`, 200, { [field]: "put" })).json).toEqual({ ...row, [field]: "put" });
        expect((await write(app, `PUT ${path}`, 200, {})).json).toEqual({ ...row, [field]: null });
        await write(app, `DELETE ${path}`, 204);
        await write(app, `GET ${path}`, 404);
        const headers = { prefer: "resolution=upsert" };
        const again = await app.ask(`PUT ${path}`, { body: { [field]: "again" }, headers });
        expect([again.status, again.headers.location], again.text).toEqual([201, app.prefix + path]);
        expect((await write(app, `GET ${path}`, 200)).json).toEqual(again.json);
        expect(again.json).toMatchObject({ [key]: 3, [field]: "again" });
        await write(app, `DELETE ${path}`, 204);
        // The others' rows are as they were.
        await write(app, `GET /people/1/${name}`, 200);
      });
    }

    test("OPTIONS /people/1/profile", async () => {
      const { headers, status } = await app.ask("OPTIONS /people/1/profile");
      expect([status, headers.allow]).toEqual([204, "GET, HEAD, QUERY, PUT, PATCH, DELETE, OPTIONS"]);
    });

    test("PUT /people/1/passport that names another person moves it there", async () => {
      await write(app, "PUT /people/1/passport", 200, { person_id: 4, country: "NO" });
      await write(app, "GET /people/1/passport", 404);
      expect((await write(app, "GET /people/4/passport", 200)).json.id).toBe(1);
      await write(app, "PATCH /people/4/passport", 200, { person_id: 1 });
      await write(app, "GET /people/1/passport", 200);
    });

    test("PUT /people/1/profile that names another person is no silence", async () => {
      await write(app, "PUT /people/1/profile", 422, { person_id: 4, bio: "x" });
      expect((await write(app, "GET /people/1/profile", 200)).json.bio).toBe("counts");
    });
  });
});
