// Functions and procedures at a place of the tree → what the page needs for a form each.
import { saidArguments, wholeArgument } from "../plan/call.js";
import type { CallRoute, RouteNode } from "../routes/tree.js";
import type { RoutineArgument } from "../schema/routine.js";
import type { ExploredField } from "./model-fields.js";

/** What is called at one path. */
export interface ExploredRoutine {
  /** Its last segment: `promote`. */
  readonly segment: string;
  /** The path's pattern: `/rpc/transfer`, `/members/:id/promote`. */
  readonly pattern: string;
  readonly comment?: string;
  /** It changes nothing. */
  readonly reads: boolean;
  /** More than one where the database has several of its name. */
  readonly forms: readonly RoutineForm[];
}

export interface RoutineForm {
  readonly fields: readonly ExploredField[];
  /** The body is the only argument's value itself. */
  readonly whole?: true;
}

export const routinesBelow = ({ literals }: RouteNode): ExploredRoutine[] =>
  Object.entries(literals).flatMap(([segment, { routes }]) =>
    routes.POST?.operation === "call" ? [routineOf(segment, routes.POST)] : [],
  );

function routineOf(segment: string, { pattern, routines }: CallRoute): ExploredRoutine {
  const comment = routines.find(({ routine }) => routine.comment !== undefined)?.routine.comment;
  const whole = wholeArgument(routines) !== undefined;
  return {
    ...{ segment, pattern, ...(comment !== undefined && { comment }) },
    reads: routines.every(({ routine }) => routine.reads),
    forms: routines.map((callable) => ({
      fields: [...saidArguments(callable)].map(([name, argument]) => fieldOfArgument(name, argument)),
      ...(whole && { whole }),
    })),
  };
}

function fieldOfArgument(name: string, { type, mode, default: value }: RoutineArgument): ExploredField {
  const { kind, values, length, min, max } = type;
  return {
    ...{ name, kind, nullable: true, required: value === undefined && mode !== "variadic" },
    ...{ read: true, insert: true, update: true },
    ...(values && { values }),
    ...(length !== undefined && { length }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}
