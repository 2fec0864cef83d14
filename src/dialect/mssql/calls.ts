// Calls for SQL Server. EXEC takes variables and constants alone, so that each argument is a variable of the batch; what goes out of a
// procedure, and what it returns, is the batch's last result.
import { argumentName } from "../../schema/routine.js";
import type { CallPart, CallText } from "../parts/calls.js";
import { jsonObject, jsonText } from "./json.js";
import { CALL } from "./wire-column.js";
import { quote } from "./write.js";

export const calls: Pick<CallPart, "callSource" | "callStatement" | "callsApart" | "outcomeLast"> = {
  callSource({ routine, name, arguments: given }, alias) {
    const call = `${name}(${given.map((text) => text ?? "DEFAULT").join(", ")})`;
    return routine.returns.type === "value" ? `(SELECT ${call} AS ${quote("value")}) ${alias}` : `${call} ${alias}`;
  },
  callStatement: procedureText,
  // Outside of a transaction each statement of a procedure is kept by itself.
  callsApart: ({ kind }) => kind === "procedure",
  outcomeLast: true,
};

function procedureText({ routine, name, arguments: given }: CallText): string {
  const variable = (i: number) => `@a${i + 1}`;
  const isOut = (i: number) => routine.arguments[i]?.mode !== "in";
  const used = routine.arguments.flatMap((argument, i) =>
    given[i] === undefined && !isOut(i) ? [] : [{ argument, i, value: given[i] }],
  );
  const declared = used.map(
    ({ argument, i, value }) => `${variable(i)} ${argument.type.native}${value === undefined ? "" : ` = ${value}`}`,
  );
  const list = used.map(
    ({ argument, i }) => `@${argumentName(argument, i)} = ${variable(i)}${isOut(i) ? " OUTPUT" : ""}`,
  );
  const outs = used.flatMap(({ argument, i }) =>
    isOut(i)
      ? [{ name: argumentName(argument, i), expression: `ISNULL(${jsonText(variable(i), argument.type)}, 'null')` }]
      : [],
  );
  const out = outs.length === 0 ? "NULL" : jsonObject(outs);
  const call = `EXEC @return = ${name}${list.length === 0 ? "" : ` ${list.join(", ")}`}`;
  return `${[CALL, ...declared].join(", ")}; ${call}; SELECT ${out} AS [out], @return AS [return]`;
}
