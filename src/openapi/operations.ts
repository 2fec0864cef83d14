// A route → its operation: what it takes, and what it may answer.
import type { Route } from "../routes/tree.js";
import { readBytes, writeBytes } from "./byte-operations.js";
import { type Ground, tableIn } from "./ground.js";
import { link, relink, unlink } from "./link-operations.js";
import { deleteMany, unlinkMany, updateMany } from "./many-operations.js";
import { keyedParameters } from "./parameters.js";
import type { Describe } from "./parts.js";
import { list, read } from "./read-operations.js";
import { type Answer, refusalsOf, toResponse } from "./responses.js";
import { linkTable } from "./route-tables.js";
import type { JsonSchema } from "./schema.js";
import { create, deleteOne, replace, restore, update } from "./write-operations.js";

const operations: Record<Route["operation"], Describe> = {
  list,
  read,
  create,
  replace,
  update,
  delete: deleteOne,
  restore,
  updateMany,
  deleteMany,
  unlinkMany,
  link,
  unlink,
  relink,
  readBytes,
  writeBytes,
};

export function toOperation(route: Route, ground: Ground): JsonSchema {
  const parts = operations[route.operation](route, ground);
  const { summary, description, warning, body, answers, refusals } = parts;
  const parameters = [...(parts.parameters ?? []), ...keyedParameters(route.method, ground)];
  const told = [...(description === undefined || ground.terse ? [] : [description]), ...(warning ? [warning] : [])];
  const addressed = route.steps.some(({ param }) => param !== undefined);
  const said = Object.entries(answers).map(([status, answer]) => [status, answerOf(route, answer as Answer, ground)]);
  return {
    summary,
    ...(told.length === 0 ? {} : { description: told.join(" ") }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: bodyOf(route, body, ground) }),
    responses: {
      ...Object.fromEntries(said),
      ...refusalsOf([400, ...(addressed ? [404] : []), 406, ...refusals], ground),
    },
  };
}

/** Wherever a table's rows are reached, they are answered in the same way. */
function answerOf(route: Route, answer: Answer, ground: Ground): JsonSchema {
  const of = route.operation === "link" ? linkTable(route, ground) : tableIn(ground, route.table);
  const { components } = ground;
  const name =
    answer.schema === undefined && answer.content === undefined
      ? "Done"
      : `${of.name}.${answer.name ?? route.operation}`;
  return components.same("responses", name, toResponse(answer, components));
}

/** And so are bodies taken. */
const bodyOf = (route: Route, body: JsonSchema, ground: Ground): JsonSchema =>
  ground.terse
    ? ground.components.same("requestBodies", `${tableIn(ground, route.table).name}.${route.operation}`, body)
    : body;
