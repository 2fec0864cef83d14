// Tables → emptied, those that refer to others first, all or none; their numbers begin anew. I/O: writes to the database.
import type { Knex } from "knex";
import { askOf } from "../database/database.js";
import type { Dialect } from "../dialect/dialect.js";
import type { Table } from "../schema/schema.js";
import { laterKeys, seedOrder } from "./order.js";

/** How many rows went. */
export interface Emptied {
  readonly table: string;
  readonly rows: number;
}

export async function reset(knex: Knex, tables: readonly Table[], { definition }: Dialect): Promise<Emptied[]> {
  const sorted = seedOrder(tables);
  const emptied = await knex.transaction(async (trx) => {
    for (const table of sorted) await cutCircles(trx, table, sorted);
    const done: Emptied[] = [];
    for (const table of [...sorted].reverse()) done.push({ table: table.id, rows: await rowsIn(trx, table).del() });
    return done;
  });
  const { numbering } = definition ?? {};
  for (const { name, schema, columns } of sorted)
    for (const column of columns.filter(({ identity }) => identity))
      await numbering?.restart?.(askOf({ knex }), { name, schema }, column.name);
  return emptied;
}

const rowsIn = (trx: Knex, { name, schema }: Table): Knex.QueryBuilder =>
  schema === null ? trx(name) : trx(name).withSchema(schema);

/** No row refers to one that goes after it, or to another of its own table. */
async function cutCircles(trx: Knex, table: Table, sorted: readonly Table[]): Promise<void> {
  const columns = laterKeys(table, sorted).flatMap((key) => key.columns);
  if (columns.length > 0) await rowsIn(trx, table).update(Object.fromEntries(columns.map((name) => [name, null])));
}
