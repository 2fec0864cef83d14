// Random views over random tables: whatever key and foreign keys are said of them, the database itself is asked whether they hold.
import { describe, expect, test } from "vitest";
import { readSchema } from "../../src/database/read-schema.js";
import type { Schema, Table } from "../../src/schema/schema.js";
import { type DatabaseName, databases } from "../support/databases.js";

const base = `
CREATE TABLE a (id INTEGER PRIMARY KEY, code VARCHAR(5) NOT NULL UNIQUE, n INTEGER);
CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER NOT NULL, p_id INTEGER, code VARCHAR(5),
  FOREIGN KEY (a_id) REFERENCES a(id), FOREIGN KEY (p_id) REFERENCES b(id));
CREATE TABLE c (b_id INTEGER NOT NULL, a_id INTEGER NOT NULL, n INTEGER, PRIMARY KEY (b_id, a_id),
  FOREIGN KEY (b_id) REFERENCES b(id), FOREIGN KEY (a_id) REFERENCES a(id));
INSERT INTO a VALUES (1, 'x', 1), (2, 'y', 1), (3, 'z', NULL);
INSERT INTO b VALUES (1, 1, NULL, 'x'), (2, 1, 1, 'x'), (3, 2, 1, NULL), (4, 2, 2, 'y');
INSERT INTO c VALUES (1, 1, 1), (1, 2, 1), (2, 1, NULL), (4, 3, 2);`;
const columns = { a: ["id", "code", "n"], b: ["id", "a_id", "p_id", "code"], c: ["b_id", "a_id", "n"] } as const;
type Name = keyof typeof columns;

/** Park and Miller's. */
function dice(seed: number) {
  let state = seed;
  const roll = (sides: number) => {
    state = (state * 48271) % 2147483647;
    return state % sides;
  };
  return { roll, one: <T>(items: readonly T[]): T => items[roll(items.length)] as T };
}

function randomView(seed: number): string {
  const { roll, one } = dice(seed * 7919 + 1);
  const names = Object.keys(columns) as Name[];
  const sources = Array.from({ length: 1 + roll(3) }, (_, i) => ({ table: one(names), alias: `t${i}` }));
  const column = (of: (typeof sources)[number]) => `${of.alias}.${one(columns[of.table])}`;
  const numbers = (of: (typeof sources)[number]) =>
    `${of.alias}.${one(columns[of.table].filter((name) => name !== "code"))}`;
  const from = sources.map((source, i) => {
    if (i === 0) return `${source.table} ${source.alias}`;
    const before = sources[roll(i)] as (typeof sources)[number];
    const second = roll(3) === 0 ? ` ${one(["AND", "OR"])} ${numbers(source)} = ${numbers(before)}` : "";
    return `${one(["JOIN", "LEFT JOIN", "JOIN"])} ${source.table} ${source.alias} ON ${numbers(source)} = ${numbers(before)}${second}`;
  });
  const where = roll(3) === 0 ? ` WHERE ${column(one(sources))} IS NOT NULL` : "";
  const grouped = roll(5) === 0;
  const items = [...new Set(Array.from({ length: 2 + roll(4) }, () => column(one(sources))))];
  const shown = grouped ? [...items.slice(roll(2)), "COUNT(*)"] : [...items, ...(roll(3) === 0 ? ["1 + 1"] : [])];
  const distinct = !grouped && roll(5) === 0 ? "DISTINCT " : "";
  const list = shown.map((item, i) => `${item} AS k${i}`).join(", ");
  const select = `SELECT ${distinct}${list} FROM ${from.join(" ")}${where}`;
  const group = grouped ? ` GROUP BY ${items.join(", ")}` : "";
  return roll(8) === 0 ? `${select}${group} UNION ALL ${select}${group}` : `${select}${group}`;
}

const VIEWS = 120;
const views = Array.from({ length: VIEWS }, (_, i) => `CREATE VIEW v${i} AS ${randomView(i)};`);
const ddl = `${base}\n${views.join("\n")}`;
const byDatabase: Readonly<Record<DatabaseName, string>> = { sqlite: ddl, postgres: ddl, mariadb: ddl };

const keysOf = ({ primaryKey, uniqueKeys }: Table) =>
  [primaryKey, ...uniqueKeys.map(({ columns }) => columns)].filter((columns) => columns.length > 0);

for (const database of databases) {
  describe.skipIf(database.skip)(database.name, () => {
    test("what is said of views holds in the database", async () => {
      const created = await database.create(byDatabase[database.name as DatabaseName]);
      try {
        const schema: Schema = await readSchema(created.knex);
        const found = { keys: 0, references: 0 };
        for (const view of schema.tables.filter(({ kind }) => kind === "view")) {
          const rows: Record<string, unknown>[] = await created.knex(view.name).select();
          const text = views[Number(view.name.slice(1))];
          for (const key of keysOf(view)) {
            const values = rows.map((row) => key.map((name) => row[name])).filter((value) => !value.includes(null));
            expect(new Set(values.map((value) => JSON.stringify(value))).size, `${key}: ${text}`).toBe(values.length);
            if (key === view.primaryKey) expect(values.length, `NULL in ${key}: ${text}`).toBe(rows.length);
            found.keys++;
          }
          for (const { columns, table, references } of view.foreignKeys) {
            const parents: Record<string, unknown>[] = await created.knex(table).select();
            for (const row of rows) {
              const said = columns.map((name) => row[name]);
              if (said.includes(null)) continue;
              const held = parents.some((parent) => references.every((name, i) => parent[name] === said[i]));
              expect(held, `(${columns}) to ${table}: ${text}`).toBe(true);
              found.references++;
            }
          }
        }
        // The judge has had something to judge.
        expect(found.keys).toBeGreaterThan(20);
        expect(found.references).toBeGreaterThan(50);
      } finally {
        await created.drop();
      }
    });
  });
}
