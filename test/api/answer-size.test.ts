// What one answer may hold: requests within every other limit, whose products are more than a server should hold.
import { beforeAll, describe, expect, test } from "vitest";
import { isProblem } from "../conformance/case.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const ddl = `CREATE TABLE people (id integer PRIMARY KEY, name varchar(20) NOT NULL);
CREATE TABLE tags (id integer PRIMARY KEY, label varchar(20) NOT NULL);
CREATE TABLE people_tags (person_id integer NOT NULL REFERENCES people (id), tag_id integer NOT NULL REFERENCES tags (id),
  PRIMARY KEY (person_id, tag_id));
CREATE INDEX people_tags_tag ON people_tags (tag_id);
CREATE TABLE notes (id integer PRIMARY KEY, person_id integer NOT NULL REFERENCES people (id), text TEXT);
CREATE INDEX notes_person ON notes (person_id);
CREATE TABLE remarks (id integer PRIMARY KEY, note_id integer NOT NULL REFERENCES notes (id));
CREATE TABLE countries (id integer PRIMARY KEY, name varchar(20) NOT NULL);
CREATE TABLE artists (id integer PRIMARY KEY, country_id integer NOT NULL REFERENCES countries (id));
CREATE INDEX artists_country ON artists (country_id);
CREATE TABLE albums (id integer PRIMARY KEY, artist_id integer NOT NULL REFERENCES artists (id));
CREATE INDEX albums_artist ON albums (artist_id);
CREATE TABLE tracks (id integer PRIMARY KEY, album_id integer NOT NULL REFERENCES albums (id));
CREATE INDEX tracks_album ON tracks (album_id)`;
const everywhere = { sqlite: ddl, postgres: ddl, mariadb: ddl.replace(" text TEXT", " text LONGTEXT") };

const SIDE = 150;
const LONG = "x".repeat(20_000);
const numbers = Array.from({ length: SIDE }, (_, i) => i + 1);
const links = numbers.flatMap((person_id) => numbers.map((tag_id) => ({ person_id, tag_id })));

const deep = "/people?select=name,tags(label,people(name,tags(label)))";
const label = (id: number) => ({ label: `tag ${id}` });
const name = (id: number) => ({ name: `person ${id}` });
const first = (count: number) => numbers.slice(0, count);

/** 150 countries, 150 artists in each of the first six, of which 100 are shown, 9 albums of each, 9 tracks of each. */
const trees = [
  "INSERT INTO countries SELECT id, name FROM people",
  "INSERT INTO artists SELECT c.id * 1000 + p.id, c.id FROM countries c CROSS JOIN people p WHERE c.id <= 6",
  "INSERT INTO albums SELECT a.id * 10 + t.id, a.id FROM artists a CROSS JOIN tags t WHERE t.id < 10",
  "INSERT INTO tracks SELECT a.id * 10 + t.id, a.id FROM albums a CROSS JOIN tags t WHERE t.id < 10",
];
const tree = "/countries?limit=1000&select=*,artists(*,albums(*,tracks(*)))";

onEveryDatabase(everywhere, (place) => {
  let app: App;
  beforeAll(async () => {
    const { knex } = place.db();
    await knex("people").insert(numbers.map((id) => ({ id, ...name(id) })));
    await knex("tags").insert(numbers.map((id) => ({ id, ...label(id) })));
    for (let at = 0; at < links.length; at += 400) await knex("people_tags").insert(links.slice(at, at + 400));
    const notes = Array.from({ length: 900 }, (_, i) => ({ id: i + 1, person_id: 1 + (i % 2), text: LONG }));
    for (let at = 0; at < notes.length; at += 20) await knex("notes").insert(notes.slice(at, at + 20));
    for (const statement of trees) await knex.raw(statement);
    app = await place.app();
  }, 120_000);

  const refused = async (line: string, hint: RegExp, body?: unknown) => {
    const answer = await app.ask(line, { body });
    isProblem(answer, 400, "too_complex");
    expect(answer.json.detail).toMatch(hint);
    // The server is as well as before.
    expect((await app.ask("GET /people/1")).json).toEqual({ id: 1, ...name(1) });
  };

  test("a product of limits is refused, with how to ask for less", async () => {
    await refused(`GET ${deep}&limit=100`, /50000 rows.*tags\.people\.tags\.limit=10/);
    await refused("GET /people/1?select=tags(people(tags(label)))", /50000 rows.*tags\.people\.tags\.limit=10/);
    await refused("GET /people?select=tags(people(name))&limit=1000", /(50000 rows|16777216 bytes).*smaller limit/);
  });

  test("where it is not much, it is answered as ever, whatever the limits would allow", async () => {
    const some = await app.ask(`GET ${deep}&limit=2&tags.limit=3&tags.people.limit=60&tags.people.tags.limit=100`);
    const tags = first(3).map((id) => ({
      ...label(id),
      people: first(60).map((id) => ({ ...name(id), tags: first(100).map(label) })),
    }));
    expect(some.json).toEqual(first(2).map((id) => ({ ...name(id), tags })));
    const few = await app.ask(`GET ${deep}&limit=2&tags.limit=100&tags.id=7&tags.people.id=3&tags.people.tags.id=4`);
    const one = [{ ...label(7), people: [{ ...name(3), tags: [label(4)] }] }];
    expect(few.json).toEqual(first(2).map((id) => ({ ...name(id), tags: one })));
  });

  test("one row whose lists are many is answered level by level", async () => {
    const line = "GET /people/5?select=name,tags(label,people(tags(count(),people(id))))";
    const query = "&tags.limit=60&tags.people.limit=2&tags.people.tags.limit=100";
    const wide = await app.ask(`${line.replace("count(),people(id)", "label")}${query}`);
    const people = first(2).map(() => ({ tags: first(100).map(label) }));
    expect(wide.json).toEqual({ ...name(5), tags: first(60).map((id) => ({ ...label(id), people })) });
    const counted = await app.ask(
      "GET /people/5?select=tags(label,people(name,tags(n:count())))&tags.limit=60&tags.people.limit=2",
    );
    const each = first(2).map((id) => ({ ...name(id), tags: [{ n: SIDE }] }));
    expect(counted.json).toEqual({ tags: first(60).map((id) => ({ ...label(id), people: each })) });
  });

  test("bytes count as well", async () => {
    const long = await app.ask("GET /notes?limit=700&select=id,text");
    expect([long.json.length, long.json.every(({ text }: { text: string }) => text === LONG)]).toEqual([700, true]);
    await refused("GET /notes?limit=900", /16777216 bytes.*smaller limit/);
    await refused("GET /people?select=notes(text,person(notes(text)))", /16777216 bytes/);
  });

  test("the entries of a batch count together", async () => {
    const entries = (path: string, count: number) => Array.from({ length: count }, () => ({ method: "GET", path }));
    const read = "/people?select=tags(label)&limit=50";
    expect((await app.ask("POST /batch", { body: entries(read, 9) })).json).toHaveLength(9);
    await refused("POST /batch", /Entry 9 .*50000 rows.*several batches/, entries(read, 11));
    await refused("POST /batch", /Entry 1 .*16777216 bytes/, entries("/notes?limit=500", 2));
    const single = entries("/notes/1", 100);
    expect((await app.ask("POST /batch", { body: single })).status).toBe(200);
  });

  test("a tree of three levels is refused, and a branch of it is answered", async () => {
    await refused(`GET ${tree}`, /50000 rows.*artists\.albums\.tracks\.limit=10/);
    const branch = await app.ask(`GET ${tree.replace("limit=1000", "limit=1")}`);
    const { artists } = branch.json[0];
    expect([artists.length, artists[0].albums.length, artists[0].albums[0].tracks.length]).toEqual([100, 9, 9]);
  });

  test.each([`${deep}&limit=100`, tree])("a batch of 40 times %s is refused as a whole", async (path) => {
    const entries = Array.from({ length: 40 }, () => ({ method: "GET", path }));
    await refused("POST /batch", /50000 rows/, entries);
  });

  test("limits of one's own", async () => {
    const small = await place.app({ maxAnswerRows: 20, maxAnswerBytes: 500 });
    expect((await small.ask("GET /people?limit=3&select=id,tags(id)&tags.limit=5")).json).toHaveLength(3);
    isProblem(await small.ask("GET /people?limit=4&select=id,tags(id)&tags.limit=5"), 400, "too_complex");
    isProblem(await small.ask("GET /people?limit=20"), 400, "too_complex");
    expect((await small.ask("GET /notes/1")).status).toBe(200);
  });

  describe("what a write shows counts", () => {
    const most = 6 * LONG.length;
    const keyed = (count: number) => first(count).map((id) => ({ id: 2 * id - 1 }));
    /** Of the first notes, of which every second is the first person's. */
    const owners = async () =>
      (await app.ask("GET /notes?id=lt:20&select=person_id&order-by=id:asc")).json.map(
        ({ person_id }: { person_id: number }) => person_id,
      );
    const told = (line: string, body: unknown, enough: unknown) =>
      test(line, async () => {
        const own = await place.app({ maxAnswerBytes: most });
        const before = await owners();
        const answer = await own.ask(line, { body });
        isProblem(answer, 400, "too_complex");
        expect(answer.json.detail).toMatch(/120000 bytes.*Write fewer rows at once/);
        expect(await owners()).toEqual(before);
        const done = await own.ask(line, { body: enough });
        expect(done.text.length).toBeLessThan(most);
        expect(done.status, done.text.slice(0, 200)).toBeLessThan(300);
      });

    const named = (count: number) => ({ notes: keyed(count) });
    told("PATCH /people/1", named(6), named(5));
    told("POST /people", { id: 1001, name: "new", ...named(6) }, { id: 1001, name: "new", ...named(5) });
    const changed = (count: number) => ({ notes: keyed(count).map(({ id }) => ({ id, person_id: 1 })) });
    told("PUT /people/1", { name: "person 1", ...changed(6) }, { name: "person 1", ...changed(5) });
    const several = (count: number) =>
      first(2).map((id) => ({ id, notes: keyed(count).map((row) => ({ id: row.id + id - 1 })) }));
    told("PATCH /people", several(3), several(2));
    const parents = (count: number) => first(count).map((id) => ({ id: 2000 + id, note: { id: 1 } }));
    told("POST /remarks", parents(6), parents(5));
    const merged = (count: number) => keyed(count).map((row) => ({ ...row, person_id: 1 }));
    told("POST /notes?on-conflict=merge", merged(6), merged(5));
    told("PATCH /notes", merged(6), merged(5));

    test("what a patch puts into each of many rows, before any of them is written", async () => {
      const saved: unknown[] = [];
      const own = await place.app({
        maxAnswerBytes: most,
        hooks: { preSave: ({ params }) => void saved.push(params) },
      });
      const rows = "/people?id=gt:10&id=lt:";
      const patch = (line: string, value: string) =>
        own.ask(line, {
          body: [{ op: "add", path: "/name", value }],
          headers: { "content-type": "application/json-patch+json", prefer: "tx=rollback" },
        });
      isProblem(await patch(`PATCH ${rows}18`, LONG), 400, "too_complex");
      expect(saved).toEqual([]);
      expect((await patch(`PATCH ${rows}18`, "short")).status).toBe(200);
    });
  });

  describe("what one statement cannot take is a 400", () => {
    const asks = (title: string, query: string, taken: readonly number[]) =>
      test(title, async () => {
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        const answer = await app.ask("POST /people/query", { body: query, headers });
        expect(taken).toContain(answer.status);
        if (answer.status !== 200) isProblem(answer, 400, "too_complex");
      });
    const aliases = (count: number) => `select=${Array.from({ length: count }, (_, i) => `a${i}:name`)}&limit=2`;
    asks("1001 fields", aliases(1001), [400]);
    asks("1000 fields", aliases(1000), [200, 400]);
    asks(
      "50 lists of 1000 values",
      first(50)
        .map((n) => `id=in:${Array.from({ length: 1000 }, (_, i) => n * i)}`)
        .join("&"),
      [200, 400],
    );
    asks("a pattern of 60,000 characters", `name=like:${"%25a".repeat(30_000)}`, [200, 400]);
  });
});
