// Rows as GeoJSON (RFC 7946): a Feature, or a FeatureCollection of them. Made behind the hooks, which see rows as JSON.
import { isLosslessNumber, LosslessNumber, parse, stringify } from "lossless-json";
import { toGeoJson } from "../../base/geojson.js";
import { parseWkt } from "../../base/wkt.js";
import { etagOf } from "../../http/conditional.js";
import type { ApiResponse } from "../../http/message.js";
import { GEOJSON_TYPE } from "../../http/negotiate.js";
import { problem } from "../../http/problem.js";
import type { ShownField } from "../../plan/plan.js";
import { toSegment } from "../../plan/row-segment.js";
import { entryShown } from "../../plan/spread.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { columnOf, type Lookup, tableOf } from "../../schema/lookup.js";
import { type ColumnType, fieldOf } from "../../schema/schema.js";
import type { Pieces } from "./chunks.js";
import type { Listed } from "./envelope.js";
import { inTurns } from "./in-turns.js";

/** Which fields of a row a Feature has in places of their own. */
interface Fields {
  /** The first column of geometries. */
  readonly geometry: string;
  /** Those of the whole key; none where there is no key, or where not all of it is shown. */
  readonly key: readonly { readonly field: string; readonly type: ColumnType }[];
}

/** A row. `shown` is what its `select` says. Throws 406 where no geometry is among it. */
export function asFeature(
  { route }: Call,
  { shown, ...response }: ApiResponse & { readonly shown?: Listed["shown"] },
  { snapshot: { lookup } }: RequestContext,
): ApiResponse {
  const body = featureOf(response.body as string, fieldsOf(shown, route.table, lookup));
  return { ...response, headers: { ...response.headers, "content-type": GEOJSON_TYPE, etag: etagOf(body) }, body };
}

/** A list, in the same way. */
export async function asFeatures(call: Call, listed: Listed, { snapshot }: RequestContext): Promise<ApiResponse> {
  const { envelope: _, rows, items, body, shown, ...response } = listed;
  const fields = fieldsOf(shown, call.route.table, snapshot.lookup);
  const headers = { ...response.headers, "content-type": GEOJSON_TYPE };
  if (rows !== undefined) return { ...response, headers, pieces: collectionOf(rows, fields) };
  // Hooks may have changed rows.
  const isHooked = (snapshot.hooks.get(call.route.table)?.postRead.length ?? 0) > 0;
  const all = isHooked || items === undefined ? itemsIn(body as string) : items;
  const made: string[] = [];
  for await (const text of collectionOf([all], fields)) made.push(text);
  return { ...response, headers, body: made.join("") };
}

const itemsIn = (json: string): string[] => (read(json) as unknown[]).map((item) => stringify(item) as string);

async function* collectionOf(
  pieces: Pieces | Iterable<readonly string[]>,
  fields: Fields,
): AsyncGenerator<string, void> {
  let before = '{"type":"FeatureCollection","features":[';
  for await (const rows of pieces)
    for await (const some of inTurns(rows)) {
      yield before + some.map((row) => featureOf(row, fields)).join(",");
      before = ",";
    }
  yield `${before === "," ? "" : before}]}`;
}

function fieldsOf(shown: Listed["shown"], table: string, lookup: Lookup): Fields {
  const entry = tableOf(lookup, table);
  const columns = shown === undefined ? entry.defaultFields.map((column) => ({ field: fieldOf(column), column })) : [];
  for (const one of shown ?? []) {
    const column = columnShown(one, table, lookup);
    if (column !== undefined) columns.push({ field: one.field, column });
  }
  const geometry = columns.find(({ column }) => column.type.geometry !== undefined)?.field;
  if (geometry === undefined) throw withoutGeometry();
  const isOwn = (field: string) => shown?.some((one) => one.field === field && isThrough(one)) !== true;
  const key = entry.table.primaryKey.map((name) =>
    columns.find(({ field, column }) => column.name === name && isOwn(field)),
  );
  const isWhole = key.every((part) => part !== undefined);
  return { geometry, key: isWhole ? key.map(({ field, column }) => ({ field, type: column.type })) : [] };
}

const isThrough = (one: ShownField): boolean => one.type === "column" && (one.through?.length ?? 0) > 0;

const columnShown = (one: ShownField, table: string, lookup: Lookup) =>
  one.type === "column" && typeof one.column === "string"
    ? columnOf(entryShown(one, tableOf(lookup, table), lookup), one.column)
    : undefined;

const withoutGeometry = () =>
  problem("not_acceptable", "GeoJSON shows a column of geometries: let select name one, or leave select out.");

function featureOf(row: string, { geometry, key }: Fields): string {
  const { [geometry]: place, ...rest } = read(row) as Record<string, unknown>;
  const shape = typeof place === "string" ? parseWkt(place) : undefined;
  // A curve has no GeoJSON: it stays the text that it is.
  const properties =
    shape === undefined && place !== null && place !== undefined ? { ...rest, [geometry]: place } : rest;
  const id = idOf(properties, key);
  if (id !== undefined && key.length === 1) delete properties[key[0]?.field as string];
  return `{"type":"Feature"${id === undefined ? "" : `,"id":${id}`},"geometry":${
    shape === undefined ? "null" : toGeoJson(shape)
  },"properties":${stringify(properties)}}`;
}

/** A number or a text (RFC 7946, 3.2): a key of several columns is what stands in the row's address. */
function idOf(row: Readonly<Record<string, unknown>>, key: Fields["key"]): string | undefined {
  const values = key.map(({ field }) => row[field]);
  if (values.length === 0 || values.some((value) => value === null || value === undefined)) return undefined;
  const [only] = values;
  if (values.length === 1 && (typeof only === "string" || isLosslessNumber(only))) return stringify(only);
  const segment = toSegment(
    values,
    key.map(({ type }) => type),
  );
  return segment === undefined ? undefined : JSON.stringify(segment);
}

const read = (json: string): unknown => parse(json, null, (digits) => new LosslessNumber(digits));
