// Fields that only the database sets, in bodies: what is said of them may be what they are.
import { type HttpError, problem } from "../http/problem.js";
import { type Body, parseText } from "../request/body.js";
import type { TableLookup } from "../schema/lookup.js";
import { isSameAsShown } from "./same-as-shown.js";

const isComputed = (field: string, { all }: TableLookup): boolean => all.get(field)?.generated === true;

export const saysComputed = (body: Body, entry: TableLookup): boolean =>
  Object.keys(body).some((field) => isComputed(field, entry));

export const bodyWithoutComputed = (body: Body, entry: TableLookup): Body =>
  Object.fromEntries(Object.entries(body).filter(([field]) => !isComputed(field, entry)));

/** Throws 422 where the row that was made of a body shows something else than the body says. */
export function requireComputed(body: Body, row: string, entry: TableLookup): void {
  const shown = parseText(row) as Body;
  for (const [field, value] of Object.entries(body)) {
    if (isComputed(field, entry) && !isSameAsShown(value, shown[field])) throw readOnly(field);
  }
}

export const readOnly = (field: string): HttpError =>
  problem("read_only_column", `${field} is computed by the database: leave it out.`, {
    errors: [{ field, message: "is computed by the database" }],
  });

/** The fields of a refused body that say what the row shows: nothing would be changed by them. */
export function unchangedIn(body: Body, { code, errors }: HttpError, row: string): string[] {
  if (!unfit.has(code)) return [];
  const shown = parseText(row) as Body;
  return errors.flatMap(({ field }) =>
    Object.hasOwn(body, field) && Object.hasOwn(shown, field) && isSameAsShown(body[field], shown[field])
      ? [field]
      : [],
  );
}

const unfit: ReadonlySet<string> = new Set(["invalid_value", "read_only_column", "not_null_violation"]);
