// Rows of an upsert → the same under the keys by which their rows are kept.
import { problem } from "../../http/problem.js";
import { conflictKey } from "../../plan/conflict.js";
import type { RowKey } from "../../plan/keys.js";
import type { Value } from "../../plan/terms.js";
import type { NewRow } from "../../plan/write.js";
import type { Conflict } from "../../plan/write-plan.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { heldKeys, otherSpellings } from "../../run/held-keys.js";
import { columnOf, type TableLookup } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";

/** A key may be kept otherwise than it is shown: so it is the same row, and no new one. */
export async function withHeldKeys(
  rows: readonly NewRow[],
  { columns }: Conflict,
  entry: TableLookup,
  context: RequestContext,
): Promise<readonly NewRow[]> {
  const keys = rows.map((row) => conflictKey(row, columns));
  const at = keys.flatMap((key, i) => (key === undefined ? [] : [i]));
  const said = at.map((i) => keys[i] as RowKey);
  const other = (await otherSpellings(columns, said, entry, withoutPolicies(context))).findIndex(
    (spelling) => spelling !== undefined,
  );
  if (other !== -1) throw speltOtherwise(at[other] as number, rows.length, columns, entry);
  const held = await heldKeys(columns, said, entry, withoutPolicies(context));
  if (held === said) return rows;
  const made = [...rows];
  for (const [n, i] of at.entries()) {
    const key = held[n] as RowKey;
    if (key !== said[n])
      made[i] = new Map([...(rows[i] as NewRow), ...columns.map((name, c) => [name, key[c] as Value] as const)]);
  }
  return made;
}

function speltOtherwise(index: number, count: number, columns: readonly string[], entry: TableLookup) {
  const fields = columns.map((name) => fieldOf(columnOf(entry, name)));
  const row = count > 1 ? `[${index}]: t` : "T";
  const message = `${row}here is a row with this ${fields.join(", ")}, which is kept in another spelling: change it by its address.`;
  return problem("unique_violation", message, count > 1 ? { index } : {});
}
