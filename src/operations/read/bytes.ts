// GET on one binary column of a row: its bytes, with their media type. The row is read as its own route reads it, rights and hooks
// included.
import { inRange } from "../../http/byte-range.js";
import { etagOf, notModified } from "../../http/conditional.js";
import { mediaTypeOf, UNKNOWN_TYPE } from "../../http/media-type.js";
import type { Method } from "../../http/message.js";
import { type ApiRequest, type ApiResponse, requestWith } from "../../http/message.js";
import { accepts } from "../../http/negotiate.js";
import { problem } from "../../http/problem.js";
import type { Route } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { columnOf, tableOf } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";
import { refuseQuery } from "./row.js";

/** The field whose bytes a route is about. */
export function fieldAt({ route }: Call, { snapshot: { lookup } }: RequestContext): string {
  const entry = tableOf(lookup, route.table);
  return fieldOf(columnOf(entry, route.column as string));
}

/** The same row's own route for another method. */
export function rowRoute(
  { pattern: own, column: _, ...route }: Route,
  method: Method,
  operation: "read" | "update",
): Route {
  const pattern = own.slice(0, own.lastIndexOf("/"));
  return { ...route, id: `${method} ${pattern}`, method, pattern, operation };
}

/** GET on the row, with this column alone. */
export function readingColumn(call: Call, context: RequestContext): Call {
  refuseQuery(call.request.query);
  const query = `select=${encodeURIComponent(JSON.stringify(fieldAt(call, context)))}`;
  return { ...call, route: rowRoute(call.route, "GET", "read"), request: requestWith(call.request, { query }) };
}

/** `row` is what that has answered. Throws 404 where there are no bytes, 406 and 416. */
export function bytesOf(call: Call, { body }: ApiResponse, context: RequestContext): ApiResponse {
  const field = fieldAt(call, context);
  const bytes = bytesIn(body as string, field);
  if (bytes === undefined) throw problem("not_found", `${field} of this row is NULL: there are no bytes.`);
  const type = mediaTypeOf(bytes);
  if (!accepts(call.request, type)) throw problem("not_acceptable", `These bytes are ${type}: accept that, or */*.`);
  return inPart(call.request, { status: 200, headers: { ...headersOf(type), etag: etagOf(bytes) }, bytes });
}

function inPart(request: ApiRequest, whole: ApiResponse & { readonly bytes: Buffer }): ApiResponse {
  const response = notModified(request, whole);
  return response === whole ? inRange(request, whole) : response;
}

/** A column of a row's JSON. SQLite's may hold a text, which is shown as it is; hooks may have taken it away. */
export function bytesIn(row: string, field: string): Buffer | undefined {
  const { [field]: value } = JSON.parse(row) as Record<string, unknown>;
  if (value === null || value === undefined) return undefined;
  const text = String(value);
  return /^[A-Za-z0-9+/\s]*={0,2}$/.test(text) ? Buffer.from(text, "base64") : Buffer.from(text);
}

/** Whoever wrote them, they are no page of this site: a browser runs nothing of them, and offers what it does not know as a file. */
const headersOf = (type: string): Record<string, string> => ({
  "content-type": type,
  "accept-ranges": "bytes",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; sandbox",
  ...(type === UNKNOWN_TYPE && { "content-disposition": "attachment" }),
});
