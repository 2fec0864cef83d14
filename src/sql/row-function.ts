// Functions of one row in statements: the value of a field that one makes, and the rows that one answers, in FROM.
import { resultId, tableOf } from "../schema/lookup.js";
import type { Routine } from "../schema/routine.js";
import type { Column } from "../schema/schema.js";
import type { Writer } from "./writer.js";

/** A column, or the call that makes it of the row. */
export function valueIn(writer: Writer, { name, computed }: Column, qualifier: string): string {
  if (computed === undefined) return writer.column(name, qualifier);
  const routine = routineOf(writer, computed);
  return `${writer.name(routine)}(${rowOf(writer, routine, qualifier)})`;
}

/** The rows that a routine answers for the row under the qualifier. */
export function rowSource(writer: Writer, id: string, qualifier: string, alias: string): string {
  const routine = routineOf(writer, id);
  const call = { routine, name: writer.name(routine), arguments: [rowOf(writer, routine, qualifier)] };
  return `LATERAL ${writer.dialect.callSource(call, alias)}`;
}

function routineOf({ lookup }: Writer, id: string): Routine {
  const { routine } = tableOf(lookup, resultId({ id }));
  if (routine === undefined) throw new Error(`${id} is no routine`);
  return routine;
}

/** The row under the qualifier, as the function takes it. */
function rowOf(writer: Writer, { id, arguments: [argument] }: Routine, qualifier: string): string {
  if (argument?.row === undefined || writer.dialect.row === undefined) throw new Error(`${id} takes no row`);
  return writer.dialect.row(writer.name(tableOf(writer.lookup, argument.row).table), qualifier);
}
