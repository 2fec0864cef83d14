// What a function or procedure answers, as the document shows it, and what may be asked of the rows.
import { parameters as reservedWords } from "../request/query.js";
import { argumentName, outputsOf, type Routine } from "../schema/routine.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { shownAs } from "./column.js";
import { common } from "./common-parameters.js";
import { filtersOf } from "./filters.js";
import { type Described, type Ground, tableIn } from "./ground.js";
import { parameterApart } from "./names.js";
import { listParameters } from "./parameters.js";
import { applied } from "./parts.js";
import { type HeaderName, toResponse } from "./responses.js";
import { envelopedOf, listOf, selectionOf } from "./rows.js";
import { type JsonSchema, orNull } from "./schema.js";

/** 200, and what else there is of success. */
export function answersOf(routines: readonly Routine[], isRead: boolean, ground: Ground): JsonSchema {
  const { components } = ground;
  const isList = routines.some(isMany);
  const schemas = routines.flatMap((routine) => answerOf(routine, ground) ?? []);
  const schema = schemas.length === 1 ? (schemas[0] as JsonSchema) : { anyOf: schemas };
  const headers: HeaderName[] = [
    ...(isList ? (["Link", "X-Total-Count", "Content-Range"] as const) : []),
    ...(isRead ? [] : applied),
  ];
  const some = toResponse({ description: "What it answers.", headers, schema, isList }, components);
  const nothing = toResponse({ description: "Done; nothing is answered.", headers: isRead ? [] : applied }, components);
  return {
    ...(schemas.length > 0 && { 200: some }),
    ...(!isRead || routines.some(canBeNothing) ? { 204: nothing } : {}),
    ...(isList && { 206: some }),
  };
}

const isMany = ({ returns }: Routine): boolean => "many" in returns && returns.many;

const canBeNothing = ({ returns }: Routine): boolean => returns.type === "nothing" || returns.type === "results";

const isOfResults = ({ returns, runs }: Routine): boolean => returns.type === "results" && !runs;

/** `taken` are arguments of the query string, which come before what is asked of rows by the same name. */
export function rowsParameters(routines: readonly Routine[], taken: readonly string[], ground: Ground): JsonSchema[] {
  const names = new Set(taken);
  // A name stands once: where overloads answer other rows, what the first of them takes is told.
  const all = routines.map((routine) => parametersFor(routine, names, ground)).find(({ length }) => length > 0) ?? [];
  const some = all.filter((one) => !isTaken(one, names, ground));
  return [...some, ...(routines.some(isOfResults) ? [resultsParameter] : [])];
}

const ofLists = ["select", "order-by", "limit", "offset", "count", "envelope", "Range"];

function parametersFor(routine: Routine, taken: ReadonlySet<string>, ground: Ground): JsonSchema[] {
  const { returns, sql, reads, kind } = routine;
  // The rows of what may write are its own, but for the database's functions.
  if (kind === "procedure" || (sql !== undefined && !reads)) return [];
  if (!isMany(routine)) return returns.type === "rows" ? [common("select", ground)] : [];
  if (returns.type === "rows") return ofRows(tableIn(ground, returns.table), taken, ground);
  return ofLists.map((name) => common(name, ground));
}

/** Filters of the columns that no argument is called as. */
function ofRows(of: Described, taken: ReadonlySet<string>, ground: Ground): JsonSchema[] {
  const readable = of.readable.filter((column) => !taken.has(fieldOf(column)));
  if (readable.length === of.readable.length) return listParameters(of, ground);
  const filters = filtersOf({ ...of, readable }, { ...ground, filters: new Map() });
  return listParameters(of, { ...ground, filters: new Map([[of.resource.table, filters]]) });
}

/** An argument that is called as one of the words: `#/components/parameters/Member.query.select`. */
function isTaken({ $ref }: JsonSchema, taken: ReadonlySet<string>, { schemaNames }: Ground): boolean {
  const name = String($ref).split("/").at(-1)?.split(".query.").at(-1) ?? "";
  return [...words].some((word) => taken.has(word) && (name === word || name === parameterApart(word, schemaNames)));
}

const words: ReadonlySet<string> = new Set([...reservedWords, "and", "or", "not.and", "not.or"]);

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
  switch (returns.type) {
    case "nothing":
      return undefined;
    case "results":
      return isOfResults(routine) ? resultsOf(routine, ground) : {};
    case "value": {
      const value = orNull(shownAs(returns.of, ground.bigNumbers));
      return returns.many ? envelopedOf({ anyOf: [value, { type: "object" }] }, ground) : value;
    }
    case "rows": {
      const of = tableIn(ground, returns.table);
      return returns.many ? listOf(of, ground) : orNull(selectionOf(of, ground));
    }
    case "columns": {
      const row = { type: "object", properties: propertiesOf(returns.columns, ground) };
      return returns.many ? envelopedOf(row, ground) : orNull(row);
    }
  }
}

const propertiesOf = (columns: readonly Column[], { bigNumbers }: Ground): Record<string, JsonSchema> =>
  Object.fromEntries(columns.map((column) => [fieldOf(column), orNull(shownAs(column.type, bigNumbers))]));
