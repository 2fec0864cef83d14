// Calls in statements: in FROM, in the place of the table whose rows they answer; or by themselves.
import type { JsonField } from "../dialect/statement-parts.js";
import type { Called, CalledArgument, CallPlan } from "../plan/plan.js";
import { type TableLookup, tableOf } from "../schema/lookup.js";
import { argumentName, type Routine, type RoutineArgument } from "../schema/routine.js";
import { allConditions } from "./expression.js";
import type { Writer } from "./writer.js";

/** A table by its name, or what is called for its rows. */
export function sourceOf(writer: Writer, { from }: { readonly from?: Called }, { table }: TableLookup): string {
  if (from === undefined) return writer.name(table);
  const routine = routineOf(writer, from);
  const alias = writer.dialect.quote(table.name);
  if (routine.sql !== undefined)
    return writer.dialect.writtenSource(writtenText(writer, from, routine), alias, routine.returns.type === "value");
  return writer.dialect.callSource(callOf(writer, from, routine), alias);
}

export function callText(writer: Writer, { from, variables }: CallPlan): string {
  const routine = routineOf(writer, from);
  if (routine.sql !== undefined) return writtenText(writer, from, routine);
  if (variables === "set") return variablesSet(writer, from, routine);
  if (variables === "read") return writer.dialect.selectJson(variableFields(writer, routine), "");
  return writer.dialect.callStatement(callOf(writer, from, routine));
}

const isOut = (argument: RoutineArgument | undefined): boolean =>
  argument?.mode === "out" || argument?.mode === "inout";

const variableAt = ({ dialect }: Writer, routine: Routine, index: number): string | undefined =>
  isOut(routine.arguments[index]) ? dialect.outVariables?.name(index) : undefined;

function variablesSet(writer: Writer, { arguments: given }: Called, routine: Routine): string {
  const pairs = given.flatMap((one, i) => {
    const variable = variableAt(writer, routine, i);
    return one === null || variable === undefined ? [] : [[variable, argumentText(writer, one, routine, i)] as const];
  });
  return writer.dialect.outVariables?.set(pairs) ?? "";
}

const variableFields = ({ dialect }: Writer, { arguments: all }: Routine): JsonField[] =>
  all.flatMap((argument, i) => {
    const { outVariables } = dialect;
    if (outVariables === undefined || !isOut(argument)) return [];
    const value = outVariables.value(outVariables.name(i), argument.type);
    return [{ name: argumentName(argument, i), expression: dialect.json(value, argument.type) }];
  });

function routineOf(writer: Writer, { routine: id }: Called): Routine {
  const { routine } = tableOf(writer.lookup, id);
  if (routine === undefined) throw new Error(`${id} is no routine`);
  return routine;
}

const callOf = (writer: Writer, { arguments: given }: Called, routine: Routine) => ({
  routine,
  name: writer.name(routine),
  arguments: given.map(
    (one, i) => variableAt(writer, routine, i) ?? (one === null ? undefined : argumentText(writer, one, routine, i)),
  ),
});

function argumentText(writer: Writer, given: CalledArgument, routine: Routine, index: number): string {
  const argument = routine.arguments[index];
  if (argument === undefined) throw new Error(`${routine.id} has no argument ${index}`);
  if ("value" in given) return writer.dialect.argument(writer.put(given.value, argument.type), argument.type, false);
  const entry = tableOf(writer.lookup, given.row);
  const alias = writer.alias();
  return `(SELECT ${alias} FROM ${writer.name(entry.table)} ${alias} WHERE ${allConditions(writer, given.where, entry, `${alias}.`)})`;
}

/** An argument may stand at several places. */
function writtenText(writer: Writer, { arguments: given }: Called, routine: Routine): string {
  const { texts, arguments: names } = routine.sql ?? { texts: [], arguments: [] };
  return names.reduce((text, name, i) => {
    const index = routine.arguments.findIndex((argument) => argument.name === name);
    const value = given[index];
    const type = routine.arguments[index]?.type;
    const placeholder =
      value && "value" in value && type ? writer.dialect.argument(writer.put(value.value), type, true) : "NULL";
    return text + placeholder + (texts[i + 1] ?? "");
  }, texts[0] ?? "");
}
