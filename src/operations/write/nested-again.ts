// The rows of a nested body as they stand at the end: triggers of the related tables may have changed those that were written
// before them, as may a row that stands twice in the body. A statement for each table.
import { stringify } from "lossless-json";
import { problem } from "../../http/problem.js";
import { readByKeys } from "../../run/by-key.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { lostByDatabase } from "../../run/outcome.js";
import { valuesOf } from "../../run/row-address.js";
import { reachesOthers } from "../../schema/effects.js";
import { columnOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";
import { type RelatedRows, readAnew, rowFields, type WholeRow } from "./related-row.js";

/** Rows of one table, wherever they stand. */
interface TableRows {
  readonly entry: TableLookup;
  readonly rows: WholeRow[];
}

export async function readAgain(rows: readonly WholeRow[], context: RequestContext): Promise<readonly WholeRow[]> {
  const tables = new Map<string, TableRows>();
  const reaches = collect(rows, context, tables);
  const twice = new Set([...tables.values()].flatMap(standingTwice));
  if (!reaches && twice.size === 0) return rows;
  const texts = new Map<WholeRow, string>();
  for (const { entry, rows } of tables.values())
    for (const [row, text] of await readEach(rows, entry, context)) texts.set(row, text);
  requireOnePlace(rows, twice, texts);
  return rows.map((row) => renewed(row, texts));
}

/** Is there a table among them, or a link between them, whose triggers may reach the others? */
function collect(rows: readonly WholeRow[], context: RequestContext, tables: Map<string, TableRows>): boolean {
  let reaches = false;
  for (const row of rows) {
    const { table } = row.entry;
    const among = tables.get(table.id) ?? { entry: row.entry, rows: [] };
    tables.set(table.id, among);
    among.rows.push(row);
    if (reachesOthers(table)) reaches = true;
    for (const { relation, rows } of row.related) {
      const { join } = relation;
      if (join.via === "link" && reachesOthers(tableOf(context.snapshot.lookup, join.link).table)) reaches = true;
      if (collect(rows, context, tables)) reaches = true;
    }
  }
  return reaches;
}

/** Rows that the answer shows at several places. */
function standingTwice({ entry, rows }: TableRows): WholeRow[] {
  if (rows.length < 2) return [];
  const fields = keyFields(entry);
  const byKey = new Map<string, WholeRow[]>();
  for (const row of rows) {
    const said = rowFields(row);
    if (fields.some((field) => said[field] === undefined)) continue;
    const key = stringify(fields.map((field) => said[field])) as string;
    byKey.set(key, [...(byKey.get(key) ?? []), row]);
  }
  return fields.length === 0 ? [] : [...byKey.values()].filter(({ length }) => length > 1).flat();
}

/** A row that two others of the body have as their child is the last one's: the body contradicts itself. */
function requireOnePlace(
  rows: readonly WholeRow[],
  twice: ReadonlySet<WholeRow>,
  texts: ReadonlyMap<WholeRow, string>,
): void {
  for (const row of rows) {
    for (const related of row.related) {
      for (const item of related.rows)
        if (twice.has(item) && isElsewhere(item, texts.get(item), row, related))
          throw problem("invalid_body", `A row of ${item.entry.label} stands at two places of the body: send it once.`);
      requireOnePlace(related.rows, twice, texts);
    }
  }
}

/** Does the child, as it was read, refer to another row? As far as both are shown. */
function isElsewhere(
  item: WholeRow,
  text: string | undefined,
  row: WholeRow,
  { relation: { join } }: RelatedRows,
): boolean {
  if (join.via !== "child") return false;
  const said = text === undefined ? {} : rowFields({ ...item, stored: text });
  const above = rowFields(row);
  return join.columns.some((column, i) => {
    const own = said[fieldOf(columnOf(item.entry, column))];
    const wanted = above[fieldOf(columnOf(row.entry, join.references[i] as string))];
    return own !== undefined && wanted !== undefined && String(own) !== String(wanted);
  });
}

const keyFields = (entry: TableLookup): string[] =>
  entry.table.primaryKey.map((name) => fieldOf(columnOf(entry, name)));

async function readEach(
  rows: readonly WholeRow[],
  entry: TableLookup,
  context: RequestContext,
): Promise<(readonly [WholeRow, string])[]> {
  const { primaryKey } = entry.table;
  const fields = keyFields(entry);
  const told = rows.filter((row) => {
    const said = rowFields(row);
    return fields.length > 0 && fields.every((field) => said[field] !== undefined);
  });
  const keys = told.map(({ stored }) => valuesOf(stored, primaryKey, entry));
  const texts = await readByKeys(primaryKey, keys, entry, withoutPolicies(context));
  return told.map((row, i) => {
    const text = texts[i];
    if (text === undefined) throw lostByDatabase(entry);
    return [row, text] as const;
  });
}

/** The row and its related ones by what was read. */
const renewed = (row: WholeRow, texts: ReadonlyMap<WholeRow, string>): WholeRow => ({
  ...readAnew(row, texts.get(row) ?? row.stored),
  related: row.related.map(({ relation, rows }) => ({ relation, rows: rows.map((one) => renewed(one, texts)) })),
});
