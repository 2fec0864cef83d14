// `contains:`, `overlaps:` and `containedby:` on columns of arrays and of ranges.
import { problem } from "../http/problem.js";
import { type Column, type ColumnType, fieldOf } from "../schema/schema.js";
import { itemsOf } from "./comparing.js";
import { isRangeText, rangeFrom } from "./range.js";
import type { Condition, SetComparison } from "./terms.js";
import type { Canonical } from "./value.js";
import type { Values } from "./values.js";

/** `read` makes a value of a type of a text, or throws 400. Nothing where the column holds neither. */
export function setCondition(
  how: SetComparison,
  column: Column,
  text: string,
  read: (type: ColumnType, text: string) => Canonical,
  values: Values,
): Condition | undefined {
  const { name, type } = column;
  const condition = (value: Canonical, of: ColumnType, bound?: true): Condition => ({
    type: "set",
    column: name,
    how,
    value: values.add({ value, type: of }),
    ...(bound && { bound }),
  });
  if (type.element !== undefined) {
    const { element } = type;
    return condition(
      itemsOf(text).map((item) => read(element, item)),
      type,
    );
  }
  if (type.range === undefined) return undefined;
  if (how === "contains" && !isRangeText(text)) return condition(read(type.range, text), type.range, true);
  const range = rangeFrom(text, type.range);
  if (!range.ok)
    throw problem("invalid_filter", `${fieldOf(column)} ${range.message}.`, {
      errors: [{ field: fieldOf(column), message: range.message }],
    });
  return condition(range.value, { kind: "other", native: type.native });
}

/** Of any other column. */
export function refuseSet(how: SetComparison, column: Column): never {
  throw problem("invalid_filter", `${how}: compares arrays and ranges, and ${fieldOf(column)} holds neither.`);
}
