// What connections remember of their statements is bounded, whatever is asked: here, and as the servers themselves count it.
import knex, { type Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Statements } from "../../src/dialect/statements.js";
import type { App } from "../support/apps.js";
import type { DatabaseName } from "../support/databases.js";
import { onEveryDatabase } from "../support/matrix.js";

describe("Statements", () => {
  const once = (i: number) => `SELECT ${i} ${"x".repeat(i % 997)}`;

  test("20,000 that come once are closed but for a few, and push out none that comes again", () => {
    const statements = new Statements<number>(250, 100_000, 10_000);
    const busy = Array.from({ length: 60 }, (_, i) => `SELECT * FROM busy_${i}`);
    const closed = new Set<string>();
    const add = (text: string, i: number) => {
      for (const dropped of statements.add(text, i)) closed.add(dropped.text);
    };
    for (const [i, text] of busy.entries()) {
      add(text, i);
      statements.get(text);
    }
    for (let i = 0; i < 20_000; i += 1) {
      add(once(i), i);
      expect(statements.size).toBeLessThanOrEqual(250);
      expect(statements.length).toBeLessThanOrEqual(100_000);
    }
    expect(busy.map((text) => statements.get(text))).toEqual(busy.map((_, i) => i));
    expect(closed.size + statements.size).toBe(20_060);
  });

  test("all that come again are bounded too, and make room for others", () => {
    const statements = new Statements<number>(100, 20_000, 2_000);
    const closed: string[] = [];
    for (let i = 0; i < 20_000; i += 1) {
      closed.push(...statements.add(once(i), i).map(({ text }) => text));
      expect(statements.get(once(i))).toBe(i);
      expect(statements.size).toBeLessThanOrEqual(100);
      expect(statements.length).toBeLessThanOrEqual(20_000);
    }
    expect(closed.length + statements.size).toBe(20_000);
    expect(new Set(closed).size).toBe(closed.length);
  });

  test("giants are not taken", () => {
    const statements = new Statements<number>(100);
    expect(statements.takes("x".repeat(32_768))).toBe(true);
    expect(statements.takes("x".repeat(32_769))).toBe(false);
  });

  test("what is forgotten leaves room", () => {
    const statements = new Statements<number>(100);
    statements.add("a", 1);
    statements.add("bc", 2);
    statements.get("bc");
    statements.forget("bc");
    expect([statements.get("bc"), statements.size, statements.length]).toEqual([undefined, 1, 1]);
  });
});

const names = ["a", "b", "c", "d", "e", "f", "g"];
const ddl = `CREATE TABLE things (id integer PRIMARY KEY, ${names.map((name) => `${name} integer`).join(", ")})`;

/** How many statements the server keeps for a connection. */
const held: Readonly<Partial<Record<DatabaseName, (db: Knex) => Promise<number>>>> = {
  postgres: async (db) => (await db.raw("SELECT count(*)::int AS held FROM pg_prepared_statements")).rows[0].held,
  async mariadb(db) {
    const [rows] = await db.raw("SHOW SESSION STATUS WHERE Variable_name IN ('Com_stmt_prepare', 'Com_stmt_close')");
    const { Com_stmt_prepare = 0, Com_stmt_close = 0 } = Object.fromEntries(
      rows.map((row: { Variable_name: string; Value: string }) => [row.Variable_name, Number(row.Value)]),
    );
    return Com_stmt_prepare - Com_stmt_close;
  },
};

onEveryDatabase({ sqlite: ddl, postgres: ddl, mariadb: ddl }, (place) => {
  let app: App;
  let db: Knex;
  beforeAll(async () => {
    db = knex({ ...place.db().knex.client.config, pool: { min: 1, max: 1 } });
    await db("things").insert([1, 2, 3].map((id) => ({ id, ...Object.fromEntries(names.map((name) => [name, id])) })));
    app = await place.app({}, db);
  });
  afterAll(() => db?.destroy());

  test("1,500 shapes of statement, and giants, are answered", async () => {
    for (let i = 0; i < 1_500; i += 1) {
      const shown = ordered(names, i);
      const answer = await app.ask(`GET /things/2?select=${shown.join(",")}`);
      expect(answer.json).toEqual(Object.fromEntries(shown.map((name) => [name, 2])));
      expect(Object.keys(answer.json)).toEqual(shown);
    }
    const many = Array.from({ length: 900 }, (_, i) => 2 + (i % 2)).join(",");
    const giant = names.map((name) => `${name}=in:${many}`).join("&");
    for (let i = 0; i < 3; i += 1) expect((await app.ask(`GET /things?select=id&${giant}`)).json).toHaveLength(2);
  });

  test.runIf(place.can.countStatements)("the server has few of them for the connection", async () => {
    const kept = await held[place.name]?.(db);
    expect(kept).toBeGreaterThan(100);
    expect(kept).toBeLessThanOrEqual(500);
  });
});

/** The i-th order of some names: as many as there are, each its own. */
function ordered(some: readonly string[], i: number): string[] {
  if (some.length === 0) return [];
  const [first] = some.slice(i % some.length);
  const rest = some.filter((name) => name !== first);
  return [first as string, ...ordered(rest, Math.floor(i / some.length))];
}
