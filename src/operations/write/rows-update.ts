// PATCH of an array: each row by the key that it holds, all of them or none.
import { HttpError } from "../../http/problem.js";
import type { Change } from "../../plan/change.js";
import { saysComputed } from "../../plan/computed.js";
import type { RowKey } from "../../plan/keys.js";
import { RowFaults } from "../../plan/row-faults.js";
import type { Value } from "../../plan/terms.js";
import { Values } from "../../plan/values.js";
import { planUpdate } from "../../plan/write.js";
import type { Body } from "../../request/body.js";
import { readByKeys } from "../../run/by-key.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { amongOthers, requireWhole } from "../../run/revocable.js";
import { rowSegment } from "../../run/row-address.js";
import { withSaveHooksEach } from "../../run/run-hooks.js";
import { sizedTogether } from "../../run/sized-together.js";
import { transaction } from "../../run/transaction.js";
import { allowedBodies } from "../../run/write-rules.js";
import { mayKeep } from "../../schema/effects.js";
import type { TableLookup } from "../../schema/lookup.js";
import { atBodyPath } from "./body-path.js";
import { namingRows } from "./failing-rows.js";
import { type KeyedRows, keyedRows, type LockedRows, lockRows } from "./keyed-rows.js";
import { changedByKeys } from "./keyed-updates.js";
import { changeNested } from "./nested.js";
import { readAgain } from "./nested-again.js";
import { callAt, collectionAt, rowIn } from "./nested-calls.js";
import { requireSize } from "./nested-size.js";
import { relatedFields } from "./related-fields.js";
import { type WholeRow, wholeText } from "./related-row.js";
import { callsOf } from "./selection.js";
import { settledSet } from "./settled.js";

export interface AskedRows {
  readonly call: Call;
  readonly said: KeyedRows;
  /** Some of them hold related rows. */
  readonly nests: boolean;
}

export function prepareRows(body: readonly unknown[], call: Call, context: RequestContext): AskedRows {
  const said = keyedRows(body, call, context);
  const { entry, bodies } = said;
  requireWhole(bodies.length, entry);
  const nests = bodies.some((one) => relatedFields(one, entry, context.snapshot).length > 0);
  if (nests) requireSize(bodies, entry, context);
  return { call, nests, said: nests ? said : { ...said, bodies: allowedBodies(bodies, entry, context) } };
}

export async function updateRows(
  { call, said, nests }: AskedRows,
  context: RequestContext,
): Promise<readonly string[]> {
  if (nests) return transaction(context, (inner) => updateNestedRows(call, said, amongOthers(sizedTogether(inner))));
  const update = new RowsUpdate(call, said);
  return transaction(context, (inner) => update.run(inner)).catch((error) => update.refused(error, context));
}

/** The rows' changes, between their hooks. A transaction that is run again begins them anew. */
class RowsUpdate {
  #changes: readonly Change[] = [];
  #keys: readonly RowKey[] = [];

  constructor(
    private readonly call: Call,
    private readonly said: KeyedRows,
  ) {}

  async run(context: RequestContext): Promise<readonly string[]> {
    const { entry, bodies } = this.said;
    const whole = mayKeep(entry.table, "update") || bodies.some((body) => saysComputed(body, entry));
    const found = await lockRows(this.said, this.call, context, whole);
    this.#keys = found.keys;
    const calls = await callsOf(this.call, "update", { rows: found.rows, entry });
    const write = (bodies: readonly Body[], inner: RequestContext) => this.#write(bodies, found, inner, whole);
    const written = await withSaveHooksEach(calls, context, bodies, { table: entry.table.id, alone: true, write });
    return written as string[];
  }

  async #write(bodies: readonly Body[], found: LockedRows, context: RequestContext, whole: boolean): Promise<string[]> {
    const { entry } = this.said;
    const { primaryKey } = entry.table;
    let rows: ReturnType<typeof readByKeys> | undefined;
    this.#changes = await changesOf(bodies, entry, async (i) => {
      if (whole) return found.rows[i];
      rows ??= readByKeys(primaryKey, found.keys, entry, context);
      return (await rows)[i];
    });
    return changedByKeys(found, this.#changes, entry, context);
  }

  /** One statement writes many rows: which of them the database refused is looked for behind the transaction. */
  async refused(error: unknown, context: RequestContext): Promise<never> {
    const { entry } = this.said;
    if (!(error instanceof HttpError) || context.session.isTransaction) throw error;
    throw await namingRows(error, { rows: this.#changes.map(valuesIn), own: this.#keys }, entry, context);
  }
}

/** `standing` is the row as it is. All that is wrong with the bodies is told at once. */
async function changesOf(
  bodies: readonly Body[],
  entry: TableLookup,
  standing: (index: number) => Promise<string | undefined>,
): Promise<Change[]> {
  const changes: Change[] = [];
  const faults = new RowFaults();
  for (const [i, body] of bodies.entries()) {
    if (faults.isFull) break;
    const values = new Values();
    const planSet = (rest: Body) => planUpdate(rest, entry, new Map(), values);
    try {
      changes.push({ set: await settledSet(body, entry, planSet, () => standing(i)), values: values.all });
    } catch (error) {
      faults.add(i, error);
    }
  }
  faults.throwAny();
  return changes;
}

/** What the row then holds, as far as it was said. */
const valuesIn = ({ set, values }: Change): ReadonlyMap<string, Value> =>
  new Map(
    set.flatMap(({ column, value, increment }) =>
      increment || value === undefined ? [] : [[column, values[value] as Value] as const],
    ),
  );

/** Rows with related rows in them: each is a call of its own, as the rows beside it are. */
async function updateNestedRows(call: Call, said: KeyedRows, context: RequestContext): Promise<readonly string[]> {
  const { entry, bodies } = said;
  const { rows } = await lockRows(said, call, context, false);
  const written: WholeRow[] = [];
  for (const [i, row] of rows.entries()) {
    const place = rowIn(collectionAt(entry, context), rowSegment(row, entry));
    const changed = () => changeNested(callAt(place, "PATCH", bodies[i], call, context), context);
    written.push(...(await atBodyPath(`[${i}]`, changed)));
  }
  return (await readAgain(written, { ...context, size: undefined })).map(wholeText);
}
