// Requests that are made out of another one: to hooks they are the same request, with its id, its caller and the host's own.
import { expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiRequest } from "../../src/http/message.js";
import type { HookContext } from "../../src/run/hooks.js";
import { onEveryDatabase } from "../support/matrix.js";

const tables = `
  CREATE TABLE owners (id INTEGER PRIMARY KEY, name VARCHAR(20));
  CREATE TABLE pets (id INTEGER PRIMARY KEY, name VARCHAR(20), owner_id INTEGER REFERENCES owners (id));
  CREATE TABLE tags (id INTEGER PRIMARY KEY, name VARCHAR(20));
  CREATE TABLE pets_tags (pet_id INTEGER NOT NULL REFERENCES pets (id), tag_id INTEGER NOT NULL REFERENCES tags (id), PRIMARY KEY (pet_id, tag_id));
  INSERT INTO owners VALUES (1, 'Ada');
  INSERT INTO pets VALUES (1, 'Rex', 1);
  INSERT INTO tags VALUES (1, 'old'), (2, 'new');`;

const asked: readonly (readonly [method: string, path: string, body: unknown, seen: readonly string[]])[] = [
  [
    "POST",
    "/batch",
    [
      { method: "POST", path: "/tags", body: { id: 3, name: "third" } },
      { method: "GET", path: "/tags/$0.id" },
      { method: "DELETE", path: "/tags/3" },
    ],
    ["create tags", "read tags", "delete tags"],
  ],
  [
    "POST",
    "/pets",
    { id: 2, name: "Tom", owner: { id: 2, name: "Bob" }, tags: [{ id: 4, name: "tame" }] },
    ["update owners", "create owners", "create pets", "update tags", "create tags", "link pets_tags"],
  ],
  ["PUT", "/pets/1/tags", [1, 2], ["relink pets_tags", "list tags"]],
];

onEveryDatabase({ sqlite: tables, postgres: tables, mariadb: tables }, (place) => {
  for (const trustProxy of [false, true])
    test(`have the id of the first, ${trustProxy ? "behind a proxy" : "without a proxy"}`, async () => {
      const seen = new Map<string, ApiRequest>();
      const note = ({ request, operation, table }: HookContext) => void seen.set(`${operation} ${table}`, request);
      const hooks = { preSave: note, preDelete: note, preRead: note };
      const api = await createApi(place.db().knex, { hooks, trustProxy });
      const raw = {};
      const user = { name: "ada" };
      for (const [method, path, value, expected] of asked) {
        seen.clear();
        const response = await api.handle({
          ...{ method, path, query: "", prefix: "/api", id: `id of ${path}`, user, raw },
          header: (name) => (name === "prefer" ? "tx=rollback" : undefined),
          body: async () => ({ kind: "parsed", value: structuredClone(value) }),
        });
        expect(response?.status, response?.body).toBeLessThan(300);
        for (const [hook, request] of seen) {
          expect(request, hook).toMatchObject({ id: `id of ${path}`, prefix: "/api", user });
          expect(request.raw, hook).toBe(raw);
        }
        expect([...seen.keys()]).toEqual(expected);
      }
    });
});
