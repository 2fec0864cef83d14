// `add` and PATCH where many come at once, and on connections that count only rows whose values changed.
import { expect, test } from "vitest";
import { openDatabase } from "../../src/database/database.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase, type Place } from "../support/matrix.js";

const ends = "club_id INTEGER NOT NULL REFERENCES clubs (id), member_id INTEGER NOT NULL REFERENCES members (id)";
const rows = (table: string) =>
  `INSERT INTO ${table} (id) VALUES ${Array.from({ length: 40 }, (_, i) => `(${i + 1})`)}`;
const tables = `
  CREATE TABLE clubs (id INTEGER PRIMARY KEY, name VARCHAR(9) DEFAULT 'one');
  CREATE TABLE members (id INTEGER PRIMARY KEY);
  CREATE TABLE clubs_members (${ends}, since INTEGER, PRIMARY KEY (member_id, club_id));
  CREATE TABLE tags (id INTEGER PRIMARY KEY);
  CREATE TABLE clubs_tags (club_id INTEGER NOT NULL REFERENCES clubs (id), tag_id INTEGER NOT NULL REFERENCES tags (id));
  CREATE TABLE rooms (id INTEGER PRIMARY KEY);
  CREATE TABLE clubs_rooms (
    id INTEGER PRIMARY KEY, club_id INTEGER NOT NULL REFERENCES clubs (id), room_id INTEGER NOT NULL REFERENCES rooms (id),
    place INTEGER UNIQUE, UNIQUE (club_id, room_id));
  CREATE TABLE slots (t INTEGER, n INTEGER, PRIMARY KEY (t, n));
  CREATE TABLE clubs_slots (
    club_id INTEGER NOT NULL REFERENCES clubs (id), t INTEGER, n INTEGER, FOREIGN KEY (t, n) REFERENCES slots (t, n),
    PRIMARY KEY (club_id, t, n));
  INSERT INTO slots VALUES (1, 2);
  CREATE TABLE posts (id INTEGER PRIMARY KEY);
  CREATE TABLE clubs_posts (
    club_id INTEGER NOT NULL REFERENCES clubs (id), post_id INTEGER NOT NULL REFERENCES posts (id), since INTEGER NOT NULL,
    PRIMARY KEY (club_id, post_id));
  INSERT INTO posts VALUES (1);
  ${["clubs", "members", "tags", "rooms"].map(rows).join("; ")};
`;
const ddl = { sqlite: tables, postgres: tables, mariadb: tables };

const add = (app: App, path: string, body?: unknown) => app.ask(`POST ${path}/add`, { body });
const neverWait = {
  sqlite: "",
  postgres: "SET lock_timeout = 1000",
  mariadb: "SET SESSION innodb_lock_wait_timeout = 1",
};
const linked = async (place: Place, table: string) => Number((await place.db().knex(table).count({ n: "*" }))[0]?.n);

