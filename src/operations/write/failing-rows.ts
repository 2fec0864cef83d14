// The database refused some row of many and does not say which: the rows that cannot be written, looked for afterwards.

import { type FieldError, HttpError } from "../../http/problem.js";
import type { RowKey } from "../../plan/keys.js";
import { MOST_ERRORS } from "../../plan/row-faults.js";
import type { Value } from "../../plan/terms.js";
import { keyText } from "../../plan/value-identity.js";
import type { NewRow } from "../../plan/write.js";
import type { Conflict } from "../../plan/write-plan.js";
import { readByKeys } from "../../run/by-key.js";
import type { RequestContext } from "../../run/context.js";
import { valuesOf } from "../../run/row-address.js";
import { columnOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";

/** What was written: rows that are new, or that stand and have these keys (`own`). */
interface Refused {
  readonly rows: readonly NewRow[];
  readonly conflict?: Conflict | undefined;
  readonly own?: readonly RowKey[];
}

/** The same refusal, with the faulty rows named where they can be found. */
export async function namingRows(
  error: HttpError,
  { rows, conflict, own = [] }: Refused,
  entry: TableLookup,
  context: RequestContext,
): Promise<HttpError> {
  const look = looks[error.code];
  // A row that may stand already has no key that must be free.
  if (look === undefined || (look === duplicateKeys && conflict !== undefined)) return error;
  // The refusal is the answer, whether more can be found out or not.
  const faults = await look(rows, entry, context, { error, own }).catch((): Fault[] => []);
  if (faults.length === 0) return error;
  const errors = faults
    .sort((one, other) => one.row - other.row)
    .slice(0, MOST_ERRORS)
    .map(
      ({ row, column, message }): FieldError => ({ field: `[${row}].${fieldOf(columnOf(entry, column))}`, message }),
    );
  const detail = `${errors.map(({ field, message }) => `${field} ${message}`).join("; ")}.`;
  return new HttpError(error.status, detail, { code: error.code, errors });
}

interface Fault {
  readonly row: number;
  readonly column: string;
  readonly message: string;
}

type Look = (
  rows: readonly NewRow[],
  entry: TableLookup,
  context: RequestContext,
  refused: { readonly error: HttpError; readonly own: readonly RowKey[] },
) => Promise<Fault[]>;

const looks: Readonly<Record<string, Look>> = {
  unique_violation: duplicateKeys,
  foreign_key_violation: danglingReferences,
  not_null_violation: missingColumns,
};

/** Keys that stand already, or that an earlier row of the same body has. */
async function duplicateKeys(
  rows: readonly NewRow[],
  entry: TableLookup,
  context: RequestContext,
  { own }: Parameters<Look>[3],
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const { primaryKey } = entry.table;
  const isOwn = (row: number, text: string) =>
    own[row] !== undefined && keyText(valuesOf(text, primaryKey, entry)) === keyText(own[row]);
  for (const columns of [entry.table.primaryKey, ...entry.table.uniqueKeys.map(({ columns }) => columns)]) {
    const keyed = withKey(rows, columns);
    const standing = await readByKeys(
      columns,
      keyed.map(({ key }) => key),
      entry,
      context,
    );
    const before = new Set<string>();
    for (const [i, { row, key }] of keyed.entries()) {
      const repeated = before.has(keyText(key));
      before.add(keyText(key));
      const message = repeated ? "stands in an earlier row too" : "is taken already";
      const taken = standing[i];
      if (repeated || (taken !== undefined && !isOwn(row, taken)))
        faults.push({ row, column: columns[0] as string, message });
    }
  }
  return faults;
}

/** Foreign keys whose row is neither in the other table nor in the same body. */
async function danglingReferences(
  rows: readonly NewRow[],
  entry: TableLookup,
  context: RequestContext,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { columns, references, table, configured, enforced } of entry.table.foreignKeys) {
    if (configured && !enforced) continue;
    const target = tableOf(context.snapshot.lookup, table);
    const keyed = withKey(rows, columns);
    const standing = await readByKeys(
      references,
      keyed.map(({ key }) => key),
      target,
      context,
    );
    const own = new Set(table === entry.table.id ? withKey(rows, references).map(({ key }) => keyText(key)) : []);
    for (const [i, { row, key }] of keyed.entries()) {
      if (standing[i] !== undefined || own.has(keyText(key))) continue;
      faults.push({ row, column: columns[0] as string, message: "refers to a row that is not there" });
    }
  }
  return faults;
}

/** Rows without a column that has no default. */
async function missingColumns(
  rows: readonly NewRow[],
  entry: TableLookup,
  _context: RequestContext,
  { error: { errors } }: Parameters<Look>[3],
): Promise<Fault[]> {
  const columns = errors.flatMap(({ field }) => entry.readable.get(field)?.name ?? []);
  return columns.flatMap((column) =>
    rows.flatMap((said, row) => (said.has(column) ? [] : [{ row, column, message: "cannot be left out" }])),
  );
}

/** The rows that say a whole key, without NULL in it. */
function withKey(rows: readonly NewRow[], columns: readonly string[]): { row: number; key: readonly Value[] }[] {
  return rows.flatMap((said, row) => {
    const key = columns.flatMap((name) => said.get(name) ?? []);
    const whole = columns.length > 0 && key.length === columns.length && key.every(({ value }) => value !== null);
    return whole ? [{ row, key }] : [];
  });
}
