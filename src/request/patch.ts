// The forms of a PATCH: what is named is changed; JSON Merge Patch (RFC 7396); JSON Patch (RFC 6902).
import { didYouMean, excerpt } from "../base/suggest.js";
import type { ApiRequest } from "../http/message.js";
import { NDJSON_TYPE } from "../http/negotiate.js";
import { type HttpError, problem } from "../http/problem.js";

const MERGE = "application/merge-patch+json";
const OPERATIONS = "application/json-patch+json";

/** As `Accept-Patch` lists them (RFC 5789, 3.1). */
export const patchTypes = `application/json, ${MERGE}, ${OPERATIONS}`;
/** The same of a list, which takes many rows by their keys too. */
export const listPatchTypes = `${patchTypes}, text/csv, ${NDJSON_TYPE}`;

/** Nothing where it is an ordinary one. */
export function patchFormOf(request: ApiRequest): "merge" | "operations" | undefined {
  const type = request.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type === MERGE) return "merge";
  return type === OPERATIONS ? "operations" : undefined;
}

/** The names and places that lead to a value, from the outside in: one at least. */
export type Pointer = readonly [string, ...string[]];

export type PatchStep =
  | { readonly op: "add" | "replace" | "test"; readonly path: Pointer; readonly value: unknown }
  | { readonly op: "remove"; readonly path: Pointer }
  | { readonly op: "move"; readonly path: Pointer; readonly from: Pointer }
  | { readonly op: "copy"; readonly path: Pointer; readonly from: Pointer };

const words = ["add", "remove", "replace", "move", "copy", "test"] as const;

/** Throws 400 `invalid_body`, or `too_complex` for more than `most`. */
export function parsePatch(body: unknown, most: number): readonly PatchStep[] {
  if (!Array.isArray(body))
    throw problem("invalid_body", 'A JSON Patch is an array: [{ "op": "replace", "path": "/doc/size", "value": 5 }].');
  if (body.length > most)
    throw problem("too_complex", `A JSON Patch has at most ${most} operations, not ${body.length}: send several.`);
  return body.map(stepOf);
}

function stepOf(said: unknown, index: number): PatchStep {
  const refuse = (what: string): HttpError => problem("invalid_body", `[${index}]: ${what}.`, { index });
  if (typeof said !== "object" || said === null || Array.isArray(said)) throw refuse("an operation is an object");
  const { op, path: text, from, value } = said as Readonly<Record<string, unknown>>;
  const known = words.find((word) => word === op);
  if (known === undefined)
    throw refuse(
      `op is one of ${words.join(", ")}, not ${excerpt(String(op))}.${didYouMean(String(op), words)}`.replace(
        /\.$/,
        "",
      ),
    );
  const path = pointerIn(text, "path", refuse);
  if (known === "remove") return { op: known, path };
  if (known === "move" || known === "copy") {
    const source = pointerIn(from, "from", refuse);
    if (known === "move" && source.length < path.length && source.every((name, i) => name === path[i]))
      throw refuse("what is moved cannot come to stand inside itself");
    return { op: known, path, from: source };
  }
  if (!Object.hasOwn(said, "value")) throw refuse(`${known} has a value`);
  return { op: known, path, value };
}

/** RFC 6901. */
function pointerIn(text: unknown, name: string, refuse: (what: string) => HttpError): Pointer {
  if (typeof text !== "string") throw refuse(`${name} is a text such as /doc/size`);
  if (!text.startsWith("/")) throw refuse(`${name} begins with / and a column: /doc/size, not ${excerpt(text)}`);
  if (/~(?![01])/.test(text)) throw refuse(`in ${name}, ~ is written ~0 and / is ~1`);
  const steps = text
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps as unknown as Pointer;
}
