// What a nested path says of a new row: the foreign key's values, from the path itself or from the parent's row.

import type { HttpError } from "../../http/problem.js";
import { valueAt } from "../../plan/cursor.js";
import { isDateAndTime } from "../../plan/kept-value.js";
import { type Path, pathConditions } from "../../plan/path.js";
import type { ListPlan } from "../../plan/plan.js";
import type { Value } from "../../plan/terms.js";
import type { Values } from "../../plan/values.js";
import type { NewRow, PathColumns } from "../../plan/write.js";
import type { Join, Route, Step } from "../../routes/tree.js";
import type { RequestContext } from "../../run/context.js";
import { foundList, foundTexts } from "../../run/found-rows.js";
import { valuesOf } from "../../run/row-address.js";
import { columnOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";
import { missingParent, notThere } from "../read/row.js";

/** What the path says of the row, as a body would say it. */
export function parentFields(
  fixed: PathColumns,
  entry: TableLookup,
  values: readonly Value[],
): Record<string, unknown> {
  return Object.fromEntries(
    [...fixed].map(([column, index]) => {
      const { value } = values[index] as Value;
      return [fieldOf(columnOf(entry, column)), Buffer.isBuffer(value) ? value.toString("base64") : value];
    }),
  );
}

/** The foreign key's values where the path itself says them and the database checks that the parent is there; nothing on root routes. */
export function keysInPath(route: Route, path: Path, context: RequestContext): PathColumns | undefined {
  const [parent, child] = route.steps;
  if (child === undefined) return new Map();
  const { join } = child;
  if (join?.via !== "child" || !join.enforced || route.steps.length > 2) return undefined;
  // A transaction in which a statement failed may answer no more: then it is too late to ask why.
  if (context.session.isTransaction) return undefined;
  const { table, hasPolicy: ruled, deleted } = tableOf(context.snapshot.lookup, (parent as Step).table);
  if (ruled || deleted !== undefined) return undefined;
  const { primaryKey } = table;
  const key = path.keys[0] ?? [];
  const fixed = join.columns.map(
    (column, i) => [column, key[primaryKey.indexOf(join.references[i] as string)]] as const,
  );
  return fixed.some(([, value]) => value === undefined) ? undefined : (new Map(fixed) as PathColumns);
}

/** The same, read from the parent's row: 404 when it is not there. */
export async function keysOfParent(
  route: Route,
  path: Path,
  values: Values,
  context: RequestContext,
): Promise<PathColumns> {
  const join = route.steps.at(-1)?.join as Extract<Join, { via: "child" }>;
  const parent = tableOf(context.snapshot.lookup, (route.steps.at(-2) as Step).table);
  const where = pathConditions(route, path, context.snapshot.lookup, route.steps.length - 2);
  const [row] = await foundTexts(
    { plan: { kind: "read", table: parent.table.id, where }, values: values.all },
    context,
  );
  if (row === undefined) throw await notThere(route, path, values.all, context);
  const found = valuesOf(row, join.references, parent);
  return new Map(join.columns.map((column, i) => [column, values.add(found[i] as Value)]));
}

/**
 * The same rows, referring to what the parent's row keeps. 24 and `1970-01-01T00:00:24` are one moment where SQLite may keep either,
 * and a foreign key compares what is kept.
 */
export async function referringToKept(
  rows: readonly NewRow[],
  route: Route,
  path: Path,
  values: Values,
  context: RequestContext,
): Promise<readonly NewRow[]> {
  const join = route.steps.at(-1)?.join;
  if (join?.via !== "child") return rows;
  const { lookup, dialect } = context.snapshot;
  const parent = tableOf(lookup, (route.steps.at(-2) as Step).table);
  const referred = join.references.map((name) => columnOf(parent, name));
  if (!referred.some(({ type }) => type.loose && isDateAndTime(type))) return rows;
  const order = join.references.map((column) => ({ column, descending: false, nullsFirst: false }));
  const plan: ListPlan = {
    ...{ kind: "list", table: parent.table.id, order, positions: true, limit: 1 },
    where: pathConditions(route, path, lookup, route.steps.length - 2),
    select: referred.map((column) => ({ type: "column", field: fieldOf(column), column: column.name })),
  };
  const { positions: [place] = [] } = await foundList({ plan, values: values.all }, 1, context);
  if (place === undefined) return rows;
  const kept = join.columns.map(
    (column, i) => [column, valueAt(place, join.references[i] as string, order, dialect)] as const,
  );
  return rows.map((row) => new Map([...row, ...kept]));
}

/** A foreign key that the path itself filled says 404, not 409, when the parent is not there. */
export async function explained(
  error: HttpError,
  route: Route,
  path: Path,
  values: readonly Value[],
  context: RequestContext,
): Promise<HttpError> {
  if (error.code !== "foreign_key_violation") return error;
  return (await missingParent(route, path, values, context)) ?? error;
}
