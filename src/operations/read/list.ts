// GET on a collection. JSON texts come from the database and go out untouched.

import { HttpError, problem } from "../../http/problem.js";
import { parseRange } from "../../http/range.js";
import { isTotal } from "../../plan/group.js";
import { planPath } from "../../plan/path.js";
import type { Value } from "../../plan/plan.js";
import { Values } from "../../plan/values.js";
import { brokenCursor } from "../../request/cursor.js";
import type { Query } from "../../request/query.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { listed } from "../../run/found-rows.js";
import { withReadHooks } from "../../run/run-hooks.js";
import { tableOf } from "../../schema/lookup.js";
import type { Statement } from "../../sql/compile.js";
import { isLong, type Long, type ReadChunk, readInChunks } from "./chunks.js";
import { counted, totalOf } from "./count.js";
import { envelopeOf, type Listed } from "./envelope.js";
import { linkHeader } from "./link-header.js";
import { type CursorScope, cursorScopeOf, type Page, type PageRows, planPage, toPageRows } from "./page.js";
import { listingOf } from "./prepare-list.js";
import { JSON_TYPE, requireParent } from "./row.js";

export const list = (call: Call, context: RequestContext): Promise<Listed> =>
  withReadHooks(call, context, () => pageOf(call, context));

async function pageOf({ request, route, params }: Call, context: RequestContext): Promise<Listed> {
  const range = parseRange(request.header("range"));
  const inPath = new Values();
  const path = planPath(route, params, context.snapshot.lookup, inPath);
  const listing = listingOf(route, path, request.query, range, inPath.all, context);
  const { query, plan: whole, ranged, first } = listing;
  const own = [...inPath.all, ...listing.values];
  const name = cursorScopeOf(whole, query, params, own);
  const pageValues = new Values(first === undefined ? own : [...own, ...first.values]);
  const page = first?.page ?? planPage(whole, query, context, pageValues, name);
  const values = pageValues.all;
  const read: ReadChunk = (start, limit) => {
    const all = new Values(own);
    const piece = planPage(whole, { ...query, start, limit }, context, all, name);
    return turn(piece, name, all.all, context);
  };
  const turned: Long = await (isLong(page, context)
    ? readInChunks(page, name, read)
    : turn(page, name, values, context, first?.statement));
  const { items, pieces } = turned;
  if (items.length === 0 || isTotal(query.select)) await requireParent(route, path, values, context);
  const total = query.count && (await totalOf(query.count, whole, page, turned, values, context));
  if (ranged && items.length === 0 && (query.offset ?? 0) > 0) throw beyond(total);
  // The headers go out before the rows are all there.
  const known = pieces === undefined || (total === undefined && !ranged);
  const length = known ? items.length : Math.min(page.limit, (await counted(whole, values, context)) - page.offset);
  const headers: Record<string, string> = listHeaders(query, length, total, ranged);
  const link = page.limit === 0 || ranged ? "" : linkHeader(request, turned);
  if (link !== "") headers.link = link;
  const content = pieces === undefined ? { body: `[${items.join(",")}]` } : { rows: pieces };
  const response = { status: ranged ? 206 : 200, headers, ...content };
  return query.envelope
    ? { ...response, envelope: envelopeOf(tableOf(context.snapshot.lookup, route.table), query, page, total) }
    : response;
}

async function turn(
  page: Page,
  name: CursorScope,
  values: readonly Value[],
  context: RequestContext,
  statement?: Statement,
): Promise<PageRows> {
  const { plan, limit, start } = page;
  try {
    return toPageRows(page, name, await listed({ plan, values }, limit, context, statement));
  } catch (error) {
    // A value that the database refuses came with the cursor, where there is one: those of filters were read before.
    const refused = start !== undefined && error instanceof HttpError && error.code === "invalid_filter";
    throw refused ? brokenCursor(start.cursor.text) : error;
  }
}

const beyond = (counted: number | undefined) =>
  problem(
    "range_not_satisfiable",
    `The list ends before that${counted === undefined ? "" : `: it has ${counted} rows`}.`,
    {
      headers: { "content-range": `items */${counted ?? "*"}` },
    },
  );

/** `Accept` chooses between JSON and CSV. */
const form = { "content-type": JSON_TYPE, vary: "Accept" };

function listHeaders(query: Query, length: number, total: number | undefined, ranged: boolean): Record<string, string> {
  const counted: Record<string, string> = total === undefined ? {} : { "x-total-count": String(total) };
  // Where a cursor's page stands among all the rows is not known.
  if ((total === undefined && !ranged) || query.start !== undefined) return { ...form, ...counted };
  const from = query.offset ?? 0;
  const range = length === 0 ? "*" : `${from}-${from + length - 1}`;
  return { ...form, ...counted, "content-range": `items ${range}/${total ?? "*"}` };
}
