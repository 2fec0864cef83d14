// `joined.month` → the part of the date in the column.
import { didYouMean, excerpt } from "../base/suggest.js";
import { type HttpError, problem } from "../http/problem.js";
import type { TableLookup } from "../schema/lookup.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { datePartsOf } from "./date-parts.js";
import type { PartOfDate } from "./terms.js";

/** What else may stand before a dot. */
interface Relations {
  has(name: string): boolean;
}

/** Nothing where it is no column that stands before the dot. Throws 400 where its values have no such part. */
export function partNamed(name: string, entry: TableLookup, relations: Relations): PartOfDate | undefined {
  const column = columnBefore(name, entry, relations);
  if (column === undefined) return undefined;
  const part = datePartsOf(column.type).find((one) => one === wordBehind(name));
  if (part !== undefined) return { part, column: column.name };
  throw noSuchPart(name, column);
}

/** Each part that a column of the table has, as it is written. */
export const partNames = ({ readable }: TableLookup): string[] =>
  [...readable].flatMap(([field, { type }]) => datePartsOf(type).map((part) => `${field}.${part}`));

/** The 400 for a filter by a part. */
export function filteredPart(name: string, entry: TableLookup, relations: Relations): HttpError | undefined {
  const column = columnBefore(name, entry, relations);
  if (column === undefined || datePartsOf(column.type).length === 0) return undefined;
  const of = excerpt(fieldOf(column));
  return problem(
    "malformed_query",
    `'${excerpt(name)}': parts of dates stand in select and order-by. Rows are filtered by a range, as in ${of}=gte:…&${of}=lt:…, and groups by having.`,
  );
}

/** None where what stands behind it is a function: `total.sum()`. */
function columnBefore(name: string, { readable }: TableLookup, relations: Relations): Column | undefined {
  if (name.endsWith("()")) return undefined;
  const before = name.slice(0, Math.max(0, name.lastIndexOf(".")));
  return readable.has(name) || relations.has(before) ? undefined : readable.get(before);
}

const wordBehind = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

function noSuchPart(name: string, column: Column): HttpError {
  const parts = datePartsOf(column.type);
  const of = excerpt(fieldOf(column));
  const what =
    parts.length === 0
      ? `${of} holds neither dates nor times, which alone have parts`
      : `the parts of ${of} are ${parts.join(", ")}`;
  return problem("unknown_column", `'${excerpt(name)}': ${what}.${didYouMean(wordBehind(name), parts)}`);
}
