// `age::text`, `doc->age::integer` → what a row shows of a column, or of a place in its JSON, as another type. Throws 400 where no value of
// the column could be shown so.
import { excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import { type Cast, casts } from "../request/casts.js";
import { beforeArrows, type PathStep } from "../request/json-path.js";
import { ALIAS, type ColumnItem } from "../request/select.js";
import { isDocument } from "../schema/document.js";
import type { TableLookup } from "../schema/lookup.js";
import { type ColumnType, fieldOf, type ValueKind } from "../schema/schema.js";
import { resolve } from "./column-names.js";
import { jsonPlace } from "./json-path.js";
import type { ColumnShown } from "./plan.js";
import type { Values } from "./values.js";

const numbers: readonly ValueKind[] = ["integer", "decimal", "float", "boolean", "text", "any"];
const moments: readonly ValueKind[] = ["datetime", "instant", "text", "any"];

/** Those whose values may be shown as the type. A place in JSON is taken for a text. */
const sources: Readonly<Record<Cast, readonly ValueKind[]>> = {
  text: [...numbers, "uuid", "date", "time", "datetime", "instant", "binary", "enum", "other"],
  integer: numbers,
  decimal: numbers,
  boolean: ["boolean", "integer", "text", "any"],
  date: ["date", ...moments],
  time: ["time", ...moments],
  datetime: ["date", ...moments],
};

const TEXT: ColumnType = { kind: "text", native: "text" };

/** As groups compare and sort them. Dates and times are the texts that they are shown as. */
export const castTypes: Readonly<Record<Cast, ColumnType>> = {
  text: TEXT,
  integer: { kind: "integer", native: "bigint" },
  decimal: { kind: "decimal", native: "" },
  boolean: { kind: "boolean", native: "" },
  date: TEXT,
  time: TEXT,
  datetime: TEXT,
};

type Casting = ColumnItem & { readonly cast: Cast };

/** `others` are words that may have been meant as well. */
export function castShown(
  { name, alias, cast }: Casting,
  entry: TableLookup,
  others: Iterable<string>,
  values: Values,
): Omit<ColumnShown, "type"> {
  const { column, steps } = resolve(name, entry, others);
  if (steps === undefined) {
    requireSource(name, column.type.kind, cast);
    return { field: alias ?? fieldOf(column), column: { cast, of: column.name } };
  }
  return {
    field: alias ?? fieldOfPlace(name, steps, cast),
    column: { cast, of: jsonPlace(column, steps, values)("text") },
  };
}

function requireSource(name: string, kind: ValueKind, cast: Cast): void {
  if (sources[cast].includes(kind)) return;
  const possible = casts.filter((one) => sources[one].includes(kind));
  const hint =
    possible.length === 0
      ? `It is shown as it is${kind === "json" ? `, and a place in it as a type: ${excerpt(name)}->key::text` : ""}`
      : `It can be shown as ${possible.join(", ")}`;
  throw problem("malformed_query", `${excerpt(name)}::${cast}: no value of ${excerpt(name)} is of that type. ${hint}.`);
}

/** The last key of the path: a name that needs no thought in SQL. */
function fieldOfPlace(name: string, steps: readonly PathStep[], cast: Cast): string {
  const key = steps.findLast((step) => typeof step === "string");
  if (key !== undefined && ALIAS.test(String(key))) return String(key);
  throw problem(
    "malformed_query",
    `'${excerpt(name)}' needs a name in the row: write one before it, as in place:${excerpt(name)}::${cast}.`,
  );
}

/** The 400 for a place in JSON that is shown without a type. */
export function requireCast(name: string, entry: TableLookup): void {
  const before = beforeArrows(name);
  const column = entry.readable.get(before);
  if (before === name || column === undefined || !isDocument(column.type)) return;
  throw problem(
    "malformed_query",
    `'${excerpt(name)}': a place in JSON is shown as a type, as in ${excerpt(name)}::text. The types are ${casts.join(", ")}.`,
  );
}
