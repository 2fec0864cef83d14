// An operand → its expression, for conditions and ORDER BY alike.
import type { JsonPlace } from "../dialect/statement-parts.js";
import { PART } from "../plan/date-parts.js";
import { typeOfForm } from "../plan/json-form.js";
import {
  type Aggregate,
  type CountOf,
  isCastOf,
  isOfRelated,
  isPartOfDate,
  type JsonPath,
  type Operand,
  type PartOfDate,
} from "../plan/terms.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import type { ColumnType } from "../schema/schema.js";
import { castText } from "./cast.js";
import { valueIn } from "./row-function.js";
import type { Writer } from "./writer.js";

export interface Written {
  /** As it is: what compares or sorts it asks the dialect for `comparable` or `sortable`. */
  readonly expression: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

export function operandOf(
  writer: Writer,
  operand: Exclude<Operand, CountOf>,
  entry: TableLookup,
  qualifier: string,
): Written {
  if (typeof operand === "string") {
    const column = columnOf(entry, operand);
    const { type, nullable, showsNull } = column;
    return { expression: valueIn(writer, column, qualifier), type, nullable: nullable || showsNull === true };
  }
  if (isPartOfDate(operand)) return partOperand(writer, operand, entry, qualifier);
  if (isCastOf(operand)) {
    const of = operandOf(writer, operand.of, entry, qualifier);
    return { ...castText(writer.dialect, operand, of), nullable: true };
  }
  if (isOfRelated(operand)) {
    const row = writer.joinedRow(qualifier, operand.through);
    if (row === undefined) throw new Error("groups are made by rows that are joined");
    return { ...operandOf(writer, operand.of, row.entry, row.qualifier), nullable: true };
  }
  if ("aggregate" in operand) return { ...aggregateOf(writer, operand, entry, qualifier), nullable: true };
  return jsonOperand(writer, operand, entry, qualifier);
}

function partOperand(
  writer: Writer,
  { part, column: name }: PartOfDate,
  entry: TableLookup,
  qualifier: string,
): Written {
  const column = columnOf(entry, name);
  const expression = writer.dialect.datePart(part, valueIn(writer, column, qualifier), column.type);
  return { expression, type: PART, nullable: true };
}

function jsonOperand(writer: Writer, operand: JsonPath, entry: TableLookup, qualifier: string): Written {
  const { as } = operand;
  const column = columnOf(entry, operand.column);
  const document = valueIn(writer, column, qualifier);
  const expression = writer.dialect.jsonAt(document, column.type, as, placeIn(writer, operand));
  return { expression, type: typeOfForm[as], nullable: true };
}

/** Where a path leads, for a dialect to write. */
export const placeIn = (writer: Writer, { path, parent, key, arrays }: Omit<JsonPath, "column" | "as">): JsonPlace => ({
  path: () => writer.put(path),
  parent: () => writer.put(parent),
  key: () => writer.put(key),
  arrays: () => arrays.map((index) => writer.put(index)),
});

const aggregateOf = (
  writer: Writer,
  { aggregate, column }: Aggregate,
  entry: TableLookup,
  qualifier: string,
): { expression: string; type: ColumnType } => {
  if (column === undefined) return { expression: "count(*)", type: WHOLE };
  const { expression, type } = operandOf(writer, column, entry, qualifier);
  if (aggregate === "sum" || aggregate === "avg") return writer.dialect.aggregate(aggregate, expression, type);
  const taken = writer.dialect.aggregable?.(expression, type) ?? expression;
  return { expression: `${aggregate}(${taken})`, type: aggregate === "count" ? WHOLE : type };
};

const WHOLE: ColumnType = { kind: "integer", native: "bigint" };
