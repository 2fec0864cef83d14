// Do the values of a column stand in another table's key? Looked at in a bounded sample: no statement reads a large table to its end.
import type { Table } from "../schema/schema.js";
import { askOf } from "./database.js";
import type { OpenDatabase } from "./session.js";

/** So many rows of the child are looked at. Each costs one look into the parent's primary key. */
export const SAMPLE = 10_000;
/** Milliseconds, for one column. */
const PATIENCE = 10_000;

export interface Contained {
  /** Rows of the sample that have a value. */
  readonly seen: number;
  /** Of these, those whose value the parent has not. */
  readonly missing: number;
}

/** Rejects with the database's own error. */
export async function lookForValues(
  database: Pick<OpenDatabase, "knex" | "dialect">,
  child: { readonly table: Table; readonly column: string },
  parent: { readonly table: Table; readonly column: string },
): Promise<Contained> {
  const { dialect } = database;
  const nameOf = ({ schema, name }: Table) => [...(schema === null ? [] : [schema]), name].map(dialect.quote).join(".");
  const [value, key] = [dialect.quote(child.column), dialect.quote(parent.column)];
  const sample = `SELECT ${value} AS v FROM ${nameOf(child.table)}${dialect.limit(SAMPLE, undefined, false)}`;
  const [row] = await askOf(
    database,
    PATIENCE,
  )(
    `SELECT COUNT(*) AS seen, COUNT(p.${key}) AS there FROM (${sample}) s LEFT JOIN ${nameOf(parent.table)} p ON p.${key} = s.v WHERE s.v IS NOT NULL`,
  );
  const [seen, there] = [Number(row?.seen), Number(row?.there)];
  return { seen, missing: seen - there };
}
