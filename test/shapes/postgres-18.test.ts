// What PostgreSQL has since 18: columns computed when they are read, keys over time, defaults of uuidv7, and keys that nobody enforces.
import { expect, test } from "vitest";
import { write } from "../support/answers.js";
import { onEveryDatabase } from "../support/matrix.js";

const postgres = `
CREATE EXTENSION btree_gist;
CREATE TABLE goods (id uuid PRIMARY KEY DEFAULT uuidv7(), net numeric(10,2) NOT NULL,
  gross numeric(10,2) GENERATED ALWAYS AS (net * 1.2) VIRTUAL);
CREATE TABLE stays (room integer, during daterange, guest text, PRIMARY KEY (room, during WITHOUT OVERLAPS));
CREATE TABLE owners (id integer PRIMARY KEY, name text);
CREATE TABLE dogs (id integer PRIMARY KEY, owner_id integer REFERENCES owners NOT ENFORCED, age integer, CHECK (age > 0) NOT ENFORCED);
INSERT INTO goods (id, net) VALUES ('019a0000-0000-7000-8000-000000000001', 10), ('019a0000-0000-7000-8000-000000000002', 20);
INSERT INTO stays VALUES (1, '[2024-01-01,2024-01-05)', 'Ada');
INSERT INTO owners VALUES (1, 'Ada');
INSERT INTO dogs VALUES (1, 1, 3), (2, 99, -1);
`;

onEveryDatabase(
  { sqlite: "", postgres, mariadb: "" },
  (place) => {
    test("a virtual column is read, filtered and sorted by, and not written", async () => {
      const app = await place.app();
      const { json } = await write(app, "GET /goods?gross=gt:15&order-by=gross:desc&select=net,gross", 200);
      expect(json).toEqual([{ net: 20, gross: 24 }]);
      expect((await app.ask("POST /goods", { body: { net: 1, gross: 2 } })).status).toBe(422);
    });

    test("a key that the database makes by uuidv7() comes back in the answer, and in the order of its making", async () => {
      const app = await place.app();
      const { json, headers } = await write(app, "POST /goods", 201, { net: 5 });
      expect(json).toMatchObject({ net: 5, gross: 6, id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7/) });
      expect(headers.location).toMatch(new RegExp(`/goods/${json.id}$`));
      expect((await write(app, "GET /goods?order-by=id:desc&limit=1", 200)).json).toMatchObject([{ id: json.id }]);
    });

    test("a key over time is a key of one more column: overlaps are a 409", async () => {
      const app = await place.app();
      expect((await write(app, "GET /stays", 200)).json).toEqual([
        { room: 1, during: "[2024-01-01,2024-01-05)", guest: "Ada" },
      ]);
      const taken = await app.ask("POST /stays", { body: { room: 1, during: "[2024-01-04,2024-01-06)", guest: "Bo" } });
      expect(taken.status).toBe(409);
      await write(app, "POST /stays", 201, { room: 1, during: "[2024-01-05,2024-01-06)", guest: "Bo" });
    });

    test("a foreign key that is not enforced relates rows, and rows without their parent are read all the same", async () => {
      const app = await place.app();
      const { json } = await write(app, "GET /dogs?select=id,owner(name)&order-by=id:asc", 200);
      expect(json).toEqual([
        { id: 1, owner: { name: "Ada" } },
        { id: 2, owner: null },
      ]);
      await write(app, "POST /dogs", 201, { id: 3, owner_id: 98, age: -5 });
    });
  },
  ["postgres"],
);
