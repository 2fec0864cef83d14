// DELETE on a list: every row that its filters select; of an N-to-N the links to those rows, which stay themselves.

import { wantsRows } from "../../http/prefer.js";
import { anyKey, inKeyPieces, type RowKey } from "../../plan/keys.js";
import { pathConditions } from "../../plan/path.js";
import type { Condition } from "../../plan/terms.js";
import { Values } from "../../plan/values.js";
import type { Join, Route, Step } from "../../routes/tree.js";
import { readByKeys } from "../../run/by-key.js";
import type { Call } from "../../run/call.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { foundTexts } from "../../run/found-rows.js";
import type { OperationSteps } from "../../run/operation-steps.js";
import { keptByDatabase } from "../../run/outcome.js";
import { requireWhole } from "../../run/revocable.js";
import { deletingEach } from "../../run/run-hooks.js";
import { transaction } from "../../run/transaction.js";
import { forbidden } from "../../run/write-rules.js";
import { mayKeep } from "../../schema/effects.js";
import { columnOf, deletionOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { JSON_TYPE } from "../read/row.js";
import { callsOf, type Selection, selectRows, withAffected } from "./selection.js";

interface AskedRemovals {
  readonly call: Call;
  /** The rows are to be answered. */
  readonly whole: boolean;
}

interface Removal {
  readonly operation: "delete" | "unlink";
  /** From which rows are taken away. */
  table(route: Route): string;
  /** Takes away what the keys name, in pieces of as many as a statement takes. Answers those that are gone, or changed. */
  remove(
    call: Call,
    selection: Selection,
    pieces: readonly (readonly RowKey[])[],
    context: RequestContext,
  ): Promise<readonly string[]>;
}

const removing = (removal: Removal): OperationSteps<AskedRemovals, readonly string[]> => ({
  prepare: (call) => ({ call, whole: wantsRows(call.prefer) }),
  run: (asked, context) => transaction(context, (inner) => removeSelected(removal, asked, inner)),
  respond({ call, whole }, rows) {
    if (!whole) return withAffected(call, rows.length, { status: 204, headers: {} });
    const headers = { "content-type": JSON_TYPE };
    return withAffected(call, rows.length, { status: 200, headers, body: `[${rows.join(",")}]` });
  },
});

async function removeSelected(
  { operation, table: tableIn, remove }: Removal,
  { call, whole }: AskedRemovals,
  context: RequestContext,
): Promise<readonly string[]> {
  const table = tableIn(call.route);
  const entry = tableOf(context.snapshot.lookup, table);
  const deletes = operation === "delete";
  const selection = await selectRows(
    call,
    context,
    whole || (deletes && mayKeep(entry.table, deletionOf(entry))),
    deletes,
  );
  requireWhole(selection.keys.length, entry);
  const pieces = inKeyPieces(selection.keys, selection.entry.table.primaryKey.length);
  const calls = await callsOf(call, operation, selection);
  let removed = selection.rows;
  const write = async (inner: RequestContext) => {
    removed = await remove(call, selection, pieces, inner);
  };
  await deletingEach(calls, context, { table, alone: true, write, gone: () => (deletes ? removed : []) });
  return removed;
}

export const deleteMany = removing({
  operation: "delete",
  table: ({ table }) => table,
  async remove(_, { entry, keys, rows }, pieces, context) {
    const { id, primaryKey } = entry.table;
    // Rows that refer to each other go by one statement, and only where foreign keys are checked at its end.
    const apart = context.snapshot.dialect.immediateForeignKeys || pieces.length > 1;
    if (apart && entry.deleted === undefined) await letGo(entry, pieces, context);
    for (const keys of pieces) {
      const values = new Values();
      const where = [anyKey(primaryKey, put(keys, values))];
      await run({ plan: { kind: "delete", table: id, where }, values: values.all }, context);
    }
    if (!mayKeep(entry.table, deletionOf(entry))) return rows;
    const left = await readByKeys(primaryKey, keys, entry, withoutPolicies(context));
    const removed = rows.filter((row, i) => left[i] !== row);
    if (removed.length === 0 && rows.length > 0) throw keptByDatabase(entry);
    return removed;
  },
});

/** The rows refer to no row of their own table any more. */
async function letGo(
  entry: TableLookup,
  pieces: readonly (readonly RowKey[])[],
  context: RequestContext,
): Promise<void> {
  const { id, primaryKey, foreignKeys } = entry.table;
  const columns = foreignKeys.filter(({ table }) => table === id).flatMap(({ columns }) => columns);
  const open = [...new Set(columns)].filter((name) => columnOf(entry, name).nullable && !primaryKey.includes(name));
  if (open.length === 0) return;
  for (const keys of pieces) {
    const values = new Values();
    const set = open.map((column) => {
      return { column, value: values.add({ value: null, type: columnOf(entry, column).type }) };
    });
    const where = [anyKey(primaryKey, put(keys, values))];
    await run({ plan: { kind: "update", table: id, set, where, unanswered: true }, values: values.all }, context);
  }
}

type LinkJoin = Extract<Join, { via: "link" }>;
/** A list of an N-to-N: the row whose links they are, and the rows that they lead to. */
type LinkSteps = readonly [Step, Step & { readonly join: LinkJoin }];

const linkSteps = ({ steps }: Route): LinkSteps => steps.slice(-2) as unknown as LinkSteps;

export const unlinkMany = removing({
  operation: "unlink",
  table: (route) => linkSteps(route)[1].join.link,
  async remove({ route }, selection, pieces, context) {
    const [source, { join }] = linkSteps(route);
    const { entry, path, values } = selection;
    const { table } = entry;
    const linkTable = tableOf(context.snapshot.lookup, join.link);
    const keeps = mayKeep(linkTable.table, deletionOf(linkTable));
    const above = pathConditions(route, path, context.snapshot.lookup, route.steps.length - 2);
    const near = within(join.near, source.table, above);
    for (const keys of pieces) {
      const all = new Values(values);
      const far = within(join.far, table.id, [anyKey(table.primaryKey, put(keys, all))]);
      const links = { table: join.link, where: [near, far] };
      const asked = { plan: { kind: "list", ...links, order: [] }, values: all.all } as const;
      const before = keeps ? await foundTexts(asked, context) : [];
      await run({ plan: { kind: "delete", ...links }, values: all.all }, context);
      const after = new Set(keeps ? await foundTexts(asked, context) : []);
      if (before.some((row) => after.has(row))) throw keptByDatabase(linkTable);
      if (!linkTable.hasPolicy) continue;
      const left = await run({ plan: { kind: "exists", ...links }, values: all.all }, context);
      if (left.rows.length > 0) throw forbidden(context, "unlink all of these rows");
    }
    return selection.rows;
  },
});

const within = (side: LinkJoin["near"], table: string, where: readonly Condition[]): Condition => ({
  ...{ type: "within", columns: side.columns, table, select: side.references, where },
});

const put = (keys: readonly RowKey[], values: Values) => keys.map((key) => key.map((value) => values.add(value)));
