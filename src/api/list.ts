// GET on a collection. JSON texts come from the database and go out untouched.
import { isTotal } from "../plan/group.js";
import { pathConditions, planPath } from "../plan/path.js";
import type { ListPlan, Value } from "../plan/plan.js";
import { planList } from "../plan/select.js";
import { brokenCursor } from "../request/cursor.js";
import { parseQuery, type Query } from "../request/query.js";
import { parseRange } from "../request/range.js";
import { tableOf } from "../schema/lookup.js";
import { reading } from "./around.js";
import type { Call } from "./call.js";
import { counted, totalOf } from "./count.js";
import { envelopeOf, type Listed } from "./envelope.js";
import { linkHeader } from "./links.js";
import { type Page, planPage, type Turned, turnPage } from "./page.js";
import { isLong, type Long, type ReadPiece, readLong } from "./pieces.js";
import { HttpError, problem } from "./problem.js";
import { JSON_TYPE, requireParent } from "./read.js";
import { listed, type World } from "./world.js";

export const list = (call: Call, world: World): Promise<Listed> => reading(call, world, () => pageOf(call, world));

async function pageOf({ request, route, params }: Call, world: World): Promise<Listed> {
  const range = parseRange(request.header("range"));
  const asked = parseQuery(request.query, world.limits);
  // What the query string says of the slice wins over the header.
  const sliced = asked.limit !== undefined || asked.offset !== undefined || asked.start !== undefined;
  const ranged = range !== undefined && !sliced;
  const query = ranged ? { ...asked, ...range } : asked;
  const values: Value[] = [];
  const path = planPath(route, params, world.lookup, values);
  const entry = tableOf(world.lookup, route.table);
  const parts = planList(query, entry, world, values, world.limits);
  const where = [...pathConditions(route, path, world.lookup), ...parts.where];
  const whole: ListPlan = { kind: "list", table: route.table, ...parts, where };
  const own = values.length;
  const page = planPage(whole, query, params, world, values);
  const read: ReadPiece = (start, limit) => {
    const all = values.slice(0, own);
    return turn(planPage(whole, { ...query, start, limit }, params, world, all), all, world);
  };
  const turned: Long = await (isLong(page, world) ? readLong(page, read) : turn(page, values, world));
  const { items, pieces } = turned;
  if (items.length === 0 || isTotal(query.select)) await requireParent(route, path, values, world);
  const total = query.count && (await totalOf(query.count, whole, page, turned, values, world));
  if (ranged && items.length === 0 && range.offset > 0) throw beyond(total);
  // The headers go out before the rows are all there.
  const known = pieces === undefined || (total === undefined && !ranged);
  const length = known ? items.length : Math.min(page.limit, (await counted(whole, values, world)) - page.offset);
  const headers: Record<string, string> = listHeaders(query, length, total, ranged);
  const link = page.limit === 0 || ranged ? "" : linkHeader(request, turned);
  if (link !== "") headers.link = link;
  const content = pieces === undefined ? { body: `[${items.join(",")}]` } : { rows: pieces };
  const response = { status: ranged ? 206 : 200, headers, ...content };
  return query.envelope ? { ...response, envelope: envelopeOf(entry, query, page, total) } : response;
}

async function turn(page: Page, values: readonly Value[], world: World): Promise<Turned> {
  const { plan, limit, start } = page;
  try {
    return turnPage(page, await listed({ plan, values }, limit, world));
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

function listHeaders(query: Query, length: number, total: number | undefined, ranged: boolean): Record<string, string> {
  const counted: Record<string, string> = total === undefined ? {} : { "x-total-count": String(total) };
  // Where a cursor's page stands among all the rows is not known.
  if ((total === undefined && !ranged) || query.start !== undefined) return { "content-type": JSON_TYPE, ...counted };
  const from = query.offset ?? 0;
  const range = length === 0 ? "*" : `${from}-${from + length - 1}`;
  return { "content-type": JSON_TYPE, ...counted, "content-range": `items ${range}/${total ?? "*"}` };
}
