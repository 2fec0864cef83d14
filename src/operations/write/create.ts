// POST on a collection: a new row, or an array of them. One statement where one does all; otherwise one transaction.

import { refusalProblem } from "../../database/refusals.js";
import { returnsInserted } from "../../dialect/returns.js";
import type { ApiResponse } from "../../http/message.js";
import { HttpError } from "../../http/problem.js";
import { bodyWithoutComputed, requireComputed, saysComputed } from "../../plan/computed.js";
import { conflictKey, planConflict } from "../../plan/conflict.js";
import { type Path, planPath } from "../../plan/path.js";
import type { Value } from "../../plan/terms.js";
import { Values } from "../../plan/values.js";
import { type NewRow, type PathColumns, planRow, planRows } from "../../plan/write.js";
import type { Conflict } from "../../plan/write-plan.js";
import { type Body, readObjects } from "../../request/body.js";
import { parseOnConflict } from "../../request/conflict.js";
import { readByKeys } from "../../run/by-key.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { mayBeSpelt } from "../../run/held-keys.js";
import { requireWhole } from "../../run/revocable.js";
import { locationOf } from "../../run/row-address.js";
import { withSaveHooksEach } from "../../run/run-hooks.js";
import { transaction } from "../../run/transaction.js";
import { allowedBodies, requireRight } from "../../run/write-rules.js";
import { isUncertain } from "../../schema/effects.js";
import { type TableLookup, tableOf } from "../../schema/lookup.js";
import { requireParent } from "../read/row.js";
import { namingRows } from "./failing-rows.js";
import { withHeldKeys } from "./held-upserts.js";
import { identifying } from "./insert-around.js";
import { insertAllRows } from "./insert-rows.js";
import { explained, keysInPath, keysOfParent, parentFields, referringToKept } from "./parent.js";
import { type StandingUpsert, saidOf, standingUpserts, upsertBoth } from "./standing-upserts.js";
import { upsertRows } from "./upsert.js";
import { type RowWriting, respondWithRows, type WrittenRows } from "./written-rows.js";

export interface AskedCreation {
  readonly call: Call;
  readonly entry: TableLookup;
  readonly conflict: Conflict | undefined;
  readonly bodies: readonly Body[];
  /** They came as an array. */
  readonly many: boolean;
  readonly path: Path;
  /** The path's, and then those of the rows. */
  readonly values: Values;
}

export const create: RowWriting<AskedCreation> = { prepare, run, respond };

async function prepare(call: Call, context: RequestContext): Promise<AskedCreation> {
  const { request, route, params } = call;
  const entry = tableOf(context.snapshot.lookup, route.table);
  const asked = parseOnConflict(request.query);
  const conflict = asked && planConflict(asked, entry);
  if (conflict?.action === "merge") requireRight(context, "update", entry);
  const { bodies: said, many } = await readObjects(request, context.snapshot.limits.maxRows);
  const bodies = allowedBodies(said, entry, context);
  requireWhole(bodies.length, entry);
  const values = new Values();
  const path = planPath(route, params, context.snapshot, values);
  return { call, entry, conflict, bodies, many, path, values };
}

async function run(asked: AskedCreation, context: RequestContext): Promise<WrittenRows> {
  const { call, entry, conflict, bodies, many, path, values } = asked;
  if (bodies.length === 0) {
    await requireParent(call.route, path, values.all, context);
    return { rows: [], stored: [], many, isNew: isNew(conflict, 0) };
  }
  const creation = new Creation(asked, context);
  const calls = bodies.map(() => call);
  const answers = await withSaveHooksEach(calls, context, bodies, creation).catch(creation.refused);
  const stored = creation.written;
  // What triggers have made of it cannot be read again, and what the statement said of it may not be so any more.
  if (creation.uncertain && identifying(entry).length === 0)
    return { rows: answers, stored, many, isNew: true, isUnknown: true };
  if (many)
    return { rows: answers, stored, many, isNew: isNew(conflict, answers.filter((row) => row !== undefined).length) };
  if (stored[0] !== undefined) return { rows: answers, many, isNew: conflict?.action !== "merge", stored };
  const stands = await asItStands(creation.rows[0] as NewRow, conflict as Conflict, entry, context);
  return { rows: [stands], many, isNew: false, stored: [stands] };
}

/** Whether a merged row is new is not known on every database: 200 then, everywhere. */
const isNew = (conflict: Conflict | undefined, written: number): boolean =>
  conflict?.action !== "merge" && (conflict?.action !== "ignore" || written > 0);

function respond({ call: { request }, entry }: AskedCreation, result: WrittenRows): ApiResponse {
  if (result.many || !result.isNew || result.isUnknown) return respondWithRows(result);
  const location = locationOf(result.stored[0] as string, entry, `${request.prefix}${request.path.replace(/\/$/, "")}`);
  return respondWithRows(location === undefined ? result : { ...result, location });
}

