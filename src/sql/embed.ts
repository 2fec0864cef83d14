// Related rows within a row's JSON. One statement builds it all where the database can. Where it cannot, the row leaves
// gaps, and the lists for the gaps of all rows are asked for by one statement a level.
import type { EmbeddedList, JsonField } from "../dialect/statement-parts.js";
import type { Embed, ListPlan, ShownField } from "../plan/plan.js";
import { columnOf, type TableLookup, tableOf } from "../schema/lookup.js";
import { type ColumnType, fieldOf } from "../schema/schema.js";
import { allConditions, orderOf, valueThrough } from "./expression.js";
import { groupClause, isOneGroup, shownOfGroups } from "./group.js";
import { groupJoins } from "./group-joins.js";
import { joined, joinedRows } from "./joined.js";
import { UNLIMITED } from "./most-rows.js";
import { operandOf } from "./operand.js";
import { ofReached, reached } from "./reached.js";
import type { Writer } from "./writer.js";

/** A row's JSON in pieces: objects' texts, by their place among the statement's columns, and gaps between them. */
export type RowShape = readonly (number | EmbedSlot)[];

/**
 * Where a relation belongs, and the row it belongs to: the values of `key`, columns of `table`, as JSON at `column`, which is NULL
 * where there is no such row.
 */
export interface EmbedSlot {
  readonly embed: Embed;
  readonly table: string;
  readonly key: readonly string[];
  readonly column: number;
}

/** What a SELECT lists: one JSON text, or the pieces of one with its gaps' keys. */
export interface RowColumns {
  readonly fields: readonly JsonField[];
  /** Set where there are gaps: what stands in the place of the one JSON text. */
  readonly pieces?: { readonly columns: readonly string[]; readonly shape: RowShape };
}

/** `select` is every column where it is left out. `before` columns stand in front of a gap's pieces. */
export function rowColumns(
  writer: Writer,
  select: readonly ShownField[] | undefined,
  entry: TableLookup,
  qualifier: string,
  before = 0,
): RowColumns {
  if (select === undefined) return { fields: jsonFields(writer, entry, qualifier) };
  if (!select.some((shown) => leavesGap(writer, shown)))
    return { fields: select.map((shown) => fieldShown(writer, shown, entry, qualifier)) };
  const columns: string[] = [];
  const add = (column: string) => before + columns.push(column) - 1;
  const shape: (number | EmbedSlot)[] = [];
  let run: JsonField[] = [];
  const endRun = () => {
    if (run.length > 0) shape.push(add(writer.dialect.jsonObject(run)));
    run = [];
  };
  for (const shown of select) {
    if (shown.type !== "embed" || !leavesGap(writer, shown)) run.push(fieldShown(writer, shown, entry, qualifier));
    else {
      endRun();
      const { through = [], ...embed } = shown;
      const row = reached(writer, through, { entry, qualifier }, allConditions);
      const key = keyOf(embed.join, row.entry);
      const column = add(ofReached(row, rowKeyJson(writer, key, row.entry, row.qualifier)));
      shape.push({ embed, table: row.entry.table.id, key, column });
    }
  }
  endRun();
  return { fields: [], pieces: { columns, shape } };
}

/** A row's JSON where nothing is selected. */
export function jsonFields(writer: Writer, entry: TableLookup, qualifier: string): JsonField[] {
  return entry.defaultFields.map(({ name, type, as = name }) =>
    fieldOfRow(writer, as, writer.column(name, qualifier), type),
  );
}

function fieldShown(writer: Writer, shown: ShownField, entry: TableLookup, qualifier: string): JsonField {
  if (shown.type === "embed") {
    const expression = embedded(writer, shown, entry, qualifier);
    return { name: shown.field, expression, ...(writer.dialect.textColumn && { plain: { expression, form: "json" } }) };
  }
  const { expression, type } =
    shown.type === "aggregate"
      ? operandOf(writer, shown.of, entry, qualifier)
      : valueThrough(writer, shown.through ?? [], shown.column, entry, qualifier);
  return fieldOfRow(writer, shown.field, expression, type);
}

function fieldOfRow({ dialect }: Writer, name: string, expression: string, type: ColumnType): JsonField {
  const plain = dialect.textColumn?.(expression, type, false);
  return { name, expression: dialect.json(expression, type), ...(plain && { plain }) };
}

