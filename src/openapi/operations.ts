// A route → its operation: what it takes, and what it may answer.
import type { Route } from "../routes/tree.js";
import { readBytes, writeBytes } from "./byte-operations.js";
import { type Ground, tableIn } from "./ground.js";
import { link, relink, unlink } from "./link-operations.js";
import { deleteMany, unlinkMany, updateMany } from "./many-operations.js";
import { keyedParameters } from "./parameters.js";
import type { Describe, Parts } from "./parts.js";
import { isPlain, plainly } from "./plain-form.js";
import { list, read } from "./read-operations.js";
import { type Answer, refusalsOf, toResponse } from "./responses.js";
import { linkTable } from "./route-tables.js";
import type { JsonSchema } from "./schema.js";
import { aboutOperation } from "./wording.js";
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
  const full = operations[route.operation](route, ground);
  const isShort = isPlain(route, ground);
  const parts = isShort ? plainly(route, full, ground) : full;
  const { summary, description, warning, answers, refusals } = parts;
  const parameters = [...(parts.parameters ?? []), ...(isShort ? [] : keyedParameters(route.method, ground))];
  const about = ground.terse && !isShort ? undefined : description;
  const addressed = route.steps.some(({ param }) => param !== undefined);
  const said = Object.entries(answers).map(([status, answer]) => [status, answerOf(route, answer as Answer, ground)]);
  return {
    summary,
    description: [about ?? aboutOperation[route.operation], ...(warning ? [warning] : [])].join(" "),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...bodyOf(route, parts, ground),
    responses: {
      ...Object.fromEntries(said),
      ...refusalsOf([400, ...(addressed ? [404] : []), 406, ...refusals], ground, isShort),
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
function bodyOf({ table, operation }: Route, { body, bodyName }: Parts, ground: Ground): { requestBody?: JsonSchema } {
  if (body === undefined) return {};
  const name = bodyName ?? `${tableIn(ground, table).name}.${operation}`;
  return { requestBody: ground.terse ? ground.components.same("requestBodies", name, body) : body };
}
