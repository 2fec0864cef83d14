// Functions and procedures, from information_schema: one question for all of them, with a row for what each answers and for each argument.
import { groupBy } from "../../base/group-by.js";
import type { ArgumentMode, Routine, RoutineArgument } from "../../schema/routine.js";
import type { ColumnType } from "../../schema/schema.js";
import { typeOf } from "./column-type.js";
import { type Commits, commitsOf, makesTables } from "./commits.js";
import type { leftBehindOf } from "./leaves.js";

type Row = Record<string, unknown>;

/** What the connection may not call is not there (manual: «The INFORMATION_SCHEMA ROUTINES Table»). */
export const routinesSql = `SELECT r.ROUTINE_NAME AS routine, r.ROUTINE_TYPE AS kind, r.SQL_DATA_ACCESS AS access,
      (r.SECURITY_TYPE = 'DEFINER' AND r.DEFINER <> CURRENT_USER()) AS definer, r.ROUTINE_COMMENT AS comment, r.ROUTINE_DEFINITION AS \`body\`, r.SQL_MODE AS modes,
      p.ORDINAL_POSITION AS position, p.PARAMETER_MODE AS mode, p.PARAMETER_NAME AS name, p.DATA_TYPE AS type,
      p.DTD_IDENTIFIER AS native, p.CHARACTER_MAXIMUM_LENGTH AS length, p.NUMERIC_PRECISION AS \`precision\`,
      p.NUMERIC_SCALE AS scale, p.DATETIME_PRECISION AS fraction, p.CHARACTER_SET_NAME AS charset
    FROM information_schema.ROUTINES r LEFT JOIN information_schema.PARAMETERS p
      ON p.SPECIFIC_SCHEMA = r.ROUTINE_SCHEMA AND p.SPECIFIC_NAME = r.SPECIFIC_NAME AND p.ROUTINE_TYPE = r.ROUTINE_TYPE
    WHERE r.ROUTINE_SCHEMA = DATABASE() AND r.ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE')
    ORDER BY r.ROUTINE_TYPE, r.ROUTINE_NAME, p.ORDINAL_POSITION`;

export function routinesFrom(rows: readonly Row[], leaving: ReturnType<typeof leftBehindOf>): Routine[] {
  const commits = commitsOf(rows);
  const parts = [...groupBy(rows, ({ kind, routine }) => JSON.stringify([kind, routine])).values()];
  return apart(
    parts.map((rows) => ({
      ...routineFrom(rows, commits),
      ...(rows.slice(0, 1).some(leaving.routine) && { sets: true as const }),
    })),
  );
}

/** A function and a procedure may have one name and the same arguments. */
function apart(routines: readonly Routine[]): Routine[] {
  const functions = new Set(routines.flatMap(({ kind, id }) => (kind === "function" ? [id] : [])));
  return routines.map((routine) =>
    routine.kind === "procedure" && functions.has(routine.id) ? { ...routine, id: `${routine.id} procedure` } : routine,
  );
}

/** They are called by the places of their arguments, so that none can be left out. */
function routineFrom(parts: readonly Row[], commits: Commits): Routine {
  const [first = {}] = parts;
  const { routine, access, definer, comment, kind } = first;
  const name = String(routine);
  const isProcedure = kind === "PROCEDURE";
  const args = parts.filter(({ position }) => Number(position ?? 0) > 0);
  const ends = isProcedure ? commits(name) : undefined;
  return {
    id: `${name}(${args.flatMap(({ mode, native }) => (mode === "OUT" ? [] : [String(native)])).join(",")})`,
    name,
    schema: null,
    kind: isProcedure ? "procedure" : "function",
    arguments: args.map(argumentFrom),
    returns: isProcedure ? { type: "results" } : { type: "value", of: typeIn(first), many: false },
    reads: (access === "READS SQL DATA" || access === "NO SQL") && ends !== true && !makesTables(first),
    ...(Number(definer) === 1 && { definer: true as const }),
    ...(ends !== undefined && { commits: ends }),
    ...(comment ? { comment: String(comment) } : {}),
  };
}

/** A function's have no mode. */
const argumentFrom = (row: Row): RoutineArgument => ({
  name: String(row.name),
  type: typeIn(row),
  mode: String(row.mode ?? "in").toLowerCase() as ArgumentMode,
});

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
