// What a body changes of a row that stands. A field that no client could write, but that says what the row shows, is passed over:
// clients send whole records back. So is a key in another spelling, where the database takes it for the same. Both are looked up only
// where there is such a field.
import { HttpError } from "../../http/problem.js";
import { unchangedIn } from "../../plan/computed.js";
import type { Assignment } from "../../plan/write-plan.js";
import type { Body } from "../../request/body.js";
import { columnOf, type TableLookup } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";

export async function settledSet(
  body: Body,
  entry: TableLookup,
  planSet: (body: Body) => Assignment[],
  standing: () => Promise<string | undefined>,
  respelt: (error: HttpError) => Promise<boolean> = async () => false,
): Promise<Assignment[]> {
  let rest = body;
  let row: string | undefined;
  for (;;) {
    try {
      // A replacement would set back to its default what is not named.
      return planSet(rest).filter(({ column, value }) => value !== undefined || !isPassedOver(column));
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      row ??= error.status === 422 ? await standing() : undefined;
      const unchanged = row === undefined ? [] : unchangedIn(rest, error, row);
      if (unchanged.length === 0 && !(row !== undefined && (await respelt(error)))) throw error;
      rest = Object.fromEntries(Object.entries(rest).filter(([field]) => !unchanged.includes(field)));
    }
  }

  function isPassedOver(column: string): boolean {
    const field = fieldOf(columnOf(entry, column));
    return Object.hasOwn(body, field) && !Object.hasOwn(rest, field);
  }
}
