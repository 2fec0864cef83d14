// A route → its operation: what it takes, and what it may answer.
import type { Route } from "../routes/tree.js";
import { describeClearBytes, describeReadBytes, describeWriteBytes } from "./byte-operations.js";
import { type Ground, tableIn } from "./ground.js";
import { describeLink, describeUnlink, relink } from "./link-operations.js";
import { describeDeleteMany, describeUnlinkMany, describeUpdateMany } from "./many-operations.js";
import { keyedParameters } from "./parameters.js";
import type { Describe, Parts } from "./parts.js";
import { isSaidPlainly, plainly } from "./plain-form.js";
import { describeList, describeRead } from "./read-operations.js";
import { type DocumentedAnswer, refusalsOf, toResponse } from "./responses.js";
import { linkTable } from "./route-tables.js";
import type { JsonSchema } from "./schema.js";
import { aboutOperation } from "./wording.js";
import { deleteOne, describeCreate, describeReplace, describeRestore, describeUpdate } from "./write-operations.js";

const operations: Record<Route["operation"], Describe> = {
  list: describeList,
  read: describeRead,
  create: describeCreate,
  replace: describeReplace,
  update: describeUpdate,
  delete: deleteOne,
  restore: describeRestore,
  updateMany: describeUpdateMany,
  deleteMany: describeDeleteMany,
  unlinkMany: describeUnlinkMany,
  link: describeLink,
  unlink: describeUnlink,
  relink,
  readBytes: describeReadBytes,
  writeBytes: describeWriteBytes,
  clearBytes: describeClearBytes,
};

export function toOperation(route: Route, ground: Ground): JsonSchema {
  const full = operations[route.operation](route, ground);
  const isShort = isSaidPlainly(route, ground);
  const parts = isShort ? plainly(route, full, ground) : full;
  const { summary, description, warning, answers, refusals } = parts;
  const parameters = [...(parts.parameters ?? []), ...(isShort ? [] : keyedParameters(route.method, ground))];
  const about = ground.terse && !isShort ? undefined : description;
  const addressed = route.steps.some(({ param }) => param !== undefined);
  const said = Object.entries(answers).map(([status, answer]) => [
    status,
    answerOf(route, answer as DocumentedAnswer, ground),
  ]);
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
function answerOf(route: Route, answer: DocumentedAnswer, ground: Ground): JsonSchema {
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
