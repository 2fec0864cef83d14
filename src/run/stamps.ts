// Writes → the same with what the API itself writes: when and by whom a row was made and changed. Every statement passes here.
import { problem } from "../http/problem.js";
import type { Planned } from "../plan/plan.js";
import type { Value } from "../plan/terms.js";
import { fromJson } from "../plan/value.js";
import type { DeletePlan, InsertPlan, LinkPlan, UpdateEachPlan, UpdatePlan } from "../plan/write-plan.js";
import { type Column, fieldOf } from "../schema/schema.js";
import type { StampedColumn } from "../schema/stamps.js";
import type { AskedContext, RequestContext } from "./context.js";

/** The same where nothing is to be stamped. What a hook has said of a stamp stays. */
export function stamped(planned: Planned, { snapshot, asked }: RequestContext): Planned {
  const columns = snapshot.stamps.get(planned.plan.table);
  if (columns === undefined) return planned;
  if (asked === undefined) throw new Error(`nobody has said who writes ${planned.plan.table}, and when`);
  const { plan, values } = planned;
  switch (plan.kind) {
    case "insert":
      return stampedInsert({ plan, values }, columns, asked);
    case "update":
      return stampedSet({ plan, values }, columns.filter(isWithEach), asked);
    case "link":
      return stampedSet({ plan, values }, columns, asked);
    case "delete":
      return deletion({ plan, values }, columns, asked);
    case "update-each":
      return stampedEach({ plan, values }, columns.filter(isWithEach), asked);
    // They write nothing.
    case "list":
    case "read":
    case "level":
    case "count":
    case "estimate":
    case "exists":
    case "call":
    case "default":
    case "number-step":
    case "last-number":
      return planned;
  }
}

function stampedInsert(
  { plan, values }: Planned<InsertPlan>,
  columns: readonly StampedColumn[],
  asked: AskedContext,
): Planned {
  const added = columns.filter(({ name }) => !plan.columns.includes(name));
  const stamps = added.map((column) => stampIn(column, asked));
  const each = plan.columns.length;
  const rows = Array.from({ length: plan.rows }, (_, row) => [
    ...values.slice(row * each, (row + 1) * each),
    ...stamps,
  ]);
  const kept = added.filter((column) => !isWithEach(column)).map(({ name }) => name);
  return {
    plan: {
      ...plan,
      columns: [...plan.columns, ...added.map(({ name }) => name)],
      ...(plan.conflict && { conflict: { ...plan.conflict, kept } }),
    },
    values: rows.flat(),
  };
}

function stampedSet(
  { plan, values }: Planned<UpdatePlan | LinkPlan>,
  columns: readonly StampedColumn[],
  asked: AskedContext,
): Planned {
  const added = columns.filter(({ name }) => !plan.set.some(({ column }) => column === name));
  const set = added.map(({ name: column }, i) => ({ column, value: values.length + i }));
  return {
    plan: { ...plan, set: [...plan.set, ...set] },
    values: [...values, ...added.map((column) => stampIn(column, asked))],
  };
}

/** The values stand row after row. */
function stampedEach(
  { plan, values }: Planned<UpdateEachPlan>,
  columns: readonly StampedColumn[],
  asked: AskedContext,
): Planned {
  const added = columns.filter(({ name }) => !plan.set.some(({ column }) => column === name));
  const stamps = added.map((column) => stampIn(column, asked));
  const each = values.length / plan.rows;
  const rows = Array.from({ length: plan.rows }, (_, row) => [
    ...values.slice(row * each, (row + 1) * each),
    ...stamps,
  ]);
  return {
    plan: { ...plan, set: [...plan.set, ...added.map(({ name: column }) => ({ column }))] },
    values: rows.flat(),
  };
}

/** Where rows are only marked as deleted. That is a change of the row, and stamped as such. */
function deletion(
  { plan, values }: Planned<DeletePlan>,
  columns: readonly StampedColumn[],
  asked: AskedContext,
): Planned {
  const deleted = columns.find(({ stamp }) => stamp.at === "delete");
  if (deleted === undefined) return { plan, values };
  const { table, where } = plan;
  const set = [{ column: deleted.name, value: values.length }];
  const update: UpdatePlan = { kind: "update", table, where, set, unanswered: true };
  const mark: Value = {
    value: deleted.stamp.holds === "flag" ? true : typed(momentOf(asked.at, deleted), deleted).value,
    type: deleted.type,
  };
  return stampedSet({ plan: update, values: [...values, mark] }, columns.filter(isWithEach), asked);
}

/** What the column holds of a row that is not deleted. */
export const notDeleted = ({ stamp, type }: StampedColumn): Value => ({
  value: stamp.holds === "flag" ? false : null,
  type,
});

const isWithEach = ({ stamp }: StampedColumn): boolean => stamp.at === "write";

function stampIn(column: StampedColumn, { at, claims }: AskedContext): Value {
  const { type, stamp } = column;
  if (stamp.at === "delete") return notDeleted(column);
  if (stamp.holds === "moment") return typed(momentOf(at, column), column);
  const said = claims[stamp.claim as string];
  if (said !== undefined && said !== null) return typed(said, column);
  if (column.nullable) return { value: null, type };
  throw unsigned(column, "is not said of you");
}

/** ISO 8601 in UTC, with as many digits as the column keeps: the database would round to what is not yet. */
function momentOf(at: Date, { type: { kind, scale = 3 } }: Column): string {
  const text = at.toISOString();
  if (kind === "date") return text.slice(0, 10);
  return scale === 0 ? `${text.slice(0, 19)}Z` : `${text.slice(0, 20 + Math.min(scale, 3))}Z`;
}

function typed(value: unknown, column: StampedColumn): Value {
  const { type } = column;
  const said = type.kind === "text" || type.kind === "integer" ? String(value) : value;
  const read = fromJson(said, type);
  if (read.ok) return { value: read.value, type };
  throw unsigned(column, read.message);
}

const unsigned = (column: StampedColumn, why: string) =>
  problem("forbidden", `${fieldOf(column)} says who writes here, by the claim '${column.stamp.claim}', which ${why}.`);
