// Conditions → the text behind WHERE, and sortings → the text behind ORDER BY. A condition compares places in an order, and an
// order goes through conditions.
import { MISSING, typeOfForm } from "../plan/json-form.js";
import { type Comparison, type Condition, type Hop, isCountOf, type Operand, type Sorting } from "../plan/terms.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import type { ColumnType } from "../schema/schema.js";
import { afterText } from "./keyset.js";
import { nullWhereEmpty, partsNulls, wholeOf } from "./nulls.js";
import { operandOf, placeIn, type Written } from "./operand.js";
import { ofReached, reached } from "./reached.js";
import { type ConditionGround, isOneRow, outermost, writeWithin } from "./related.js";
import { relatedCount } from "./related-count.js";
import { valueIn } from "./row-function.js";
import type { Writer } from "./writer.js";

const signs: Record<Comparison, string> = { eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" };

/** ` WHERE …`, or nothing. */
export function whereOf(writer: Writer, conditions: readonly Condition[], entry: TableLookup): string {
  if (conditions.length === 0) return "";
  const standing = { ...outermost, oneRow: isOneRow(conditions, entry.table) };
  return ` WHERE ${allConditions(writer, conditions, entry, writer.qualifier(entry.table), standing)}`;
}

export function allConditions(
  writer: Writer,
  conditions: readonly Condition[],
  entry: TableLookup,
  qualifier: string,
  standing = outermost,
): string {
  return conditions.map((condition) => conditionOf(writer, condition, entry, qualifier, standing)).join(" AND ");
}

function conditionOf(
  writer: Writer,
  condition: Condition,
  entry: TableLookup,
  qualifier: string,
  standing: ConditionGround,
): string {
  switch (condition.type) {
    case "never":
      return "1 = 0";
    case "all":
    case "any": {
      const parts = condition.where.map((part) => conditionOf(writer, part, entry, qualifier, standing));
      return `(${parts.join(condition.type === "all" ? " AND " : " OR ")})`;
    }
    case "not":
      return `NOT (${allConditions(writer, condition.where, entry, qualifier, { ...standing, negated: true })})`;
    case "set": {
      const { how, column, value, bound } = condition;
      const { expression, type } = writtenOperand(writer, column, entry, qualifier);
      if (writer.dialect.comparedSet === undefined) throw new Error(`no arrays on ${writer.dialect.name}`);
      return writer.dialect.comparedSet(how, expression, writer.put(value), bound && type.range ? type.range : type);
    }
    case "search":
      return search(writer, condition, entry, qualifier);
    case "holds":
      return holds(writer, condition, entry, qualifier);
    case "after":
      return afterText(writer, condition, entry, (sorting) => sortedValue(writer, sorting, entry, qualifier));
    case "within":
      return writeWithin(writer, condition, { entry, qualifier, standing }, allConditions);
    case "null": {
      const { expression, type } = writtenOperand(writer, condition.column, entry, qualifier);
      const present = writer.dialect.present?.(expression, type);
      const is = `${wholeOf(writer, expression, type)} IS ${condition.negated ? "NOT " : ""}NULL`;
      if (present === undefined) return is;
      return condition.negated ? `(${is} AND ${present})` : `(${is} OR NOT ${present})`;
    }
    case "flag": {
      const { expression, nullable } = writtenOperand(writer, condition.column, entry, qualifier);
      const said = writer.dialect.truth(expression, condition.is);
      return nullable && !condition.is ? `(${said} OR ${expression} IS NULL)` : said;
    }
    case "match": {
      const { expression } = writtenOperand(writer, condition.column, entry, qualifier);
      const { matching } = writer.dialect;
      if (matching === undefined) throw new Error(`no regular expressions on ${writer.dialect.name}`);
      return matching.text(expression, writer.put(condition.value), condition.matchCase);
    }
    case "like": {
      const { expression } = writtenOperand(writer, condition.column, entry, qualifier);
      return writer.dialect.like(expression, writer.put(condition.value), condition.matchCase);
    }
    case "in": {
      if (condition.values.length === 0) return "1 = 1";
      const { expression, type, present } = comparable(writer, condition.column, entry, qualifier, standing);
      const bound = isStored(condition, entry) ? undefined : type;
      const list = condition.values.map((value) => writer.put(value, bound)).join(", ");
      return condition.negated ? kept(`${expression} NOT IN (${list})`, present) : `${expression} IN (${list})`;
    }
    case "compare": {
      const { expression, type, present } = comparable(writer, condition.column, entry, qualifier, standing);
      const value = writer.put(condition.value, isStored(condition, entry) ? undefined : type);
      const compared = condition.key ? keyValue(writer, value, condition.column as string, entry) : value;
      const said = `${expression} ${signs[condition.operator]} ${compared}`;
      return condition.operator === "eq" || condition.operator.startsWith("gt") ? said : kept(said, present);
    }
  }
}

/** Is it compared as it is kept? A key's value is where the column may keep one of any type. */
const isStored = (
  { key, stored, column }: Extract<Condition, { type: "compare" | "in" }>,
  entry: TableLookup,
): boolean => stored === true || (key === true && columnOf(entry, column as string).type.loose === true);

function keyValue(writer: Writer, placeholder: string, name: string, entry: TableLookup): string {
  const { dialect } = writer;
  const spelt = dialect.keyValue?.(
    dialect.quote(name),
    placeholder,
    writer.name(entry.table),
    columnOf(entry, name).type,
  );
  return spelt ?? dialect.keyPlaceholder?.(placeholder) ?? placeholder;
}

function search(
  writer: Writer,
  { column: name, index, value, unknown }: Extract<Condition, { type: "search" }>,
  entry: TableLookup,
  qualifier: string,
): string {
  const column = columnOf(entry, name);
  const { type, nullable } = column;
  const expression = valueIn(writer, column, qualifier);
  const found = writer.dialect.search.found({ name, expression, type, qualifier, index }, writer.put(value));
  return unknown && nullable ? `(${found} OR CASE WHEN ${expression} IS NULL THEN NULL ELSE 0 END = 1)` : found;
}

/** One EXISTS an item. CASE keeps what is no array unknown, and apart from what fails on it. */
function holds(
  writer: Writer,
  { column: { column: name, ...path }, items }: Extract<Condition, { type: "holds" }>,
  entry: TableLookup,
  qualifier: string,
): string {
  const { jsonArray } = writer.dialect;
  const column = columnOf(entry, name);
  const { type } = column;
  const document = valueIn(writer, column, qualifier);
  const place = placeIn(writer, path);
  const isArray = jsonArray.is(document, type, place);
  const each = items.map(({ string, number }) => {
    const alias = writer.alias();
    const from = jsonArray.items(document, type, place, alias);
    const equals = (form: "string" | "number", value: number) =>
      `${writer.dialect.comparable(jsonArray.item(alias, form), typeOfForm[form])} = ${writer.put(value, typeOfForm[form])}`;
    const same = [...(number === undefined ? [] : [equals("number", number)]), equals("string", string)];
    return `EXISTS (SELECT 1 FROM ${from} WHERE ${same.join(" OR ")})`;
  });
  const all = each.length === 0 ? "1" : `CASE WHEN ${each.join(" AND ")} THEN 1 ELSE 0 END`;
  return `CASE WHEN ${isArray} THEN ${all} END = 1`;
}

function comparable(
  writer: Writer,
  operand: Operand,
  entry: TableLookup,
  qualifier: string,
  { negated }: ConditionGround,
): { expression: string; type: ColumnType; present: string | undefined } {
  const { expression, type } = writtenOperand(writer, operand, entry, qualifier);
  const { dialect } = writer;
  const present = dialect.present?.(expression, type);
  return {
    expression: dialect.comparable(negated ? nullWhereEmpty(expression, present) : expression, type),
    type: dialect.comparedAs?.(type) ?? type,
    present: negated ? undefined : present,
  };
}

/** Without what is shown as NULL: that is the least of all values where it is there. */
const kept = (condition: string, present: string | undefined): string =>
  present === undefined ? condition : `(${condition} AND ${present})`;

const writtenOperand = (writer: Writer, operand: Operand, entry: TableLookup, qualifier: string): Written =>
  isCountOf(operand)
    ? relatedCount(writer, operand, qualifier, allConditions)
    : operandOf(writer, operand, entry, qualifier);

/** ` ORDER BY …`, or nothing. */
export function orderOf(writer: Writer, order: readonly Sorting[], entry: TableLookup, qualifier: string): string {
  const items = order.map((sorting) => itemOf(writer, sorting, entry, qualifier));
  return items.length === 0 ? "" : ` ORDER BY ${items.join(", ")}`;
}

function itemOf(writer: Writer, sorting: Sorting, entry: TableLookup, qualifier: string): string {
  const { expression, type, nullable } = sortedValue(writer, sorting, entry, qualifier);
  const { dialect } = writer;
  return dialect.order(dialect.sortable(expression, type), sorting.descending, sorting.nullsFirst, nullable);
}

/** What rows are sorted by, before the dialect's `sortable`. */
export function sortedValue(writer: Writer, sorting: Sorting, entry: TableLookup, qualifier: string): Written {
  const value = valueThrough(writer, sorting.through ?? [], sorting.column, entry, qualifier);
  if (!sorting.missing) return parted(writer, sorting, value);
  const whole = wholeOf(writer, value.expression, value.type);
  return { expression: `CASE WHEN ${whole} IS NULL THEN 1 ELSE 0 END`, type: MISSING, nullable: false };
}

function parted({ dialect }: Writer, sorting: Sorting, value: Written): Written {
  const present = partsNulls(sorting) ? dialect.present?.(value.expression, value.type) : undefined;
  return present === undefined
    ? value
    : { ...value, expression: nullWhereEmpty(value.expression, present), nullable: true };
}

/** The one row that a chain of to-one relations leads to: its value, or NULL. */
export function valueThrough(
  writer: Writer,
  hops: readonly Hop[],
  operand: Operand,
  entry: TableLookup,
  qualifier: string,
): Written {
  const joined = writer.joinedRow(qualifier, hops);
  const row = joined
    ? { ...joined, tables: [], where: [] }
    : reached(writer, hops, { entry, qualifier }, allConditions);
  const value = writtenOperand(writer, operand, row.entry, row.qualifier);
  return { ...value, expression: ofReached(row, value.expression), nullable: value.nullable || hops.length > 0 };
}
