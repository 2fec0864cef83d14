// Keys and foreign keys that promise less than they seem to, views that cannot be run, texts that cannot be compared: nothing is
// offered that the database refuses, and what is left out is said.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiOptions, printRoutes } from "../../src/index.js";
import { keepLines } from "../observe/lines.js";
import { type App, anyFramework } from "../support/apps.js";
import { type Created, databases, mysql, type TestDatabase } from "../support/databases.js";

const [sqlite, postgres, mariadb] = databases as [TestDatabase, TestDatabase, TestDatabase];

/** One database and its API for the tests of a block. */
function served(database: Pick<TestDatabase, "create">, ddl: string, options: ApiOptions = {}, last = "") {
  const { logger, lines } = keepLines();
  let created: Created;
  let app: App;
  beforeAll(async () => {
    created = await database.create(ddl);
    app = await anyFramework.start(created.url, { logger, ...options });
  });
  afterAll(async () => {
    await app?.close();
    for (const statement of last.split(";").filter((one) => one !== "")) await created?.knex.raw(statement);
    await created?.drop();
  });
  const ask = async (line: string, status: number, body?: unknown) => {
    const answer = await app.ask(line, { body });
    expect(answer.status, `${line}: ${answer.text} ${app.errors.at(-1) ?? ""}`).toBe(status);
    return answer.json;
  };
  return { ask, lines, why: () => printRoutes(app.api.tree, { why: true }), knex: () => created.knex };
}

describe.skipIf(postgres.skip)("PostgreSQL", () => {
  const { ask, why, lines, knex } = served(
    postgres,
    `CREATE TABLE orders (id INT PRIMARY KEY, pos INT, k OID, UNIQUE (pos) DEFERRABLE);
     INSERT INTO orders VALUES (1, 1, 5), (2, 2, 7);
     CREATE TABLE tags (id INT PRIMARY KEY);
     CREATE TABLE orders_tags (order_id INT REFERENCES orders, tag_id INT REFERENCES tags,
       PRIMARY KEY (order_id, tag_id) DEFERRABLE INITIALLY DEFERRED);
     INSERT INTO tags VALUES (1), (2), (3);
     CREATE TABLE logs (id INT PRIMARY KEY, v TEXT);
     CREATE TABLE old_logs (PRIMARY KEY (id)) INHERITS (logs);
     CREATE TABLE parents (id INT PRIMARY KEY);
     CREATE TABLE kids (id INT PRIMARY KEY, parent_id INT);
     INSERT INTO kids VALUES (1, 9);
     ALTER TABLE kids ADD FOREIGN KEY (parent_id) REFERENCES parents NOT VALID;
     CREATE MATERIALIZED VIEW totals AS SELECT 1 AS id WITH NO DATA;
     CREATE TABLE words (name TEXT COLLATE "C" PRIMARY KEY, note TEXT);
     INSERT INTO words VALUES ('red', 'r');
     CREATE TABLE posts (id INT PRIMARY KEY, word_id TEXT COLLATE "POSIX", kind_id TEXT);
     INSERT INTO posts VALUES (1, 'red', 'a');
     CREATE TYPE mood AS ENUM ('a', 'b');
     CREATE TYPE other AS ENUM ('a', 'b');
     CREATE TABLE moods (id mood PRIMARY KEY);
     CREATE TABLE days (id INT PRIMARY KEY, mood_id other);
     INSERT INTO days VALUES (1, 'a');`,
  );

  test("a deferrable key is not offered to on-conflict, and can be linked by", async () => {
    expect(await ask("POST /orders?on-conflict=merge&conflict-columns=pos", 400, { id: 3, pos: 1 })).toMatchObject({
      detail: "conflict-columns are those of one whole key: conflict-columns=id.",
    });
    await ask("POST /orders?on-conflict=merge", 200, { id: 1, pos: 1 });
    await ask("POST /orders/1/tags/1/add", 201);
    await ask("POST /orders/1/tags/1/add", 200);
    expect(await ask("PUT /orders/1/tags", 200, [1, 2])).toHaveLength(2);
    expect(why()).toContain("orders takes no on-conflict by pos: the key is deferrable");
  });

  test("sums and increments of an oid", async () => {
    expect(await ask("GET /orders?select=k.sum()", 200)).toEqual([{ sum: 12 }]);
    expect(await ask("PATCH /orders/2", 200, { k: { increment: 1 } })).toMatchObject({ k: 8 });
    expect((await ask("PATCH /orders/2", 422, { k: { increment: -9 } })).code).toBe("invalid_value");
  });

  test("a table that others inherit from has a key of its own rows only", async () => {
    await ask("POST /logs?on-conflict=merge", 400, { id: 1, v: "a" });
    await ask("POST /logs", 201, { id: 1, v: "a" });
    expect(why()).toContain("logs takes no on-conflict by id");
  });

  test("a foreign key that is not checked for all rows promises no parent", async () => {
    expect(await ask("GET /kids?select=id,parent(id)", 200)).toEqual([{ id: 1, parent: null }]);
    expect(await ask("GET /parents/9/kids", 404)).toMatchObject({ code: "parent_not_found" });
    await ask("POST /parents/9/kids", 404, { id: 2 });
    expect(why()).toContain("kids may hold parent_id without a row of parents");
  });

  test("a materialized view is there when it is refreshed", async () => {
    const warned = lines.filter(({ level }) => level === "warn").map(({ fields }) => fields);
    expect(warned).toContainEqual({ code: "unpopulated_view", table: "totals" });
    await ask("GET /totals", 404);
  });

  test("names that lead to what cannot be compared make no relation", async () => {
    expect(await ask("GET /posts", 200)).toEqual([{ id: 1, word_id: "red", kind_id: "a" }]);
    expect(await ask("GET /posts?select=id,word(note)", 400)).toMatchObject({ code: "unknown_relation" });
    expect(why()).toContain("its collation is pg_catalog.POSIX, and the key's is pg_catalog.C");
    expect(why()).toContain("it is other, and the key is mood");
    await ask("GET /days/1/mood", 404);
    expect(await knex()("posts")).toHaveLength(1);
  });
});

