// What the database's own code raises reaches the client with its words; what it fails at by itself is not the client's fault, nor
// the connection's. The log has the database's words for both.
import { describe, expect, test } from "vitest";
import type { Logger } from "../../src/base/logger.js";
import { alwaysPasses } from "../../src/dialect/postgres/effects.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { effectOf } from "../../src/dialect/sqlite/triggers.js";
import { isProblem } from "../conformance/case.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const tables = (text: string) => `
  CREATE TABLE codes (id INTEGER PRIMARY KEY, v ${text});
  CREATE TABLE broken (id INTEGER PRIMARY KEY, v ${text});
  CREATE TABLE owners (id INTEGER PRIMARY KEY);
  CREATE TABLE pets (id INTEGER PRIMARY KEY, owner_id INTEGER NOT NULL REFERENCES owners(id) ON DELETE SET NULL);
  INSERT INTO owners VALUES (1); INSERT INTO pets VALUES (1, 1);`;

const ddl = {
  sqlite: `${tables("TEXT")}
    CREATE TABLE audits (id INTEGER PRIMARY KEY);
    CREATE TRIGGER raise BEFORE INSERT ON codes BEGIN INSERT INTO audits (id) VALUES (NULL); SELECT RAISE(FAIL, 'Not this one, please.'); END;
    CREATE TRIGGER break BEFORE INSERT ON broken BEGIN INSERT INTO missing VALUES (NEW.id); END;`,
  postgres: `${tables("TEXT")}
    CREATE FUNCTION raise() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.v = 'assert' THEN ASSERT false, 'Not this one, please.'; END IF;
      RAISE EXCEPTION 'Not this one, please.' USING ERRCODE = NEW.v, DETAIL = 'It is Sunday.', HINT = 'Come on Monday.'; END $$;
    CREATE TRIGGER raise BEFORE INSERT ON codes FOR EACH ROW EXECUTE FUNCTION raise();
    CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN
      CASE NEW.v WHEN 'function' THEN PERFORM nowhere(NEW.id); WHEN 'table' THEN INSERT INTO missing VALUES (1);
      WHEN 'strict' THEN SELECT id INTO STRICT n FROM owners WHERE id = -1; WHEN 'cast' THEN n := 'x'; END CASE; RETURN NEW; END $$;
    CREATE TRIGGER break BEFORE INSERT ON broken FOR EACH ROW EXECUTE FUNCTION break();
    CREATE TABLE names (name TEXT COLLATE "C" PRIMARY KEY); INSERT INTO names VALUES ('red');`,
  mariadb: `${tables("VARCHAR(20)")}
    CREATE TRIGGER raise BEFORE INSERT ON codes FOR EACH ROW BEGIN
      IF NEW.v = '30402' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Not this one, please.', MYSQL_ERRNO = 30402;
      ELSEIF NEW.v = '30001' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Not this one, please.', MYSQL_ERRNO = 30001;
      ELSEIF NEW.v = '23000' THEN SIGNAL SQLSTATE '23000' SET MESSAGE_TEXT = 'Not this one, please.';
      ELSEIF NEW.v = '02000' THEN SIGNAL SQLSTATE '02000' SET MESSAGE_TEXT = 'Not this one, please.';
      ELSE SIGNAL SQLSTATE '45123' SET MESSAGE_TEXT = 'Not this one, please.'; END IF; END;
    CREATE TRIGGER break BEFORE INSERT ON broken FOR EACH ROW BEGIN
      IF NEW.v = 'function' THEN SET NEW.v = nowhere(NEW.id); ELSEIF NEW.v = 'table' THEN INSERT INTO missing VALUES (1);
      ELSE UPDATE broken SET v = 'x'; END IF; END;
    CREATE DEFINER = 'nobody'@'nowhere' SQL SECURITY DEFINER VIEW orphans AS SELECT id FROM owners;`.replace(
    "INTEGER NOT NULL REFERENCES owners(id) ON DELETE SET NULL",
    "INTEGER NOT NULL REFERENCES owners(id)",
  ),
};

const raised: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  sqlite: { any: 400 },
  postgres: {
    ...{ P0001: 400, P0002: 400, P0004: 400, assert: 400, "23505": 400, "28000": 400, "42883": 400, "45000": 400 },
    ...{ ZZ999: 400, PT402: 402, PT418: 418, PT503: 503, PT200: 400, "40001": 400, "57014": 400, "08006": 400 },
  },
  mariadb: { "45000": 400, "30402": 402, "30001": 400, "23000": 400, "02000": 400 },
};
/** What was raised with the message. */
const said = {
  sqlite: {},
  postgres: { details: "It is Sunday.", hint: "Come on Monday." },
  mariadb: {},
};
const broken: Readonly<Record<string, readonly string[]>> = {
  sqlite: ["any"],
  postgres: ["function", "table", "strict", "none"],
  mariadb: ["function", "table", "own"],
};

interface Line {
  readonly level: string;
  readonly [field: string]: unknown;
}

function listening(): { readonly logger: Logger; readonly lines: Line[] } {
  const lines: Line[] = [];
  const tell = (level: string) => (fields: object, text: string) => void lines.push({ level, text, ...fields });
  return { lines, logger: { debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error") } };
}

const count = async (app: App, path: string): Promise<number> => (await app.ask(`GET ${path}`)).json.length;

onEveryServer(ddl, (place) => {
  test("errors that are raised on purpose keep their words", async () => {
    const { logger, lines } = listening();
    const app = await place.app({ logger });
    for (const [v, status] of Object.entries(raised[place.name] ?? {})) {
      const answer = await app.ask("POST /codes", { body: { id: 1, v }, headers: { "x-request-id": `r-${v}` } });
      expect([answer.status, answer.json.code], `${v} ${answer.text}`).toEqual([status, "raised"]);
      expect(answer.json.detail).toBe("Not this one, please.");
      if (v !== "assert") expect(answer.json).toMatchObject(said[place.name]);
      const told = lines.filter(({ code }) => code === "raised").at(-1);
      expect(told, v).toMatchObject({ message: "Not this one, please.", requestId: expect.anything(), status });
      expect(told?.sqlState, v).toBeTruthy();
      const many = await app.ask("POST /codes", { body: [{ id: 2, v }] });
      expect(many.json.detail, v).toContain("Not this one, please.");
    }
    expect(await count(app, "/codes")).toBe(0);
    // What the trigger wrote before it raised is gone, too. Only one has such a table.
    if (ddl[place.name].includes("TABLE audits")) expect(await count(app, "/audits")).toBe(0);
    const mute = await place.app({ raisedMessages: false, logger });
    const [v = "", status = 0] = Object.entries(raised[place.name] ?? {})[0] ?? [];
    const hidden = await mute.ask("POST /codes", { body: { id: 1, v } });
    expect([hidden.status, hidden.json.code]).toEqual([status, "raised"]);
    expect(hidden.text).not.toMatch(/Not this one|Sunday|Monday/);
  });

  test("the database's own code that fails is a 500 of its own, and in the log", async () => {
    const { logger, lines } = listening();
    const app = await place.app({ logger });
    for (const v of broken[place.name] ?? []) {
      isProblem(await app.ask("POST /brokens", { body: { id: 1, v } }), 500, "database_error", v);
      const told = lines.filter(({ code }) => code === "database_error").at(-1);
      expect(told, v).toMatchObject({ level: "error", requestId: expect.anything(), message: expect.any(String) });
    }
    expect(await count(app, "/brokens")).toBe(0);
    // A view whose definer is nobody.
    if (ddl[place.name].includes("VIEW orphans"))
      isProblem(await app.ask("GET /orphans"), 500, "database_error", "orphans");
  });

  test("a DELETE is told of rows, not of a body", async () => {
    const app = await place.app();
    isProblem(await app.ask("DELETE /owners/1"), 409, "foreign_key_violation", "set null");
    expect(await count(app, "/owners")).toBe(1);
  });

  test("a DELETE of a row that others refer to says that alone", async () => {
    const app = await place.app();
    const refused = await app.ask("DELETE /owners/1");
    expect(refused.json.detail).toMatch(/^Other rows still refer to this one/);
  });

  test("409 and 403 are in the log with the database's words", async () => {
    const { logger, lines } = listening();
    const app = await place.app({ logger });
    expect((await app.ask("POST /owners", { body: { id: 1 } })).status).toBe(409);
    expect(lines.at(-1)).toMatchObject({ code: "unique_violation", sqlState: expect.anything(), path: "/owners" });
    expect((await app.ask("POST /pets", { body: { id: 2, owner_id: 9 } })).status).toBe(409);
    expect(lines.at(-1)).toMatchObject({ code: "foreign_key_violation" });
  });
});

onEveryServer(
  ddl,
  (place) => {
    test("a read without the right is not a refused write", async () => {
      const { knex, url } = place.db();
      await knex.raw("DROP ROLE IF EXISTS lim_reads");
      await knex.raw("CREATE ROLE lim_reads LOGIN PASSWORD 'lim'");
      const address = new URL(url);
      address.username = "lim_reads";
      address.password = "lim";
      try {
        await knex.raw("GRANT USAGE ON SCHEMA public TO lim_reads; GRANT INSERT, SELECT ON owners TO lim_reads");
        const app = await place.app({ exclude: [] }, address.toString());
        await knex.raw("REVOKE SELECT ON owners FROM lim_reads");
        const read = await app.ask("GET /owners");
        expect([read.status, read.json.code]).toEqual([403, "read_refused"]);
        expect(read.text).not.toMatch(/write|body/);
      } finally {
        await knex.raw("DROP OWNED BY lim_reads; DROP ROLE lim_reads");
      }
    });
  },
  ["postgres"],
);

test("class 42 is what types do not allow, a changed schema, or the database's own code: by where it was met", () => {
  const said = (code: string, more = {}) =>
    postgres.refusal(Object.assign(new Error("no"), { code, severity: "ERROR", position: "8", ...more }));
  expect(said("42883")).toEqual({ code: "schema_changed", otherwise: "not_supported" });
  expect(said("42P01")).toEqual({ code: "schema_changed" });
  for (const code of ["42P22", "42846", "55000", "0A000"]) expect(said(code), code).toEqual({ code: "not_supported" });
  const where = { where: "PL/pgSQL function f() line 1 at PERFORM" };
  for (const code of ["42883", "42P01", "42P22"]) expect(said(code, where), code).toEqual({ code: "database_error" });
  expect(said("28000", { routine: "exec_stmt_raise" })).toEqual({ code: "raised", message: "no" });
});

describe("what the catalogue makes of triggers", () => {
  test("of PostgreSQL: only one that surely passes its row on is tame", () => {
    const tame = [
      "BEGIN NEW.changed := now(); RETURN NEW; END",
      "BEGIN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; -- return null\n NEW.n = 1; RETURN NEW ; END",
    ];
    const wild = [
      "BEGIN RETURN NULL; END",
      "BEGIN IF NEW.a THEN RETURN NEW; END IF; RETURN r; END",
      "BEGIN NEW := NULL; RETURN NEW; END",
      "BEGIN SELECT * INTO NEW FROM t; RETURN NEW; END",
      "BEGIN UPDATE t SET a = 1; RETURN NEW; END",
      "BEGIN PERFORM f(); RETURN NEW; END",
      "BEGIN END",
    ];
    expect(tame.map(alwaysPasses)).toEqual(tame.map(() => true));
    expect(wild.map(alwaysPasses)).toEqual(wild.map(() => false));
  });

  test("of SQLite: their event is read from their text", () => {
    const events = {
      "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END": "insert",
      'create temp trigger if not exists "update on" before delete on a begin select 1; end': "delete",
      "CREATE TRIGGER /* AFTER INSERT */ [x y]\n-- DELETE\nUPDATE OF a, b ON a BEGIN DELETE FROM b; END": "update",
      "CREATE TRIGGER main.`a``b` INSTEAD OF DELETE ON v BEGIN INSERT INTO b VALUES (1); END": "delete",
      "CREATE TRIGGER insert_log INSERT ON a BEGIN SELECT 1; END": "insert",
    };
    for (const [sql, event] of Object.entries(events)) expect(effectOf(sql).event, sql).toBe(event);
  });
});
