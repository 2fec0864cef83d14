// Plans that read → SELECT.
import type { ListPlan, ReadPlan, Shown, ValueIndex } from "../plan/plan.js";
import type { TableLookup } from "../schema/lookup.js";
import { whereOf } from "./condition.js";
import { type RowShape, rowColumns } from "./embed.js";
import { orderOf } from "./order.js";
import type { Writer } from "./writer.js";

export interface Select {
  readonly text: string;
  /** Set where a row's JSON comes in pieces. */
  readonly shape?: RowShape;
}

export function listText(writer: Writer, plan: ListPlan, entry: TableLookup): Select {
  return selectText(writer, plan.select, entry, () => {
    const where = whereOf(writer, plan.where, entry);
    const order = orderOf(writer, plan.order, entry, writer.qualifier(entry.table));
    const number = (index: ValueIndex | undefined) => (index === undefined ? undefined : writer.put(index));
    return where + order + writer.dialect.limit(number(plan.limit), number(plan.offset), order !== "");
  });
}

export function readText(writer: Writer, plan: ReadPlan, entry: TableLookup): Select {
  const { hint, clause } = plan.lock ? writer.dialect.lock : { hint: "", clause: "" };
  return selectText(writer, plan.select, entry, () => hint + whereOf(writer, plan.where, entry) + clause);
}

/** `rest` is written last: placeholders are counted in the order of the text. */
function selectText(
  writer: Writer,
  select: readonly Shown[] | undefined,
  entry: TableLookup,
  rest: () => string,
): Select {
  const { fields, pieces } = rowColumns(writer, select, entry, writer.qualifier(entry.table));
  const from = ` FROM ${writer.name(entry.table)}${rest()}`;
  return pieces === undefined
    ? { text: writer.dialect.selectJson(fields, from) }
    : { text: `SELECT ${pieces.columns.join(", ")}${from}`, shape: pieces.shape };
}
