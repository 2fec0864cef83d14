// Plans that read → SELECT.
import type { CountPlan, EstimatePlan, ListPlan, ReadPlan, Shown, ValueIndex } from "../plan/plan.js";
import type { TableLookup } from "../schema/lookup.js";
import { groupsOf } from "./aggregate.js";
import { whereOf } from "./condition.js";
import { type RowShape, rowColumns } from "./embed.js";
import { placeText } from "./keyset.js";
import { orderOf } from "./order.js";
import type { Writer } from "./writer.js";

export interface Select {
  readonly text: string;
  /** Set where a row's JSON comes in pieces. */
  readonly shape?: RowShape;
}

export function listText(writer: Writer, plan: ListPlan, entry: TableLookup): Select {
  const qualifier = writer.qualifier(entry.table);
  const place = plan.places ? () => placeText(writer, plan.order, entry, qualifier) : undefined;
  const rest = () => {
    const { having, select = [] } = plan;
    const { hint, clause } = lockOf(writer, plan);
    const where = hint + whereOf(writer, plan.where, entry);
    const groups = having === undefined ? "" : groupsOf(writer, { having, select }, entry, qualifier);
    const order = orderOf(writer, plan.order, entry, qualifier);
    const number = (index: ValueIndex | undefined) => (index === undefined ? undefined : writer.put(index));
    const limit = writer.dialect.limit(number(plan.limit), number(plan.offset), order !== "");
    return where + groups + order + limit + clause;
  };
  return selectText(writer, plan.select, entry, rest, place);
}

export function countText(writer: Writer, { where, groups, most }: CountPlan, entry: TableLookup): string {
  const from = `FROM ${writer.name(entry.table)}${whereOf(writer, where, entry)}`;
  if (most !== undefined) {
    const limit = writer.dialect.limit(writer.put(most), undefined, false);
    return `SELECT count(*) FROM (SELECT 1 AS n ${from}${limit}) g`;
  }
  if (groups === undefined) return `SELECT count(*) ${from}`;
  // Without a column to group by, and of no row, there is still one group.
  const each = groupsOf(writer, groups, entry, writer.qualifier(entry.table));
  return `SELECT count(*) FROM (SELECT count(*) AS n ${from}${each}) g`;
}

export function estimateText(writer: Writer, { where }: EstimatePlan, entry: TableLookup): string {
  const { dialect } = writer;
  if (dialect.estimate === undefined) throw new Error(`no estimates on ${dialect.name}`);
  const table = writer.name(entry.table);
  return dialect.estimate.text(`SELECT 1 FROM ${table}${whereOf(writer, where, entry)}`, table);
}

const lockOf = ({ dialect }: Writer, { lock }: { readonly lock?: boolean }) =>
  lock ? dialect.lock : { hint: "", clause: "" };

export function readText(writer: Writer, plan: ReadPlan, entry: TableLookup): Select {
  const { hint, clause } = lockOf(writer, plan);
  return selectText(writer, plan.select, entry, () => hint + whereOf(writer, plan.where, entry) + clause);
}

/** In the order of the text, in which placeholders are counted: the row, its place, then `rest`. */
function selectText(
  writer: Writer,
  select: readonly Shown[] | undefined,
  entry: TableLookup,
  rest: () => string,
  place?: () => string,
): Select {
  const { fields, pieces } = rowColumns(writer, select, entry, writer.qualifier(entry.table));
  const second = place?.();
  const from = ` FROM ${writer.name(entry.table)}${rest()}`;
  if (pieces === undefined) return { text: writer.dialect.selectJson(fields, from, second) };
  const columns = second === undefined ? pieces.columns : [...pieces.columns, second];
  return { text: `SELECT ${columns.join(", ")}${from}`, shape: pieces.shape };
}
