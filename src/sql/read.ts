// Plans that read → SELECT.
import type { Dialect } from "../dialect/dialect.js";
import type { RowForm } from "../dialect/row-texts.js";
import type { CountPlan, EstimatePlan, ListPlan, ReadPlan, ShownField } from "../plan/plan.js";
import { ROW_NUMBER, type TableLookup } from "../schema/lookup.js";
import { sourceOf } from "./call.js";
import { type RowShape, rowColumns } from "./embed.js";
import { orderOf, sortedValue, whereOf } from "./expression.js";
import { groupClause, shownOfGroups } from "./group.js";
import { groupJoins } from "./group-joins.js";
import { placeText } from "./keyset.js";
import { plainRow } from "./plain-row.js";
import type { Writer } from "./writer.js";

export interface SelectStatement {
  readonly text: string;
  /** Set where a row's JSON comes in pieces. */
  readonly shape?: RowShape;
  /** Set where a row's JSON is made of its columns. */
  readonly row?: RowForm;
  /** There is one row, of all rows' texts. */
  readonly joined?: true;
}

export function listText(writer: Writer, plan: ListPlan, entry: TableLookup): SelectStatement {
  const qualifier = writer.qualifier(entry.table);
  const place = plan.positions
    ? () => placeText(writer, plan.order, (sorting) => sortedValue(writer, sorting, entry, qualifier))
    : undefined;
  const shown = shownOfGroups(writer, plan, entry);
  const joins = plan.having === undefined ? "" : groupJoins(writer, plan.select, entry, qualifier);
  const source = () => {
    const { having, select = [] } = plan;
    const rows = sourceOf(writer, plan, entry) + joins;
    const { hint, clause } = lockOf(writer, plan, entry);
    const where = hint + whereOf(writer, plan.where, entry);
    const groups = having === undefined ? "" : groupClause(writer, { having, select }, entry, qualifier);
    const order = orderOf(writer, shown.order, entry, qualifier);
    const limit = writer.limit(plan, order !== "");
    return rows + where + groups + order + limit + clause;
  };
  // With a limit of its own the outer SELECT is not made one with the inner (https://sqlite.org/optoverview.html#flattening).
  const sorted = () => {
    const columns = [...entry.columns.keys()].map((name) => writer.column(name, qualifier)).join(", ");
    return `(SELECT ${columns} FROM ${source()}) ${writer.dialect.quote(entry.table.name)} LIMIT ${plan.limit}`;
  };
  const from = sortsFirst(writer, plan, entry) ? sorted : source;
  const { selectJoined } = writer.dialect;
  if (selectJoined === undefined) return selectText(writer, shown.select, entry, { source: from, place });
  const joined: Dialect["selectJson"] = (fields, rest, second) => selectJoined(fields, rest, second, plan.limit);
  return { ...selectText(writer, shown.select, entry, { source: from, place, selectJson: joined }), joined: true };
}

/** Is the list to be sorted and cut before its rows are shown? An index mostly has the order of the key. */
const sortsFirst = (
  { dialect }: Writer,
  { limit, having, order }: ListPlan,
  { table: { primaryKey } }: TableLookup,
): boolean =>
  dialect.projectsBeforeSort === true &&
  limit !== undefined &&
  having === undefined &&
  order.some(
    ({ column, through }) =>
      through !== undefined || !(primaryKey.includes(column as string) || column === ROW_NUMBER.name),
  );

export function countText(writer: Writer, plan: CountPlan, entry: TableLookup): string {
  const { where, groups, most } = plan;
  const joins = groupJoins(writer, groups?.select, entry, writer.qualifier(entry.table));
  const from = `FROM ${sourceOf(writer, plan, entry)}${joins}${whereOf(writer, where, entry)}`;
  if (most !== undefined) {
    const limit = writer.dialect.limit(most, undefined, false);
    return `SELECT count(*) FROM (SELECT 1 AS n ${from}${limit}) g`;
  }
  if (groups === undefined) return `SELECT count(*) ${from}`;
  // Without a column to group by, and of no row, there is still one group.
  const each = groupClause(writer, groups, entry, writer.qualifier(entry.table));
  return `SELECT count(*) FROM (SELECT count(*) AS n ${from}${each}) g`;
}

export function estimateText(writer: Writer, { where }: EstimatePlan, entry: TableLookup): string {
  const { dialect } = writer;
  if (dialect.estimate === undefined) throw new Error(`no estimates on ${dialect.name}`);
  const table = writer.name(entry.table);
  return dialect.estimate.text(`SELECT 1 FROM ${table}${whereOf(writer, where, entry)}`, table);
}

/** To lock a row takes the right to change it (PostgreSQL's manual: SELECT, «The Locking Clause»). */
const lockOf = ({ dialect }: Writer, { lock }: { readonly lock?: boolean }, { table }: TableLookup) =>
  lock && !table.denied?.includes("update") ? dialect.lock : { hint: "", clause: "" };

export function readText(writer: Writer, plan: ReadPlan, entry: TableLookup): SelectStatement {
  const { hint, clause } = lockOf(writer, plan, entry);
  const source = () => sourceOf(writer, plan, entry) + hint + whereOf(writer, plan.where, entry) + clause;
  return selectText(writer, plan.select, entry, { source });
}

interface SelectPieces {
  readonly source: () => string;
  readonly place?: (() => string) | undefined;
  readonly selectJson?: Dialect["selectJson"];
}

/** In the order of the text, in which placeholders are counted: the row, its place, then what they come from. */
function selectText(
  writer: Writer,
  select: readonly ShownField[] | undefined,
  entry: TableLookup,
  { source, place, selectJson = writer.dialect.selectJson }: SelectPieces,
): SelectStatement {
  const { fields, pieces } = rowColumns(writer, select, entry, writer.qualifier(entry.table));
  const second = place?.();
  const from = ` FROM ${source()}`;
  if (pieces === undefined) {
    const plain = plainRow(fields, second === undefined ? 0 : 1);
    if (plain === undefined) return { text: selectJson(fields, from, second) };
    return {
      text: `SELECT ${plain.columns}${second === undefined ? "" : `, ${second}`}${from}`,
      ...plain.made,
    };
  }
  const columns = second === undefined ? pieces.columns : [...pieces.columns, second];
  return { text: `SELECT ${columns.join(", ")}${from}`, shape: pieces.shape };
}
