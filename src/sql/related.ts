// Conditions on related rows → EXISTS, which is planned together with the rows that it is asked of, or IN (SELECT …), a list that
// is made once. Which of them a database plans well is its dialect's to say (`Dialect.related`).
import type { Condition } from "../plan/terms.js";
import { columnOf, type TableLookup, tableOf } from "../schema/lookup.js";
import type { Table } from "../schema/schema.js";
import { rowSource } from "./row-function.js";
import type { Writer } from "./writer.js";

type Within = Extract<Condition, { type: "within" }>;

/** Where a condition stands in its statement. */
export interface ConditionGround {
  /** Conditions on related rows around it. */
  readonly depth: number;
  /** The outermost table's row is named by its key. */
  readonly oneRow: boolean;
  /** A NOT stands before it. */
  readonly negated: boolean;
  /** The condition around it is an EXISTS: it is asked for each row of that. */
  readonly correlated: boolean;
}

export const outermost: ConditionGround = { depth: 0, oneRow: false, negated: false, correlated: false };

export const isOneRow = (conditions: readonly Condition[], { primaryKey }: Table): boolean =>
  primaryKey.length > 0 &&
  primaryKey.every((name) => conditions.some((one) => one.type === "compare" && one.column === name && one.key));

/** Writes conditions that all hold. */
export type WriteAll = (
  writer: Writer,
  conditions: readonly Condition[],
  entry: TableLookup,
  qualifier: string,
  standing: ConditionGround,
) => string;

/** The table whose rows a condition is asked of, and where that stands. */
export interface Outer {
  readonly entry: TableLookup;
  readonly qualifier: string;
  readonly standing: ConditionGround;
}

export const writeWithin = (writer: Writer, condition: Within, outer: Outer, writeAll: WriteAll): string =>
  isList(writer, condition, outer.standing)
    ? inList(writer, condition, outer, writeAll)
    : exists(writer, condition, outer, writeAll);

/** A path's own steps are few rows, which every planner finds by IN of one column. */
function isList(
  { dialect: { related } }: Writer,
  { columns, exists, call }: Within,
  standing: ConditionGround,
): boolean {
  if (call !== undefined) return false;
  if (!exists && columns.length === 1) return true;
  if (related === undefined) return false;
  return standing.depth >= (standing.oneRow ? related.oneRow : related.rows);
}

function exists(writer: Writer, condition: Within, { entry, qualifier, standing }: Outer, writeAll: WriteAll): string {
  const { from, selected, where } = parts(writer, condition, qualifier, { ...standing, correlated: true }, writeAll);
  const outer = condition.columns.map((name) => writer.column(columnOf(entry, name).name, qualifier));
  const pairs = outer.map((name, i) => `${selected[i]} = ${name}`);
  const all = [...pairs, ...where];
  return `EXISTS (SELECT 1 ${from}${all.length === 0 ? "" : ` WHERE ${all.join(" AND ")}`})`;
}

function inList(writer: Writer, condition: Within, { entry, qualifier, standing }: Outer, writeAll: WriteAll): string {
  const { from, selected, where } = parts(writer, condition, qualifier, { ...standing, correlated: false }, writeAll);
  const { list = "SELECT", plain } = (condition.exists && writer.dialect.related) || {};
  const names = condition.columns.map((name) => writer.column(columnOf(entry, name).name, qualifier));
  // Each row of an EXISTS is found by what relates it, not by going through the list.
  const outer = standing.correlated && plain !== undefined ? names.map(plain) : names;
  // Behind NOT what is unknown would be left out: NULL here, and NULL in the list.
  const guarded = condition.exists === true && standing.negated;
  const kept = guarded ? [...selected.map(isKnown), ...where] : where;
  const inner = `${list} ${selected.join(", ")} ${from}${kept.length === 0 ? "" : ` WHERE ${kept.join(" AND ")}`}`;
  const is = `${outer.length === 1 ? outer[0] : `(${outer.join(", ")})`} IN (${inner})`;
  return guarded ? `(${[...names.map(isKnown), is].join(" AND ")})` : is;
}

const isKnown = (expression: string): string => `${expression} IS NOT NULL`;

/** The other table's side. Of what is unknown there its own WHERE makes false. */
function parts(writer: Writer, condition: Within, outer: string, standing: ConditionGround, writeAll: WriteAll) {
  const { table, select, where, call } = condition;
  const inner = tableOf(writer.lookup, table);
  const alias = writer.alias();
  const own = `${alias}.`;
  const below = { ...standing, depth: standing.depth + 1, negated: false };
  const rows = call === undefined ? `${writer.name(inner.table)} ${alias}` : rowSource(writer, call, outer, alias);
  return {
    from: `FROM ${rows}`,
    selected: select.map((name) => writer.column(name, own)),
    where: where.length === 0 ? [] : [writeAll(writer, where, inner, own, below)],
  };
}
