// GET and PUT of one binary column: bytes as they are.
import type { Route } from "../routes/tree.js";
import { fieldOf } from "../schema/schema.js";
import { common } from "./common-parameters.js";
import { type Ground, tableIn } from "./ground.js";
import { applied, conditions, type Describe } from "./parts.js";
import { preferOf } from "./prefer.js";
import type { DocumentedAnswer } from "./responses.js";
import { one } from "./wording.js";

export const describeReadBytes: Describe = (route, ground) => {
  const content = { "*/*": { schema: { type: "string", format: "binary" } } };
  const whole: DocumentedAnswer = { description: "The bytes.", headers: ["ETag", "Accept-Ranges"], content };
  return {
    summary: `Read the ${fieldAt(route, ground)} of ${one(tableIn(ground, route.table))}, as bytes`,
    parameters: ["If-None-Match", "Range.bytes"].map((name) => common(name, ground)),
    answers: {
      200: whole,
      206: {
        ...whole,
        name: "part",
        description: "The `Range` of the bytes.",
        headers: [...(whole.headers ?? []), "Content-Range"],
      },
      304: { description: "The bytes are those that `If-None-Match` names.", headers: ["ETag"] },
    },
    refusals: [416],
  };
};

export const describeWriteBytes: Describe = (route, ground) => ({
  summary: `Set the ${fieldAt(route, ground)} of ${one(tableIn(ground, route.table))}, as bytes`,
  parameters: [...conditions(ground), preferOf("Prefer", ground, tableIn(ground, route.table).resource)],
  body: { required: true, content: { "*/*": { schema: { type: "string", format: "binary" } } } },
  answers: {
    204: {
      description: "The bytes are kept. `ETag` is there where they are kept as they came.",
      headers: ["ETag?", ...applied],
    },
  },
  refusals: [403, 409, 412, 413, 415, 422],
});

export const describeClearBytes: Describe = (route, ground) => ({
  summary: `Empty the ${fieldAt(route, ground)} of ${one(tableIn(ground, route.table))}`,
  parameters: [...conditions(ground), preferOf("Prefer", ground, tableIn(ground, route.table).resource)],
  answers: { 204: { description: "The column is NULL.", headers: applied } },
  refusals: [403, 409, 412, 422],
});

function fieldAt({ table, column }: Route, ground: Ground): string {
  const found = tableIn(ground, table).resource.columns.find(({ name }) => name === column);
  return found === undefined ? "bytes" : fieldOf(found);
}
