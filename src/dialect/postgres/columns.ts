// Which columns a statement answers with → whether they are those that its rows are made of. Else nothing of them goes out.
import type { RowForm } from "../row-texts.js";

/** The columns are not those that were planned: the table changed, or the answer is another statement's. */
export class OtherColumns extends Error {
  override readonly name = "OtherColumns";
  constructor() {
    super("The statement answered with other columns than those that were planned.");
  }
}

/** Types from here on are made in each database, under numbers that differ (manual: system-catalog-initial-data, «OID Assignment»). */
export const FIRST_OWN = 16_384;

/** The types that came first. The schema was read shortly before; where it is read again, its statements have other forms. */
const types = new WeakMap<RowForm, string>();

/** Throws for another number of columns than there is to be, or for other types than last time. */
export function checkColumns(form: RowForm, columns: readonly { readonly dataTypeID: number }[]): void {
  checkCount(form, columns.length);
  const found = columns.map(({ dataTypeID }) => Math.min(dataTypeID, FIRST_OWN)).join();
  const before = types.get(form);
  if (found === before) return;
  types.set(form, found);
  if (before !== undefined) throw new OtherColumns();
}

export function checkCount(form: RowForm, columns: number): void {
  if (columns !== form.columns) throw new OtherColumns();
}
