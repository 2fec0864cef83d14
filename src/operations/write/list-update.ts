// PATCH on a list: every row that its filters select, or each row of an array by its key.

import { stringify } from "lossless-json";
import { turnOver } from "../../base/turn.js";
import type { Change } from "../../plan/change.js";
import type { RowPatch } from "../../plan/row-patch.js";
import { Values } from "../../plan/values.js";
import { planUpdate } from "../../plan/write.js";
import { type Body, objectIn, readJson, rowTypes } from "../../request/body.js";
import { AnswerSize, FEWER_WRITTEN } from "../../run/answer-size.js";
import { readByKeys } from "../../run/by-key.js";
import type { Call } from "../../run/call.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import type { OperationSteps } from "../../run/operation-steps.js";
import { isKept, keptByDatabase, lostByDatabase } from "../../run/outcome.js";
import { requireWhole } from "../../run/revocable.js";
import { withSaveHooksEach } from "../../run/run-hooks.js";
import { transaction } from "../../run/transaction.js";
import { allowedBodies, requirePolicy } from "../../run/write-rules.js";
import { mayKeep } from "../../schema/effects.js";
import { type TableLookup, tableOf } from "../../schema/lookup.js";
import { JSON_TYPE } from "../read/row.js";
import { rowsOfCsv } from "./csv-in.js";
import { updateByKeys } from "./keyed-updates.js";
import { readPatch } from "./patched.js";
import { type AskedRows, prepareRows, updateRows } from "./rows-update.js";
import { callsOf, selectRows, withAffected } from "./selection.js";

interface AskedUpdates {
  readonly call: Call;
  readonly said: Body;
  /** What makes a body of each row. */
  readonly patch?: RowPatch;
}

export const updateMany: OperationSteps<AskedUpdates | AskedRows, readonly string[]> = {
  async prepare(call, context) {
    const patch = await readPatch(call, context);
    if (patch !== undefined) return { call, said: {}, patch };
    const entry = tableOf(context.snapshot.lookup, call.route.table);
    const rows = await rowsOfCsv(call.request, entry, context, "null");
    if (rows !== undefined) return prepareRows(rows, call, context);
    const body = await readJson(call.request, rowTypes);
    return Array.isArray(body) ? prepareRows(body, call, context) : { call, said: objectIn(body) };
  },
  run: (asked, context) =>
    "nests" in asked ? updateRows(asked, context) : transaction(context, (inner) => updateSelected(asked, inner)),
  respond: ({ call }, rows) =>
    withAffected(call, rows.length, {
      status: 200,
      headers: { "content-type": JSON_TYPE },
      body: `[${rows.join(",")}]`,
    }),
};

async function updateSelected({ call, said, patch }: AskedUpdates, context: RequestContext): Promise<string[]> {
  const keeps = mayKeep(tableOf(context.snapshot.lookup, call.route.table).table, "update");
  const selection = await selectRows(call, context, keeps || patch !== undefined, true);
  const { keys, entry } = selection;
  requireWhole(keys.length, entry);
  const [body = said] = allowedBodies([said], entry, context);
  // No row would be told what is wrong with it.
  if (keys.length === 0) planUpdate(body, entry, new Map(), new Values());
  const calls = await callsOf(call, "update", selection);
  const bodies = patch
    ? allowedBodies(await patched(selection.rows, patch, context), entry, context)
    : keys.map(() => body);
  const write = async (bodies: readonly Body[], inner: RequestContext) => {
    const changes: Change[] = [];
    for (const { body, at } of await alike(bodies)) {
      await turnOver();
      const values = new Values();
      const change = { set: planUpdate(body, entry, new Map(), values), values: values.all };
      for (const i of at) changes[i] = change;
    }
    const { keys: found, affected } = await updateByKeys(keys, changes, entry, inner);
    const changed = await readByKeys(entry.table.primaryKey, found, entry, withoutPolicies(inner));
    await requirePolicy(changed, entry, inner);
    return keeps && affected < keys.length ? withoutKept(selection.rows, changed, changes, entry) : changed;
  };
  const written = await withSaveHooksEach(calls, context, bodies, { table: entry.table.id, alone: true, write });
  return written.filter((row) => row !== undefined);
}

/** What is put into one row is put into each, and there are many: together they are no more than an answer may hold. */
async function patched(rows: readonly string[], patch: RowPatch, { snapshot }: RequestContext): Promise<Body[]> {
  const size = new AnswerSize(snapshot.limits, () => FEWER_WRITTEN);
  const bodies: Body[] = [];
  for (const row of rows) {
    await turnOver();
    const body = await patch(row);
    size.add(1, (stringify(body) as string).length);
    bodies.push(body);
  }
  return bodies;
}

/** The same bodies together, with their places among all. */
async function alike(bodies: readonly Body[]): Promise<Iterable<{ readonly body: Body; readonly at: number[] }>> {
  const groups = new Map<string | undefined, { readonly body: Body; readonly at: number[] }>();
  const texts = new Map<Body, string | undefined>();
  for (const [i, body] of bodies.entries()) {
    await turnOver();
    // Without hooks they are one and the same.
    const text = texts.get(body) ?? stringify(body);
    texts.set(body, text);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, { body, at: [i] });
    else group.at.push(i);
  }
  return groups.values();
}

/** Nothing in the place of rows that the database has stepped over. Where it was all of them, nothing was done: 403. */
function withoutKept(
  before: readonly string[],
  after: readonly (string | undefined)[],
  changes: readonly Change[],
  entry: TableLookup,
): (string | undefined)[] {
  const changed = after.map((row, i) => {
    if (row === undefined) throw lostByDatabase(entry);
    return isKept(before[i] as string, row, changes[i] as Change, entry) ? undefined : row;
  });
  if (changed.length > 0 && changed.every((row) => row === undefined)) throw keptByDatabase(entry);
  return changed;
}
