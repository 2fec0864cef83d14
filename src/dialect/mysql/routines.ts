// Functions, from information_schema: one question for all of them, with a row for what each answers and for each argument.
import type { Routine, RoutineArgument } from "../../schema/routine.js";
import type { ColumnType } from "../../schema/schema.js";
import { groupBy } from "../catalogue-names.js";
import { typeOf } from "./column-type.js";

type Row = Record<string, unknown>;

/** What the connection may not call is not there (manual: «The INFORMATION_SCHEMA ROUTINES Table»). */
export const routinesSql = `SELECT r.ROUTINE_NAME AS routine, r.SQL_DATA_ACCESS AS access, r.SECURITY_TYPE AS security,
      r.ROUTINE_COMMENT AS comment, p.ORDINAL_POSITION AS position, p.PARAMETER_NAME AS name, p.DATA_TYPE AS type,
      p.DTD_IDENTIFIER AS native, p.CHARACTER_MAXIMUM_LENGTH AS length, p.NUMERIC_PRECISION AS \`precision\`,
      p.NUMERIC_SCALE AS scale, p.DATETIME_PRECISION AS fraction, p.CHARACTER_SET_NAME AS charset
    FROM information_schema.ROUTINES r JOIN information_schema.PARAMETERS p
      ON p.SPECIFIC_SCHEMA = r.ROUTINE_SCHEMA AND p.SPECIFIC_NAME = r.SPECIFIC_NAME AND p.ROUTINE_TYPE = r.ROUTINE_TYPE
    WHERE r.ROUTINE_SCHEMA = DATABASE() AND r.ROUTINE_TYPE = 'FUNCTION' ORDER BY r.ROUTINE_NAME, p.ORDINAL_POSITION`;

export const routinesFrom = (rows: readonly Row[]): Routine[] =>
  [...groupBy(rows, ({ routine }) => String(routine)).values()].map(routineFrom);

/** What it answers stands first. It is called by the places of its arguments, so that none can be left out. */
function routineFrom([returns, ...args]: readonly Row[]): Routine {
  const { routine, access, security, comment } = returns as Row;
  const name = String(routine);
  return {
    id: `${name}(${args.map(({ native }) => String(native)).join(",")})`,
    name,
    schema: null,
    kind: "function",
    arguments: args.map(argumentFrom),
    returns: { type: "value", of: typeIn(returns as Row), many: false },
    reads: access === "READS SQL DATA" || access === "NO SQL",
    ...(security === "DEFINER" && { definer: true as const }),
    ...(comment ? { comment: String(comment) } : {}),
  };
}

const argumentFrom = (row: Row): RoutineArgument => ({ name: String(row.name), type: typeIn(row), mode: "in" });

function typeIn({ type, native, length, precision, scale, fraction, charset }: Row): ColumnType {
  const number = (value: unknown) => (value === null ? undefined : Number(value));
  return typeOf({
    name: String(type).toLowerCase(),
    native: String(native),
    length: number(length),
    precision: number(precision),
    scale: number(scale),
    fraction: number(fraction),
    charset: charset === null ? undefined : String(charset),
  });
}
