// Functions and procedures in the document: arguments as a query or a body, and what is answered.
import { saidArguments } from "../plan/call.js";
import type { CallRoute } from "../routes/tree.js";
import { argumentName, outputsOf, type Routine } from "../schema/routine.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { shownAs, writtenAs } from "./column.js";
import { type Ground, tableIn } from "./ground.js";
import { keyedParameters } from "./parameters.js";
import { preferOf } from "./prefer.js";
import { refusalsOf, toResponse } from "./responses.js";
import { selectionOf } from "./rows.js";
import { type JsonSchema, orNull } from "./schema.js";

export function callOperation(route: CallRoute, ground: Ground): JsonSchema {
  const { components } = ground;
  const overloads = route.routines.map((callable) => ({ ...callable, said: saidArguments(callable) }));
  const [first] = overloads.map(({ routine }) => routine);
  const isRead = route.method === "GET";
  const names = [...new Set(overloads.flatMap(({ said }) => [...said.keys()]))];
  const schemaOf = (name: string): JsonSchema => {
    const types = overloads.flatMap(({ said }) => said.get(name) ?? []);
    const schemas = types.map(({ type }) => writtenAs(type, components));
    return schemas.length === 1 ? (schemas[0] as JsonSchema) : { anyOf: schemas };
  };
  const needs = (name: string) =>
    overloads.every(
      ({ said }) => said.has(name) && said.get(name)?.default === undefined && said.get(name)?.mode !== "variadic",
    );
  const required = names.filter(needs);
  const query = isRead
    ? names.map((name) => ({ name, in: "query", required: required.includes(name), schema: schemaOf(name) }))
    : [];
  const properties = Object.fromEntries(names.map((name) => [name, orNull(schemaOf(name))]));
  const body: JsonSchema = { type: "object", properties, ...(required.length > 0 && { required }) };
  const isNothing = overloads.every(({ routine }) => routine.returns.type === "nothing");
  const schemas = overloads.flatMap(({ routine }) => answerOf(routine, ground) ?? []);
  const schema: JsonSchema = schemas.length === 1 ? (schemas[0] as JsonSchema) : { anyOf: schemas };
  const hasResults = overloads.some(({ routine }) => isOfResults(routine));
  const parameters = [
    ...query,
    ...(hasResults ? [resultsParameter] : []),
    ...(isRead ? [] : [preferOf("Prefer", ground), ...keyedParameters("POST", ground)]),
  ];
  return {
    summary: `Call ${first?.name ?? ""}`,
    description: first?.comment || `Calls the ${first?.kind ?? "function"} in the database.`,
    ...(parameters.length > 0 && { parameters }),
    ...(isRead || names.length === 0 ? {} : { requestBody: { content: { "application/json": { schema: body } } } }),
    responses: {
      ...(isNothing || schemas.length === 0
        ? {}
        : { 200: toResponse({ description: "What it answers.", schema }, components) }),
      204: toResponse({ description: "Done; nothing is answered." }, components),
      ...refusalsOf([400, 404, 405, 406, 409, 413, 415, 422], ground),
    },
  };
}

const isOfResults = ({ returns, runs }: Routine): boolean => returns.type === "results" && !runs;

/** Of the results nobody knows the columns beforehand. */
const resultsParameter: JsonSchema = {
  name: "results",
  in: "query",
  description:
    "Left out, the first result is the answer, or the OUT arguments where none comes. `all` is all results, and the OUT arguments.",
  schema: { enum: ["all"] },
};

function resultsOf(routine: Routine, { bigNumbers }: Ground): JsonSchema {
  const list = { type: "array", items: { type: "object" } };
  const properties = Object.fromEntries(
    outputsOf(routine).map((argument) => [
      argumentName(argument, routine.arguments.indexOf(argument)),
      orNull(shownAs(argument.type, bigNumbers)),
    ]),
  );
  const out = { type: "object", properties };
  const all = {
    type: "object",
    properties: { results: { type: "array", items: list }, out },
    required: ["results", "out"],
  };
  return { anyOf: [list, all, ...(outputsOf(routine).length > 0 ? [out] : [])] };
}

function answerOf(routine: Routine, ground: Ground): JsonSchema | undefined {
  const { returns } = routine;
  const many = (schema: JsonSchema, is: boolean) => (is ? { type: "array", items: schema } : orNull(schema));
  switch (returns.type) {
    case "nothing":
      return undefined;
    case "results":
      return isOfResults(routine) ? resultsOf(routine, ground) : {};
    case "value":
      return many(orNull(shownAs(returns.of, ground.bigNumbers)), returns.many);
    case "rows":
      return many(selectionOf(tableIn(ground, returns.table), ground), returns.many);
    case "columns":
      return many({ type: "object", properties: propertiesOf(returns.columns, ground) }, returns.many);
  }
}

const propertiesOf = (columns: readonly Column[], { bigNumbers }: Ground): Record<string, JsonSchema> =>
  Object.fromEntries(columns.map((column) => [fieldOf(column), orNull(shownAs(column.type, bigNumbers))]));