/** The writing of new rows, between their hooks. A transaction that is run again begins it anew. */
class Creation {
  readonly table: string;
  readonly alone: boolean;
  /** Triggers may have changed what the statement says. */
  readonly uncertain: boolean;
  rows: readonly NewRow[] = [];
  written: readonly (string | undefined)[] = [];
  /** What the database computes is known when it is written, and what was said otherwise is rolled back then. */
  readonly #computes: boolean;
  /** What the path says of the rows, as soon as that is known. */
  #fixed: PathColumns | undefined;

  constructor(
    private readonly asked: AskedCreation,
    private readonly context: RequestContext,
  ) {
    const { call, entry, conflict, bodies, many, path } = asked;
    const { table } = entry;
    this.table = call.route.table;
    this.#fixed = keysInPath(call.route, path, context);
    this.#computes = table.transactional !== false && bodies.some((body) => saysComputed(body, entry));
    const oneStatement = !many && conflict?.action !== "ignore" && returnsInserted(context.snapshot.dialect, table);
    this.uncertain = isUncertain(table, "insert") || (conflict !== undefined && isUncertain(table, "update"));
    this.alone = oneStatement && this.#fixed !== undefined && !this.uncertain && !this.#computes;
  }

  readonly pathFields = async (context: RequestContext): Promise<Record<string, unknown>> =>
    parentFields(await this.#keys(context), this.asked.entry, this.asked.values.all);

  readonly write = async (said: readonly Body[], context: RequestContext) => {
    const { entry, conflict } = this.asked;
    const bodies = this.#computes ? said.map((body) => bodyWithoutComputed(body, entry)) : said;
    if (conflict === undefined) {
      this.rows = await this.#planned(bodies, context);
      this.written = await insertAllRows(this.rows, entry, context);
    } else this.written = await this.#upserted(bodies, conflict, context);
    if (this.#computes)
      for (const [i, row] of this.written.entries())
        if (row !== undefined) requireComputed(said[i] as Body, row, entry);
    return this.written;
  };

  async #upserted(bodies: readonly Body[], conflict: Conflict, context: RequestContext) {
    const { entry } = this.asked;
    const planned = await this.#planned(bodies, context).catch(unfit);
    const fits = !(planned instanceof HttpError);
    if (fits && !mayBeSpelt(conflict.columns, entry)) {
      this.rows = await withHeldKeys(planned, conflict, entry, context);
      return upsertRows(this.rows, conflict, entry, context);
    }
    const fixed = await this.#keys(context);
    const inPath = parentFields(fixed, entry, this.asked.values.all);
    const plan = (body: Body) => planRow(body, entry, fixed, this.asked.values);
    return transaction(context, async (inner) => {
      const standing = await standingUpserts(bodies, { conflict, inPath, plan }, entry, inner);
      if (standing.size === 0 && !fits) throw planned;
      const others = bodies.map((body, i) => (standing.has(i) ? undefined : body));
      const rest = planRows(others, entry, fixed, this.asked.values);
      const rows = [...(await withHeldKeys(rest, conflict, entry, inner))];
      this.rows = others.map((body, i) =>
        body === undefined ? saidOf(standing.get(i) as StandingUpsert, entry) : (rows.shift() as NewRow),
      );
      return upsertBoth(this.rows, standing, conflict, entry, inner);
    });
  }

  readonly refused = async (error: unknown): Promise<never> => {
    const { call, path, values, many, conflict, entry } = this.asked;
    // In a larger transaction, which the refusal may have ended, nothing more is asked.
    if (!(error instanceof HttpError) || this.context.session.isTransaction) throw error;
    const known = await explained(error, call.route, path, values.all, this.context);
    throw many ? await namingRows(known, { rows: this.rows, conflict }, entry, this.context) : known;
  };

  async #keys(context: RequestContext): Promise<PathColumns> {
    const { call, path, values } = this.asked;
    this.#fixed ??= await keysOfParent(call.route, path, values, context);
    return this.#fixed;
  }

  async #planned(bodies: readonly Body[], context: RequestContext): Promise<readonly NewRow[]> {
    const { call, entry, many, values, path } = this.asked;
    const plan = (fixed: PathColumns) => {
      const rows = many ? planRows(bodies, entry, fixed, values) : [planRow(bodies[0] as Body, entry, fixed, values)];
      return referringToKept(rows, call.route, path, values, context);
    };
    const fixed = await this.#keys(context);
    try {
      return await plan(fixed);
    } catch (error) {
      // The parent's row may spell its key otherwise than the address does, and as the body does.
      if (!(error instanceof HttpError) || error.code !== "invalid_value" || call.route.steps.length === 1) throw error;
      this.#fixed = await keysOfParent(call.route, path, values, context);
      return plan(this.#fixed);
    }
  }
}

/** A refusal of what no new row can say: the row that stands may show it. */
function unfit(error: unknown): HttpError {
  if (error instanceof HttpError && error.status === 422) return error;
  throw error;
}

/** The one row that was left as it is. */
async function asItStands(
  row: NewRow,
  { columns }: Conflict,
  entry: TableLookup,
  context: RequestContext,
): Promise<string> {
  const [body] = await readByKeys(columns, [conflictKey(row, columns) as readonly Value[]], entry, context);
  if (body === undefined) throw refusalProblem({ code: "conflict" });
  return body;
}
