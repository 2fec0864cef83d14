// A body of CSV (RFC 4180) → rows as a body of JSON would say them.
import { LosslessNumber } from "lossless-json";
import type { ApiRequest } from "../../http/message.js";
import { NUMBER, unquoted } from "../../plan/row-segment.js";
import { writtenColumn } from "../../plan/write.js";
import { type Body, parseExact } from "../../request/body.js";
import { type Cell, isCsv, readCsv } from "../../request/csv.js";
import type { RequestContext } from "../../run/context.js";
import type { TableLookup } from "../../schema/lookup.js";
import { type Column, fieldOf } from "../../schema/schema.js";

/** What a cell without anything in it says: the column's default, for a new row, or NULL, for one that stands. */
type Empty = "default" | "null";

/** Each cell is what its column takes. Nothing where the body is no CSV. */
export async function rowsOfCsv(
  request: ApiRequest,
  entry: TableLookup,
  context: RequestContext,
  empty: Empty = "default",
): Promise<Body[] | undefined> {
  if (!isCsv(request)) return undefined;
  const { maxRows } = context.snapshot.limits;
  const { names, rows } = await readCsv(request, { maxRows, columns: entry.table.columns.length });
  const columns = names.map((name) => writtenColumn(name, entry));
  return rows.map((cells) => cellsAsBody(cells, columns, empty));
}

/** One row; `columns` are those of its cells. */
export function cellsAsBody(cells: readonly Cell[], columns: readonly Column[], empty: Empty = "default"): Body {
  const said = (cell: Cell, column: Column) => (cell === null && empty === "null" ? null : typed(cell, column));
  const fields = columns.map((column, i) => [fieldOf(column), said(cells[i] as Cell, column)] as const);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** Nothing is the column's default. NULL where that is NULL anyway: so most rows name the same columns, and are written together. */
function typed(cell: Cell, { type, nullable, default: fallback, identity, generated }: Column): unknown {
  if (cell === null) return nullable && fallback === null && !identity && !generated ? null : undefined;
  switch (type.kind) {
    case "boolean":
      return /^(true|t|1|yes|on)$/i.test(cell) || (/^(false|f|0|no|off)$/i.test(cell) ? false : cell);
    case "json":
      return jsonIn(cell);
    case "array":
      return cell.startsWith("[") ? jsonIn(cell) : elementsIn(cell);
    case "integer":
    case "decimal":
    case "float":
      // As spreadsheets write them: `1.5E+07`.
      return /^-?(0|[1-9]\d*)(\.\d+)?e[+-]?\d+$/i.test(cell) ? new LosslessNumber(cell) : cell;
    case "any":
      return unquoted(cell) ?? (NUMBER.test(cell) ? jsonIn(cell) : cell);
    default:
      return cell;
  }
}

/** `{a,b}` or `a,b` */
function elementsIn(cell: string): string[] {
  const inner = cell.replace(/^\{(.*)\}$/s, "$1");
  return inner === "" ? [] : inner.split(",");
}

function jsonIn(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return text;
  }
}
