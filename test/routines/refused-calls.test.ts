// What is refused of a call: the argument at fault by its name, and what the routine itself has met, said of the routine.
import { beforeAll, describe, expect, test } from "vitest";
import { isProblem } from "../conformance/case.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const tables = (number: string) => `
  CREATE TABLE members (id ${number} PRIMARY KEY, name varchar(40) NOT NULL UNIQUE, level int NOT NULL CHECK (level >= 0), bits bit(8));
  CREATE TABLE notes (id ${number} PRIMARY KEY, member_id int NOT NULL, FOREIGN KEY (member_id) REFERENCES members (id));
  INSERT INTO members (id, name, level) VALUES (1, 'Ada', 1);`;

const sqlite = `
  ${tables("integer").replace(", bits bit(8)", "")}`;

const postgres = `
  ${tables("int")}
  CREATE TYPE place AS (x integer, y numeric, label text, days date[]);
  ALTER TABLE members ADD home place, ADD places place[];
  CREATE FUNCTION span(i interval, r int4range DEFAULT NULL, x xml DEFAULT NULL) RETURNS SETOF text LANGUAGE sql STABLE AS 'SELECT i::text';
  CREATE FUNCTION flags(b bit(8)) RETURNS text LANGUAGE sql STABLE AS 'SELECT b::text';
  CREATE FUNCTION add_member(number int, label text, grade int) RETURNS int LANGUAGE sql
    AS $$ INSERT INTO members (id, name, level) VALUES (number, label, grade) RETURNING id $$;
  CREATE FUNCTION add_note(member int) RETURNS int LANGUAGE sql AS $$ INSERT INTO notes (id, member_id) VALUES (1, member) RETURNING id $$;
  CREATE FUNCTION shares(n int) RETURNS int LANGUAGE sql STABLE AS $$ SELECT 1 / n $$;
  CREATE DOMAIN positive AS int CHECK (VALUE > 0);
  CREATE DOMAIN "Some Text" AS text NOT NULL;
  CREATE FUNCTION twice(n positive) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
  CREATE FUNCTION either(n positive, m positive) RETURNS int LANGUAGE sql AS 'SELECT n * m';
  CREATE FUNCTION said(t "Some Text") RETURNS text LANGUAGE sql STABLE AS 'SELECT t';
  CREATE FUNCTION within(n int) RETURNS int LANGUAGE plpgsql STABLE AS $$ DECLARE p positive := n; BEGIN RETURN p; END $$;
  CREATE FUNCTION secret() RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN
    RAISE insufficient_privilege; END $$;
  CREATE FUNCTION sums(p place) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT p.x + p.y';
  CREATE FUNCTION labels(p place[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS 'SELECT array_agg(q.label) FROM unnest(p) q';
  CREATE FUNCTION same(p place) RETURNS place LANGUAGE sql IMMUTABLE AS 'SELECT p';`;

const mariadb = `
  ${tables("int")}
  CREATE FUNCTION flags(b BIT(8)) RETURNS INT NO SQL RETURN b + 0;
  CREATE FUNCTION add_member(number INT, label VARCHAR(40), grade INT) RETURNS INT MODIFIES SQL DATA
    BEGIN INSERT INTO members (id, name, level) VALUES (number, label, grade); RETURN number; END;
  CREATE FUNCTION add_note(member INT) RETURNS INT MODIFIES SQL DATA
    BEGIN INSERT INTO notes (id, member_id) VALUES (1, member); RETURN 1; END;`;

const ddl = { sqlite, postgres, mariadb };

onEveryServer(
  ddl,
  (place) => {
    let app: App;
    beforeAll(async () => {
      const named = (name: string, sql: string, args: readonly string[]) => ({
        ...{ name, sql },
        arguments: args.map((name) => ({ name, type: /label/.test(name) ? "text" : "integer" })),
      });
      app = await place.app({
        routines: [
          named("own_member", "INSERT INTO members (id, name, level) VALUES (:number, :label, :grade)", [
            ...["number", "label", "grade"],
          ]),
          named("own_note", "INSERT INTO notes (id, member_id) VALUES (1, :member)", ["member"]),
        ],
      });
    });
    const refused = async (name: string, body: object, status: number, code: string) => {
      const answer = await app.ask(`POST /rpc/${name}`, { body });
      isProblem(answer, status, code);
      return answer.json as { detail: string; errors?: { field: string; message: string }[] };
    };

    test("a rule that a routine breaks is said of the routine, not of a table that is called so", async () => {
      for (const by of place.can.keepRoutines ? ["own", "add"] : ["own"]) {
        const member = (more: object) => ({ number: 2, label: "Bob", grade: 1, ...more });
        const cases = [
          [member({ label: "Ada" }), 409, "unique_violation"],
          [member({ label: null }), 422, "not_null_violation"],
          [member({ grade: -1 }), 422, "check_violation"],
        ] as const;
        for (const [body, status, code] of cases) {
          const { detail } = await refused(`${by}_member`, body, status, code);
          expect(detail).toContain(`${by}_member would`.replace("check", ""));
          expect(detail).not.toMatch(/row of|rule of own|rule of add/);
        }
        const { detail } = await refused(`${by}_note`, { member: 99 }, 409, "foreign_key_violation");
        expect(detail).toContain(`${by}_note met a row that is missing`);
      }
    });

    test.runIf(place.can.keepRoutines)("bits are 0s and 1s in text, of an argument and of a column", async () => {
      for (const b of [5, "5", "abc", ...(place.can.keepLengthsOfArguments ? ["111111111"] : [])])
        expect((await refused("flags", { b }, 422, "invalid_value")).errors).toMatchObject([{ field: "b" }]);
      expect(String((await app.ask("POST /rpc/flags", { body: { b: "00000101" } })).json)).toMatch(/^(5|00000101)$/);
      for (const bits of [5, "5", "111111111"]) {
        const answer = await app.ask("PATCH /members/1", { body: { bits } });
        isProblem(answer, 422, "invalid_value");
        expect(answer.json.errors).toMatchObject([{ field: "bits" }]);
      }
      expect((await app.ask("PATCH /members/1", { body: { bits: "00000101" } })).json).toMatchObject({
        bits: "00000101",
      });
      isProblem(await app.ask("GET /members?bits=eq:5"), 400, "invalid_filter");
      expect((await app.ask("GET /members?bits=eq:00000101&select=id")).json).toEqual([{ id: 1 }]);
    });

    describe.runIf(ddl[place.name] === postgres)("PostgreSQL's types", () => {
      test("what only the database can judge is said by its argument", async () => {
        const field = async (query: string) => {
          const answer = await app.ask(`GET /rpc/${query}`);
          isProblem(answer, 422, "invalid_value");
          return answer.json.errors;
        };
        expect(await field("span?i=long")).toEqual([{ field: "i", message: "does not fit its type, interval" }]);
        expect(await field("span?i=1%20day&r=wide")).toMatchObject([{ field: "r" }]);
        expect(await field("span?i=1%20day&x=%3Ca%3E")).toMatchObject([{ field: "x" }]);
        expect((await app.ask("GET /rpc/span?i=1%20day&value=eq:1%20day")).json).toEqual(["1 day"]);
        expect((await refused("shares", { n: 0 }, 422, "invalid_value")).detail).toContain("shares met a value");
      });

      test("a rule of an argument's own type is said by the argument, where it alone is of that type", async () => {
        const n = { field: "n", message: "does not fit its type, positive" };
        expect((await refused("twice", { n: -1 }, 422, "invalid_value")).errors).toEqual([n]);
        const asked = await app.ask("GET /rpc/twice?n=0");
        isProblem(asked, 422, "invalid_value");
        expect(asked.json.errors).toEqual([n]);
        expect((await app.ask("GET /rpc/twice?n=2")).json).toBe(4);
        const { errors, detail } = await refused("either", { n: 1, m: 0 }, 422, "invalid_value");
        expect([errors, detail]).toEqual([undefined, "either met a value that does not fit. Try other arguments."]);
        expect((await refused("said", { t: null }, 422, "invalid_value")).errors).toMatchObject([{ field: "t" }]);
        expect((await refused("within", { n: -1 }, 422, "invalid_value")).detail).toContain("within met a value");
      });

      test("a composite argument is an object, whose parts are named and typed", async () => {
        const call = async (name: string, body: object) => (await app.ask(`POST /rpc/${name}`, { body })).json;
        const odd = 'a "quoted", \\ (one)';
        expect(await call("sums", { p: { x: 1, y: 2.5 } })).toBe(3.5);
        expect(await call("same", { p: { label: odd, days: ["2024-02-29"] } })).toEqual({
          ...{ x: null, y: null, label: odd, days: ["2024-02-29"] },
        });
        expect(await call("same", { p: { label: "" } })).toMatchObject({ label: "" });
        expect(await call("labels", { p: [{ label: odd }, { label: "b" }] })).toEqual([odd, "b"]);
        expect((await app.ask('GET /rpc/sums?p={"x":1,"y":2}')).json).toBe(3);
        expect((await app.ask("GET /rpc/sums?p=(1,2,,)")).json).toBe(3);
        const wrong = async (p: unknown) => (await refused("sums", { p }, 422, "invalid_value")).errors?.[0];
        expect(await wrong({ lable: "x" })).toMatchObject({
          field: "p",
          message: expect.stringContaining("Perhaps you meant 'label'"),
        });
        expect(await wrong({ x: "one" })).toMatchObject({
          field: "p",
          message: expect.stringContaining("a x that is"),
        });
        expect(await wrong([1])).toMatchObject({ message: expect.stringContaining("an object of x, y, label, days") });
      });

      test("a composite column takes an object, and PostgreSQL's own text of it", async () => {
        const home = { x: 1, y: 2.5, label: 'a"b' };
        const { status, json } = await app.ask("PATCH /members/1", { body: { home, places: [home, { x: 2 }] } });
        const none = { x: null, y: null, label: null, days: null };
        expect([status, json.home]).toEqual([200, { ...none, ...home }]);
        expect(json.places).toEqual([json.home, { ...none, x: 2 }]);
        const said = await app.ask("PATCH /members/1", {
          body: { home: '(1,2.5,"a""b",)', places: ['(1,2.5,"a""b",)', { x: 2 }] },
        });
        expect(said.json).toEqual(json);
        expect((await app.ask("PUT /members/1", { body: json })).json).toEqual(json);
        isProblem(await app.ask("PATCH /members/1", { body: { home: { z: 1 } } }), 422, "invalid_value");
      });

      test("the document says the parts", async () => {
        const { paths } = (await app.ask("GET /openapi.json")).json;
        const said = JSON.stringify(paths["/rpc/sums"].post.requestBody);
        expect(said).toContain('"label"');
      });

      test("what is not allowed is said of the routine", async () =>
        expect((await app.ask("GET /rpc/secret")).json.code).toBe("raised"));
    });
  },
  ["sqlite", "postgres", "mariadb"],
);
