// GET on a collection. JSON texts come from the database and go out untouched.

import type { ApiRequest } from "../../http/message.js";
import { HttpError, problem } from "../../http/problem.js";
import { parseRange } from "../../http/range.js";
import { isTotal } from "../../plan/group.js";
import { type Path, planPath } from "../../plan/path.js";
import type { Called, ListPlan } from "../../plan/plan.js";
import type { Value } from "../../plan/terms.js";
import { Values } from "../../plan/values.js";
import { brokenCursor } from "../../request/cursor.js";
import type { Query } from "../../request/query.js";
import type { Route } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { foundList } from "../../run/found-rows.js";
import type { OperationSteps } from "../../run/operation-steps.js";
import { type TableLookup, tableOf } from "../../schema/lookup.js";
import type { CompiledStatement } from "../../sql/compile.js";
import { isLong, type Long, type Pieces, type ReadChunk, readInChunks } from "./chunks.js";
import { totalOf, withTotal } from "./count.js";
import { envelopeOf, type Listed } from "./envelope.js";
import { readHeld } from "./held.js";
import { linkHeader } from "./link-header.js";
import { type CursorScope, cursorScopeOf, type Page, type PageRows, planPage, toPageRows } from "./page.js";
import { listingOf } from "./prepare-list.js";
import { JSON_TYPE, requireParent } from "./row.js";

/** Rows that come from a call, in the place of a table's. */
export interface RowSource {
  readonly from: Called;
  /** Its arguments'. */
  readonly values: readonly Value[];
  /** What is asked of the rows. */
  readonly query: string;
  /** What is shown of a row's JSON. */
  shown(row: string): string;
  /** Where more of them are read while the answer is sent; left out where they cannot be. */
  readonly apart?: ReadApart;
}

/** Work behind the end of the request's own transaction, in another one that only reads. */
export type ReadApart = <T>(work: (context: RequestContext) => Promise<T>) => Promise<T>;

interface AskedList {
  readonly source: RowSource | undefined;
  readonly request: ApiRequest;
  readonly route: Route;
  readonly path: Path;
  readonly entry: TableLookup;
  readonly query: Query;
  /** The slice is the header's. */
  readonly ranged: boolean;
  /** The whole list, and the values of path and query. */
  readonly plan: ListPlan;
  readonly own: readonly Value[];
  /** The page that is asked for, and its values behind these. */
  readonly page: Page;
  readonly values: readonly Value[];
  readonly scope: CursorScope;
  /** The page's; nothing where a cursor says where it begins. */
  readonly statement: CompiledStatement | undefined;
}

interface FoundList {
  readonly rows: Long;
  /** How many rows the answer has, as far as its headers tell. */
  readonly length: number;
  /** How many the whole list has, where that was asked for. */
  readonly total: number | undefined;
}

export const list: OperationSteps<AskedList, FoundList, Listed> = { prepare, run, respond };

export const listFrom = (source: RowSource): typeof list => ({
  prepare: (call, context) => prepare(call, context, source),
  run,
  respond,
});

function prepare({ request, route, params }: Call, context: RequestContext, source?: RowSource): AskedList {
  const range = parseRange(request.header("range"));
  const inPath = new Values(source?.values);
  const path = source ? { keys: [undefined] } : planPath(route, params, context.snapshot, inPath);
  const text = source?.query ?? request.query;
  const said = { route, path, values: inPath.all, text, range, from: source?.from };
  const { query, plan, ranged, first, values } = listingOf(said, context);
  const own = [...inPath.all, ...values];
  const scope = cursorScopeOf(plan, query, params, own);
  const ofPage = new Values(first === undefined ? own : [...own, ...first.values]);
  const page = first?.page ?? planPage(plan, query, context, ofPage, scope);
  const entry = tableOf(context.snapshot.lookup, route.table);
  const [all, statement] = [ofPage.all, first?.statement];
  return { source, request, route, path, entry, query, ranged, plan, own, page, values: all, scope, statement };
}

async function run(asked: AskedList, context: RequestContext): Promise<FoundList> {
  const { source, query, page, values } = asked;
  if (query.count && source?.from.writes) throw uncounted();
  const rows = await rowsOf(asked, context);
  const { items, pieces } = rows;
  if (items.length === 0 || isTotal(query.select)) await requireParent(asked.route, asked.path, values, context);
  const total = query.count && (await totalOf(asked, rows, context));
  // The headers go out before the rows are all there.
  const known = pieces === undefined || (total === undefined && !asked.ranged);
  const most = () => withTotal(asked.plan, values, context);
  const length = known ? items.length : Math.min(page.limit, (await most()) - page.offset);
  return { rows, length, total };
}

