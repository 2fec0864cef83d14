// What fires at the end of a transaction is in the answer: a row that it changes, a refusal; and rows that nothing can read again.
import { beforeAll, expect, test } from "vitest";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const postgres = `
CREATE TABLE notes (id INT PRIMARY KEY, v TEXT);
CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.v = 'bad' THEN RAISE EXCEPTION 'not at the end'; END IF;
  UPDATE notes SET v = v || '!' WHERE id = NEW.id AND v NOT LIKE '%!'; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER marks AFTER INSERT OR UPDATE ON notes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mark();
CREATE TABLE parents (id INT PRIMARY KEY);
CREATE TABLE kids (id INT PRIMARY KEY, parent_id INT REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE entries (a INT, b TEXT);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE entries SET b = b || '!' WHERE a = NEW.a; RETURN NULL; END $$;
CREATE TRIGGER stamps AFTER INSERT ON entries FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TABLE labels (a INT NOT NULL UNIQUE, b TEXT);
CREATE FUNCTION paint() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE labels SET b = b || '!' WHERE a = NEW.a; RETURN NULL; END $$;
CREATE TRIGGER paints AFTER INSERT ON labels FOR EACH ROW EXECUTE FUNCTION paint();`;

onEveryDatabase(
  { sqlite: "", postgres, mariadb: "" },
  (place) => {
    let app: App;
    beforeAll(async () => {
      app = await place.app();
    });
    const send = (line: string, body: unknown) => app.ask(line, { body: JSON.stringify(body) });
    const notes = async () => (await app.ask("GET /notes?order-by=id:asc")).json;

    test("each write answers what the trigger made of its row", async () => {
      const asked: [string, unknown, unknown][] = [
        ["POST /notes", { id: 1, v: "a" }, { id: 1, v: "a!" }],
        ["POST /notes", [{ id: 2, v: "b" }], [{ id: 2, v: "b!" }]],
        ["PATCH /notes/1", { v: "c" }, { id: 1, v: "c!" }],
        ["PUT /notes/1", { v: "d" }, { id: 1, v: "d!" }],
        ["PATCH /notes?id=in:1,2", { v: "e" }, [1, 2].map((id) => ({ id, v: "e!" }))],
        ["POST /notes?on-conflict=merge", { id: 2, v: "f" }, { id: 2, v: "f!" }],
      ];
      for (const [line, body, row] of asked) expect((await send(line, body)).json, line).toEqual(row);
      const tag = (await send("PATCH /notes/1", { v: "g" })).headers.etag as string;
      expect((await app.ask("PATCH /notes/1", { body: '{"v":"h"}', headers: { "if-match": tag } })).status).toBe(200);
    });

    test("what it refuses changes nothing", async () => {
      const before = await notes();
      for (const line of ["PATCH /notes/1", "PUT /notes/1", "PATCH /notes?id=1", "POST /notes?on-conflict=merge"]) {
        const answer = await send(line, line.startsWith("POST") ? { id: 1, v: "bad" } : { v: "bad" });
        expect([answer.status, answer.json.detail], line).toEqual([400, "not at the end"]);
      }
      expect(
        (
          await send("POST /notes", [
            { id: 8, v: "ok" },
            { id: 9, v: "bad" },
          ])
        ).status,
      ).toBe(400);
      expect(await notes()).toEqual(before);
    });

    test("a deferred foreign key waits for the end of a batch, and refuses there", async () => {
      const entry = (path: string, body: unknown) => ({ method: "POST", path, body });
      const early = await send("POST /batch", [entry("/kids", { id: 1, parent_id: 1 }), entry("/parents", { id: 1 })]);
      expect(early.status, early.text).toBe(200);
      const answer = await send("POST /batch", [entry("/kids", { id: 2, parent_id: 9 })]);
      expect([answer.status, answer.json.code]).toEqual([409, "foreign_key_violation"]);
      expect((await app.ask("GET /kids")).json).toEqual([{ id: 1, parent_id: 1 }]);
    });

    test("a row that cannot be read again is not answered, and one with a unique key is", async () => {
      for (const body of [{ a: 1, b: "x" }, [{ a: 2, b: "y" }]]) {
        const answer = await send("POST /entries", body);
        expect([answer.status, answer.text]).toEqual([201, ""]);
      }
      expect((await app.ask("GET /entries?a=1")).json).toEqual([{ a: 1, b: "x!" }]);
      expect((await send("POST /labels", { a: 1, b: "x" })).json).toEqual({ a: 1, b: "x!" });
    });
  },
  ["postgres"],
);
