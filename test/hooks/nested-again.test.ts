// Rows of a nested body whose tables have hooks: the answer says how they stand at the end, with what the hooks made of it.
import { expect, test } from "vitest";
import type { Hook } from "../../src/run/hooks.js";
import { isProblem } from "../conformance/case.js";
import { write } from "../support/answers.js";
import { onEveryDatabase } from "../support/matrix.js";

const tables = `
  CREATE TABLE posts (id INTEGER PRIMARY KEY, title VARCHAR(20), replies INTEGER DEFAULT 0);
  CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER REFERENCES posts(id), v VARCHAR(20));`;
const counting = "UPDATE posts SET replies = replies + 1 WHERE id = NEW.post_id";
const ddl = {
  sqlite: `${tables} CREATE TRIGGER counts AFTER INSERT ON comments BEGIN ${counting}; END;`,
  postgres: `${tables}
    CREATE FUNCTION counts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${counting}; RETURN NULL; END $$;
    CREATE TRIGGER counts AFTER INSERT ON comments FOR EACH ROW EXECUTE FUNCTION counts();`,
  mariadb: `${tables} CREATE TRIGGER counts AFTER INSERT ON comments FOR EACH ROW ${counting};`,
};

onEveryDatabase(ddl, (place) => {
  const appWith = (postSave: Hook = () => {}) =>
    place.app({
      overrides: [
        { name: "posts", postSave },
        { name: "comments", postSave: () => {} },
      ],
    });

  test("a trigger of the child has changed the parent", async () => {
    const body = {
      id: 1,
      title: "a",
      comments: [
        { id: 1, v: "x" },
        { v: "y", id: 2 },
      ],
    };
    const { json } = await write(await appWith(), "POST /posts", 201, body);
    expect(json).toMatchObject({ id: 1, replies: 2, comments: [{ v: "x" }, { v: "y" }] });
  });

  test("what a hook has changed, added or left out stays so", async () => {
    const app = await appWith(({ result }) => {
      const row = result as Record<string, unknown>;
      delete row.title;
      Object.assign(row, { seen: true });
    });
    const { json } = await write(app, "POST /posts", 201, { id: 2, title: "a", comments: [{ id: 3, v: "x" }] });
    expect(json).toEqual({ id: 2, replies: 1, seen: true, comments: [{ id: 3, post_id: 2, v: "x" }] });
  });

  test("a child that the body names twice is shown as it stands", async () => {
    const body = {
      id: 3,
      comments: [
        { id: 4, v: "x" },
        { id: 4, v: "y" },
      ],
    };
    const { json } = await write(await appWith(), "POST /posts", 201, body);
    expect((json as typeof body).comments.map(({ v }) => v)).toEqual(["y", "y"]);
    const changed = await write(await appWith(), "PATCH /posts/3", 200, { comments: [...body.comments].reverse() });
    expect((changed.json as typeof body).comments.map(({ v }) => v)).toEqual(["x", "x"]);
  });

  test("a child of two parents is refused, and nothing is written", async () => {
    const app = await appWith();
    const posts = [4, 5].map((id) => ({ id, comments: [{ id: 6, v: "x" }] }));
    isProblem(await app.ask("POST /posts", { body: posts }), 400, "invalid_body", "two places");
    expect((await app.ask("GET /posts/4")).status).toBe(404);
  });

  test("a key that a hook leaves out is referred to all the same", async () => {
    const app = await appWith(({ result }) => {
      delete (result as Record<string, unknown>).id;
    });
    const { json } = await write(app, "POST /comments", 201, { id: 7, post: { id: 6, title: "a" } });
    expect(json).toMatchObject({ id: 7, post_id: 6, post: { title: "a", replies: 1 } });
    const made = await write(app, "POST /posts", 201, { id: 8, comments: [{ id: 8, v: "x" }] });
    expect(made.json).toMatchObject({ replies: 1, comments: [{ id: 8, post_id: 8 }] });
  });
});
