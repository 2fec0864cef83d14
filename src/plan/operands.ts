// Conditions on names → the same on what the names stand for.
import type { Condition, Operand } from "./terms.js";

/** Each name that a condition compares has its operand. */
export function onOperands(condition: Condition, operands: ReadonlyMap<string, Operand>): Condition {
  if ("where" in condition) {
    const where = condition.where.map((part) => onOperands(part, operands));
    return { ...condition, where } as Condition;
  }
  if (!("column" in condition)) return condition;
  return { ...condition, column: operands.get(condition.column as string) as Operand } as Condition;
}
