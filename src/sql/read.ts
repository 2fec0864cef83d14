// Plans that read → SELECT.
import type { JsonField } from "../dialect/dialect.js";
import type { ListPlan, ReadPlan, ValueIndex } from "../plan/plan.js";
import type { TableLookup } from "../schema/lookup.js";
import { fieldOf, type Table } from "../schema/schema.js";
import { whereOf } from "./condition.js";
import { orderOf } from "./order.js";
import type { Writer } from "./writer.js";

export function listText(writer: Writer, plan: ListPlan, entry: TableLookup): string {
  const where = whereOf(writer, plan.where, entry);
  const order = orderOf(writer, plan.order, entry, writer.qualifier(entry.table));
  const number = (index: ValueIndex | undefined) => (index === undefined ? undefined : writer.put(index));
  const limit = writer.dialect.limit(number(plan.limit), number(plan.offset), order !== "");
  return selectText(writer, entry, `${where}${order}${limit}`);
}

export function readText(writer: Writer, plan: ReadPlan, entry: TableLookup): string {
  const lock = plan.lock ? writer.dialect.lock : { hint: "", clause: "" };
  return selectText(writer, entry, whereOf(writer, plan.where, entry) + lock.clause, lock.hint);
}

function selectText(writer: Writer, entry: TableLookup, rest: string, hint = ""): string {
  return writer.dialect.selectJson(
    jsonFields(writer, entry.table, writer.qualifier(entry.table)),
    ` FROM ${writer.name(entry.table)}${hint}${rest}`,
  );
}

/** Every column of a table, as its row's JSON shows it. */
export function jsonFields(writer: Writer, table: Table, qualifier: string): JsonField[] {
  return table.columns.map((column) => ({
    name: fieldOf(column),
    expression: writer.dialect.json(writer.column(column.name, qualifier), column.type),
  }));
}
