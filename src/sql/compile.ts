// A plan and a dialect → a statement. Identifiers come from the schema that was read, values only as placeholders.
import type { Dialect } from "../dialect/dialect.js";
import type { RowForm } from "../dialect/row-texts.js";
import type { Plan } from "../plan/plan.js";
import type { Value, ValueIndex } from "../plan/terms.js";
import type { PathStep } from "../request/json-path.js";
import { columnOf, type Lookup, tableOf } from "../schema/lookup.js";
import { callText } from "./call.js";
import type { RowShape } from "./embed.js";
import { whereOf } from "./expression.js";
import { levelText } from "./level.js";
import { mostOfEachList } from "./most-rows.js";
import { countText, estimateText, listText, readText, type SelectStatement } from "./read.js";
import { updateEachText } from "./update-each.js";
import { deleteText, insertText, linkText, updateText } from "./write.js";
import { Writer } from "./writer.js";

export interface CompiledStatement {
  readonly text: string;
  /** The plan's values in the order of the text's placeholders; one may stand at several. */
  readonly order: readonly ValueIndex[];
  /** Set where a row's JSON comes in pieces, with gaps that other statements fill. */
  readonly shape?: RowShape;
  /** Set where a row's JSON is made of its columns, which `Dialect.execute` does. */
  readonly row?: RowForm;
  /** There is one row, of all rows' texts. */
  readonly joined?: true;
  /** Rows are to be looked at by `Dialect.isCut`. */
  readonly needsCheck?: true;
  /** Those that it is about (`tablesIn`), where a statement cache made it. */
  readonly tables?: readonly string[];
  /** What runs instead, so many times more, since it failed for a value that its column's type has not, or fell short. */
  fallback?: { readonly statement: CompiledStatement; left: number };
}

/** What a statement's rows hold: `json` one JSON text a row; `count` a number; `estimate` what its dialect reads; `exists` anything; `none` nothing. */
export function compile(plan: Plan, lookup: Lookup, dialect: Dialect, mostRows?: number): CompiledStatement {
  // A level's statement makes its columns for more rows than it answers with.
  const writer = new Writer(lookup, plan.kind === "level" ? (dialect.fallback ?? dialect) : dialect, mostRows);
  if (plan.kind === "list" || plan.kind === "read")
    writer.mostOfEachList = mostOfEachList(plan.select, writer.mostRows);
  const made = textOf(writer, plan);
  if (typeof made === "string") return writer.finished(made);
  const doubtful = writer.mayTruncate && dialect.isTruncated !== undefined;
  return { ...made, ...writer.finished(made.text), ...(doubtful && { needsCheck: doubtful }) };
}

/** The values of one request, and those that are whoever asks' own, as the driver takes them. */
export function bindings(
  statement: CompiledStatement,
  values: readonly Value[],
  dialect: Dialect,
  own: readonly Value[] = [],
): unknown[] {
  return statement.order.map((index) => {
    const { value, type, pattern, path, search, regular } = (index < 0 ? own[-1 - index] : values[index]) as Value;
    if (search !== undefined) return dialect.encode(dialect.search.query(search), type);
    if (path !== undefined) return dialect.jsonPath(value as readonly PathStep[], path);
    if (regular) dialect.matching?.require?.(value as string);
    if (pattern !== undefined) return dialect.likePattern(value as string, pattern.matchCase);
    return value === null ? null : dialect.encode(value, type);
  });
}

function textOf(writer: Writer, plan: Plan): string | SelectStatement {
  const entry = tableOf(writer.lookup, plan.table);
  switch (plan.kind) {
    case "list":
      return listText(writer, plan, entry);
    case "read":
      return readText(writer, plan, entry);
    case "level":
      return levelText(writer, plan, entry);
    case "count":
      return countText(writer, plan, entry);
    case "estimate":
      return estimateText(writer, plan, entry);
    case "exists":
      return `SELECT 1 FROM ${writer.name(entry.table)}${whereOf(writer, plan.where, entry)}${writer.dialect.limit(1, undefined, false)}`;
    case "call":
      return callText(writer, plan);
    case "default":
      return Array(plan.rows)
        .fill(`SELECT (${columnOf(entry, plan.column).default})`)
        .join(" UNION ALL ");
    case "number-step":
      return `SELECT ${writer.dialect.numberStep ?? "1"}`;
    case "last-number":
      return `SELECT ${writer.dialect.lastNumber?.(writer.name(entry.table), columnOf(entry, plan.column)) ?? "NULL"}`;
    case "insert":
      return insertText(writer, plan, entry);
    case "update":
      return updateText(writer, plan, entry);
    case "update-each":
      return updateEachText(writer, plan, entry);
    case "delete":
      return deleteText(writer, plan, entry);
    case "link":
      return linkText(writer, plan, entry);
  }
}
