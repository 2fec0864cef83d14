// The database's own code that fails while rows are read or written: whose fault an answer says it is, by rule, for every way to fail.
import { beforeAll, describe, expect, test } from "vitest";
import { refusal as ofPostgres } from "../../src/dialect/postgres/refusal.js";
import { keepLines } from "../observe/lines.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

/** Expressions that fail, over a row's own `id` and `v`, which is `abc`. None can be helped by whoever asks. */
const failing = {
  sqlite: {
    json: "json_extract(v, '$.a')",
    like: "v LIKE 'a' ESCAPE 'ab'",
    blob: "length(zeroblob(2000000000 + id))",
    whole: "abs(-9223372036854775807 - (id > 0))",
  },
  postgres: {
    zero: "1 / (id - id)",
    root: "sqrt(-id)::int",
    cast: "v::int",
    day: "extract(day FROM v::date)::int",
    uuid: "(v::uuid IS NULL)::int",
    several: "(SELECT i FROM generate_series(1, 2) i)",
    overflow: "(2147483647 + id)",
    regular: "(v ~ ('(' || v))::int",
    words: "(to_tsquery(v || ' & (') IS NULL)::int",
    part: "length(substr(v, 1, -id))",
    long: "length(repeat('x', 1073741823))",
    setting: "length(set_config('nope', v, false))",
    deep: "deep(id)",
    strict: "strict_one(id)",
    nowhere: "nowhere_from(id)",
  },
  mariadb: {
    several: "(SELECT n FROM (SELECT 1 AS n UNION SELECT 2) q)",
    power: "pow(10, 400 * id)",
    overflow: "9223372036854775807 + id",
    unsigned: "CAST(id AS UNSIGNED) - 200",
    nowhere: "nowhere_from(id)",
    deep: "deep(id)",
    fetched: "fetched(id)",
  },
};

/** A trigger's conversions and overflows may be of what the body says. */
const mayBeValues = /cast|day|uuid|overflow|long|power|unsigned|blob/;

type Kind = keyof typeof failing;

const functions = {
  sqlite: "",
  postgres: `
    CREATE FUNCTION deep(a int) RETURNS int STABLE LANGUAGE plpgsql AS $$ BEGIN RETURN deep(a + 1); END $$;
    CREATE FUNCTION nowhere_from(a int) RETURNS int STABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nowhere(a); END $$;
    CREATE FUNCTION strict_one(a int) RETURNS int STABLE LANGUAGE plpgsql AS $$ DECLARE n int;
      BEGIN SELECT id INTO STRICT n FROM items WHERE id = -1; RETURN n; END $$;
    CREATE FUNCTION adds(a int) RETURNS int VOLATILE LANGUAGE plpgsql AS $$ BEGIN INSERT INTO items VALUES (1, 'x'); RETURN 1; END $$;
    CREATE VIEW adding AS SELECT id, v, adds(id) AS bad FROM items;`,
  mariadb: `
    CREATE FUNCTION nowhere_from(a INT) RETURNS INT READS SQL DATA RETURN nowhere(a);
    CREATE FUNCTION deep(a INT) RETURNS INT READS SQL DATA RETURN deep(a + 1);
    CREATE FUNCTION fetched(a INT) RETURNS INT READS SQL DATA BEGIN DECLARE n INT;
      DECLARE c CURSOR FOR SELECT id FROM items WHERE id < 0; OPEN c; FETCH c INTO n; RETURN n; END;`,
};

function onSqlite(table: string, event: string, expression: string): string {
  const row = event === "DELETE" ? "OLD" : "NEW";
  const of = expression.replace(/\bid\b/g, `${row}.id`).replace(/\bv\b/g, "'abc'");
  return `CREATE TRIGGER ${table}_${event} BEFORE ${event} ON ${table} BEGIN SELECT ${of}; END;`;
}

const events = ["INSERT", "UPDATE", "DELETE"];

const onMariadb = (table: string, event: string, expression: string): string =>
  `CREATE TRIGGER ${table}_${event} BEFORE ${event} ON ${table} FOR EACH ROW BEGIN DECLARE id INT DEFAULT 1; DECLARE v VARCHAR(20) DEFAULT 'abc';
    DECLARE x VARCHAR(20); SET x = ${expression}; END;`;

const onPostgres = (table: string, expression: string): string =>
  `CREATE FUNCTION ${table}_fails() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE id int := 1; v text := 'abc'; x int;
    BEGIN x := ${expression}; RETURN coalesce(NEW, OLD); END $$;
   CREATE TRIGGER fails BEFORE INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_fails();`;

const forEach = (trigger: typeof onSqlite) => (table: string, expression: string) =>
  events.map((event) => trigger(table, event, expression)).join("\n");

const triggersOn = { sqlite: forEach(onSqlite), postgres: onPostgres, mariadb: forEach(onMariadb) };

