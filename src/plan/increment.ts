// `{ "stock": { "increment": -1 } }` → a change of the number that the row holds, whatever that is by then.
import { type HttpError, problem } from "../http/problem.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { type Column, type ColumnType, fieldOf } from "../schema/schema.js";
import { fromBody, type Typed } from "./value.js";
import type { Assignment } from "./write-plan.js";

/** By how much, where the value is such a change: a column of JSON takes the same object as it is. */
export function incrementIn(value: unknown, { type }: Column): { readonly by: unknown } | undefined {
  if (type.kind === "json" || typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [field, ...others] = Object.keys(value);
  if (field !== "increment" || others.length > 0) return undefined;
  return { by: (value as { readonly increment: unknown }).increment };
}

/** As the number is sent: whole numbers may be anything that leads from one to another, and not only what the column holds. */
export const incrementType = ({ kind, native, scale, significant }: ColumnType): ColumnType =>
  kind === "integer"
    ? { kind, native: "bigint", min: "-9223372036854775808", max: "9223372036854775807" }
    : {
        kind,
        native,
        ...(scale === undefined ? {} : { scale }),
        ...(significant === undefined ? {} : { significant }),
      };

export function typedIncrement(by: unknown, { name, type }: Column, { table }: TableLookup): Typed {
  if (!["integer", "decimal", "float"].includes(type.kind)) {
    return { ok: false, message: "cannot be incremented: only numbers can" };
  }
  const keys = table.primaryKey.length > 0 ? table.primaryKey : table.uniqueKeys.flatMap(({ columns }) => columns);
  if (keys.includes(name)) return { ok: false, message: "cannot be incremented: it is part of the row's key" };
  if (by === null || by === undefined) return { ok: false, message: "is incremented by a number, not null" };
  const typed = fromBody(by, incrementType(type));
  return typed.ok ? typed : { ok: false, message: `cannot be incremented by this: it ${typed.message}` };
}

/** A sum that its column cannot hold, which most databases do not name. */
export function explainedSum(error: HttpError, set: readonly Assignment[], entry: TableLookup): HttpError {
  if (error.code !== "invalid_value") return error;
  const added = set.filter(({ increment }) => increment).map(({ column }) => fieldOf(columnOf(entry, column)));
  const named = error.errors.map(({ field }) => field);
  const fields = named.length === 0 ? added : added.filter((field) => named.includes(field));
  if (fields.length === 0) return error;
  const message = "would be out of range";
  return problem("invalid_value", `${fields.join(", ")} ${message} with this increment.`, {
    errors: fields.map((field) => ({ field, message })),
  });
}
