// Rows as CSV (RFC 4180), in and out: outside of the hooks, which see rows in whatever form those travel.
import { stringify as toCsv } from "csv-stringify/sync";
import { isLosslessNumber, LosslessNumber, parse, stringify as toJson } from "lossless-json";
import type { Shown } from "../plan/plan.js";
import { columnNamed } from "../plan/resolve.js";
import { planList } from "../plan/select.js";
import { parseText } from "../request/body.js";
import { type Cell, isCsv, readCsv } from "../request/csv.js";
import { parseQuery } from "../request/query.js";
import { columnOf, tableOf } from "../schema/lookup.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { wantsCsv } from "./accept.js";
import type { Call } from "./call.js";
import type { ApiResponse } from "./message.js";
import { withBody } from "./nested.js";
import { problem } from "./problem.js";
import type { World } from "./world.js";

type Row = Readonly<Record<string, unknown>>;

/** The list in the form that the client accepts. */
export function inItsForm(call: Call, response: ApiResponse, world: World): ApiResponse {
  if (!wantsCsv(call.request)) return response;
  const rows: unknown = parse(response.body as string, null, (digits) => new LosslessNumber(digits));
  if (!Array.isArray(rows)) throw problem("not_acceptable", "Only plain rows can be CSV: leave envelope=true out.");
  const headers = { ...response.headers, "content-type": "text/csv; charset=utf-8" };
  return { ...response, headers, body: csvOf(rows as Row[], fieldsOf(call, world), world.csvFormulas) };
}

/** What a list's rows show, and whether it is a column of JSON. */
function fieldsOf({ request, route }: Call, world: World): ReadonlyMap<string, boolean> {
  const entry = tableOf(world.lookup, route.table);
  const { select } = planList(parseQuery(request.query, world.limits), entry, world, [], world.limits);
  const isJson = (shown: Shown) => shown.type === "column" && columnOf(entry, shown.column).type.kind === "json";
  if (select !== undefined) return new Map(select.map((shown) => [shown.field, isJson(shown)]));
  return new Map(entry.table.columns.map((column) => [fieldOf(column), column.type.kind === "json"]));
}

function csvOf(rows: readonly Row[], fields: ReadonlyMap<string, boolean>, formulas: boolean): string {
  // Hooks may have taken fields away, or put some there.
  const names = rows.length === 0 ? [...fields.keys()] : [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const safe = (text: string) => (formulas ? text : withoutFormula(text));
  const cell = (value: unknown, isJson: boolean): Cell => {
    if (value === null || value === undefined) return null;
    if (typeof value === "string" && !isJson) return safe(value);
    if (isLosslessNumber(value) || typeof value === "boolean") return String(value);
    return safe(toJson(value) as string);
  };
  const cells = rows.map((row) => names.map((name) => cell(row[name], fields.get(name) === true)));
  // NULL is nothing at all, an empty text is in quotes; so is what ends a line elsewhere, or might be trimmed.
  return toCsv([names.map(safe), ...cells], { record_delimiter: "windows", quoted_match: /^$|^\s|\s$|[\r\n]/ });
}

/** What a spreadsheet would compute (https://owasp.org/www-community/attacks/CSV_Injection) is text to it behind a `'`. */
const withoutFormula = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** A call whose body of CSV has become rows, each cell what its column takes; any other is as it was. */
export async function withRows(call: Call, world: World): Promise<Call | undefined> {
  if (!isCsv(call.request)) return undefined;
  const { names, rows } = await readCsv(call.request, world.limits.maxRows);
  const entry = tableOf(world.lookup, call.route.table);
  const columns = names.map((name) => columnNamed(name, entry, []));
  const value = rows.map((cells) => rowOf(cells, columns));
  return { ...call, request: withBody(call.request, value) };
}

function rowOf(cells: readonly Cell[], columns: readonly Column[]): Row {
  const fields = columns.map((column, i) => [fieldOf(column), typed(cells[i] as Cell, column)] as const);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** Nothing is the column's default. NULL where that is NULL anyway: so most rows name the same columns, and are written together. */
function typed(cell: Cell, { type, nullable, default: fallback, identity, generated }: Column): unknown {
  if (cell === null) return nullable && fallback === null && !identity && !generated ? null : undefined;
  switch (type.kind) {
    case "boolean":
      return /^(true|t|1|yes|on)$/i.test(cell) || (/^(false|f|0|no|off)$/i.test(cell) ? false : cell);
    case "json":
      return asJson(cell);
    case "array":
      return cell.startsWith("[") ? asJson(cell) : cell;
    case "any":
      return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(cell) ? asJson(cell) : cell;
    default:
      return cell;
  }
}

function asJson(text: string): unknown {
  try {
    return parseText(text);
  } catch {
    return text;
  }
}
