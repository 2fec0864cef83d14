// PUT on a row that is not there, where the client prefers that it be made: its key and its parent are those of the path.

import { Collision } from "../../database/refusals.js";
import { HttpError } from "../../http/problem.js";
import type { Path } from "../../plan/path.js";
import type { Values } from "../../plan/values.js";
import { type PathColumns, planRow } from "../../plan/write.js";
import type { Body } from "../../request/body.js";
import type { Route } from "../../routes/tree.js";
import type { RequestContext } from "../../run/context.js";
import { columnOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";
import { requireNotDeleted } from "./deleted-keys.js";
import { insertAllRows } from "./insert-rows.js";
import { keysOfParent } from "./parent.js";

/** The row's place, and its own key as the path says it; both name their values by positions. */
interface Missing {
  readonly route: Route;
  readonly path: Path;
  readonly key: PathColumns;
  readonly values: Values;
}

/** One that came in between makes the whole write begin again, and replaces that row. */
export async function createAt(
  { route, path, key, values }: Missing,
  body: Body,
  context: RequestContext,
): Promise<string> {
  const entry = tableOf(context.snapshot.lookup, route.table);
  const parent = route.steps.length > 1 ? await keysOfParent(route, path, values, context) : new Map();
  const fixed: PathColumns = new Map([...parent, ...key]);
  const { primaryKey } = entry.table;
  const said = primaryKey.flatMap((name) => values.all[fixed.get(name) ?? -1] ?? []);
  if (said.length === primaryKey.length) await requireNotDeleted(primaryKey, [said], entry, context);
  try {
    const [row] = await insertAllRows([planRow(body, entry, fixed, values)], entry, context);
    return row as string;
  } catch (error) {
    throw error instanceof HttpError && mayStand(error, fixed, entry) ? collision(error) : error;
  }
}

/** Is it the path's own row that was in the way, as far as the database says? */
function mayStand({ code, errors }: HttpError, fixed: PathColumns, entry: TableLookup): boolean {
  const fields = [...fixed.keys()].map((name) => fieldOf(columnOf(entry, name)));
  return code === "unique_violation" && (errors.length === 0 || errors.some(({ field }) => fields.includes(field)));
}

const collision = (error: HttpError) => new Collision(error.status, error.message, error);
