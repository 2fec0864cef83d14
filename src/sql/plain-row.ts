// A row of plain columns, of which the driver's side makes JSON.
import { type RowForm, rowForm } from "../dialect/row-texts.js";
import type { JsonField } from "../dialect/statement-parts.js";

interface PlainRow {
  readonly columns: string;
  /** What it is to the statement. */
  readonly made: { readonly row: RowForm; readonly joined: true };
}

/** Nothing where the server makes its JSON. `further` is how many columns the statement has besides. */
export function plainRow(fields: readonly JsonField[], further = 0): PlainRow | undefined {
  const plain = fields.flatMap(({ name, plain }) => (plain === undefined ? [] : { name, ...plain }));
  if (plain.length === 0 || plain.length < fields.length) return undefined;
  const columns = plain.map(({ expression }) => expression).join(", ");
  return { columns, made: { row: rowForm(plain, further), joined: true } };
}
