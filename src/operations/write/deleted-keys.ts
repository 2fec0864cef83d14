// Keys that a deleted row holds: the database has the row still, and no other one can have them.
import { problem } from "../../http/problem.js";
import { isDeleted } from "../../plan/deleted.js";
import { anyKey, inKeyPieces, type RowKey } from "../../plan/keys.js";
import { Values } from "../../plan/values.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { columnOf, type TableLookup } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";

/** Throws 409 where a row that has one of these keys is marked as deleted: who has the right may restore it. */
export async function requireNotDeleted(
  columns: readonly string[],
  keys: readonly RowKey[],
  entry: TableLookup,
  context: RequestContext,
): Promise<void> {
  const { deleted, table, label } = entry;
  if (deleted === undefined) return;
  for (const piece of inKeyPieces(keys, columns.length)) {
    const values = new Values();
    const among = anyKey(
      columns,
      piece.map((key) => key.map((value) => values.add(value))),
    );
    const plan = { kind: "exists", table: table.id, where: [among, isDeleted(deleted, true)] } as const;
    const { rows } = await run({ plan, values: values.all }, withoutPolicies(context));
    if (rows.length === 0) continue;
    const fields = columns.map((name) => fieldOf(columnOf(entry, name)));
    throw problem(
      "unique_violation",
      `A deleted row of ${label} has the same value (${fields.join(", ")}). Choose another, or restore that row.`,
      { errors: fields.map((field) => ({ field, message: "is a deleted row's" })) },
    );
  }
}
