// The answer to a nested body → the same with all its rows as they stand at the end: triggers of the related tables may have
// changed those that were written before them. A statement for each table.
import { parse, stringify } from "lossless-json";
import { etagOf } from "../../http/conditional.js";
import type { ApiResponse } from "../../http/message.js";
import type { Fields } from "../../plan/related.js";
import { readByKeys } from "../../run/by-key.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { lostByDatabase } from "../../run/outcome.js";
import { valuesOf } from "../../run/row-address.js";
import { reachesOthers } from "../../schema/effects.js";
import { type Lookup, type TableLookup, tableOf } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";
import { relatedFields, withRelatedTexts } from "./related-fields.js";

/** Rows of one table, found in the answer. */
interface Found {
  readonly entry: TableLookup;
  readonly rows: Fields[];
}

export async function readAgain(
  response: ApiResponse,
  entry: TableLookup,
  context: RequestContext,
): Promise<ApiResponse> {
  if (!anyReaches(context.snapshot.lookup)) return response;
  const answer = parse(response.body as string) as Fields | Fields[];
  const found = new Map<string, Found>();
  const reaches = collect([answer].flat(), entry, context, found);
  if (!reaches) return response;
  const texts = new Map<Fields, string>();
  for (const { entry, rows } of found.values()) {
    if (context.snapshot.hooks.has(entry.table.id)) continue;
    for (const [row, text] of await readEach(rows, entry, context)) texts.set(row, text);
  }
  const whole = (row: Fields) => withRelated(row, entry, texts, context);
  if (Array.isArray(answer)) return { ...response, body: `[${answer.map(whole).join(",")}]` };
  const own = texts.get(answer);
  const tagged = own !== undefined && response.headers.etag !== undefined;
  const headers = tagged ? { ...response.headers, etag: etagOf(own) } : response.headers;
  return { ...response, headers, body: whole(answer) };
}

/** By schema: has it such triggers at all? */
const known = new WeakMap<Lookup, boolean>();

function anyReaches(lookup: Lookup): boolean {
  const said = known.get(lookup) ?? [...lookup.values()].some(({ table }) => reachesOthers(table));
  known.set(lookup, said);
  return said;
}

/** Is there a table among them, or a link between them, whose triggers may reach the others? */
function collect(
  rows: readonly Fields[],
  entry: TableLookup,
  context: RequestContext,
  found: Map<string, Found>,
): boolean {
  const { id } = entry.table;
  const among = found.get(id) ?? { entry, rows: [] };
  found.set(id, among);
  among.rows.push(...rows);
  let reaches = reachesOthers(entry.table);
  for (const row of rows) {
    for (const { name, table, join } of relatedFields(row, entry, context.snapshot)) {
      const { lookup } = context.snapshot;
      const items = [row[name]].flat().filter((item) => item !== null) as Fields[];
      if (join.via === "link" && reachesOthers(tableOf(lookup, join.link).table)) reaches = true;
      if (collect(items, tableOf(lookup, table), context, found)) reaches = true;
    }
  }
  return reaches;
}

async function readEach(
  rows: readonly Fields[],
  entry: TableLookup,
  context: RequestContext,
): Promise<(readonly [Fields, string])[]> {
  const { primaryKey } = entry.table;
  const fields = entry.table.columns.filter(({ name }) => primaryKey.includes(name)).map(fieldOf);
  const told = rows.filter((row) => fields.length > 0 && fields.every((field) => row[field] !== undefined));
  const keys = told.map((row) => valuesOf(stringify(row) as string, primaryKey, entry));
  const texts = await readByKeys(primaryKey, keys, entry, withoutPolicies(context));
  return told.map((row, i) => {
    const text = texts[i];
    if (text === undefined) throw lostByDatabase(entry);
    return [row, text] as const;
  });
}

/** The row's own text, and the related rows' behind its fields. */
function withRelated(
  row: Fields,
  entry: TableLookup,
  texts: ReadonlyMap<Fields, string>,
  context: RequestContext,
): string {
  const related = relatedFields(row, entry, context.snapshot);
  const names = new Set(related.map(({ name }) => name));
  const own = texts.get(row) ?? stringify(Object.fromEntries(Object.entries(row).filter(([name]) => !names.has(name))));
  const parts = related.map(({ name, table }) => {
    const value = row[name] as Fields | readonly Fields[] | null;
    const target = tableOf(context.snapshot.lookup, table);
    const text = (item: Fields) => withRelated(item, target, texts, context);
    const shown =
      value === null ? "null" : Array.isArray(value) ? `[${value.map(text).join(",")}]` : text(value as Fields);
    return [name, shown] as const;
  });
  return withRelatedTexts(own as string, related, new Map(parts));
}
