// Functions and procedures in the document: what they take and what they may answer. What comes in and goes out is in `call-answers.ts`.
import { saidArguments, wholeArgument } from "../plan/call.js";
import type { CallRoute } from "../routes/tree.js";
import type { RoutineArgument } from "../schema/routine.js";
import { answersOf, rowsParameters } from "./call-answers.js";
import { writtenAs } from "./column.js";
import type { Ground } from "./ground.js";
import { keyedParameters } from "./parameters.js";
import { preferOf } from "./prefer.js";
import { raisedOf, refusalsOf } from "./responses.js";
import { type JsonSchema, orNull } from "./schema.js";

/** What callers say, over all overloads. */
interface Said {
  /** By name, one for each overload that takes it. */
  readonly types: ReadonlyMap<string, readonly RoutineArgument[]>;
  readonly required: readonly string[];
}

export function callOperation(route: CallRoute, ground: Ground): JsonSchema {
  const routines = route.routines.map(({ routine }) => routine);
  const [first] = routines;
  const isRead = route.method === "GET";
  const said = saidIn(route);
  const parameters = [
    ...(isRead ? queryOf(said, ground) : []),
    ...rowsParameters(routines, isRead ? [...said.types.keys()] : [], ground),
    ...(isRead ? [] : [preferOf("Prefer", ground), ...keyedParameters("POST", ground)]),
  ];
  const body = isRead ? undefined : bodyOf(route, said, ground);
  const refused = [
    ...[400, 406],
    ...(route.steps.length > 0 ? [404] : []),
    ...(canMisfit(said, isRead) ? [422] : []),
    ...(isRead ? [] : [413, 415]),
    ...(isRead || routines.every(({ reads }) => reads) ? [] : [409]),
    ...(routines.some(({ returns }) => "many" in returns && returns.many) ? [416] : []),
  ];
  return {
    summary: `Call ${first?.name ?? ""}`,
    description: first?.comment || `Calls the ${first?.kind ?? "function"} in the database.`,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: body }),
    responses: {
      ...answersOf(routines, isRead, ground),
      ...refusalsOf(refused, ground),
      ...raisedOf(ground),
    },
  };
}

function saidIn({ routines }: CallRoute): Said {
  const all = routines.map(saidArguments);
  const names = [...new Set(all.flatMap((said) => [...said.keys()]))];
  const isNeeded = (argument: RoutineArgument | undefined) =>
    argument !== undefined && argument.default === undefined && argument.mode !== "variadic";
  return {
    types: new Map(names.map((name) => [name, all.flatMap((said) => said.get(name) ?? [])])),
    required: names.filter((name) => all.every((said) => isNeeded(said.get(name)))),
  };
}

function typeOf(all: readonly RoutineArgument[], { components }: Ground): JsonSchema {
  const schemas = all.map(({ type }) => writtenAs(type, components));
  return schemas.length === 1 ? (schemas[0] as JsonSchema) : { anyOf: schemas };
}

const queryOf = ({ types, required }: Said, ground: Ground): JsonSchema[] =>
  [...types].map(([name, all]) => ({
    ...{ name, in: "query", required: required.includes(name) },
    schema: typeOf(all, ground),
  }));

/** An object of the arguments; or the only one, where it has no name. */
function bodyOf({ routines }: CallRoute, { types, required }: Said, ground: Ground): JsonSchema | undefined {
  if (types.size === 0) return undefined;
  const whole = wholeArgument(routines);
  if (whole !== undefined) {
    const json = { "application/json": { schema: writtenAs(whole.type, ground.components) } };
    const plain = whole.type.kind === "text" ? "text/plain" : "application/octet-stream";
    return { content: { ...json, ...(whole.type.kind === "json" ? {} : { [plain]: {} }) } };
  }
  const properties = Object.fromEntries([...types].map(([name, all]) => [name, orNull(typeOf(all, ground))]));
  const schema = { type: "object", properties, ...(required.length > 0 && { required }) };
  return { content: { "application/json": { schema } } };
}

/** Is there a value that an argument does not take? */
const canMisfit = ({ types, required }: Said, isRead: boolean): boolean =>
  required.length > 0 || [...types.values()].flat().some(({ type }) => type.kind !== (isRead ? "text" : "json"));
