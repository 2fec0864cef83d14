// A row or a list → the form that the client accepts: JSON, CSV, NDJSON or GeoJSON. Made behind the hooks, which see rows as JSON.
import { parse, stringify } from "lossless-json";
import type { ApiResponse } from "../../http/message.js";
import { formOf, NDJSON_TYPE } from "../../http/negotiate.js";
import { problem } from "../../http/problem.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { formsOf } from "../../run/forms.js";
import type { Pieces } from "./chunks.js";
import { asCsv } from "./csv-out.js";
import { asJson, type Listed } from "./envelope.js";
import { asFeature, asFeatures } from "./geojson-out.js";
import type { ReadRow } from "./row.js";

/** Throws 406 where the form has no place for what is asked. */
export function inForm(call: Call, listed: Listed, context: RequestContext): ApiResponse | Promise<ApiResponse> {
  const form = formOf(call.request, formsOf(call.route, context));
  if (form === "json") return asJson(listed);
  if (listed.envelope !== undefined)
    throw problem("not_acceptable", `Only plain rows can be ${form.toUpperCase()}: leave envelope=true out.`);
  if (form === "geojson") return asFeatures(call, listed, context);
  return form === "csv" ? asCsv(call, listed, context) : asLines(call, listed, context);
}

/** A row, in the same way. */
export function rowInForm(call: Call, row: ReadRow, context: RequestContext): ApiResponse {
  const forms = formsOf(call.route, context);
  if (forms.length === 1) return asRow(row);
  const varying = { ...row, headers: { ...row.headers, vary: "Accept" } };
  return formOf(call.request, forms) === "geojson" ? asFeature(call, varying, context) : asRow(varying);
}

const asRow = ({ status, headers, body }: ReadRow): ApiResponse => ({ status, headers, body });

function asLines(
  { route }: Call,
  { envelope: _, rows, items, body, shown: __, ...response }: Listed,
  context: RequestContext,
): ApiResponse {
  const headers = { ...response.headers, "content-type": `${NDJSON_TYPE}; charset=utf-8` };
  if (rows !== undefined) return { ...response, headers, pieces: lineByLine(rows) };
  // Hooks may have changed rows.
  const isHooked = (context.snapshot.hooks.get(route.table)?.postRead.length ?? 0) > 0;
  const all = isHooked || items === undefined ? itemsIn(body as string) : items;
  return { ...response, headers, body: linesOf(all) };
}

const itemsIn = (json: string): string[] => (parse(json) as unknown[]).map((item) => stringify(item) as string);

async function* lineByLine(rows: Pieces): AsyncGenerator<string, void> {
  for await (const some of rows) if (some.length > 0) yield linesOf(some);
}

/** A line break of JSON stands between two tokens, never in a text: databases leave those of JSON columns as they came. */
const linesOf = (items: readonly string[]): string =>
  items.map((item) => `${item.replace(/[\r\n]+/g, " ")}\n`).join("");