function respond(asked: AskedList, { rows, length, total }: FoundList): Listed {
  const { source, request, entry, query, page, plan, ranged } = asked;
  const { items, pieces } = rows;
  if (ranged && items.length === 0 && (query.offset ?? 0) > 0) throw beyond(total);
  const headers = listHeaders(query, length, total, ranged);
  const isLinked = page.limit > 0 && !ranged && request.method !== "POST";
  const link = isLinked ? linkHeader(request, rows) : "";
  if (link !== "") headers.link = link;
  const shownOf = (some: readonly string[]) => (source === undefined ? some : some.map(source.shown));
  const shown = shownOf(items);
  return {
    status: ranged ? 206 : 200,
    headers,
    body: pieces === undefined ? `[${shown.join(",")}]` : undefined,
    items: pieces === undefined ? shown : undefined,
    rows: pieces && piecesAs(pieces, shownOf),
    shown: plan.select,
    envelope: query.envelope ? envelopeOf(entry, query, page, total) : undefined,
  };
}

/** At once, in pieces that are asked for one by one, or through a question that stays open. */
async function rowsOf(asked: AskedList, context: RequestContext): Promise<Long> {
  const { request, source, page, values, scope, statement } = asked;
  const apart = source?.apart;
  if (isLong(page, context, apart !== undefined))
    return readInChunks(page, scope, {
      read: chunksOf(asked, context),
      later: laterOf(asked, context, apart),
      limits: context.snapshot.limits,
    });
  const isRead = request.method !== "HEAD";
  const held = apart && (await readHeld({ page, scope, values, isRead }, context));
  return held ?? readPage(page, scope, values, context, statement);
}

/** The same list from other beginnings. */
const chunksOf =
  ({ plan, query, own, scope }: AskedList, context: RequestContext): ReadChunk =>
  (start, limit) => {
    const values = new Values(own);
    const piece = planPage(plan, { ...query, start, limit }, context, values, scope);
    return readPage(piece, scope, values.all, context);
  };

const laterOf = (asked: AskedList, context: RequestContext, apart: ReadApart | undefined): ReadChunk =>
  apart === undefined
    ? chunksOf(asked, context)
    : (start, limit) => apart((inner) => chunksOf(asked, inner)(start, limit));

async function readPage(
  page: Page,
  scope: CursorScope,
  values: readonly Value[],
  context: RequestContext,
  statement?: CompiledStatement,
): Promise<PageRows> {
  const { plan, limit, start } = page;
  try {
    return toPageRows(page, scope, await foundList({ plan, values }, limit, context, statement));
  } catch (error) {
    // A value that the database refuses came with the cursor, where there is one: those of filters were read before.
    const refused = start !== undefined && error instanceof HttpError && error.code === "invalid_filter";
    throw refused ? brokenCursor(start.cursor.text) : error;
  }
}

const uncounted = () => problem("malformed_query", "count would call a second time what may write: leave it out.");

const beyond = (counted: number | undefined) =>
  problem(
    "range_not_satisfiable",
    `The list ends before that${counted === undefined ? "" : `: it has ${counted} rows`}.`,
    {
      headers: { "content-range": `items */${counted ?? "*"}` },
    },
  );

async function* piecesAs(pieces: Pieces, shown: (some: readonly string[]) => readonly string[]): Pieces {
  for await (const some of pieces) yield shown(some);
}

/** `Accept` chooses between JSON and CSV. */
const form = { "content-type": JSON_TYPE, vary: "Accept" };

function listHeaders(query: Query, length: number, total: number | undefined, ranged: boolean): Record<string, string> {
  const headers: Record<string, string> = { ...form };
  if (total !== undefined) headers["x-total-count"] = String(total);
  // Where a cursor's page stands among all the rows is not known.
  if ((total === undefined && !ranged) || query.start !== undefined) return headers;
  const from = query.offset ?? 0;
  const range = length === 0 ? "*" : `${from}-${from + length - 1}`;
  headers["content-range"] = `items ${range}/${total ?? "*"}`;
  return headers;
}