describe.skipIf(postgres.skip)("PostgreSQL 18", async () => {
  const { ask, why } = served(
    postgres,
    `DO $$ BEGIN IF current_setting('server_version_num')::int >= 180000 THEN
       CREATE EXTENSION btree_gist;
       CREATE TABLE bookings (room INT, during DATERANGE, who TEXT, PRIMARY KEY (room, during WITHOUT OVERLAPS));
       INSERT INTO bookings VALUES (1, '[2024-01-01,2024-02-01)', 'a');
       CREATE TABLE notes (id INT PRIMARY KEY, room INT, at DATERANGE,
         FOREIGN KEY (room, PERIOD at) REFERENCES bookings (room, PERIOD during));
       INSERT INTO notes VALUES (1, 1, '[2024-01-05,2024-01-06)');
       CREATE TABLE owners (id INT PRIMARY KEY);
       CREATE TABLE cats (id INT PRIMARY KEY, owner_id INT REFERENCES owners NOT ENFORCED);
       INSERT INTO cats VALUES (1, 7);
     END IF; END $$`,
  );

  test("keys and foreign keys of periods", async (context) => {
    if (!why().includes("bookings")) return context.skip();
    await ask("POST /bookings?on-conflict=merge", 400, { room: 1, during: "[2024-01-01,2024-02-01)", who: "b" });
    expect(await ask("GET /notes", 200)).toHaveLength(1);
    expect(why()).toContain(
      "notes has no relation by room, at: its foreign key to bookings(room, during) compares periods",
    );
    expect(why()).toContain("bookings takes no on-conflict by room, during: the key is one of periods");
    expect(await ask("GET /cats?select=id,owner(id)", 200)).toEqual([{ id: 1, owner: null }]);
    await ask("POST /cats", 201, { id: 2, owner_id: 8 });
  });
});

for (const database of [mariadb, mysql]) {
  describe.skipIf(database.skip)(`${database.name}`, () => {
    const other = `sapwood_other_${database.name}_${process.pid}`;
    const { ask, why, knex } = served(
      database,
      `CREATE DATABASE ${other};
       CREATE TABLE ${other}.users (id INT PRIMARY KEY, name VARCHAR(20));
       INSERT INTO ${other}.users VALUES (1, 'other');
       CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(20));
       INSERT INTO users VALUES (1, 'local');
       CREATE TABLE posts (id INT PRIMARY KEY, user_id INT, FOREIGN KEY (user_id) REFERENCES ${other}.users (id));
       INSERT INTO posts VALUES (1, 1);
       CREATE TABLE tags (name VARCHAR(20) COLLATE utf8mb4_unicode_ci PRIMARY KEY, note VARCHAR(20));
       INSERT INTO tags VALUES ('red', 'r');
       CREATE TABLE marks (id INT PRIMARY KEY, tag_id VARCHAR(20) COLLATE utf8mb4_general_ci,
         user_id INT, bin_tag_id VARCHAR(20) COLLATE utf8mb4_bin);
       INSERT INTO marks VALUES (1, 'red', 1, 'red');
       CREATE TABLE gone (id INT);
       CREATE VIEW broken AS SELECT id FROM gone;
       DROP TABLE gone;`,
      {},
      // Which refers to the other one.
      `DROP TABLE posts; DROP DATABASE ${other}`,
    );
    test("a foreign key into another database is no relation, whatever the column is called", async () => {
      await ask("GET /posts/1/user", 404);
      expect(why()).toContain(`posts has no relation by user_id: its foreign key leads to ${other}.users`);
      expect(await ask("GET /marks/1/user", 200)).toEqual({ id: 1, name: "local" });
    });

    test("texts of two collations make no relation", async () => {
      expect(await ask("GET /marks", 200)).toHaveLength(1);
      await ask("GET /marks/1/tag", 404);
      expect(why()).toContain("its collation is utf8mb4_general_ci, and the key's is utf8mb4_unicode_ci");
    });

    test("a broken view stops nothing, and is told of", async () => {
      await ask("GET /brokens", 404);
      expect(why()).toContain("broken is left out: the database cannot run it");
      expect(await knex()("users")).toHaveLength(1);
    });
  });
}

