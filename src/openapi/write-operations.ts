// POST, PUT, PATCH and DELETE of a row.
import { NDJSON_TYPE } from "../http/negotiate.js";
import type { Route } from "../routes/tree.js";
import { createOf, replaceOf, updateOf } from "./bodies.js";
import { common } from "./common-parameters.js";
import { type Described, type Ground, tableIn } from "./ground.js";
import { applied, conditions, type Describe, gone, jsonContent, minimal, writeRefusals } from "./parts.js";
import { preferOf, warningOf } from "./prefer.js";
import type { DocumentedAnswer } from "./responses.js";
import { filledBy, needsBody } from "./route-tables.js";
import { rowOf, rowOrRows } from "./rows.js";
import type { JsonSchema } from "./schema.js";
import { one, wherein } from "./wording.js";

export const describeCreate: Describe = (route, ground) => {
  const of = tableIn(ground, route.table);
  const { length: keys } = [...of.resource.primaryKey, ...of.resource.uniqueKeys];
  const row: DocumentedAnswer = {
    description: "The row or rows as they are now: new ones with 201, with 200 those that stood already.",
    headers: ["ETag?", "Location", ...applied],
    schema: rowOrRows(rowOf(of, ground)),
  };
  return {
    summary: `Create ${one(of)}, or several${wherein(route, ground)}`,
    parameters: [
      ...(keys === 0 ? [] : ["on-conflict", "conflict-columns"]).map((name) => common(name, ground)),
      preferOf("Prefer", ground, of.resource),
    ],
    body: newRows(route, of, ground),
    answers: {
      201: row,
      ...(keys === 0 ? {} : { 200: row, 204: { ...minimal, headers: ["ETag?", ...applied] } }),
    },
    refusals: writeRefusals,
  };
};

function newRows(route: Route, of: Described, ground: Ground): JsonSchema {
  const row = createOf(of, ground, filledBy(route));
  const most = of.resource.transactional === false ? 1 : ground.limits.maxRows;
  const { warning } = warningOf(of.resource);
  const general = ground.terse
    ? undefined
    : "An array is all or nothing. Related rows may stand under their relations' names.";
  const description = warning ?? general;
  return {
    ...(description !== undefined && { description }),
    required: needsBody(of, filledBy(route)),
    content: {
      "application/json": { schema: { anyOf: [row, { type: "array", maxItems: most, items: row }] } },
      ...rowTexts(ground),
    },
  };
}

/** Rows in other forms than JSON. */
export const rowTexts = ({ components }: Ground): JsonSchema => ({
  "text/csv": { schema: components.ref("schemas", "Csv", () => csv) },
  [NDJSON_TYPE]: { schema: components.ref("schemas", "Ndjson", () => ndjson) },
});

const csv: JsonSchema = { type: "string", description: "The first line names columns, each further one is a row." };

const ndjson: JsonSchema = { type: "string", description: "A JSON object a line, each of them a row." };

const writtenRow = (of: Described, ground: Ground): DocumentedAnswer => ({
  name: "row",
  description: "The row as it is now; 201 says that it is new.",
  headers: ["ETag", "Location", ...applied],
  schema: rowOf(of, ground),
});

export const describeReplace: Describe = (route, ground) => {
  const of = tableIn(ground, route.table);
  const kept = filledBy(route);
  const row = writtenRow(of, ground);
  return {
    summary: `Replace ${one(of)}${wherein(route, ground)}`,
    parameters: [...conditions(ground), preferOf("Prefer.put", ground, of.resource)],
    body: jsonContent(replaceOf(of, ground, kept), needsBody(of, [...kept, ...of.resource.primaryKey])),
    answers: { 200: row, 201: row, 204: { ...minimal, headers: ["ETag", ...applied] } },
    refusals: [...writeRefusals, 412],
  };
};

export const describeUpdate: Describe = (route, ground) => {
  const of = tableIn(ground, route.table);
  return {
    summary: `Change ${one(of)}${wherein(route, ground)}`,
    parameters: [...conditions(ground), preferOf("Prefer", ground, of.resource)],
    body: jsonContent(updateOf(of, ground), false, patchForms(updateOf(of, ground), ground)),
    answers: { 200: writtenRow(of, ground), 204: { ...minimal, headers: ["ETag", ...applied] } },
    refusals: [...writeRefusals, 412],
  };
};

/** Columns of JSON are changed in part by them; the others are what is said. `merged` is of one row. */
export const patchForms = (merged: JsonSchema, { components }: Ground): JsonSchema => ({
  "application/merge-patch+json": { schema: merged },
  "application/json-patch+json": { schema: components.ref("schemas", "JsonPatch", () => jsonPatch) },
});

const place: JsonSchema = { type: "string", pattern: "^/" };

const jsonPatch: JsonSchema = {
  description: "RFC 6902. The first name of a path is a column.",
  type: "array",
  items: {
    type: "object",
    required: ["op", "path"],
    properties: { op: {}, path: place },
    anyOf: [
      { required: ["value"], properties: { op: { enum: ["add", "replace", "test"] }, value: {} } },
      { properties: { op: { const: "remove" } } },
      { required: ["from"], properties: { op: { enum: ["move", "copy"] }, from: place } },
    ],
  },
};

export const deleteOne: Describe = (route, ground) => {
  const of = tableIn(ground, route.table);
  return {
    summary: `Delete ${one(of)}${wherein(route, ground)}`,
    parameters: [...conditions(ground), preferOf("Prefer", ground, of.resource)],
    answers: { 204: gone },
    refusals: [403, 409, 412],
  };
};

export const describeRestore: Describe = (route, ground) => {
  const of = tableIn(ground, route.table);
  return {
    summary: `Restore ${one(of)} that was deleted${wherein(route, ground)}`,
    parameters: [...conditions(ground), preferOf("Prefer", ground, of.resource)],
    answers: {
      200: { ...writtenRow(of, ground), name: "restored" },
      204: { ...minimal, headers: ["ETag", ...applied] },
    },
    refusals: [403, 409, 412],
  };
};
