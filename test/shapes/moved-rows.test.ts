// PostgreSQL: rows that triggers and rules store elsewhere, and policies that keep rows which are seen.
import { expect, test } from "vitest";
import { isProblem } from "../conformance/case.js";
import { write } from "../support/answers.js";
import { onEveryServer } from "../support/matrix.js";

const postgres = `
  CREATE TABLE logs (id SERIAL PRIMARY KEY, at INTEGER NOT NULL, m TEXT);
  CREATE TABLE logs_new (CHECK (at >= 10), PRIMARY KEY (id)) INHERITS (logs);
  CREATE TABLE lost (id INTEGER, m TEXT);
  CREATE FUNCTION logs_ins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.at >= 10 THEN INSERT INTO logs_new VALUES (NEW.*); RETURN NULL;
    ELSIF NEW.at < 0 THEN INSERT INTO lost VALUES (NEW.id, NEW.m); RETURN NULL; END IF;
    RETURN NEW; END $$;
  CREATE TRIGGER logs_ins BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION logs_ins();
  CREATE TABLE books (id SERIAL PRIMARY KEY, v TEXT, gone BOOLEAN NOT NULL DEFAULT false);
  INSERT INTO books (v) VALUES ('a'), ('b');
  CREATE RULE ruled_del AS ON DELETE TO books DO INSTEAD UPDATE books SET gone = true WHERE id = OLD.id;
  CREATE RULE ruled_upd AS ON UPDATE TO books WHERE OLD.v = 'locked' DO INSTEAD NOTHING;
  CREATE TABLE memos (id SERIAL PRIMARY KEY, v TEXT);
  CREATE RULE noted_also AS ON INSERT TO memos DO ALSO INSERT INTO lost (m) VALUES (NEW.v);
  CREATE TABLE boxes (id INTEGER PRIMARY KEY, v TEXT);
  CREATE RULE stored_ins AS ON INSERT TO boxes WHERE NEW.v = 'away' DO INSTEAD INSERT INTO lost VALUES (NEW.id, NEW.v);
  CREATE TABLE farms (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO farms VALUES (1, 'mine'), (2, 'yours'), (3, 'hidden');
  ALTER TABLE farms ENABLE ROW LEVEL SECURITY;
  CREATE POLICY see ON farms FOR SELECT USING (v <> 'hidden');
  CREATE POLICY change ON farms FOR UPDATE USING (v = 'mine');
  CREATE POLICY remove ON farms FOR DELETE USING (v = 'mine');`;

onEveryServer(
  { sqlite: "", postgres, mariadb: "" },
  (place) => {
    test("a row that a trigger stores elsewhere is found by its number, alone and in an array", async () => {
      const app = await place.app();
      const one = await write(app, "POST /logs", 201, { at: 11, m: "one" });
      expect(one.headers.location).toMatch(new RegExp(`/logs/${one.json.id}$`));
      expect((await app.ask(`GET /logs/${one.json.id}`)).json).toEqual(one.json);
      const many = await write(app, "POST /logs", 201, [
        { at: 1, m: "here" },
        { at: 12, m: "there" },
        { at: 13, m: "there, too" },
      ]);
      expect(many.json.map(({ m }: { m: string }) => m)).toEqual(["here", "there", "there, too"]);
      for (const row of many.json) expect((await app.ask(`GET /logs/${row.id}`)).json).toEqual(row);
      const before = (await app.ask("GET /logs?count=exact")).headers["x-total-count"];
      isProblem(await app.ask("POST /logs", { body: { at: -1, m: "x" } }), 403, "write_refused", "lost");
      const mixed = [
        { at: 1, m: "x" },
        { at: -1, m: "x" },
      ];
      isProblem(await app.ask("POST /logs", { body: mixed }), 403, "write_refused", "one lost");
      expect((await app.ask("GET /logs?count=exact")).headers["x-total-count"]).toBe(before);
      expect((await place.db().knex("lost")).length).toBe(0);
    });

    test("rules: a row is read again, and what they keep is refused", async () => {
      const app = await place.app();
      expect((await app.ask("DELETE /books/1")).status).toBe(204);
      expect((await app.ask("GET /books/1")).json.gone).toBe(true);
      expect((await app.ask("DELETE /books?id=2")).headers["x-total-count"]).toBe("1");
      const changed = await write(app, "PATCH /books/2", 200, { v: "locked" });
      expect(changed.json).toEqual({ id: 2, v: "locked", gone: true });
      isProblem(await app.ask("PATCH /books/2", { body: { v: "x" } }), 403, "write_refused", "kept");
      isProblem(await app.ask("PATCH /books?id=2", { body: { v: "x" } }), 403, "write_refused", "kept list");
      const noted = await write(app, "POST /memos", 201, { v: "n" });
      expect((await app.ask(`GET /memos/${noted.json.id}`)).json).toEqual(noted.json);
      await write(app, "POST /boxes", 201, { id: 1, v: "here" });
      isProblem(await app.ask("POST /boxes", { body: { id: 2, v: "away" } }), 403, "write_refused", "away");
      expect(await place.db().knex("lost").where({ m: "away" })).toEqual([]);
    });

    test("policies: a row that is seen and kept is a 403, one that is not seen a 404", async () => {
      const { knex, url } = place.db();
      await knex.raw("DROP ROLE IF EXISTS lim_owner");
      await knex.raw("CREATE ROLE lim_owner LOGIN PASSWORD 'lim'");
      await knex.raw("GRANT USAGE ON SCHEMA public TO lim_owner; GRANT ALL ON farms TO lim_owner");
      const address = new URL(url);
      address.username = "lim_owner";
      address.password = "lim";
      const app = await place.app({ include: ["farms"] }, address.href);
      isProblem(await app.ask("DELETE /farms/2"), 403, "write_refused", "DELETE");
      isProblem(await app.ask("PATCH /farms/2", { body: { v: "x" } }), 403, "write_refused", "PATCH");
      isProblem(await app.ask("PUT /farms/2", { body: { v: "x" } }), 403, "write_refused", "PUT");
      isProblem(await app.ask("DELETE /farms/3"), 404, "not_found", "DELETE of what is not seen");
      isProblem(await app.ask("PATCH /farms/3", { body: { v: "x" } }), 404, "not_found", "PATCH of what is not seen");
      isProblem(await app.ask("POST /farms", { body: { id: 9, v: "x" } }), 403, "write_refused", "POST");
      expect((await app.ask("DELETE /farms?id=in:1,2,3")).headers["x-total-count"]).toBe("1");
      expect((await knex("farms").orderBy("id")).map(({ id }: { id: number }) => id)).toEqual([2, 3]);
      await app.close();
      await knex.raw("DROP OWNED BY lim_owner; DROP ROLE lim_owner");
    });
  },
  ["postgres"],
);
