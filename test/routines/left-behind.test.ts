// What the database's own code leaves on its connection (settings, variables, temporary tables, locks) is met by no later request.
import { beforeAll, expect, test } from "vitest";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const tables = `
  CREATE TABLE notes (id int PRIMARY KEY, body varchar(80));
  INSERT INTO notes VALUES (1, 'one'), (2, 'two');
  CREATE TABLE entries (id int PRIMARY KEY, body varchar(80));
  INSERT INTO entries VALUES (1, 'one');`;

const code = (name: string, body: string) =>
  `CREATE FUNCTION ${name}() RETURNS int LANGUAGE plpgsql AS $$ BEGIN ${body}; RETURN 1; END $$;`;
const postgres = `${tables}
  CREATE FUNCTION state() RETURNS text LANGUAGE sql AS $$ SELECT concat_ws('; ', current_setting('search_path'),
    current_setting('TimeZone'), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
    (SELECT string_agg(relname, ',') FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'),
    (SELECT count(*) FROM pg_cursors WHERE is_holdable), (SELECT string_agg(name, ',') FROM pg_prepared_statements WHERE name LIKE 'own%')) $$;
  ${code("sets", "SET search_path = pg_catalog")}
  ${code("resets", "RESET TimeZone")}
  ${code("configures", "PERFORM set_config('TimeZone', coalesce('Asia/Tokyo', ''), length('') > 0)")}
  ${code("formats", "EXECUTE format('SET search_path = %I', 'pg_catalog')")}
  ${code("makes", "CREATE TEMP TABLE notes AS SELECT 99 AS id, 'temporary' AS body")}
  ${code("locks", "PERFORM pg_advisory_lock(7)")}
  ${code("prepares", "EXECUTE 'PREPARE own_one AS SELECT 1'")}
  CREATE FUNCTION atomic() RETURNS text LANGUAGE sql VOLATILE RETURN set_config('search_path', 'pg_catalog', false);
  CREATE FUNCTION on_entries() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM configures(); RETURN NEW; END $$;
  CREATE TRIGGER on_entries BEFORE INSERT OR UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION on_entries();`;

const procedure = (name: string, body: string) => `CREATE PROCEDURE ${name}() BEGIN ${body}; END;`;
const mariadb = `${tables}
  CREATE PROCEDURE state(OUT found TEXT) SELECT CONCAT_WS('; ', @@sql_mode, @@time_zone, @@foreign_key_checks, @@div_precision_increment,
    @@group_concat_max_len, IFNULL(@mine, '-'), IFNULL(IS_USED_LOCK('mine') = CONNECTION_ID(), 0), (SELECT COUNT(*) FROM notes)) INTO found;
  ${procedure("sets", "SET SESSION sql_mode = ''")}
  ${procedure("sets_bare", "DECLARE n INT; SET n = 1, time_zone = '+05:00'")}
  ${procedure("sets_other", "IF TRUE THEN SET div_precision_increment = 9; END IF")}
  ${procedure("unchecked", "SET foreign_key_checks = 0")}
  ${procedure("remembers", "SET @mine := 'left'")}
  ${procedure("makes", "CREATE TEMPORARY TABLE notes (id INT PRIMARY KEY, body VARCHAR(80))")}
  ${procedure("locks", "DO GET_LOCK('mine', 1)")}
  ${procedure("calls", "CALL unchecked()")}
  ${procedure("formats", "EXECUTE IMMEDIATE 'SET SESSION group_concat_max_len = 5'").replace(
    "EXECUTE IMMEDIATE 'SET SESSION group_concat_max_len = 5'",
    "SET @mine = 'SET SESSION group_concat_max_len = 5'; PREPARE own FROM @mine; EXECUTE own; DEALLOCATE PREPARE own; SET @mine = NULL",
  )}
  CREATE TRIGGER on_insert BEFORE INSERT ON entries FOR EACH ROW SET NEW.body = UPPER(NEW.body);
  CREATE TRIGGER on_entries BEFORE UPDATE ON entries FOR EACH ROW SET @mine = 'fired';
  CREATE PROCEDURE writes() UPDATE entries SET body = 'again';`;

const calls: Readonly<Record<string, readonly string[]>> = {
  postgres: ["sets", "resets", "configures", "formats", "makes", "locks", "prepares", "atomic"],
  mariadb: [
    "sets",
    "sets_bare",
    "sets_other",
    "unchecked",
    "remembers",
    "makes",
    "locks",
    "calls",
    "formats",
    "writes",
  ],
};

onEveryServer(
  { sqlite: "", postgres, mariadb },
  (place) => {
    let app: App;
    let state: unknown;
    beforeAll(async () => {
      app = await place.app({ poolMin: 1, poolMax: 1 });
      state = await found();
    });
    const found = async () => (await app.ask("POST /rpc/state", { body: {} })).json;
    const isAsBefore = async (what: string) => {
      expect(await found(), what).toEqual(state);
      expect((await app.ask("GET /notes?select=id")).json, what).toEqual([{ id: 1 }, { id: 2 }]);
    };

    test.each(calls[place.name] ?? [])("POST /rpc/%s", async (name) => {
      expect((await app.ask(`POST /rpc/${name}`, { body: {} })).status).toBeLessThan(300);
      await isAsBefore(name);
    });

    test("writes whose triggers do it", async () => {
      const asked: readonly (readonly [string, object])[] = [
        ["PATCH /entries/1", { body: { body: "b" } }],
        ["PATCH /entries?id=eq:1", { body: { body: "c" } }],
        ["POST /entries?on-conflict=merge", { body: { id: 1, body: "d" } }],
        ["PUT /entries/1", { body: { body: "e" } }],
        ["POST /batch", { body: [{ method: "PATCH", path: "/entries/1", body: { body: "f" } }] }],
      ];
      for (const [line, options] of asked) {
        expect((await app.ask(line, options)).status, line).toBeLessThan(300);
        await isAsBefore(line);
      }
    });
  },
  ["postgres", "mariadb"],
);
