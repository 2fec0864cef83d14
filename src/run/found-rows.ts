// Plans whose answer is rows → their JSON texts, counted as they come: what is too much for one answer is refused.
import { textBytes } from "../base/slices.js";
import type { DatabaseResult } from "../dialect/connection.js";
import { RECORD_SEPARATOR } from "../dialect/row-form.js";
import type { ListPlan, Plan, Planned } from "../plan/plan.js";
import type { CompiledStatement } from "../sql/compile.js";
import { AnswerSize, bytesOfTexts, countRowsIn, FEWER_WRITTEN, hintFor } from "./answer-size.js";
import type { RequestContext } from "./context.js";
import { type Filling, fillEmbeds } from "./embed-levels.js";
import { type Executed, executePlan, run } from "./execute.js";
import { requireReferences } from "./references.js";
import { stamped } from "./stamps.js";

/** Plans whose answer is JSON texts, one a row. */
export async function foundTexts(
  asked: Planned,
  context: RequestContext,
  known?: CompiledStatement,
): Promise<string[]> {
  const planned = stamped(asked, context);
  const referring = requireReferences(planned, context, run);
  if (referring !== undefined) await referring;
  const statement = known ?? context.snapshot.compile(planned.plan);
  const size = sizeFor(planned.plan, context);
  const executed = await executePlan(statement, planned, context, size);
  return texts(executed.result.rows, executed.statement, planned, context, size);
}

/** Nothing for one row that is written, or as it stands: what is there must be readable. */
function sizeFor(plan: Plan, context: RequestContext): AnswerSize | undefined {
  // Of rows that stood already the answer shows more than was said.
  if (plan.kind === "insert" && plan.rows > 1)
    return context.size ?? new AnswerSize(context.snapshot.limits, () => FEWER_WRITTEN);
  if (plan.kind !== "list" && (plan.kind !== "read" || plan.select === undefined)) return undefined;
  return context.size ?? new AnswerSize(context.snapshot.limits, () => hintFor(plan));
}

/** What a list's answer has room for. */
export const roomFor = (plan: ListPlan, { size, snapshot }: RequestContext): AnswerSize =>
  size ?? new AnswerSize(snapshot.limits, () => hintFor(plan));

/** Some of a list's rows. */
export interface FoundRows {
  readonly items: readonly string[];
  /** The rows' positions in the order, where the plan asks for them. */
  readonly positions?: readonly string[] | undefined;
  /** There was another one behind the last. */
  readonly more: boolean;
}

/** The same for a list, of which `most` rows are looked at. */
export async function foundList(
  planned: Planned<ListPlan>,
  most: number,
  context: RequestContext,
  first = context.snapshot.compile(planned.plan),
): Promise<FoundRows> {
  const size = roomFor(planned.plan, context);
  const executed = await executePlan(first, planned, context, size);
  return rowsFound(executed, planned, most, context, size);
}

/** What a list's statement answered: its first `most` rows. */
export async function rowsFound(
  { statement, result }: Executed,
  planned: Planned<ListPlan>,
  most: number,
  context: RequestContext,
  size: AnswerSize,
): Promise<FoundRows> {
  const positions = (rows: DatabaseResult["rows"]) =>
    planned.plan.positions ? column(rows, -1, statement) : undefined;
  if (statement.joined) {
    const items = column(result.rows, 0, statement);
    const more = items.length > most;
    if (more) items.length = most;
    const bytes = textBytes((result.rows[0]?.[0] as string | null) ?? "");
    size.add(
      countRowsIn(items, planned.plan, context.snapshot.lookup),
      typeof bytes === "number" ? bytes : await bytes,
    );
    return { items, positions: positions(result.rows), more };
  }
  const more = result.rows.length > most;
  const rows = more ? result.rows.slice(0, most) : result.rows;
  return { items: await texts(rows, statement, planned, context, size), positions: positions(rows), more };
}

/** The texts that stand at one place in all rows. */
function column(rows: DatabaseResult["rows"], at: 0 | -1, { joined }: CompiledStatement): string[] {
  if (!joined) return rows.map((row) => row.at(at) as string);
  const text = rows[0]?.at(at) as string | null | undefined;
  return text === null || text === undefined ? [] : text.split(RECORD_SEPARATOR);
}

/** At once, where the statement has made them whole. */
function texts(
  rows: DatabaseResult["rows"],
  statement: CompiledStatement,
  planned: Planned,
  context: RequestContext,
  size: AnswerSize | undefined,
): string[] | Promise<string[]> {
  if (statement.shape !== undefined) return filled(rows, statement, planned, context, size);
  const found = column(rows, 0, statement);
  const { plan } = planned;
  const isRead = plan.kind === "list" || plan.kind === "read";
  size?.add(isRead ? countRowsIn(found, plan, context.snapshot.lookup) : found.length, bytesOfTexts(found));
  return found;
}

/** With what is embedded in them, asked for level by level. */
async function filled(
  rows: DatabaseResult["rows"],
  { shape = [] }: CompiledStatement,
  { values }: Planned,
  context: RequestContext,
  size: AnswerSize | undefined,
): Promise<string[]> {
  const counted = size ?? new AnswerSize(context.snapshot.limits, () => "");
  const ask: Filling["ask"] = async (level) => {
    const statement = context.snapshot.compile(level.plan);
    const { result } = await executePlan(statement, level, context, counted);
    return { rows: result.rows, shape: statement.shape ?? [] };
  };
  const made = await fillEmbeds({ rows, shape }, { values, lookup: context.snapshot.lookup, size: counted, ask });
  const found = made.map(({ text }) => text);
  counted.add(
    made.reduce((sum, { rows }) => sum + rows, 0),
    bytesOfTexts(found),
  );
  return found;
}
