// What a request may have to take back again, and a table that takes nothing back: refused before it is written.

import { HttpError, problem } from "../http/problem.js";
import type { Plan } from "../plan/plan.js";
import type { DeletePlan, InsertPlan, LinkPlan, UpdateEachPlan, UpdatePlan } from "../plan/write-plan.js";
import { whyLasting } from "../schema/lasting.js";
import { type TableLookup, tableOf } from "../schema/lookup.js";
import type { RequestContext } from "./context.js";

type WritePlan = InsertPlan | UpdatePlan | UpdateEachPlan | DeletePlan | LinkPlan;

const writing: ReadonlySet<string> = new Set(["insert", "update", "update-each", "delete", "link"]);

export const isWrite = (plan: Plan): plan is WritePlan => writing.has(plan.kind);

/** The context in which a write is one of several that are kept together. */
export const amongOthers = (context: RequestContext): RequestContext => ({
  ...context,
  revocable: context.revocable ?? "several",
});

/** Throws 400 for a write that may be rolled back, to a table where it would stay. */
export function requireRevocable({ kind, table: id }: WritePlan, context: RequestContext): void {
  const entry = tableOf(context.snapshot.lookup, id);
  const { transactional, triggersInto } = entry.table;
  const stays = transactional === false || triggersInto !== undefined;
  if (context.revocable === "rehearsal" && stays) throw untried(entry);
  if (context.revocable === "keyed" && stays) throw unkeyed(entry);
  if (transactional !== false) return;
  if (context.revocable === "several") throw notWhole(entry);
  // A rule is looked at when the row is written; what a DELETE takes away it says beforehand.
  if (entry.hasPolicy && kind !== "delete") throw unruled(entry);
}

/** Throws 400 where more than one row is to be written to such a table: a failure would leave some of them. */
export function requireWhole(rows: number, entry: TableLookup): void {
  if (rows > 1 && entry.table.transactional === false) throw notWhole(entry);
}

/** Whatever number of rows that takes. */
export const requireTransactional = (entry: TableLookup): void => requireWhole(Number.POSITIVE_INFINITY, entry);

/** What a hook refuses after the write: the client hears that it stands. */
export function standingWrite(error: unknown, { table, label }: TableLookup, context: RequestContext): unknown {
  if (table.transactional !== false) return error;
  context.snapshot.logger.warn(
    { table: table.id, err: error },
    `a hook failed after a write that stays: ${whyLasting(table)}`,
  );
  if (!(error instanceof HttpError)) return error;
  return error.said(`${error.message} The write to ${label} stands all the same: ${whyLasting(table)}.`, {});
}

const untried = (entry: TableLookup): HttpError =>
  problem(
    "not_transactional",
    `A write to ${entry.label} cannot be tried without being kept: ${whyStaying(entry)}. Leave out Prefer: tx=rollback.`,
  );

const unkeyed = (entry: TableLookup): HttpError =>
  problem(
    "not_transactional",
    `A write to ${entry.label} cannot be kept together with its Idempotency-Key: ${whyStaying(entry)}. Leave out the key.`,
  );

const whyStaying = ({ table }: TableLookup): string =>
  table.transactional === false ? whyLasting(table) : "a trigger of it writes where nothing is rolled back";

const notWhole = ({ label, table }: TableLookup): HttpError =>
  problem(
    "not_transactional",
    `${label} takes one row a request, and nothing else with it: ${whyLasting(table)}, and what fails later would leave it half done. Send its rows one by one.`,
  );

const unruled = ({ label, table }: TableLookup): HttpError =>
  problem(
    "not_transactional",
    `Rows of ${label} cannot be written by a role with a rule: ${whyLasting(table)}, and a row outside of the rule would stay.`,
  );