onEveryDatabase(ddl, (place) => {
  test("many links that have nothing to do with each other are made at once, none of them again", async () => {
    const app = await place.app({ retries: 0 });
    const pairs = Array.from({ length: 80 }, (_, i) => `/clubs/${(i % 40) + 1}/members/${((i * 7) % 40) + 1}`);
    const answers = await Promise.all([...new Set(pairs)].map((path) => add(app, path)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(await linked(place, "clubs_members")).toBe(answers.length);
    await place.db().knex("clubs_members").del();
  });

  test.each([
    ["a primary key over both", "/clubs/1/members/1", "clubs_members"],
    ["a unique key over both", "/clubs/1/rooms/1", "clubs_rooms"],
    ["composite keys", "/clubs/1/slots/1,2", "clubs_slots"],
  ])("%s: of many that make the same link one is told 201", async (_title, path, table) => {
    const app = await place.app();
    const said = (i: number) =>
      table === "clubs_rooms" ? { id: i } : table === "clubs_members" ? { since: i } : undefined;
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => add(app, path, said(i))));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
    // All see the row of the one that made it.
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await linked(place, table)).toBe(1);
    expect((await add(app, path)).status).toBe(200);
    await place.db().knex(table).del();
  });

  test("without a key over both a link that stands is found too", async () => {
    const app = await place.app();
    expect((await add(app, "/clubs/1/tags/1")).status).toBe(201);
    expect((await add(app, "/clubs/1/tags/1")).status).toBe(200);
    expect(await linked(place, "clubs_tags")).toBe(1);
  });

  test("another key that is taken is a conflict, and no link", async () => {
    const app = await place.app({ retries: 0 });
    expect((await add(app, "/clubs/1/rooms/1", { id: 1, place: 7 })).status).toBe(201);
    expect((await add(app, "/clubs/2/rooms/2", { id: 2, place: 7 })).status).toBe(409);
    expect(await linked(place, "clubs_rooms")).toBe(1);
    await place.db().knex("clubs_rooms").del();
  });

  test("a value that the new link lacks is missed, and one that stands needs none", async () => {
    const app = await place.app();
    const lacking = await add(app, "/clubs/7/posts/1");
    expect([lacking.status, lacking.json.code]).toEqual([422, "not_null_violation"]);
    expect((await add(app, "/clubs/7/posts/1", { since: 1 })).status).toBe(201);
    expect((await add(app, "/clubs/7/posts/1")).status).toBe(200);
    expect((await add(app, "/clubs/99/posts/1")).status).toBe(404);
  });

  test("missing ends are 404 each, and within a batch a standing link ends nothing", async () => {
    const app = await place.app();
    for (const path of ["/clubs/99/members/1", "/clubs/1/members/99", "/clubs/99/members/99"])
      expect((await add(app, path)).status).toBe(404);
    const entry = { method: "POST", path: "/clubs/3/members/3/add" };
    const answer = await app.ask("POST /batch", {
      body: [entry, entry, { method: "GET", path: "/clubs/3/members/3" }],
    });
    expect(answer.json.map(({ status }: { status: number }) => status)).toEqual([201, 200, 200]);
    await place.db().knex("clubs_members").del();
  });

  test("hooks see a new link and a standing one", async () => {
    const seen: unknown[] = [];
    const app = await place.app({ hooks: { postSave: ({ result }) => void seen.push({ ...(result as object) }) } });
    expect([(await add(app, "/clubs/4/members/4")).status, (await add(app, "/clubs/4/members/4")).status]).toEqual([
      201, 200,
    ]);
    const row = { club_id: 4, member_id: 4, since: null };
    expect(JSON.parse(JSON.stringify(seen))).toEqual([row, row]);
    await place.db().knex("clubs_members").del();
  });
});

onEveryDatabase(
  ddl,
  (place) => {
    test("a link that is not committed keeps no other one waiting", async () => {
      const outer = await place.db().knex.transaction();
      const inner = await place.app({}, outer);
      const app = await place.app({ onConnect: neverWait[place.name], retries: 0 });
      try {
        for (const table of ["members", "rooms"]) {
          expect((await add(inner, `/clubs/1/${table}/10`, table === "rooms" ? { id: 10 } : {})).status).toBe(201);
          const other = await add(app, `/clubs/1/${table}/9`, table === "rooms" ? { id: 9 } : {});
          expect(other.status, other.text).toBe(201);
        }
      } finally {
        await outer.rollback();
      }
      expect([await linked(place, "clubs_members"), await linked(place, "clubs_rooms")]).toEqual([1, 1]);
      for (const table of ["clubs_members", "clubs_rooms"]) await place.db().knex(table).del();
    });
  },
  ["postgres", "mariadb"],
);

onEveryDatabase(
  ddl,
  (place) => {
    test("a connection that counts changed rows only: a PATCH that changes nothing is a 200, links are as ever", async () => {
      const url = `${place.db().url}?flags=-FOUND_ROWS`;
      const database = openDatabase(url);
      // So it is for them.
      const [{ affectedRows }] = await database.knex.raw("UPDATE clubs SET name = name WHERE id = 1");
      await database.close();
      expect(affectedRows).toBe(0);
      const app = await place.app({}, url);
      const same = await app.ask("PATCH /clubs/1", { body: { name: "one" } });
      expect([same.status, same.json]).toEqual([200, { id: 1, name: "one" }]);
      expect((await app.ask("PATCH /clubs/1", { body: { name: "two" } })).json).toEqual({ id: 1, name: "two" });
      expect((await app.ask("PATCH /clubs/99", { body: { name: "two" } })).status).toBe(404);
      for (const path of ["/clubs/5/members/5", "/clubs/5/tags/5"])
        expect([(await add(app, path)).status, (await add(app, path)).status]).toEqual([201, 200]);
    });
  },
  ["mariadb"],
);
