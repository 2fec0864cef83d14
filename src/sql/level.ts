// The lists for one gap of many rows, by one statement: where a row's own statement cannot hold them (embed.ts).
import type { LevelPlan } from "../plan/plan.js";
import { columnOf, type TableLookup, tableOf } from "../schema/lookup.js";
import { groupsIn, listConditions, type RowShape, rowColumns, rowKeyJson, whereText } from "./embed.js";
import { allConditions, orderOf } from "./expression.js";
import { shownOfGroups } from "./group.js";
import { groupJoins } from "./group-joins.js";
import { joined, joinedRows } from "./joined.js";
import type { Writer } from "./writer.js";

interface Level {
  readonly text: string;
  readonly shape: RowShape;
}

/** The row's key, then what `shape` says, in the order of each row's list. */
export function levelText(writer: Writer, plan: LevelPlan, entry: TableLookup): Level {
  return isFirstRows(writer, plan, entry) ? firstRows(writer, plan, entry) : numberedRows(writer, plan, entry);
}

/** All related rows are numbered, and those with the first numbers taken. */
function numberedRows(writer: Writer, plan: LevelPlan, entry: TableLookup): Level {
  const { dialect } = writer;
  const { many, list } = plan.embed;
  const target = tableOf(writer.lookup, list.table);
  const [outer, own, rows] = [writer.alias(), writer.alias(), writer.alias()];
  const shown = shownOfGroups(writer, list, target);
  const joins = list.having === undefined ? "" : groupJoins(writer, list.select, target, `${own}.`);
  const row = rowColumns(writer, shown.select, target, `${own}.`, 1);
  const { columns, shape } = row.pieces ?? { columns: [dialect.jsonObject(row.fields)], shape: [1] };
  const key = plan.key.map((name) => writer.column(name, `${outer}.`));
  const order = orderOf(writer, shown.order, target, `${own}.`) || ` ORDER BY ${key.join(", ")}`;
  const asked = [rowKeyJson(writer, plan.key, entry, `${outer}.`), ...columns].map(
    (column, i) => `${column} AS ${dialect.quote(`c${i}`)}`,
  );
  const number = dialect.quote("n");
  const where = [
    keysIn(writer, plan, entry, `${outer}.`),
    ...joined(writer, plan.embed, `${own}.`, `${outer}.`, allConditions),
    ...listConditions(writer, list.where, target, `${own}.`),
  ];
  // Without a primary key several rows may look at the same.
  const isKey = entry.table.primaryKey.length > 0;
  const names = plan.key.map((name) => dialect.quote(name)).join(", ");
  const above = isKey ? writer.name(entry.table) : `(SELECT DISTINCT ${names} FROM ${writer.name(entry.table)})`;
  const all =
    `SELECT ${asked.join(", ")}, ROW_NUMBER() OVER (PARTITION BY ${key.join(", ")}${order}) AS ${number} ` +
    `FROM ${above} ${outer}, ${joinedRows(writer, plan.embed.join, target, own, `${outer}.`)}${joins} WHERE ${where.join(" AND ")}` +
    groupsIn(writer, list, target, `${own}.`, key);
  const place = `${rows}.${number}`;
  const from = list.offset === undefined ? "" : `${place} > ${writer.put(list.offset)} AND `;
  const last = many && list.limit !== undefined ? list.limit : 1;
  const past = list.offset === undefined ? "" : ` + ${writer.put(list.offset)}`;
  const wanted = asked.map((_, i) => `${rows}.${dialect.quote(`c${i}`)}`).join(", ");
  return {
    text:
      `SELECT ${wanted} FROM (${all}) ${rows} WHERE ${from}${place} <= ${last}${past} ORDER BY ${place}` +
      dialect.limit(writer.mostRows + 1, undefined, true),
    shape,
  };
}

/**
 * May the first rows of each list be looked up for themselves? A foreign key that the database itself holds has an index, by which they are
 * found; without one each row would go through the whole table.
 */
function isFirstRows({ dialect, lookup }: Writer, { embed, key }: LevelPlan, entry: TableLookup): boolean {
  const { join, many, list } = embed;
  if (!dialect.lateral || !many || join.via !== "child" || list.having !== undefined || list.limit === undefined)
    return false;
  const { kind, primaryKey } = tableOf(lookup, list.table).table;
  return join.enforced && kind === "table" && primaryKey.length > 0 && isSame(key, entry.table.primaryKey);
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, i) => name === other[i]);

/** The keys of the first rows of each list, by LATERAL; the rows' JSON is made of these alone. */
function firstRows(writer: Writer, plan: LevelPlan, entry: TableLookup): Level {
  const { dialect } = writer;
  const { list, join } = plan.embed;
  const target = tableOf(writer.lookup, list.table);
  const { primaryKey } = target.table;
  const [outer, own, inner, first] = [writer.alias(), writer.alias(), writer.alias(), writer.alias()];
  const { pieces, fields } = rowColumns(writer, list.select, target, `${own}.`, 1);
  const { columns, shape } = pieces ?? { columns: [dialect.jsonObject(fields)], shape: [1] };
  const order = (qualifier: string) => orderOf(writer, list.order, target, qualifier);
  const where = [
    ...joined(writer, plan.embed, `${inner}.`, `${outer}.`, allConditions),
    ...listConditions(writer, list.where, target, `${inner}.`),
  ];
  const keys = primaryKey.map((name) => writer.column(name, `${inner}.`)).join(", ");
  const rows =
    `SELECT ${keys} FROM ${joinedRows(writer, join, target, inner, `${outer}.`)}${whereText(where)}` +
    order(`${inner}.`) +
    writer.limit(list, list.order.length > 0);
  const same = primaryKey.map((name) => `${writer.column(name, `${own}.`)} = ${writer.column(name, `${first}.`)}`);
  const shown = [rowKeyJson(writer, plan.key, entry, `${outer}.`), ...columns].join(", ");
  return {
    text:
      `SELECT ${shown} FROM ${writer.name(entry.table)} ${outer}, LATERAL (${rows}) ${first}, ${writer.name(target.table)} ${own}` +
      whereText([keysIn(writer, plan, entry, `${outer}.`), ...same]) +
      order(`${own}.`) +
      dialect.limit(writer.mostRows + 1, undefined, true),
    shape,
  };
}

function keysIn(writer: Writer, { key, keys }: LevelPlan, entry: TableLookup, qualifier: string): string {
  const equal = (name: string, value: number) =>
    `${writer.column(name, qualifier)} = ${writer.put(value, columnOf(entry, name).type)}`;
  if (key.length > 1) {
    const each = keys.map((row) => `(${row.map((value, i) => equal(key[i] as string, value)).join(" AND ")})`);
    return `(${each.join(" OR ")})`;
  }
  const [name = ""] = key;
  const { type } = columnOf(entry, name);
  return `${writer.column(name, qualifier)} IN (${keys.map(([value]) => writer.put(value as number, type)).join(", ")})`;
}
