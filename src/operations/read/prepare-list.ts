// What a list's route and query string ask for: planned once for each text, as the same ones come again and again.

import type { Slice } from "../../http/range.js";
import { entryListed } from "../../plan/call.js";
import { requireFewJoins } from "../../plan/joins.js";
import { type Path, pathConditions } from "../../plan/path.js";
import type { Called, ListPlan } from "../../plan/plan.js";
import { planList } from "../../plan/select.js";
import type { Value } from "../../plan/terms.js";
import { Values } from "../../plan/values.js";
import { parseQuery, type Query } from "../../request/query.js";
import type { Route } from "../../routes/tree.js";
import type { RequestContext } from "../../run/context.js";
import { PlanCache } from "../../run/plan-cache.js";
import { tableOf } from "../../schema/lookup.js";
import type { CompiledStatement } from "../../sql/compile.js";
import { deletedAsked } from "./deleted-asked.js";
import { type Page, planPage } from "./page.js";

export interface PreparedList {
  readonly query: Query;
  /** The slice is the header's: what the query string says of it wins. */
  readonly ranged: boolean;
  /** The whole list. */
  readonly plan: ListPlan;
  /** The query's own, which stand behind the path's. */
  readonly values: readonly Value[];
  /** Its first page; nothing where a cursor says where the page begins. */
  readonly first?: FirstPage;
}

interface FirstPage {
  readonly page: Page;
  /** Its own, which stand behind the query's. */
  readonly values: readonly Value[];
  readonly statement: CompiledStatement;
}

const plans = new PlanCache<PreparedList>();

interface AskedListing {
  readonly route: Route;
  /** It holds positions among `values`, which are its own alone. */
  readonly path: Path;
  readonly values: readonly Value[];
  /** The query string. */
  readonly text: string;
  readonly range: Slice | undefined;
  /** Where the rows come from, when it is no table. */
  readonly from: Called | undefined;
}

export function listingOf(asked: AskedListing, context: RequestContext): PreparedList {
  const { route, text, range, from } = asked;
  const make = () => plan(asked, context);
  // What is called, and with which arguments, is part of a call's plan.
  const place = from === undefined ? route : { id: JSON.stringify([route.id, from]) };
  return range === undefined ? plans.of(context.snapshot.compile, place, text, make) : make();
}

function plan({ route, path, text, range, from, values: before }: AskedListing, context: RequestContext): PreparedList {
  const { deleted, rest } = deletedAsked(text, tableOf(context.snapshot.lookup, route.table), context);
  const asked = parseQuery(rest, context.snapshot.limits);
  const sliced = asked.limit !== undefined || asked.offset !== undefined || asked.start !== undefined;
  const ranged = range !== undefined && !sliced;
  const query = ranged ? { ...asked, ...range } : asked;
  const values = new Values(before);
  const parts = planList(query, entryListed(context.snapshot.lookup, route.table, from), context.snapshot, values);
  requireFewJoins(parts, context.snapshot.limits.maxJoins);
  const where = [...pathConditions(route, path, context.snapshot.lookup), ...parts.where];
  const of = { table: route.table, ...(deleted && { deleted }), ...(from && { from }) };
  const whole: ListPlan = { kind: "list", ...of, ...parts, where };
  const listing = { query, ranged, plan: whole, values: values.all.slice(before.length) };
  if (query.start !== undefined) return listing;
  const own = new Values(values.all);
  const page = planPage(whole, query, context, own);
  const statement = context.snapshot.compile(page.plan);
  return { ...listing, first: { page, values: own.all.slice(values.all.length), statement } };
}
