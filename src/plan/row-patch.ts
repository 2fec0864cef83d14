// A patch whose outcome depends on what the row holds → the fields that an ordinary PATCH of that row would name.
import { isLosslessNumber } from "lossless-json";
import type { Limits } from "../http/limits.js";
import { problem } from "../http/problem.js";
import { type Body, parseExact } from "../request/body.js";
import { type PatchStep, parsePatch } from "../request/patch.js";
import type { TableLookup } from "../schema/lookup.js";
import { applyPatch, type JsonObject } from "./json-patch.js";
import { writtenColumn } from "./write.js";

/** `row` is the row's JSON as it is. */
export type RowPatch = (row: string) => Promise<Body>;

/** Nothing where no member of a column of JSON is named: then it is as good as an ordinary one. */
export function mergePatch(body: Body, entry: TableLookup): RowPatch | undefined {
  const merged = Object.keys(body).filter(
    (field) => isObject(body[field]) && entry.all.get(field)?.type.kind === "json",
  );
  if (merged.length === 0) return undefined;
  for (const field of merged) requireReadable(field, entry);
  return async (row) => {
    const shown = parseExact(row) as Body;
    const whole = async () => merged.map((field) => [field, mergedOf(shown[field], body[field])] as const);
    return { ...body, ...Object.fromEntries(await withinStack(whole)) };
  };
}

/** The steps are on the row as it is shown: the first name of each path is a field. A field that is removed is NULL. */
export function operationsPatch(body: unknown, entry: TableLookup, { maxRows, bodyLimit }: Limits): RowPatch {
  const steps = parsePatch(body, maxRows);
  const named = new Set(steps.flatMap((step) => ("from" in step ? [step.from[0], step.path[0]] : [step.path[0]])));
  for (const field of named) requireReadable(field, entry);
  const written = new Set(steps.flatMap(fieldsWritten));
  return async (row) => {
    const document = parseExact(row) as JsonObject;
    await withinStack(() => applyPatch(steps, document, bodyLimit));
    return Object.fromEntries(
      [...written].map((field) => [field, Object.hasOwn(document, field) ? document[field] : null]),
    );
  };
}

function fieldsWritten(step: PatchStep): string[] {
  if (step.op === "test") return [];
  return step.op === "move" ? [step.from[0], step.path[0]] : [step.path[0]];
}

/** What is there decides what comes of the patch: who may not see it cannot patch it. */
function requireReadable(field: string, entry: TableLookup): void {
  if (entry.readable.has(field)) return;
  writtenColumn(field, entry);
  throw problem("forbidden", `'${field}' is not yours to read, and a patch begins with what is there. Send it whole.`);
}

const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

async function withinStack<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError) throw problem("malformed_json", "The body is nested too deeply.");
    throw error;
  }
}

/** RFC 7396, 2. */
function mergedOf(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const members = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, mergedOf(members.get(name), value));
  }
  return Object.fromEntries(members);
}
