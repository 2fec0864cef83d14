// Which code of the database leaves something on its connection, by its text alone.
import { describe, expect, test } from "vitest";
import { leftBehindOf } from "../../src/dialect/mysql/leaves.js";
import { leavingSql } from "../../src/dialect/postgres/leaves.js";
import { postgres } from "../support/databases.js";

const procedure = (routine: string, body: string | null, name: string | null = null) => ({
  ...{ kind: "PROCEDURE", routine, body, name, modes: "" },
});
const leavesAlone = (body: string | null, argument?: string) => {
  const row = procedure("own", body, argument);
  return leftBehindOf({ routines: [row], triggers: [] }).routine(row);
};

test.each([
  "SET SESSION sql_mode = ''",
  "SET @@time_zone = '+05:00'",
  "set local sql_mode = ''",
  "SET NAMES latin1",
  "SET ROLE admin",
  "SET max_sort_length = 9",
  "BEGIN DECLARE n INT; SET n = 1, lc_time_names = 'de_DE'; END",
  "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SET foreign_key_checks = 0; SELECT 1; END",
  "IF TRUE THEN SET `foreign_key_checks` = 0; END IF",
  "SET @n = @n + 1",
  "SELECT COUNT(*) INTO @n FROM notes",
  "CREATE TEMPORARY TABLE t (a INT)",
  "DO GET_LOCK('a', 1)",
  "BEGIN PREPARE s FROM 'SELECT 1'; EXECUTE s; END",
])("MySQL and MariaDB, something is left: %s", (body) => expect(leavesAlone(body)).toBe(true));

test.each([
  "UPDATE notes SET sql_mode = 'x', time_zone = 'y'",
  "BEGIN DECLARE n, time_zone INT DEFAULT 0; SET n = 1, time_zone = 2; END",
  "SET given = 1",
  "SET NEW.level = 1, NEW.name = UPPER(NEW.name)",
  "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'SET SESSION sql_mode = 1'",
  "SET GLOBAL sql_mode = ''",
  "SELECT @@sql_mode /* SET SESSION sql_mode = '' */",
  "INSERT INTO notes SET body = 'a@b'",
  null,
])("MySQL and MariaDB, nothing is left: %s", (body) => expect(leavesAlone(body, "given")).toBe(false));

test("who calls a procedure, or fires a trigger, leaves what that leaves; a function stands for all", () => {
  const [sets, calls, writes, reads] = [
    procedure("sets", "SET SESSION sql_mode = ''"),
    procedure("calls", "BEGIN CALL `sets`(); END"),
    procedure("writes", "DELETE FROM notes"),
    procedure("reads", "SELECT 1"),
  ];
  const trigger = { table: "notes", name: "on_notes", body: "CALL sets()", modes: "" };
  const found = (triggers: object[], more: object[] = []) => {
    const routines = [sets, calls, writes, reads, ...more] as Record<string, unknown>[];
    const leaving = leftBehindOf({ routines, triggers: triggers as Record<string, unknown>[] });
    return [routines.slice(0, 4).map(leaving.routine), (triggers as Record<string, unknown>[]).map(leaving.trigger)];
  };
  expect(found([])).toEqual([[true, true, false, false], []]);
  expect(found([trigger])).toEqual([[true, true, true, false], [true]]);
  const counting = { ...procedure("counting", "BEGIN SET @n = 1; RETURN 1; END"), kind: "FUNCTION" };
  const calling = { ...trigger, body: "SET NEW.level = Counting()" };
  expect(found([calling, { ...trigger, body: "SET NEW.level = 1" }], [counting])).toEqual([
    [true, true, true, true],
    [true, false],
  ]);
});

const plpgsql = (name: string, body: string) =>
  `CREATE FUNCTION ${name}() RETURNS int LANGUAGE plpgsql AS $$ BEGIN ${body}; RETURN 1; END $$;`;
const leaving: Readonly<Record<string, string>> = {
  a_set: "SET TimeZone = 'UTC'",
  a_then: "IF true THEN SET TimeZone = 'UTC'; END IF",
  a_reset: "RESET ALL",
  a_config: "PERFORM set_config('a.b', '', false)",
  a_computed: "PERFORM set_config('a.b', '', length('') > 0)",
  a_second: "PERFORM set_config('a.b', '', true), set_config('a.b', '', false)",
  a_format: "EXECUTE format('SET a.b = %L', 'x')",
  a_temp: "CREATE TEMP TABLE t (a int)",
  a_lock: "PERFORM pg_try_advisory_lock(1)",
  a_cursor: "EXECUTE 'DECLARE c CURSOR WITH HOLD FOR SELECT 1'",
};
const tame: Readonly<Record<string, string>> = {
  b_local: "SET LOCAL TimeZone = 'UTC'",
  b_config: "PERFORM set_config('a.b', coalesce(current_setting('a.b', true), ''), true)",
  b_temp: "CREATE TEMPORARY TABLE t (a int) ON COMMIT DROP",
  b_lock: "PERFORM pg_advisory_xact_lock(1)",
  b_update: "UPDATE notes SET a = 1",
};

describe.skipIf(postgres.skip)("PostgreSQL", () => {
  test("by the texts of all functions", async () => {
    const all = Object.entries({ ...leaving, ...tame }).map(([name, body]) => plpgsql(name, body));
    const created = await postgres.create(`CREATE TABLE notes (a int); ${all.join("\n")}
      CREATE FUNCTION a_atomic() RETURNS text LANGUAGE sql RETURN set_config('a.b', '', false);
      CREATE FUNCTION b_atomic() RETURNS text LANGUAGE sql RETURN set_config('a.b', '', true);
      CREATE FUNCTION b_clause() RETURNS int LANGUAGE sql SET TimeZone = 'UTC' AS 'SELECT 1';`);
    try {
      for (const strings of ["on", "off"]) {
        const found = await created.knex.transaction(async (trx): Promise<{ proname: string }[]> => {
          await trx.raw(`SET LOCAL standard_conforming_strings = ${strings}`);
          return (await trx.raw(`SELECT proname FROM (${leavingSql}) found ORDER BY proname`)).rows;
        });
        expect(found.map(({ proname }) => proname)).toEqual(["a_atomic", ...Object.keys(leaving)].toSorted());
      }
    } finally {
      await created.drop();
    }
  });
});
