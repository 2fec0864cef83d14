// What the database refused of a call → a problem in the words of routines: the argument at fault, or what the routine itself has met.
import type { DatabaseRefusal } from "../dialect/connection.js";
import { type HttpError, problem } from "../http/problem.js";
import type { Called, Plan } from "../plan/plan.js";
import type { ValueIndex } from "../plan/terms.js";
import { type Lookup, tableOf } from "../schema/lookup.js";
import { argumentName, type Routine } from "../schema/routine.js";

/** The statement that called, and which of the plan's values stands at each of its placeholders. */
interface CallingStatement {
  readonly plan: Plan;
  readonly order: readonly ValueIndex[];
  /** What the driver threw. */
  readonly cause: unknown;
}

/** Nothing where no routine was called, or where it is said as of any statement. */
export function callRefused(
  refusal: DatabaseRefusal,
  { plan, order, cause }: CallingStatement,
  lookup: Lookup,
): HttpError | undefined {
  const from = "from" in plan ? plan.from : undefined;
  const routine = from && tableOf(lookup, from.routine).routine;
  if (from === undefined || routine === undefined) return undefined;
  if (refusal.code !== "invalid_value") return metWithin(refusal, routine, cause);
  const at = argumentAt(refusal, from, routine, order);
  if (at !== undefined) return misfit(routine, at, cause);
  return refusal.parameter === undefined
    ? problem("invalid_value", `${routine.name} met a value that does not fit. Try other arguments.`, { cause })
    : problem("invalid_filter", "A filter's value does not fit its column.", { cause });
}

function misfit({ arguments: all }: Routine, index: number, cause: unknown): HttpError {
  const argument = all[index] as Routine["arguments"][number];
  const field = argumentName(argument, index);
  const message = `does not fit its type, ${argument.domain ?? argument.type.native}`;
  return problem("invalid_value", `${field} ${message}.`, { errors: [{ field, message }], cause });
}

/** Told by its placeholder, by its type, or by its name: some databases take an argument for a column. */
function argumentAt(
  { parameter, columns = [], domain }: Extract<DatabaseRefusal, { code: "invalid_value" }>,
  { arguments: given }: Called,
  { arguments: all }: Routine,
  order: readonly ValueIndex[],
): number | undefined {
  const value = parameter === undefined ? undefined : order[parameter - 1];
  if (domain !== undefined) return onlyOf(domain, all);
  const isAt = (one: Called["arguments"][number]) => one !== null && "value" in one && one.value === value;
  const index = value === undefined ? all.findIndex(({ name }) => name === columns[0]) : given.findIndex(isAt);
  return index === -1 ? undefined : index;
}

/** Nothing where none or several arguments are of the type: any of them may be meant. */
function onlyOf(domain: string, all: Routine["arguments"]): number | undefined {
  const found = all.flatMap((argument, i) => (argument.domain === domain ? [i] : []));
  return found.length === 1 ? found[0] : undefined;
}

/** What the routine's own statements broke: of which table is the database's affair. */
function metWithin(refusal: DatabaseRefusal, { name, reads }: Routine, cause: unknown): HttpError | undefined {
  const { code } = refusal;
  if (reads && "writes" in refusal && refusal.writes)
    return problem(
      "read_refused",
      `${name} is declared as what changes nothing, and writes: the database refuses that. It has to be declared as what it is.`,
      { cause },
    );
  switch (code) {
    case "unique_violation":
      return problem(code, `${name} would write a value that another row has already. Try other arguments.`, { cause });
    case "foreign_key_violation":
      return problem(
        code,
        `${name} met a row that is missing, or to which others still refer. Write or remove that row first, or try other arguments.`,
        { cause },
      );
    case "not_null_violation":
      return problem(code, `${name} would leave out a value that must be there. Try other arguments.`, { cause });
    case "check_violation":
      return problem(code, `A rule of the database refuses what ${name} would write. Try other arguments.`, { cause });
    case "refused":
      return problem(
        reads ? "read_refused" : "write_refused",
        `The database refuses what ${name} does: a right is missing, a policy forbids it, or it writes where nothing may be written.`,
        { cause },
      );
    default:
      return undefined;
  }
}
