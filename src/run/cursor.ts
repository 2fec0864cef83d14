// A list's rows through a cursor of the transaction at hand: some at a time, of one question that is asked once.
import { sha256 } from "../base/sha256.js";
import type { DatabaseResult } from "../dialect/connection.js";
import type { RowForm } from "../dialect/row-texts.js";
import type { ListPlan, Planned } from "../plan/plan.js";
import { bindings } from "../sql/compile.js";
import type { RequestContext } from "./context.js";
import { problemOf } from "./execute.js";
import { roomFor, rowsFound } from "./found-rows.js";

export interface RowCursor {
  /** The next rows' JSON; fewer than that where there are no more. */
  take(rows: number): Promise<readonly string[]>;
  /** Are there rows behind so many? It stands behind the first `taken` before and afterwards. */
  isBeyond(rows: number, taken: number): Promise<boolean>;
}

/** Nothing where the database has none, or where other statements have to fill what it reads. */
export async function openCursor(planned: Planned<ListPlan>, context: RequestContext): Promise<RowCursor | undefined> {
  const { plan, values } = planned;
  const { snapshot, session, access, touched } = context;
  const { dialect } = snapshot;
  const { cursor } = dialect;
  const statement = snapshot.compile(plan);
  if (cursor === undefined || statement.shape !== undefined) return undefined;
  touched?.note(plan, statement);
  const name = `rows_${sha256(statement.text).slice(0, 32)}`;
  const ask = async (
    text: string,
    bound: readonly unknown[],
    row?: RowForm,
    most?: number,
  ): Promise<DatabaseResult> => {
    try {
      return await session.run(text, bound, plan, row, most);
    } catch (error) {
      throw problemOf(error, planned, context, statement, roomFor(plan, context));
    }
  };
  await ask(cursor.open(name, statement.text), bindings(statement, values, dialect, access?.values));
  const take = async (rows: number) => {
    const size = roomFor(plan, context);
    const result = await ask(cursor.take(name, rows), [], statement.row, size.room);
    return (await rowsFound({ statement, result }, planned, rows, context, size)).items;
  };
  return {
    take,
    async isBeyond(rows, taken) {
      await ask(cursor.move(name, rows), []);
      const found = await take(1);
      await ask(cursor.move(name, taken), []);
      return found.length > 0;
    },
  };
}
