// Schemas of so many tables: ten columns each, of which two lead to other tables.
import type { Knex } from "knex";
import type { DatabaseName } from "./candidate.js";

/** The most foreign keys that lead to one table are six: they grow with no number of tables. */
const parents = (n: number): readonly [number, number] => [Math.floor(n / 2), Math.floor(n / 3)];

const INNODB = " ENGINE = InnoDB";

function table(n: number, database: DatabaseName): string {
  const columns = Array.from({ length: 7 }, (_, i) => `column_${i} varchar(100)`);
  const [one, other] = parents(n);
  const more = { sqlite: "", postgres: "", mariadb: INNODB, mysql: INNODB }[database];
  return `CREATE TABLE table_${n}s (id integer PRIMARY KEY, ${columns.join(", ")}, one_id integer, other_id integer,
    FOREIGN KEY (one_id) REFERENCES table_${one}s (id), FOREIGN KEY (other_id) REFERENCES table_${other}s (id))${more}`;
}

/** Statements at once: PostgreSQL holds a lock for each table until its transaction ends. */
const AT_ONCE = 50;

/** Makes them, with one row in each of the first ten. */
export async function fillTables(knex: Knex, database: DatabaseName, count: number): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    await knex.transaction(async (trx) => {
      for (let n = from; n < Math.min(count, from + AT_ONCE); n += 1) await trx.raw(table(n, database));
    });
  }
  for (let n = 0; n < 10; n += 1) await knex.raw(`INSERT INTO table_${n}s (id, column_0) VALUES (1, 'one')`);
}
