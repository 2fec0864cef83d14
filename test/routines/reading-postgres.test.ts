// PostgreSQL's functions and procedures as data: what they take, what they answer, whether they only read; and what is not shown.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askOf, openDatabase } from "../../src/database/database.js";
import { readSchema } from "../../src/database/read-schema.js";
import type { Routine } from "../../src/schema/routine.js";
import { visibleSchema } from "../../src/schema/visible.js";
import { type Created, postgres } from "../support/databases.js";

const ddl = `
  CREATE TABLE members (id serial PRIMARY KEY, name text NOT NULL);
  CREATE TYPE mood AS ENUM ('sad', 'ok');
  CREATE DOMAIN cents AS integer CHECK (VALUE >= 0);
  CREATE TYPE pair AS (a integer, b text);
  CREATE FUNCTION double(n integer DEFAULT 2) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 2 * n::bigint';
  CREATE FUNCTION double(t text) RETURNS text LANGUAGE sql STABLE AS 'SELECT t || t';
  CREATE FUNCTION promote(m members, price cents, now_feels mood) RETURNS members LANGUAGE sql AS 'SELECT m';
  CREATE FUNCTION find(pattern text, VARIADIC ids integer[] DEFAULT '{}') RETURNS SETOF members LANGUAGE sql STABLE
    AS 'SELECT * FROM members WHERE name LIKE pattern';
  CREATE FUNCTION lengths(most integer) RETURNS TABLE (name text, size integer) LANGUAGE sql STABLE
    AS 'SELECT name, length(name) FROM members WHERE length(name) >= most';
  CREATE FUNCTION split(INOUT n integer, OUT half numeric) LANGUAGE sql IMMUTABLE AS 'SELECT n, n / 2.0';
  CREATE FUNCTION paired() RETURNS pair LANGUAGE sql STABLE AS $$ SELECT 1, 'x' $$;
  CREATE FUNCTION whole(json) RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
  CREATE PROCEDURE tidy(INOUT n integer) LANGUAGE plpgsql AS $$ BEGIN COMMIT; n := n + 1; END $$;
  COMMENT ON FUNCTION whole(json) IS 'Takes it whole.';

  CREATE FUNCTION trig() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE FUNCTION any_one(a anyelement) RETURNS integer LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION cursed(c refcursor) RETURNS refcursor LANGUAGE plpgsql AS 'BEGIN RETURN c; END';
  CREATE FUNCTION recorded() RETURNS record LANGUAGE sql AS 'SELECT 1, 2';
  CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);
  CREATE SCHEMA other;
  CREATE FUNCTION other.far() RETURNS integer LANGUAGE sql AS 'SELECT 1';`;

describe.skipIf(postgres.skip)("PostgreSQL's routines", () => {
  let created: Created;
  let routines: ReadonlyMap<string, Routine>;
  beforeAll(async () => {
    created = await postgres.create(ddl);
    const schema = await readSchema(created.url);
    routines = new Map((schema.routines ?? []).map((routine) => [routine.id, routine]));
  });
  afterAll(() => created?.drop());

  const of = (id: string) => routines.get(id) as Routine;
  const short = (id: string) => of(id).arguments.map(({ name, mode, type }) => [name, mode, type.kind]);

  test("are those that a request can call, overloads apart", () => {
    expect([...routines.keys()]).toEqual([
      "double(integer)",
      "double(text)",
      "find(text,integer[])",
      "lengths(integer)",
      "paired()",
      "promote(members,cents,mood)",
      "split(integer)",
      "tidy(integer)",
      "whole(json)",
    ]);
  });

  test("have arguments with modes, types, domains resolved, and defaults", () => {
    expect(of("double(integer)").arguments).toEqual([
      {
        name: "n",
        mode: "in",
        default: "2",
        type: { kind: "integer", native: "integer", min: "-2147483648", max: "2147483647" },
      },
    ]);
    expect(short("find(text,integer[])")).toEqual([
      ["pattern", "in", "text"],
      ["ids", "variadic", "array"],
    ]);
    expect(short("promote(members,cents,mood)")).toEqual([
      ["m", "in", "other"],
      ["price", "in", "integer"],
      ["now_feels", "in", "enum"],
    ]);
    expect(of("promote(members,cents,mood)").arguments[0]?.row).toBe("members");
    expect(of("promote(members,cents,mood)").arguments[2]?.type.values).toEqual(["sad", "ok"]);
    expect(short("split(integer)")).toEqual([
      ["n", "inout", "integer"],
      ["half", "out", "decimal"],
    ]);
    expect(short("whole(json)")).toEqual([[undefined, "in", "json"]]);
  });

  test("tell what they answer", () => {
    expect(of("double(integer)").returns).toMatchObject({ type: "value", of: { kind: "integer" }, many: false });
    expect(of("promote(members,cents,mood)").returns).toEqual({ type: "rows", table: "members", many: false });
    expect(of("find(text,integer[])").returns).toEqual({ type: "rows", table: "members", many: true });
    const columns = (id: string) => {
      const { returns } = of(id);
      return returns.type === "columns" && { many: returns.many, names: returns.columns.map(({ name }) => name) };
    };
    expect(columns("lengths(integer)")).toEqual({ many: true, names: ["name", "size"] });
    expect(columns("split(integer)")).toEqual({ many: false, names: ["n", "half"] });
    expect(columns("paired()")).toEqual({ many: false, names: ["a", "b"] });
    expect(columns("tidy(integer)")).toEqual({ many: false, names: ["n"] });
    expect(of("whole(json)").returns).toEqual({ type: "nothing" });
  });

  test("tell whether they only read, whose rights they have, and whether they commit", () => {
    const reads = [...routines.values()].filter((routine) => routine.reads).map(({ name }) => name);
    expect(reads).toEqual(["double", "double", "find", "lengths", "paired", "split"]);
    expect(of("whole(json)")).toMatchObject({ definer: true, comment: "Takes it whole.", kind: "function" });
    expect(of("tidy(integer)")).toMatchObject({ commits: true, kind: "procedure" });
    expect([...routines.values()].filter(({ commits }) => commits)).toHaveLength(1);
  });

  test("of another schema carry its name", async () => {
    const { routines } = await readSchema(created.url, { schema: ["public", "other"] });
    expect(routines?.map(({ id }) => id)).toContain("other.far()");
  });

  test("go with the table whose rows they take or answer, and can be left out by name", async () => {
    const schema = await readSchema(created.url);
    const names = (options: Parameters<typeof visibleSchema>[1]) =>
      visibleSchema(schema, options).routines?.map(({ name }) => name);
    expect(names({ exclude: ["members"] })).toEqual([
      "double",
      "double",
      "lengths",
      "paired",
      "split",
      "tidy",
      "whole",
    ]);
    expect(names({ exclude: ["double", "tidy"] })).toEqual(["find", "lengths", "paired", "promote", "split", "whole"]);
    expect(names({ include: ["members", "find"] })).toEqual(["find"]);
    expect(names({ include: ["members"] })).toBeUndefined();
    expect(() => names({ exclude: ["duoble"] })).toThrow(/no table, column or routine 'duoble'.*double/);
  });

  test("are part of the digest", async () => {
    const database = openDatabase(created.url);
    try {
      const digest = () => database.dialect.schemaDigest(askOf(database), {});
      const before = await digest();
      expect(await digest()).toBe(before);
      await created.knex.raw(
        "CREATE OR REPLACE FUNCTION double(t text) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT t || t'",
      );
      expect(await digest()).not.toBe(before);
    } finally {
      await database.close();
    }
  });
});
