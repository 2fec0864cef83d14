// A filter's text that is no value of its column's type, where rows may hold what is none either: the database is asked whether one
// shows it, and only where none does is it the client's mistake.
import { HttpError } from "../http/problem.js";
import { heldAs, Unfit } from "../plan/held-texts.js";
import type { ListPlan } from "../plan/plan.js";
import { Values } from "../plan/values.js";
import { columnOf, tableOf } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";
import type { RequestContext } from "./context.js";
import { foundTexts } from "./found-rows.js";
import { type AskedPath, findOtherRows } from "./other-rows.js";

/** As many of one request: each is a question to the database. */
const MOST = 10;

/** The work begins anew with what was found out: nothing was written before its filters were planned. */
export async function withHeldValues<T>(asked: AskedPath, context: RequestContext, work: () => Promise<T>): Promise<T> {
  for (let times = 0; ; times++) {
    try {
      return await work();
    } catch (error) {
      if (times === MOST) throw error;
      if (error instanceof Unfit && (await isHeld(error, context))) context.snapshot.held?.add(error);
      else if (!isMissing(error) || !(await findOtherRows(asked, context))) throw error;
    }
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof HttpError && (error.code === "not_found" || error.code === "parent_not_found");

/** By a row that the caller may see. */
async function isHeld({ table, column, text }: Unfit, context: RequestContext): Promise<boolean> {
  const found = columnOf(tableOf(context.snapshot.lookup, table), column);
  const values = new Values();
  const at = heldAs(text, found.type).map((value) => values.add(value));
  const plan: ListPlan = {
    ...{ kind: "list", table, order: [], limit: 1 },
    where: [{ type: "in", column, values: at, negated: false, stored: true }],
    select: [{ type: "column", field: fieldOf(found), column }],
  };
  return (await foundTexts({ plan, values: values.all }, context)).length > 0;
}
