// The rows that a write on a list is about: found by its filters and locked, so many as one request may change.

import { turnOver } from "../../base/turn.js";
import { isConditional } from "../../http/conditional.js";
import type { ApiResponse } from "../../http/message.js";
import { maxAffectedOf, withApplied } from "../../http/prefer.js";
import { problem } from "../../http/problem.js";
import { valueAt } from "../../plan/cursor.js";
import { planFilters, planOrder } from "../../plan/filter.js";
import { requireFewJoins } from "../../plan/joins.js";
import { foundBy } from "../../plan/kept-value.js";
import { keyColumns, type RowKey } from "../../plan/keys.js";
import { type Path, pathConditions, planPath } from "../../plan/path.js";
import type { ListPlan } from "../../plan/plan.js";
import type { Sorting, Value } from "../../plan/terms.js";
import { Values } from "../../plan/values.js";
import { parseSelection } from "../../request/selection.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { foundList } from "../../run/found-rows.js";
import { rowSegment, valuesOf } from "../../run/row-address.js";
import { columnOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { type Column, fieldOf } from "../../schema/schema.js";
import { requireParent } from "../read/row.js";

export interface Selection {
  readonly entry: TableLookup;
  readonly path: Path;
  /** Of the path; the filters' stand behind them. */
  readonly values: readonly Value[];
  /** In the order of their keys, with all their columns where they were asked for. */
  readonly rows: readonly string[];
  readonly keys: readonly RowKey[];
}

/** Asks inside the transaction that writes: of all that are there, or of those that the caller may change (`changing`). */
export async function selectRows(
  call: Call,
  context: RequestContext,
  whole: boolean,
  changing: boolean,
): Promise<Selection> {
  const { request, route, params, prefer } = call;
  if (isConditional(request)) {
    throw problem("precondition_failed", "A list has no entity tag: leave If-Match out, or write row by row.");
  }
  const most = Math.min(
    context.snapshot.limits.maxAffected,
    maxAffectedOf(prefer) ?? context.snapshot.limits.maxAffected,
  );
  const values = new Values();
  const path = planPath(route, params, context.snapshot, values);
  const entry = tableOf(context.snapshot.lookup, route.table);
  const { id, primaryKey } = entry.table;
  const filters = parseSelection(
    request.query,
    context.snapshot.limits,
    fieldOf(columnOf(entry, primaryKey[0] as string)),
  );
  const asked = planFilters(filters, entry, context.snapshot, values);
  requireFewJoins({ where: asked }, context.snapshot.limits.maxJoins);
  const where = [...pathConditions(route, path, context.snapshot.lookup), ...asked];
  const order = planOrder([], entry, context.snapshot, values);
  const select = whole ? {} : { select: keyColumns(entry) };
  // What a row shows of such a key may be kept as another value.
  const exact = primaryKey.some((name) => columnOf(entry, name).type.loose) && { positions: true as const };
  const plan: ListPlan = {
    kind: "list",
    table: id,
    ...select,
    where,
    order,
    limit: most + 1,
    lock: true,
    changing,
    ...exact,
  };
  const { items: found, positions } = await foundList({ plan, values: values.all }, most + 1, context);
  if (found.length === 0) await requireParent(route, path, values.all, context);
  if (found.length > most) {
    throw problem("too_many_rows", `The filters select more rows than ${most}, which is the most: narrow them.`);
  }
  const keys: RowKey[] = [];
  for (const [i, row] of found.entries()) {
    await turnOver();
    const at = positions?.[i];
    keys.push(at === undefined ? valuesOf(row, primaryKey, entry) : keyAt(at, row, order, entry, context));
  }
  if (keys.some((key) => key.some(({ value }) => value === null))) throw withoutKey(entry);
  return { entry, path, values: values.all, rows: found, keys };
}

/** The row's key, by what it shows and by its place in the order of its key. */
function keyAt(
  place: string,
  row: string,
  order: readonly Sorting[],
  entry: TableLookup,
  { snapshot }: RequestContext,
): RowKey {
  const { primaryKey } = entry.table;
  const shown = valuesOf(row, primaryKey, entry);
  return primaryKey.map((name, i) => {
    const { type } = columnOf(entry, name);
    return foundBy(valueAt(place, name, order, snapshot.dialect), shown[i] as Value, type);
  });
}

function withoutKey({ label, table, columns }: TableLookup) {
  const fields = table.primaryKey.map((name) => fieldOf(columns.get(name) as Column));
  const filters = fields.map((field) => `${field}=is:notnull`).join("&");
  return problem(
    "invalid_filter",
    `Some of these rows of ${label} have no key, so that none of them can be named: leave them out by ${filters}.`,
  );
}

/** Each row's hooks see the request as one to that row. */
export async function callsOf(
  call: Call,
  operation: Call["route"]["operation"],
  { rows, entry }: Pick<Selection, "rows" | "entry">,
): Promise<Call[]> {
  const node = call.matched.node.param?.node ?? call.matched.node;
  const calls: Call[] = [];
  for (const row of rows) {
    await turnOver();
    const params = [...call.params, rowSegment(row, entry) ?? ""];
    calls.push({ ...call, route: { ...call.route, operation }, params, matched: { node, params } });
  }
  return calls;
}

/** How many rows it was, and that no more were allowed. */
export function withAffected(call: Call, rows: number, response: ApiResponse): ApiResponse {
  const headers = { ...response.headers, "x-total-count": String(rows) };
  const most = maxAffectedOf(call.prefer);
  return most === undefined ? { ...response, headers } : withApplied({ ...response, headers }, `max-affected=${most}`);
}