function ddlOf(kind: Kind): string {
  const parts = Object.entries(failing[kind]).map(([name, expression]) => {
    const table = `kept_${name}`;
    const triggers = triggersOn[kind](table, expression);
    return `CREATE VIEW seen_${name} AS SELECT id, v, ${expression} AS bad FROM items;
      CREATE TABLE ${table} (id INTEGER PRIMARY KEY, v VARCHAR(20)); INSERT INTO ${table} VALUES (1, 'abc'), (2, 'abc');\n${triggers}`;
  });
  return `CREATE TABLE items (id INTEGER PRIMARY KEY, v VARCHAR(20)); INSERT INTO items VALUES (1, 'abc');
    ${functions[kind]}\n${parts.join("\n")}`;
}

const ddl = { sqlite: ddlOf("sqlite"), postgres: ddlOf("postgres"), mariadb: ddlOf("mariadb") };

onEveryServer(ddl, (place) => {
  const { logger, lines } = keepLines();
  let app: App;
  beforeAll(async () => {
    app = await place.app({ logger, overrides: Object.keys(failing[place.name]).flatMap(named) });
  });

  test.each(Object.keys(failing[place.name]))("%s", async (name) => {
    const said = { message: expect.any(String), requestId: expect.anything() };
    const isLogged = (code: string) => expect(lines.at(-1)?.fields, name).toMatchObject({ code, ...said });
    for (const query of ["", "?v=abc", "?bad=gt:0&v=ne:x"]) {
      const read = await app.ask(`GET /seen_${name}${query}`);
      expect([read.status, read.json.code], `${query} ${read.text}`).toEqual([500, "database_error"]);
      isLogged("database_error");
    }
    const gone = await app.ask(`DELETE /kept_${name}/1`);
    expect([gone.status, gone.json.code], gone.text).toEqual([500, "database_error"]);
    isLogged("database_error");
    const fields = { id: 5, v: "n" };
    for (const [line, body] of [
      [`POST /kept_${name}`, fields],
      [`POST /kept_${name}`, [fields]],
      [`PATCH /kept_${name}/1`, { v: "m" }],
      [`PATCH /kept_${name}?id=lt:3`, { v: "m" }],
      ["POST /batch", [{ method: "PATCH", path: `/kept_${name}/1`, body: { v: "m" } }]],
    ] as const) {
      const { status, text, json } = await app.ask(line, { body });
      const code = json.code ?? json.problem?.code;
      if (status === 422) expect([code, mayBeValues.test(name)], `${line} ${text}`).toEqual(["invalid_value", true]);
      else expect([status, code], `${line} ${text}`).toEqual([500, "database_error"]);
      if (status === 500) isLogged("database_error");
    }
    expect((await app.ask(`GET /kept_${name}?select=v,id`)).json).toEqual([
      { v: "abc", id: 1 },
      { v: "abc", id: 2 },
    ]);
  });

  test.runIf(ddl[place.name].includes("VIEW adding"))("a read that writes has no other row to blame", async () => {
    const read = await app.ask("GET /addings?v=abc");
    expect([read.status, read.json.code], read.text).toEqual([500, "database_error"]);
  });
});

/** The paths as they are called here. */
const named = (name: string) => [
  { name: `seen_${name}`, resource: `seen_${name}` },
  { name: `kept_${name}`, resource: `kept_${name}` },
];

describe("PostgreSQL in another language", () => {
  const said = (code: string, more = {}) =>
    ofPostgres(Object.assign(new Error("nein"), { code, severity: "FEHLER", ...more }));

  test("what happened in a function, whatever its place is called", () => {
    for (const where of [
      "PL/pgSQL-Funktion f() Zeile 3 bei PERFORM",
      "fonction PL/pgSQL f(), ligne 3 à PERFORM",
      "SQL-Funktion »f« Anweisung 1",
    ])
      for (const code of ["55000", "0A000", "42883", "42P01"])
        expect(said(code, { where }), `${where} ${code}`).toEqual({ code: "database_error" });
  });

  test("which value it is, and two rows that are the same", () => {
    expect(said("22P02", { where: "unbenanntes Portal mit Parameter $2 = »…«" })).toMatchObject({ parameter: 2 });
    const within = "JSON data, line 1: $5\nunnamed portal parameter $3 = '...'";
    expect(said("22P02", { where: within })).toMatchObject({ parameter: 3 });
    expect(said("21000", { routine: "ExecOnConflictUpdate" })).toEqual({ code: "same_row" });
    expect(said("21000", { routine: "ExecSetParamPlan" })).toEqual({ code: "database_error" });
  });

  test("no room is not away, and a text that does not parse is ours", () => {
    for (const code of ["53000", "53100", "53200", "53400"]) expect(said(code), code).toEqual({ code: "exhausted" });
    expect(said("53300")).toEqual({ code: "database_away", full: true });
    expect(said("42601", { position: "8" })).toBeUndefined();
    expect(said("42601")).toEqual({ code: "database_error" });
  });
});