describe.skipIf(mariadb.skip)("MariaDB's own", () => {
  const { ask, why } = served(
    mariadb,
    `CREATE TABLE codes (id INT PRIMARY KEY, code INT, v VARCHAR(20), KEY (code));
     INSERT INTO codes VALUES (1, 5, 'a'), (2, 5, 'b');
     CREATE TABLE uses (id INT PRIMARY KEY, code_id INT, FOREIGN KEY (code_id) REFERENCES codes (code));
     INSERT INTO uses VALUES (1, 5);
     CREATE TABLE versions (id INT PRIMARY KEY, v INT, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START,
       e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING;
     INSERT INTO versions (id, v) VALUES (1, 1);
     CREATE TABLE stays (id INT, a DATE, b DATE, v INT, PERIOD FOR p (a, b), PRIMARY KEY (id, p WITHOUT OVERLAPS));
     INSERT INTO stays VALUES (1, '2024-01-01', '2024-02-01', 1);`,
  );

  test("a foreign key to what is no key names no single row", async () => {
    await ask("GET /uses/1/code", 404);
    expect(why()).toContain("uses has no relation by code_id: its foreign key leads to codes(code), which is no key");
  });

  test("the system's period is written by nobody and part of no key", async () => {
    expect(await ask("GET /versions/1?select=id,v", 200)).toEqual({ id: 1, v: 1 });
    expect(await ask("PUT /versions/1", 200, { v: 2 })).toMatchObject({ v: 2 });
    expect(await ask("PATCH /versions/1", 200, { v: 3 })).toMatchObject({ v: 3 });
    expect(await ask("POST /versions", 201, { id: 2, v: 1 })).toMatchObject({ id: 2 });
    await ask("DELETE /versions/2", 204);
  });

  test("a key of periods is not offered to on-conflict", async () => {
    const body = { id: 1, a: "2024-01-01", b: "2024-02-01", v: 2 };
    await ask("POST /stays?on-conflict=merge", 400, body);
    expect((await ask("POST /stays", 409, { ...body, a: "2024-01-05" })).code).toBe("unique_violation");
    await ask("PATCH /stays/1,2024-02-01,2024-01-01", 200, { v: 2 });
    expect(why()).toContain("the key is one of periods");
  });
});

describe("SQLite", () => {
  const ddl = `PRAGMA foreign_keys = OFF;
    CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE kids (id INTEGER PRIMARY KEY, pname TEXT REFERENCES parents (name), v TEXT);
    CREATE TABLE losts (id INTEGER PRIMARY KEY, gone_id INTEGER REFERENCES gone (id), v TEXT);
    INSERT INTO parents VALUES (1, 'a');
    INSERT INTO kids VALUES (1, 'a', 'x');
    INSERT INTO losts VALUES (1, 5, 'x');`;

  describe("a foreign key that leads to no key", () => {
    const { ask, lines } = served(sqlite, ddl);
    test("is warned of at the start", () => {
      const warned = lines.filter(({ level }) => level === "warn").map(({ text }) => text);
      expect(warned.join("\n")).toContain("kids has a foreign key (pname) to parents(name), which is no key there");
      expect(warned.join("\n")).toContain("losts has a foreign key (gone_id) to gone, which is no key there");
      expect(warned.join("\n")).toContain('onConnect: "PRAGMA foreign_keys = OFF"');
    });

    test.each([
      ["POST /kids", { v: "only" }, "kids(pname) to parents(name)"],
      ["DELETE /kids/1", undefined, "kids(pname) to parents(name)"],
      ["POST /parents", { name: "b" }, "kids(pname) to parents(name)"],
      ["POST /losts", { v: "n" }, "losts(gone_id) to gone"],
      ["DELETE /losts/1", undefined, "losts(gone_id) to gone"],
    ])("%s is answered with its name", async (line, body, name) => {
      const answer = await ask(line, 403, body);
      expect(answer).toMatchObject({ code: "write_refused" });
      expect(answer.detail).toContain(name);
    });

    test("reads go on", async () => {
      expect(await ask("GET /kids", 200)).toHaveLength(1);
      expect(await ask("GET /losts", 200)).toHaveLength(1);
    });
  });

  describe("with foreign keys left unchecked", () => {
    const { ask, lines } = served(sqlite, ddl, { onConnect: "PRAGMA foreign_keys = OFF" });
    test("writes are done", async () => {
      await ask("POST /kids", 201, { v: "only" });
      await ask("DELETE /kids/1", 204);
      await ask("POST /parents", 201, { name: "b" });
      await ask("POST /losts", 201, { v: "n" });
      await ask("DELETE /losts/1", 204);
      await ask("POST /batch", 200, [{ method: "POST", path: "/kids", body: { v: "b" } }]);
      expect(lines.filter(({ text }) => text.includes("PRAGMA"))).toEqual([]);
    });
  });
});
