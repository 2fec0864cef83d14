// What a caller says → which of the overloads is meant, and its arguments, typed as columns are.
import { didYouMean, excerpt } from "../base/suggest.js";
import { type FieldError, HttpError, problem } from "../http/problem.js";
import type { Callable } from "../routes/tree.js";
import { type Lookup, resultId, type TableLookup, tableOf, withoutComputed } from "../schema/lookup.js";
import { argumentName, type Routine, type RoutineArgument } from "../schema/routine.js";
import type { Called, CalledArgument } from "./plan.js";
import { fromBody, fromText, type Typed } from "./value.js";
import type { Values } from "./values.js";

type Known = ReadonlyMap<string, RoutineArgument>;

/** As long as the tree is there that they belong to. */
const known = new WeakMap<Callable, Known>();

/** What a client may say: by name, the arguments but for the one that the path says. */
export function saidArguments(callable: Callable): Known {
  const found = known.get(callable) ?? saidOf(callable);
  known.set(callable, found);
  return found;
}

const saidOf = ({ routine, fills }: Callable): Known =>
  new Map(
    routine.arguments.flatMap((argument, i) =>
      i === fills || argument.mode === "out" ? [] : [[argumentName(argument, i), argument] as const],
    ),
  );

/** A PostgreSQL function of one unnamed argument takes the body whole. */
export function wholeArgument(callables: readonly Callable[]): RoutineArgument | undefined {
  const [only, ...others] = callables.length === 1 ? [...saidArguments(callables[0] as Callable).values()] : [];
  if (only === undefined || others.length > 0 || only.name !== undefined) return undefined;
  return /^(json|text|binary)$/.test(only.type.kind) ? only : undefined;
}

const canBeLeftOut = ({ default: value, mode }: RoutineArgument): boolean => value !== undefined || mode === "variadic";

/** Throws 400 for names that none takes and where several could be meant, 422 for what is missing. */
export function chooseCallable(callables: readonly Callable[], given: readonly string[]): Callable {
  const [first] = callables;
  if (first !== undefined && callables.length === 1 && takesAll(saidArguments(first), given)) return first;
  const all = callables.map((callable) => ({ callable, known: saidArguments(callable) }));
  const taking = all.filter(({ known }) => given.every((name) => known.has(name)));
  if (taking.length === 0) throw unknownArgument(all, given);
  const missing = ({ known }: (typeof all)[number]) =>
    [...known].flatMap(([name, argument]) => (given.includes(name) || canBeLeftOut(argument) ? [] : [name]));
  const whole = taking.filter((one) => missing(one).length === 0);
  if (whole.length === 0) throw missingArguments(missing(taking[0] as (typeof all)[number]));
  const exact = whole.filter(({ known }) => known.size === given.length);
  const [only] = exact;
  // One that takes the same and has defaults for the rest: the database cannot tell the two apart either.
  const alike = whole.filter(({ known }) => exact.length === 1 && isAlike(known, only?.known, given));
  const [chosen, ...others] = exact.length === 1 ? alike : whole;
  if (chosen === undefined || others.length > 0) throw ambiguous(whole.map(({ callable }) => callable.routine));
  return chosen.callable;
}

/** These, and no more is needed. */
function takesAll(known: Known, given: readonly string[]): boolean {
  for (const [name, argument] of known) if (!canBeLeftOut(argument) && !given.includes(name)) return false;
  return given.every((name) => known.has(name));
}

const isAlike = (one: Known, other: Known | undefined, given: readonly string[]): boolean =>
  given.every((name) => one.get(name)?.type.native === other?.get(name)?.type.native);

/** The 400 for names that no overload takes, or none together. */
export function unknownArgument(
  all: readonly { readonly known: ReadonlyMap<string, unknown> }[],
  given: readonly string[],
): HttpError {
  const names = new Set(all.flatMap(({ known }) => [...known.keys()]));
  const unknown = given.find((name) => !names.has(name));
  const takes = names.size === 0 ? "It takes none." : `Its arguments are ${[...names].join(", ")}.`;
  if (unknown === undefined)
    return problem(
      "unknown_argument",
      `No overload takes ${given.map((name) => excerpt(name)).join(", ")} together. ${takes}`,
    );
  return problem(
    "unknown_argument",
    `There is no argument '${excerpt(unknown)}'.${didYouMean(unknown, names)} ${takes}`,
  );
}

const missingArguments = (names: readonly string[]): HttpError =>
  problem("missing_argument", `${names.join(", ")} cannot be left out.`, {
    errors: names.map((field) => ({ field, message: "cannot be left out" })),
  });

const ambiguous = (routines: readonly Routine[]): HttpError =>
  problem(
    "ambiguous_call",
    `These take such arguments: ${routines.map(signature).join("; ")}. Say more of them, by name.`,
  );

const signature = ({ name, arguments: all }: Routine): string =>
  `${name}(${all.flatMap((argument, i) => (argument.mode === "out" ? [] : [`${argumentName(argument, i)} ${argument.type.native}`])).join(", ")})`;

/** The table whose rows are listed. What is written by hand answers rows of no type that a function could take. */
export function entryListed(lookup: Lookup, table: string, from: Called | undefined): TableLookup {
  const entry = tableOf(lookup, table);
  const isWritten = from !== undefined && tableOf(lookup, from.routine).routine?.sql !== undefined;
  return isWritten ? withoutComputed(entry) : entry;
}

/** Texts of a query string, or what JSON says. */
export type ArgumentForm = "text" | "json";

/** The values stand among `values`; `filled` is what the path says. Throws 422 with every argument that does not fit. */
export function planArguments(
  { routine, fills }: Callable,
  given: Readonly<Record<string, unknown>>,
  said: ArgumentForm,
  filled: CalledArgument | undefined,
  values: Values,
): Called {
  const errors: FieldError[] = [];
  const typed = routine.arguments.map((argument, i): CalledArgument | null => {
    if (i === fills && filled !== undefined) return filled;
    const name = argumentName(argument, i);
    if (argument.mode === "out" || (!Object.hasOwn(given, name) && !isEmptied(argument))) return null;
    const value = typedArgument(Object.hasOwn(given, name) ? given[name] : [], argument, said);
    if (value.ok) return { value: values.add({ value: value.value, type: argument.type }) };
    errors.push({ field: name, message: value.message });
    return null;
  });
  if (errors.length > 0) {
    const detail = `${errors.map(({ field, message }) => `${field} ${message}`).join("; ")}.`;
    throw new HttpError(422, detail, { code: "invalid_value", errors });
  }
  return { routine: resultId(routine), arguments: typed, ...(routine.reads ? {} : { writes: true as const }) };
}

/** Of variadic values none are said by an empty array: a call without them is one of another function. */
const isEmptied = ({ mode, default: value }: RoutineArgument): boolean => mode === "variadic" && value === undefined;

function typedArgument(value: unknown, { type }: RoutineArgument, said: ArgumentForm): Typed {
  if (value === null && type.kind !== "json") return { ok: true, value: null };
  // A config's default is JSON, whatever the rest came in.
  return said === "text" && typeof value === "string" ? fromText(value, type) : fromBody(value, type);
}
