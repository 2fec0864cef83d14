// Calls for PostgreSQL: by the names of the arguments, each cast to the type that was read, so that it is the overload that is meant.
import type { RoutineArgument } from "../../schema/routine.js";
import type { ColumnType, ValueKind } from "../../schema/schema.js";
import type { CallPart, CallText } from "../parts/calls.js";
import { quote } from "../standard.js";
import { textParts } from "./text-parts.js";

/** The types that a config's words mean. */
const meant: Readonly<Partial<Record<ValueKind, string>>> = {
  integer: "bigint",
  decimal: "numeric",
  float: "float8",
  boolean: "boolean",
  text: "text",
  uuid: "uuid",
  date: "date",
  time: "time",
  datetime: "timestamp",
  instant: "timestamptz",
  json: "jsonb",
  binary: "bytea",
};

const cast = (placeholder: string, { kind, native }: ColumnType, written: boolean): string => {
  const type = written ? meant[kind] : native;
  return type === undefined ? placeholder : `CAST(${placeholder} AS ${type})`;
};

/** Those before the last one without a name are said by their places. */
function argumentList({ routine, arguments: given }: CallText): string {
  const unnamed = routine.arguments.findLastIndex(({ name }) => name === undefined);
  return routine.arguments
    .flatMap((argument, i) => {
      const text = given[i];
      return text === undefined || argument.mode === "out" ? [] : [said(argument, text, i > unnamed)];
    })
    .join(", ");
}

const said = ({ name, mode }: RoutineArgument, text: string, byName: boolean): string =>
  `${mode === "variadic" ? "VARIADIC " : ""}${byName && name !== undefined ? `${quote(name)} => ` : ""}${text}`;

export const calls: CallPart = {
  argument: cast,
  textParts,
  // It may go back without the question being asked again: what cannot by itself is kept (manual: DECLARE, «SCROLL»).
  cursor: {
    open: (name, select) => `DECLARE ${name} SCROLL CURSOR FOR ${select}`,
    take: (name, rows) => `FETCH ${rows} FROM ${name}`,
    move: (name, rows) => `MOVE ABSOLUTE ${rows} IN ${name}`,
  },
  callSource(call, alias) {
    const { returns } = call.routine;
    const rows = `${call.name}(${argumentList(call)})`;
    if (returns.type === "value") return `${rows} AS ${alias}(${quote("value")})`;
    if (returns.type === "rows" && !returns.many)
      return `(SELECT * FROM ${rows} "one row" WHERE NOT ("one row" IS NULL)) ${alias}`;
    return `${rows} AS ${alias}`;
  },
  writtenSource: (select, alias, isValue) => `(${select}\n) AS ${alias}${isValue ? `(${quote("value")})` : ""}`,
  // Named with `.*` a row is never taken for a column of its table's name (rowtypes, «Using Composite Types in Queries»). The cast is none
  // to an index, and gives the rows of a subquery their type.
  row: (table, qualifier) => `CAST(${qualifier}* AS ${table})`,
  // What it only answers is said as NULL (manual: CALL).
  callStatement(call) {
    const list = argumentList(call);
    if (call.routine.kind === "function") return `SELECT 1 FROM ${call.name}(${list}) AS "done"`;
    const out = call.routine.arguments.flatMap(({ name, mode }) =>
      mode === "out" ? [name === undefined ? "NULL" : `${quote(name)} => NULL`] : [],
    );
    return `CALL ${call.name}(${[...(list === "" ? [] : [list]), ...out].join(", ")})`;
  },
};
