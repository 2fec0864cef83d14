// EXPLAIN FORMAT=JSON of MySQL and MariaDB → how many rows of a table a SELECT would find.

/** A table of a plan, with the rows read of it for each row of those before it: `rows` is MariaDB's word, the other MySQL's. */
interface Explained {
  readonly table_name?: string;
  readonly rows?: number;
  readonly rows_examined_per_scan?: number;
  /** Percent of them are kept; MySQL says it as text. */
  readonly filtered?: number | string;
}

/** Nothing where the plan reads no such table: where no row can meet the conditions, for one. */
export function explainedRows(plan: unknown, name: string): number | undefined {
  const tables = tablesOf(plan);
  const last = tables.findIndex(({ table_name }) => table_name === name);
  if (last === -1) return undefined;
  // Tables before it are those of a semijoin, by which its rows are looked up.
  const rows = tables.slice(0, last + 1).map(kept);
  return rows.some(Number.isNaN) ? undefined : Math.round(rows.reduce((product, each) => product * each));
}

const kept = ({ rows, rows_examined_per_scan, filtered = 100 }: Explained): number =>
  ((rows ?? rows_examined_per_scan ?? Number.NaN) * Number(filtered)) / 100;

/** In the order in which they are joined; what stands within a table (a subquery of its own) is not joined with it. */
function tablesOf(plan: unknown): Explained[] {
  if (typeof plan !== "object" || plan === null) return [];
  return Object.entries(plan).flatMap(([key, value]) => {
    if (key === "table") return [value as Explained];
    return isSubquery(key) ? [] : tablesOf(value);
  });
}

const isSubquery = (key: string): boolean => /subquer|materialized/.test(key);
