// The answer to a nested body → the same with all its rows as they stand at the end: triggers of the related tables may have
// changed those that were written before them, as may a row that stands twice in the body. A statement for each table.
import { parse, stringify } from "lossless-json";
import { etagOf } from "../../http/conditional.js";
import type { ApiResponse } from "../../http/message.js";
import { problem } from "../../http/problem.js";
import type { Fields } from "../../plan/related.js";
import type { Join } from "../../routes/tree.js";
import { readByKeys } from "../../run/by-key.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { lostByDatabase } from "../../run/outcome.js";
import { valuesOf } from "../../run/row-address.js";
import { reachesOthers } from "../../schema/effects.js";
import { columnOf, type TableLookup, tableOf } from "../../schema/lookup.js";
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
  const answer = parse(response.body as string) as Fields | Fields[];
  const found = new Map<string, Found>();
  const reaches = collect([answer].flat(), entry, context, found);
  const twice = new Set([...found.values()].flatMap(standingTwice));
  if (!reaches && twice.size === 0) return response;
  const texts = new Map<Fields, string>();
  for (const { entry, rows } of found.values()) {
    if (context.snapshot.hooks.has(entry.table.id)) continue;
    for (const [row, text] of await readEach(rows, entry, context)) texts.set(row, text);
  }
  requireOnePlace([answer].flat(), entry, twice, texts, context);
  const whole = (row: Fields) => withRelated(row, entry, texts, context);
  if (Array.isArray(answer)) return { ...response, body: `[${answer.map(whole).join(",")}]` };
  const own = texts.get(answer);
  const tagged = own !== undefined && response.headers.etag !== undefined;
  const headers = tagged ? { ...response.headers, etag: etagOf(own) } : response.headers;
  return { ...response, headers, body: whole(answer) };
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

/** Rows that the answer shows at several places. */
function standingTwice({ entry, rows }: Found): Fields[] {
  const fields = entry.table.primaryKey.map((name) => fieldOf(columnOf(entry, name)));
  const byKey = new Map<string, Fields[]>();
  for (const row of rows) {
    if (fields.some((field) => row[field] === undefined)) continue;
    const key = stringify(fields.map((field) => row[field])) as string;
    byKey.set(key, [...(byKey.get(key) ?? []), row]);
  }
  return fields.length === 0 ? [] : [...byKey.values()].filter(({ length }) => length > 1).flat();
}

/** A row that two others of the body have as their child is the last one's: the body contradicts itself. */
function requireOnePlace(
  rows: readonly Fields[],
  entry: TableLookup,
  twice: ReadonlySet<Fields>,
  texts: ReadonlyMap<Fields, string>,
  context: RequestContext,
): void {
  for (const row of rows) {
    for (const { name, table, join } of relatedFields(row, entry, context.snapshot)) {
      const target = tableOf(context.snapshot.lookup, table);
      const items = [row[name]].flat().filter((item) => item !== null) as Fields[];
      const isElsewhere = (item: Fields) =>
        join.via === "child" && !refersTo(parse(texts.get(item) ?? "{}") as Fields, row, { join, target, entry });
      if (items.some((item) => twice.has(item) && isElsewhere(item)))
        throw problem("invalid_body", `A row of ${target.label} stands at two places of the body: send it once.`);
      requireOnePlace(items, target, twice, texts, context);
    }
  }
}

interface Between {
  readonly join: Extract<Join, { via: "child" }>;
  readonly target: TableLookup;
  readonly entry: TableLookup;
}

/** As far as both are shown. */
const refersTo = (item: Fields, row: Fields, { join, target, entry }: Between): boolean =>
  join.columns.every((column, i) => {
    const own = item[fieldOf(columnOf(target, column))];
    const above = row[fieldOf(columnOf(entry, join.references[i] as string))];
    return own === undefined || above === undefined || String(own) === String(above);
  });

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
