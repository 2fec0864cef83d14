// Conditions on truth values that are kept as numbers: what is not 0 is true.
import type { ColumnType } from "../schema/schema.js";
import type { Comparison, Condition } from "./terms.js";
import type { Canonical } from "./value.js";
import type { Values } from "./values.js";

/** Whether a comparison is for what is true, or for what is not. */
export const truthOf = (operator: Comparison, value: Canonical): boolean | undefined =>
  operator === "eq" || operator === "ne" ? (operator === "eq") === value : undefined;

export const isTrue = (column: string, truth: boolean, values: Values): Condition => ({
  type: "compare",
  column,
  operator: truth ? "ne" : "eq",
  value: values.add({ value: 0, type: NUMBER_TYPE }),
});

export const truthIn = (where: readonly Condition[], negated: boolean): Condition => {
  const any: Condition = { type: "any", where };
  return negated ? { type: "not", where: [any] } : any;
};

const NUMBER_TYPE: ColumnType = { kind: "integer", native: "" };
