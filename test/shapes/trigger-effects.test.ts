// Triggers, rules and policies that change, keep or move a row: the answer is of the row as it stands, or nothing has happened.
import { expect, test } from "vitest";
import { isProblem } from "../conformance/case.js";
import { write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const common = `
  CREATE TABLE notes (id INTEGER PRIMARY KEY, title VARCHAR(40), version INTEGER DEFAULT 0);
  INSERT INTO notes VALUES (1, 'a', 0), (2, 'a', 0);
  CREATE TABLE soft (id INTEGER PRIMARY KEY, v VARCHAR(20), deleted INTEGER DEFAULT 0);
  INSERT INTO soft (id, v) VALUES (1, 'a'), (2, 'b'), (3, 'c');
  CREATE TABLE locked (id INTEGER PRIMARY KEY, v VARCHAR(20)); INSERT INTO locked VALUES (1, 'a'), (2, 'b');
  CREATE TABLE picky (id INTEGER PRIMARY KEY, v VARCHAR(20)); INSERT INTO picky VALUES (1, 'a'), (2, 'keep');
  CREATE TABLE posts (id INTEGER PRIMARY KEY, title VARCHAR(20), comments INTEGER DEFAULT 0);
  CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES posts(id), v VARCHAR(20));
  CREATE TABLE staff (id INTEGER PRIMARY KEY, name VARCHAR(20), boss_id INTEGER REFERENCES staff(id) ON UPDATE CASCADE);
  INSERT INTO staff VALUES (1, 'a', 1);
  CREATE TABLE tags (id INTEGER PRIMARY KEY);
  CREATE TABLE posts_tags (post_id INTEGER REFERENCES posts(id), tag_id INTEGER REFERENCES tags(id), note VARCHAR(20), PRIMARY KEY (post_id, tag_id));
  INSERT INTO posts (id, title) VALUES (1, 'p'); INSERT INTO tags VALUES (1), (2), (3);
  INSERT INTO posts_tags VALUES (1, 1, 'old');`;

const ddl = {
  sqlite: `${common}
    CREATE TRIGGER bump AFTER UPDATE OF title ON notes BEGIN UPDATE notes SET version = version + 1 WHERE id = NEW.id; END;
    CREATE TRIGGER born AFTER INSERT ON notes BEGIN UPDATE notes SET version = 100 WHERE id = NEW.id; END;
    CREATE TRIGGER "soft del" BEFORE DELETE ON soft BEGIN UPDATE soft SET deleted = 1 WHERE id = OLD.id; SELECT RAISE(IGNORE); END;
    CREATE TRIGGER keep_u BEFORE UPDATE ON locked BEGIN SELECT RAISE(IGNORE); END;
    CREATE TRIGGER keep_d /* before */ DELETE ON locked BEGIN SELECT RAISE(IGNORE); END;
    CREATE TRIGGER keep_i BEFORE INSERT ON locked BEGIN INSERT INTO tags VALUES (900 + NEW.id); SELECT RAISE(IGNORE); END;
    CREATE TRIGGER pick_u BEFORE UPDATE ON picky WHEN OLD.v = 'keep' BEGIN SELECT RAISE(IGNORE); END;
    CREATE TRIGGER pick_d BEFORE DELETE ON picky WHEN OLD.v = 'keep' BEGIN SELECT RAISE(IGNORE); END;
    CREATE TRIGGER counts AFTER INSERT ON comments BEGIN UPDATE posts SET comments = comments + 1 WHERE id = NEW.post_id; END;
    CREATE TRIGGER linked AFTER INSERT ON posts_tags BEGIN UPDATE posts_tags SET note = 'new' WHERE post_id = NEW.post_id AND tag_id = NEW.tag_id; END;
    CREATE TRIGGER unlinked BEFORE DELETE ON posts_tags WHEN OLD.tag_id = 1 BEGIN SELECT RAISE(IGNORE); END;`,
  postgres: `${common}
    CREATE FUNCTION bump() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE notes SET version = version + 1 WHERE id = NEW.id; RETURN NULL; END $$;
    CREATE TRIGGER bump AFTER UPDATE OF title ON notes FOR EACH ROW EXECUTE FUNCTION bump();
    CREATE FUNCTION born() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE notes SET version = 100 WHERE id = NEW.id; RETURN NULL; END $$;
    CREATE TRIGGER born AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION born();
    CREATE FUNCTION soft() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE soft SET deleted = 1 WHERE id = OLD.id; RETURN NULL; END $$;
    CREATE TRIGGER soft BEFORE DELETE ON soft FOR EACH ROW EXECUTE FUNCTION soft();
    CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'INSERT' THEN INSERT INTO tags VALUES (900 + NEW.id); END IF; RETURN NULL; END $$;
    CREATE TRIGGER keep BEFORE INSERT OR UPDATE OR DELETE ON locked FOR EACH ROW EXECUTE FUNCTION keep();
    CREATE FUNCTION step_over() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
    CREATE TRIGGER pick BEFORE UPDATE OR DELETE ON picky FOR EACH ROW WHEN (OLD.v = 'keep') EXECUTE FUNCTION step_over();
    CREATE FUNCTION counts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE posts SET comments = comments + 1 WHERE id = NEW.post_id; RETURN NULL; END $$;
    CREATE TRIGGER counts AFTER INSERT ON comments FOR EACH ROW EXECUTE FUNCTION counts();
    CREATE FUNCTION linked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE posts_tags SET note = 'new' WHERE post_id = NEW.post_id AND tag_id = NEW.tag_id; RETURN NULL; END $$;
    CREATE TRIGGER linked AFTER INSERT ON posts_tags FOR EACH ROW EXECUTE FUNCTION linked();
    CREATE TRIGGER unlinked BEFORE DELETE ON posts_tags FOR EACH ROW WHEN (OLD.tag_id = 1) EXECUTE FUNCTION step_over();`,
  mariadb: `${common.replace(" ON UPDATE CASCADE", "")}
    CREATE TRIGGER counts AFTER INSERT ON comments FOR EACH ROW UPDATE posts SET comments = comments + 1 WHERE id = NEW.post_id;`,
};

/** The answer is what GET shows, and its ETag is one that a write may depend on. */
async function stands(app: App, line: string, body: unknown, status: number, at: string, expected: unknown) {
  const answer = await write(app, line, status, body);
  const shown = await app.ask(`GET ${at}`);
  expect(shown.json).toEqual(expected);
  expect(answer.json).toEqual(expected);
  const etag = answer.headers.etag;
  expect(etag).toBe(shown.headers.etag);
  return etag as string;
}

onEveryServer(
  ddl,
  (place) => {
    test("a row that an AFTER trigger changes is answered as it stands, with its ETag", async () => {
      const app = await place.app();
      let etag = await stands(app, "PATCH /notes/1", { title: "b" }, 200, "/notes/1", {
        id: 1,
        title: "b",
        version: 1,
      });
      for (const version of [2, 3]) {
        const changed = await app.ask("PATCH /notes/1", {
          body: { title: `c${version}` },
          headers: { "if-match": etag },
        });
        expect(changed.status, changed.text).toBe(200);
        expect(changed.json.version).toBe(version);
        etag = changed.headers.etag as string;
      }
      await stands(app, "PUT /notes/1", { title: "d", version: 7 }, 200, "/notes/1", { id: 1, title: "d", version: 8 });
      await stands(app, "POST /notes", { id: 5, title: "n" }, 201, "/notes/5", { id: 5, title: "n", version: 100 });
      const merged = { id: 5, title: "m", version: 101 };
      await stands(app, "POST /notes?on-conflict=merge", { id: 5, title: "m" }, 200, "/notes/5", merged);
      const upserted = await app.ask("PUT /notes/6", {
        body: { title: "u" },
        headers: { prefer: "resolution=upsert" },
      });
      expect([upserted.status, upserted.json]).toEqual([201, { id: 6, title: "u", version: 100 }]);
      const made = await write(app, "POST /notes", 201, [
        { id: 7, title: "x" },
        { id: 8, title: "y" },
      ]);
      expect(made.json.map(({ version }: { version: number }) => version)).toEqual([100, 100]);
      const both = await write(app, "POST /notes?on-conflict=merge", 200, [
        { id: 7, title: "z" },
        { id: 9, title: "y" },
      ]);
      expect(both.json.map(({ version }: { version: number }) => version)).toEqual([101, 100]);
      const list = await write(app, "PATCH /notes?id=in:7,8", 200, { title: "w" });
      expect(list.json.map(({ version }: { version: number }) => version)).toEqual([102, 101]);
    });

    test("a key that goes on to the row's own reference is answered there, too", async () => {
      const app = await place.app();
      const changed = await write(app, "PATCH /staff/1", 200, { id: 7 });
      expect(changed.json).toEqual({ id: 7, name: "a", boss_id: 7 });
    });

    test("a soft delete is a delete; the list form counts those that it was", async () => {
      const app = await place.app();
      expect((await app.ask("DELETE /softs/1")).status).toBe(204);
      expect((await app.ask("GET /softs/1")).json).toMatchObject({ deleted: 1 });
      const many = await app.ask("DELETE /softs?id=in:2,3");
      expect([many.status, many.headers["x-total-count"]]).toEqual([204, "2"]);
      expect((await app.ask("DELETE /softs/9")).status).toBe(404);
    });

    test("what the database keeps is refused, and nothing has happened", async () => {
      const app = await place.app();
      const before = (await app.ask("GET /lockeds")).json;
      const refused: [string, unknown][] = [
        ["PATCH /lockeds/1", { v: "x" }],
        ["PUT /lockeds/1", { v: "x" }],
        ["PATCH /lockeds?id=1", { v: "x" }],
        ["DELETE /lockeds/1", undefined],
        ["DELETE /lockeds?id=in:1,2", undefined],
        ["POST /lockeds", { id: 7, v: "x" }],
        [
          "POST /lockeds",
          [
            { id: 7, v: "x" },
            { id: 8, v: "x" },
          ],
        ],
        ["POST /lockeds?on-conflict=ignore", { id: 7, v: "x" }],
        ["POST /lockeds?on-conflict=merge", { id: 7, v: "x" }],
        ["POST /lockeds?on-conflict=merge", { id: 1, v: "x" }],
      ];
      for (const [line, body] of refused) isProblem(await app.ask(line, { body }), 403, "write_refused", line);
      expect((await app.ask("GET /lockeds")).json).toEqual(before);
      expect((await app.ask("GET /tags")).json).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
      expect((await app.ask("PATCH /lockeds/9", { body: { v: "x" } })).status).toBe(404);
      // What the row says already is no change.
      expect((await app.ask("PATCH /lockeds/1", { body: { v: "a" } })).status).toBe(200);
      expect((await app.ask("POST /lockeds?on-conflict=ignore", { body: { id: 1, v: "x" } })).json).toEqual(before[0]);
    });

    test("a list counts and answers the rows that were changed", async () => {
      const app = await place.app();
      const changed = await app.ask("PATCH /pickies?id=in:1,2", { body: { v: "b" } });
      expect([changed.status, changed.json]).toEqual([200, [{ id: 1, v: "b" }]]);
      expect(changed.headers["x-total-count"]).toBe("1");
      const gone = await app.ask("DELETE /pickies?id=in:1,2");
      expect([gone.status, gone.headers["x-total-count"]]).toEqual([204, "1"]);
    });

    test("links are answered as they stand, and one that is kept is a refusal", async () => {
      const app = await place.app();
      const added = await app.ask("POST /posts/1/tags/2/add", { body: {} });
      expect([added.status, added.json]).toEqual([201, { post_id: 1, tag_id: 2, note: "new" }]);
      expect((await app.ask("POST /posts/1/tags/2/add", { body: {} })).status).toBe(200);
      isProblem(await app.ask("POST /posts/1/tags/1/delete"), 403, "write_refused", "delete");
      isProblem(await app.ask("PUT /posts/1/tags", { body: [2] }), 403, "write_refused", "PUT");
      isProblem(await app.ask("DELETE /posts/1/tags?id=in:1,2"), 403, "write_refused", "DELETE");
      expect((await app.ask("GET /posts/1/tags")).json).toEqual([{ id: 1 }, { id: 2 }]);
      expect((await app.ask("POST /posts/1/tags/2/delete")).status).toBe(204);
      isProblem(await app.ask("POST /posts/1/tags/2/delete"), 404, "link_not_found", "again");
    });
  },
  ["sqlite", "postgres"],
);

onEveryServer(ddl, (place) => {
  test("a nested body is answered as its rows stand behind all triggers", async () => {
    const app = await place.app();
    const body = { id: 2, title: "q", comments: 0, more: undefined };
    const made = await write(app, "POST /posts", 201, { ...body, comments_rows: undefined, tags: [{ id: 1 }] });
    expect(made.json).toMatchObject({ id: 2, tags: [{ id: 1 }] });
    const posted = await write(app, "POST /comments", 201, { id: 1, v: "x", post: { id: 3, title: "r" } });
    expect(posted.json).toEqual({ id: 1, post_id: 3, v: "x", post: { id: 3, title: "r", comments: 1 } });
    const array = await write(app, "POST /comments", 201, [
      { id: 2, v: "x", post: { id: 4, title: "r" } },
      { id: 3, v: "y", post: { id: 4 } },
    ]);
    expect(array.json.map((row: { post: unknown }) => row.post)).toEqual(
      [1, 2].map(() => ({ id: 4, title: "r", comments: 2 })),
    );
  });

  test("a body that puts one row at two places is refused, and one that names it twice is not", async () => {
    const app = await place.app();
    const boss = (id: number, worker: object) => ({ id, name: "b", staff: [worker] });
    const twice = [boss(31, { id: 33, name: "x" }), boss(32, { id: 33, name: "y" })];
    isProblem(await app.ask("POST /staff", { body: twice }), 400, "invalid_body", "two places");
    expect((await app.ask("GET /staff/33")).status).toBe(404);
    const linked = (id: number) => ({ id, title: "t", tags: [{ id: 1 }] });
    expect((await write(app, "POST /posts", 201, [linked(21), linked(22)])).json).toHaveLength(2);
  });
});
