// `overrides` of the database's own functions and procedures: their path, what they are said to do, the table that they belong to.
import { describe, expect, test } from "vitest";
import { overrideRoutines } from "../../src/schema/routine-override.js";
import type { Schema } from "../../src/schema/schema.js";
import { isProblem } from "../conformance/case.js";
import { onEveryServer } from "../support/matrix.js";

const tables = `
  CREATE TABLE members (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, level INT NOT NULL);
  INSERT INTO members VALUES (1, 'Ada', 1), (2, 'Bob', 2);`;
const ddl = {
  sqlite: tables,
  postgres: `${tables}
    CREATE FUNCTION fn_lvl_get(number int) RETURNS int LANGUAGE sql AS 'SELECT level FROM members WHERE id = number';
    CREATE FUNCTION fn_lvl_get(label text) RETURNS int LANGUAGE sql AS 'SELECT level FROM members WHERE name = label';
    CREATE FUNCTION says_too_much() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1';`,
  mariadb: `${tables}
    CREATE FUNCTION fn_lvl_get(number INT) RETURNS INT DETERMINISTIC RETURN (SELECT level FROM members WHERE id = number);
    CREATE FUNCTION says_too_much() RETURNS INT NO SQL RETURN 1;
    CREATE PROCEDURE listing() SELECT name FROM members ORDER BY id;`,
};

onEveryServer(
  ddl,
  (place) => {
    test("one gets a path, is read by GET, and stands below the rows of its table", async () => {
      const app = await place.app({
        overrides: [
          { name: "fn_lvl_get", resource: "level", reads: true, table: "members", comment: "The level." },
          { name: "says_too_much", reads: false },
          { name: "members", resource: "people" },
        ],
      });
      expect((await app.ask("GET /rpc/level?number=2")).json).toBe(2);
      expect((await app.ask("GET /people/2/level")).json).toBe(2);
      expect((await app.ask("GET /people/9/level")).status).toBe(404);
      expect((await app.ask("GET /rpc/fn_lvl_get?number=2")).status).toBe(404);
      if (place.can.overloadRoutines) expect((await app.ask("GET /rpc/level?label=Ada")).json).toBe(1);
      expect((await app.ask("GET /rpc/says_too_much")).status).toBe(405);
      expect((await app.ask("POST /rpc/says_too_much", { body: {} })).json).toBe(1);
      const { paths } = (await app.ask("GET /openapi.json")).json;
      expect(paths["/rpc/level"].get.description).toContain("The level.");
      const [found] = app.api.metadata().routines?.filter(({ path }) => path === "/rpc/level") ?? [];
      expect(found?.evidence[0]).toMatchObject({ by: "config", detail: expect.stringContaining("reads") });
    });

    test("one that is left out is not there", async () => {
      const app = await place.app({ exclude: ["fn_lvl_get"] });
      expect((await app.ask("POST /rpc/fn_lvl_get", { body: { number: 1 } })).status).toBe(404);
    });

    test.skipIf(!place.can.answerResults)("a procedure that is said to read takes GET", async () => {
      const app = await place.app({ overrides: [{ name: "listing", reads: true }] });
      expect((await app.ask("GET /rpc/listing")).json).toEqual([{ name: "Ada" }, { name: "Bob" }]);
    });

    test("what is said to read and writes all the same is refused by GET", async () => {
      const raw = {
        postgres: "CREATE FUNCTION fakes() RETURNS int LANGUAGE sql AS 'DELETE FROM members RETURNING id'",
        mariadb: "CREATE FUNCTION fakes() RETURNS INT BEGIN DELETE FROM members; RETURN 1; END",
      };
      await place.db().knex.raw(raw[place.name as keyof typeof raw]);
      const app = await place.app({ overrides: [{ name: "fakes", reads: true }] });
      isProblem(await app.ask("GET /rpc/fakes"), 403, "read_refused");
      expect((await app.ask("GET /members?select=id")).json).toHaveLength(2);
    });
  },
  ["postgres", "mariadb"],
);

describe("mistakes name their place", () => {
  const integer = { kind: "integer", native: "int" } as const;
  const column = (name: string) => ({
    ...{ name, type: integer, nullable: true, default: null, generated: false, identity: false },
  });
  const schema: Schema = {
    tables: [
      {
        ...{ id: "members", name: "members", schema: null, kind: "table", uniqueKeys: [], foreignKeys: [] },
        ...{ columns: [column("id"), column("level")], primaryKey: ["id"] },
      },
    ],
    routines: ["sizes", "others"].map((name) => ({
      ...{ id: `${name}()`, name, schema: null, kind: "function", arguments: [], reads: true },
      returns: { type: "columns", columns: [column("id"), column("size")], many: true },
    })),
  };
  test.each([
    [{ name: "sizes", key: "sise" }, /overrides\[0\]\.key: there is no column 'sise'.*'size'/],
    [{ name: "sizes", returns: "members" }, /overrides\[0\]\.returns: sizes\(\) has no column level/],
    [{ name: "sizes", returns: "member" }, /there is no table 'member'.*'members'/],
    [{ name: "sizes", resource: "a/b" }, /overrides\[0\]\.resource: is one segment/],
    [{ name: "sizes", resource: "others" }, /resource: others\(\) is called so already/],
    [{ name: "sizes", table: "memberz" }, /overrides\[0\]\.table: there is no table/],
    [{ name: "sizes", table: "members" }, /table: its first argument has not the type of members's key/],
    [{ name: "sizes", read: true }, /read.*reads/],
  ])("%j", (entry, message) => expect(() => overrideRoutines(schema, [entry as { name: string }])).toThrow(message));

  test("a name that is neither a table nor a routine", async () => {
    const { overrideSchema } = await import("../../src/index.js");
    expect(() => overrideSchema(schema, [{ name: "size" }])).toThrow(
      /overrides\[0\]\.name: there is no table and no routine 'size'.*'sizes'/,
    );
  });
});