const leavesGap = (writer: Writer, shown: ShownField): boolean =>
  shown.type === "embed" &&
  ((shown.many && !isEmbedded(writer, shown.list)) ||
    (shown.list.select ?? []).some((inner) => leavesGap(writer, inner)));

/** Is the list part of its row's own SELECT? */
const isEmbedded = (writer: Writer, list: ListPlan): boolean =>
  (writer.dialect.embedMany !== undefined && (writer.dialect.embedsList?.(kindOf(writer, list)) ?? true)) ||
  (writer.dialect.embedGroup !== undefined && isOneGroup(list));

const kindOf = (writer: Writer, { limit = UNLIMITED, offset, having, select = [] }: ListPlan): EmbeddedList => ({
  limit,
  copies: writer.copies,
  offset: offset !== undefined,
  grouped: having !== undefined,
  nests: select.some(({ type }) => type === "embed"),
  ...(writer.mostOfEachList !== undefined && writer.mostOfEachList < limit && { most: writer.mostOfEachList }),
});

const hasList = (shown: ShownField): boolean =>
  shown.type === "embed" && (shown.many || (shown.list.select?.some(hasList) ?? false));

/** The relation as an expression of the row's own SELECT. */
function embedded(
  writer: Writer,
  { through = [], join, links, many, list }: Embed,
  entry: TableLookup,
  qualifier: string,
): string {
  const { dialect } = writer;
  const outer = reached(writer, through, { entry, qualifier }, allConditions);
  const target = tableOf(writer.lookup, list.table);
  const alias = writer.alias();
  const own = `${alias}.`;
  const shown = shownOfGroups(writer, list, target);
  const joins = list.having === undefined ? "" : groupJoins(writer, list.select, target, own);
  const { fields } = writer.inList(many ? (list.limit ?? UNLIMITED) : writer.copies, () =>
    rowColumns(writer, shown.select, target, own),
  );
  const rows = [...outer.tables, joinedRows(writer, join, target, alias, outer.qualifier)];
  const where = [
    ...outer.where,
    ...joined(writer, { join, links }, own, outer.qualifier, allConditions),
    ...listConditions(writer, list.where, target, own),
  ];
  const from = ` FROM ${rows.join(", ")}${joins}${whereText(where)}${groupsIn(writer, list, target, own)}`;
  if (!many)
    return dialect.embedOne(fields, from + dialect.limit(1, undefined, false), list.select?.some(hasList) ?? false);
  if (dialect.embedGroup !== undefined && isOneGroup(list))
    return dialect.embedGroup(fields, from + writer.limit(list, false));
  const kind = kindOf(writer, list);
  if (dialect.truncatesAnyList || kind.most !== undefined) writer.mayTruncate = true;
  const order = orderOf(writer, shown.order, target, own);
  // One more tells that there are too many.
  const limit = writer.limit(kind.most === undefined ? list : { ...list, limit: kind.most + 1 }, order !== "");
  return dialect.embedMany?.(fields, from, order, limit, kind) ?? "";
}

export const groupsIn = (
  writer: Writer,
  { having, select = [] }: ListPlan,
  entry: TableLookup,
  qualifier: string,
  before?: readonly string[],
): string => (having === undefined ? "" : groupClause(writer, { having, select }, entry, qualifier, before));

export const listConditions = (
  writer: Writer,
  where: Embed["list"]["where"],
  entry: TableLookup,
  qualifier: string,
): string[] => (where.length === 0 ? [] : [allConditions(writer, where, entry, qualifier)]);

export const whereText = (where: readonly string[]): string =>
  where.length === 0 ? "" : ` WHERE ${where.join(" AND ")}`;

/** By its primary key a row is itself; without one it is whatever the relation looks at. */
function keyOf(join: Embed["join"], { table }: TableLookup): readonly string[] {
  if (join.via === "call" || table.primaryKey.length > 0) return table.primaryKey;
  if (join.via === "link") return join.near.references;
  return join.via === "child" ? join.references : join.columns;
}

/** A row's key as JSON. */
export function rowKeyJson(writer: Writer, key: readonly string[], entry: TableLookup, qualifier: string): string {
  const fields = key.map((name) => {
    const column = columnOf(entry, name);
    return { name: fieldOf(column), expression: writer.dialect.json(writer.column(name, qualifier), column.type) };
  });
  return writer.dialect.jsonObject(fields);
}
