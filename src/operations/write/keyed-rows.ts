// An array of rows in a body, each with its key → the rows that they name, locked.
import { isConditional } from "../../http/conditional.js";
import { maxAffectedOf } from "../../http/prefer.js";
import { problem } from "../../http/problem.js";
import { anyKey, keyColumns, type RowKey } from "../../plan/keys.js";
import { pathConditions, planPath } from "../../plan/path.js";
import { keyFields, without } from "../../plan/related.js";
import { namedTwice, planRowKeys } from "../../plan/row-keys.js";
import { keyText } from "../../plan/value-identity.js";
import { Values } from "../../plan/values.js";
import { type Body, objectsIn } from "../../request/body.js";
import { findByKeys } from "../../run/by-key.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { foundTexts } from "../../run/found-rows.js";
import { heldKeys } from "../../run/held-keys.js";
import { valuesOf } from "../../run/row-address.js";
import { type TableLookup, tableOf } from "../../schema/lookup.js";
import { noSuchRow, requireParent } from "../read/row.js";

/** What a body says of rows: `bodies[i]` of the row of `keys[i]`. */
export interface KeyedRows {
  readonly entry: TableLookup;
  readonly keys: readonly RowKey[];
  /** Without their keys. */
  readonly bodies: readonly Body[];
}

export function keyedRows(body: readonly unknown[], call: Call, { snapshot }: RequestContext): KeyedRows {
  const { request, route, prefer } = call;
  if (isConditional(request))
    throw problem("precondition_failed", "An array has no entity tag: leave If-Match out, or write row by row.");
  if (request.query !== "")
    throw problem("unknown_parameter", "An array of rows takes no filter: each row is named by the key that it holds.");
  const { maxRows, maxAffected } = snapshot.limits;
  const entry = tableOf(snapshot.lookup, route.table);
  const said = objectsIn(body, maxRows);
  const most = Math.min(maxAffected, maxAffectedOf(prefer) ?? maxAffected);
  if (said.length > most)
    throw problem("too_many_rows", `The body has ${said.length} rows, and ${most} is the most: send them in parts.`);
  const fields = keyFields(entry);
  return { entry, keys: planRowKeys(said, entry), bodies: said.map((row) => without(row, fields)) };
}

export interface LockedRows {
  /** In the order of the body, with all their columns where they were asked for. */
  readonly rows: readonly string[];
  /** As the rows themselves have them. */
  readonly keys: readonly RowKey[];
}

/** Asks inside the transaction that writes, for what the caller may change. Throws for a row that is not there, and for one that is named twice. */
export async function lockRows(
  { entry, keys: typed }: KeyedRows,
  { route, params }: Call,
  context: RequestContext,
  whole: boolean,
): Promise<LockedRows> {
  const { id, primaryKey } = entry.table;
  const inPath = new Values();
  const path = planPath(route, params, context.snapshot, inPath);
  const placed = (keys: readonly RowKey[]) => {
    const values = new Values(inPath.all);
    const at = keys.map((key) => key.map((value) => values.add(value)));
    return {
      where: [...pathConditions(route, path, context.snapshot.lookup), anyKey(primaryKey, at)],
      values: values.all,
    };
  };
  const select = whole ? {} : { select: keyColumns(entry) };
  const said = await heldKeys(primaryKey, typed, entry, context);
  const found = await findByKeys(primaryKey, said, entry, (keys) => {
    const { where, values } = placed(keys);
    const plan = { kind: "list", table: id, ...select, where, order: [], lock: true, changing: true } as const;
    return foundTexts({ plan, values }, context);
  });
  const missing = found.indexOf(undefined);
  if (missing !== -1 || said.length === 0) await requireParent(route, path, inPath.all, context);
  if (missing !== -1) {
    const { where, values } = placed([said[missing] as RowKey]);
    const error = await noSuchRow(route, where, values, context);
    throw error.said(`[${missing}]: ${error.message}`, { index: missing });
  }
  // One that is kept otherwise than it is shown was found by what is kept.
  const keys = (found as string[]).map((row, i) =>
    said[i] === typed[i] ? valuesOf(row, primaryKey, entry) : (said[i] as RowKey),
  );
  requireOnce(keys);
  return { rows: found as string[], keys };
}

/** Two spellings may name one row, which only the database knows. */
function requireOnce(keys: readonly RowKey[]): void {
  const seen = new Map<string, number>();
  for (const [i, key] of keys.entries()) {
    const first = seen.get(keyText(key));
    if (first !== undefined) throw namedTwice(i, first);
    seen.set(keyText(key), i);
  }
}
