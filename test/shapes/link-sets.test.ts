// Whole link sets of every shape: composite keys, keys that are text, links with a key of their own, a table with itself.
import { beforeAll, expect, test } from "vitest";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const ddl = `
CREATE TABLE labels (name VARCHAR(40) NOT NULL PRIMARY KEY);
INSERT INTO labels (name) VALUES ('a,b'), ('50%'), ('x'), ('');
CREATE TABLE stocks (place VARCHAR(40) NOT NULL, n INTEGER NOT NULL, label VARCHAR(40), PRIMARY KEY (place, n));
CREATE TABLE labels_stocks (
  label_name VARCHAR(40) NOT NULL,
  place VARCHAR(40) NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (label_name, place, n),
  FOREIGN KEY (label_name) REFERENCES labels (name),
  FOREIGN KEY (place, n) REFERENCES stocks (place, n)
);
CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, handle VARCHAR(40) NOT NULL UNIQUE);
INSERT INTO users (id, handle) VALUES (1, 'ada'), (2, 'bo'), (3, 'cy');
CREATE TABLE follows (
  follower_id INTEGER NOT NULL,
  followed_id INTEGER NOT NULL,
  PRIMARY KEY (follower_id, followed_id),
  FOREIGN KEY (follower_id) REFERENCES users (id),
  FOREIGN KEY (followed_id) REFERENCES users (id)
);
CREATE TABLE clubs (id INTEGER NOT NULL PRIMARY KEY);
INSERT INTO clubs (id) VALUES (1), (2);
CREATE TABLE clubs_users (
  id INTEGER NOT NULL PRIMARY KEY,
  club_id INTEGER NOT NULL,
  user_handle VARCHAR(40),
  FOREIGN KEY (club_id) REFERENCES clubs (id),
  FOREIGN KEY (user_handle) REFERENCES users (handle)
);
INSERT INTO clubs_users (id, club_id, user_handle) VALUES (1, 1, 'ada'), (2, 1, 'ada'), (3, 1, 'bo'), (4, 1, NULL), (5, 2, 'bo');
`;

onEveryServer({ sqlite: ddl, postgres: ddl, mariadb: ddl }, (place) => {
  let app: App;
  beforeAll(async () => {
    await place.db().knex.batchInsert(
      "stocks",
      Array.from({ length: 1000 }, (_, n) => ({ place: n % 2 ? "a,b" : "50%", n })),
      200,
    );
    app = await place.app();
  });
  const count = async (table: string, where: object) =>
    Number((await place.db().knex(table).where(where).count({ n: "*" }))[0]?.n);

  test("a key of two values, in every spelling", async () => {
    const body = ["a%2Cb,1", "50%25,2", ["a,b", 3], { n: 4, place: "50%" }, "50%,6"];
    const { status, json, text } = await app.ask("PUT /labels/x/stocks", { body });
    expect(status, text).toBe(200);
    expect(json.map(({ n }: { n: number }) => n).sort()).toEqual([1, 2, 3, 4, 6]);
    const missing = await app.ask("PUT /labels/x/stocks", {
      body: [
        ["a,b", 1],
        ["a,b", 2],
      ],
    });
    expect([missing.status, missing.json.detail]).toEqual([422, "There are no such rows of stocks: a,b,2."]);
    expect(await count("labels_stocks", { label_name: "x" })).toBe(5);
  });

  test("a thousand of them, and half of them", async () => {
    const all = Array.from({ length: 1000 }, (_, n) => [n % 2 ? "a,b" : "50%", n]);
    expect((await app.ask("PUT /labels/x/stocks", { body: all })).status).toBe(200);
    expect(await count("labels_stocks", { label_name: "x" })).toBe(1000);
    const half = all.slice(0, 501);
    expect((await app.ask("PUT /labels/x/stocks", { body: half })).status).toBe(200);
    expect(await count("labels_stocks", { label_name: "x" })).toBe(501);
    expect((await app.ask("PUT /labels/x/stocks", { body: [] })).json).toEqual([]);
    expect(await count("labels_stocks", {})).toBe(0);
  });

  test("keys that are text, from the other side", async () => {
    const { status, json, text } = await app.ask("PUT /stocks/50%25,2/labels", {
      body: ["a,b", "50%", "", { name: "x" }],
    });
    expect(status, text).toBe(200);
    expect(json.map(({ name }: { name: string }) => name).sort()).toEqual(["", "50%", "a,b", "x"]);
    expect((await app.ask("PUT /stocks/50%25,2/labels", { body: ["y"] })).json.detail).toMatch(
      /no such rows of labels: y/,
    );
    expect((await app.ask("PUT /stocks/50%25,2/labels", { body: ["x"] })).json).toEqual([{ name: "x" }]);
  });

  test("of a table with itself", async () => {
    expect((await app.ask("PUT /users/1/followers", { body: [2, 3] })).json).toHaveLength(2);
    expect((await app.ask("PUT /users/1/followeds", { body: [1, 2] })).json).toHaveLength(2);
    expect(
      (await app.ask("PUT /users/1/followers", { body: [1, 3] })).json.map(({ id }: { id: number }) => id),
    ).toEqual([1, 3]);
    expect((await app.ask("GET /users/1/followeds")).json.map(({ id }: { id: number }) => id)).toEqual([1, 2]);
  });

  test("links that refer to another key than the path's, that stand twice, that lead nowhere", async () => {
    expect((await app.ask("PUT /clubs/1/users", { body: [1] })).json).toEqual([{ id: 1, handle: "ada" }]);
    const kept = await place.db().knex("clubs_users").orderBy("id").pluck("id");
    // Of two equal links neither is touched, and one without a row at its end is none.
    expect(kept.map(Number)).toEqual([1, 2, 4, 5]);
    expect((await app.ask("PUT /clubs/1/users", { body: [] })).json).toEqual([]);
    expect((await place.db().knex("clubs_users").orderBy("id").pluck("id")).map(Number)).toEqual([4, 5]);
  });

  test.runIf(place.can.numberAnyKey)("a link whose key has a number by itself is made", async () => {
    expect((await app.ask("PUT /clubs/2/users", { body: [3] })).status).toBe(200);
  });

  test.skipIf(place.can.numberAnyKey)(
    "a link whose further columns must be said is refused, and nothing changes",
    async () => {
      const before = await place.db().knex("clubs_users").orderBy("id");
      const answer = await app.ask("PUT /clubs/2/users", { body: [3] });
      expect([answer.status, answer.json.code]).toEqual([422, "not_null_violation"]);
      expect(await place.db().knex("clubs_users").orderBy("id")).toEqual(before);
    },
  );
});
