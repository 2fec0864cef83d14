// POST /batch: many requests in one.
import type { Ground } from "./ground.js";
import { keyedParameters } from "./parameters.js";
import { preferOf } from "./prefer.js";
import { refusalsOf, toResponse } from "./responses.js";
import type { JsonSchema } from "./schema.js";

const headers: JsonSchema = { type: "object", additionalProperties: { type: "string" } };

/** Tables without transactions have no place beside other writes. */
function kept({ tables }: Ground): string {
  const names = [...tables.values()].flatMap(({ resource }) =>
    resource.transactional === false ? [`\`${resource.name}\``] : [],
  );
  return names.length === 0 ? "" : ` Without transactions, and so in no batch with other writes: ${names.join(", ")}.`;
}

export function batchOperation(ground: Ground): JsonSchema {
  const { components, limits } = ground;
  const entries: JsonSchema = {
    type: "array",
    maxItems: limits.maxBatch,
    items: {
      type: "object",
      properties: {
        method: { type: "string", enum: ["GET", "QUERY", "POST", "PUT", "PATCH", "DELETE"] },
        path: {
          ...{ type: "string", pattern: "^/", examples: ["/albums/1"] },
          description: "Below the mount point, with its query: `/albums/$0.id`.",
        },
        body: { description: "A text such as `$0.id` is what an earlier entry answered." },
        headers,
      },
      required: ["method", "path"],
      additionalProperties: false,
    },
  };
  const answers: JsonSchema = {
    type: "array",
    items: {
      type: "object",
      properties: { status: { type: "integer" }, headers, body: {} },
      required: ["status", "headers", "body"],
    },
  };
  const answer = { description: "What each entry answered, in their order.", headers: ["Preference-Applied"] } as const;
  return {
    summary: "Many requests in one transaction",
    description: `All are done in their order, or none is.${kept(ground)}`,
    parameters: [preferOf("Prefer", ground), ...keyedParameters("POST", ground)],
    requestBody: { required: true, content: { "application/json": { schema: entries } } },
    responses: {
      200: toResponse({ ...answer, schema: answers }, components),
      204: toResponse({ description: "Done, with `return=minimal`.", headers: ["Preference-Applied"] }, components),
      ...refusalsOf([400, 404, 405, 406, 409, 412, 413, 415, 416, 422], ground),
    },
  };
}
