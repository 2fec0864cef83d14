// A column whose type is a habit and no promise, compared with a filter's texts: rows may show what is of another type (SQLite).
import { HttpError } from "../http/problem.js";
import type { Column } from "../schema/schema.js";
import type { Comparing } from "./comparing.js";
import { type HeldTexts, heldAs, Unfit } from "./held-texts.js";
import type { Comparison, Condition, Value } from "./terms.js";
import type { Values } from "./values.js";

type Compares = Pick<Comparing, "compare" | "in" | "between" | "distinct">;

/** `read` makes a value of the column's type of a text, or throws 400. */
export function looseComparing(
  { name, type }: Column,
  read: (text: string) => Value,
  { table, held }: { readonly table: string; readonly held: HeldTexts },
  values: Values,
): Compares {
  const typed = (text: string): Value | undefined => {
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof HttpError) || error.code !== "invalid_filter") throw error;
      if (held.has(table, name, text)) return undefined;
      throw Unfit.of(error, table, name, text);
    }
  };
  const all = (text: string) => heldAs(text, type, typed(text));
  const among = (found: readonly Value[], negated: boolean): Condition => {
    const at = found.map((value) => values.add(value));
    const [value = 0] = at;
    return at.length === 1
      ? { type: "compare", column: name, operator: negated ? "ne" : "eq", value, stored: true }
      : { type: "in", column: name, values: at, negated, stored: true };
  };
  const compare = (operator: Comparison, text: string): Condition => {
    if (operator === "eq" || operator === "ne") return among(all(text), operator === "ne");
    const [first] = all(text);
    return { type: "compare", column: name, operator, value: values.add(first as Value), stored: true };
  };
  return {
    compare,
    in: (texts, negated) => among(texts.flatMap(all), negated),
    between: (low, high) => [compare("gte", low), compare("lte", high)],
    distinct: (text) => ({
      type: "any",
      where: [compare("ne", text), { type: "null", column: name, negated: false }],
    }),
  };
}
