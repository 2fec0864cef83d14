// A list as CSV (RFC 4180): made behind the hooks, which see rows in whatever form those travel.
import { stringify as toCsv } from "csv-stringify/sync";
import { isLosslessNumber, LosslessNumber, parse, stringify as toJson } from "lossless-json";
import type { ApiResponse } from "../../http/message.js";
import type { ShownField } from "../../plan/plan.js";
import { textAmongAny } from "../../plan/row-segment.js";
import { entryShown } from "../../plan/spread.js";
import type { Cell } from "../../request/csv.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { columnOf, type Lookup, tableOf } from "../../schema/lookup.js";
import { fieldOf, type ValueKind } from "../../schema/schema.js";
import type { Pieces } from "./chunks.js";
import type { Listed } from "./envelope.js";
import { inTurns } from "./in-turns.js";

type Row = Readonly<Record<string, unknown>>;

export async function asCsv(call: Call, listed: Listed, context: RequestContext): Promise<ApiResponse> {
  const { envelope: _, rows, items, body, shown, ...response } = listed;
  const fields = fieldsOf(shown, call.route.table, context.snapshot.lookup);
  const headers = { ...response.headers, "content-type": "text/csv; charset=utf-8" };
  const safe: Safe = context.snapshot.csvFormulas ? (text) => text : withoutFormula;
  if (rows !== undefined) return { ...response, headers, pieces: linesOf(rows, fields, safe) };
  // Hooks may have taken fields away, or put some there.
  const isHooked = (context.snapshot.hooks.get(call.route.table)?.postRead.length ?? 0) > 0;
  const text =
    isHooked || items === undefined ? ofAny(body as string, fields, safe) : await ofRows(items, fields, safe);
  return { ...response, headers, body: text };
}

function ofAny(json: string, fields: Fields, safe: Safe): string {
  const all = toRows(json);
  const names = all.length === 0 ? [...fields.keys()] : [...new Set(all.flatMap((row) => Object.keys(row)))];
  return csvOf([names.map(safe), ...cellsOf(all, names, fields, safe)]);
}

async function ofRows(items: readonly string[], fields: Fields, safe: Safe): Promise<string> {
  const made: string[] = [];
  for await (const lines of linesOf([items], fields, safe)) made.push(lines);
  return made.join("");
}

async function* linesOf(
  pieces: Pieces | Iterable<readonly string[]>,
  fields: Fields,
  safe: Safe,
): AsyncGenerator<string, void> {
  const names = [...fields.keys()];
  yield csvOf([names.map(safe)]);
  for await (const rows of pieces)
    for await (const some of inTurns(rows)) yield csvOf(cellsOf(toRows(`[${some.join(",")}]`), names, fields, safe));
}

/** What a list's rows show, and of what kind the column is. */
type Fields = ReadonlyMap<string, ValueKind | undefined>;

function fieldsOf(shown: Listed["shown"], table: string, lookup: Lookup): Fields {
  const entry = tableOf(lookup, table);
  const kindOf = (one: ShownField) =>
    one.type === "column" && typeof one.column === "string"
      ? columnOf(entryShown(one, entry, lookup), one.column).type.kind
      : undefined;
  if (shown !== undefined) return new Map(shown.map((one) => [one.field, kindOf(one)]));
  return new Map(entry.defaultFields.map((column) => [fieldOf(column), column.type.kind]));
}

const toRows = (json: string): Row[] => parse(json, null, (digits) => new LosslessNumber(digits)) as Row[];

type Safe = (text: string) => string;

function cellsOf(rows: readonly Row[], names: readonly string[], fields: Fields, safe: Safe): Cell[][] {
  const cell = (value: unknown, kind: ValueKind | undefined): Cell => {
    if (value === null || value === undefined) return null;
    if (typeof value === "string" && kind !== "json") return safe(kind === "any" ? textAmongAny(value) : value);
    if (isLosslessNumber(value) || typeof value === "boolean") return String(value);
    return safe(toJson(value) as string);
  };
  return rows.map((row) => names.map((name) => cell(row[name], fields.get(name))));
}

/** NULL is nothing at all, an empty text is in quotes; so is what ends a line elsewhere, or might be trimmed. */
const csvOf = (lines: readonly Cell[][]): string =>
  toCsv([...lines], { record_delimiter: "windows", quoted_match: /^$|^\s|\s$|[\r\n]/ });

/** What a spreadsheet would compute (https://owasp.org/www-community/attacks/CSV_Injection) is text to it behind a `'`. */
const withoutFormula = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
