// Values that are none, and are shown as NULL: a zero date. The database takes them for the least of all values.
import type { Sorting } from "../plan/terms.js";
import type { ColumnType } from "../schema/schema.js";
import type { Writer } from "./writer.js";

/** Are NULLs to stand where the database would not sort them? Else what is shown as NULL stands beside them by itself. */
export const partsNulls = ({ descending, nullsFirst }: Sorting): boolean => descending === nullsFirst;

/** What is no value as the NULL as which it is shown. An index finds nothing by it. */
export const nullWhereEmpty = (expression: string, present: string | undefined): string =>
  present === undefined ? expression : `CASE WHEN ${present} THEN ${expression} END`;

/** What IS NULL and IS NOT NULL are asked of. */
export const wholeOf = ({ dialect }: Writer, expression: string, type: ColumnType): string =>
  dialect.whole?.(expression, type) ?? expression;
