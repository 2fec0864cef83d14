// What operations answer: rows with their headers, and a problem document for each status of refusal.
import { GEOJSON_TYPE, NDJSON_TYPE } from "../http/negotiate.js";
import { type ProblemCode, problems } from "../http/problem.js";
import type { Components } from "./components.js";
import { featuresOf } from "./geojson.js";
import type { Ground } from "./ground.js";
import type { JsonSchema } from "./schema.js";

export interface DocumentedAnswer {
  /** What such an answer of a table is called, where several operations have it. */
  readonly name?: string;
  readonly description: string;
  readonly headers?: readonly HeaderName[];
  /** Of JSON; none where there is no body. */
  readonly schema?: JsonSchema;
  /** In place of JSON. */
  readonly content?: JsonSchema;
  /** A list: it has the forms of lists too. */
  readonly isList?: boolean;
  /** In GeoJSON, where it has that form. */
  readonly features?: "Feature" | "FeatureCollection";
}

export function toResponse(
  { description, headers = [], schema, isList, features, content: other }: DocumentedAnswer,
  components: Components,
): JsonSchema {
  const named = headers.map((name) => [name.replace("?", ""), headerOf(name, components)] as const);
  const content = {
    ...other,
    ...(schema === undefined ? {} : { "application/json": { schema } }),
    ...(isList ? { "text/csv": { schema: { type: "string" } }, [NDJSON_TYPE]: { schema: { type: "string" } } } : {}),
    ...(features === undefined ? {} : { [GEOJSON_TYPE]: { schema: featuresOf(features, components) } }),
  };
  return {
    description,
    ...(named.length === 0 ? {} : { headers: Object.fromEntries(named) }),
    ...(schema === undefined && other === undefined ? {} : { content }),
  };
}

export type HeaderName = keyof typeof headers;

const headerOf = (name: HeaderName, components: Components): JsonSchema =>
  components.ref("headers", name.replace("?", "OfOne"), () => headers[name]);

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({
  description,
  schema: { type: "string", ...more },
});

/** Samples are made of examples, and not of patterns. */
const tag: JsonSchema = { pattern: '^".*"$', examples: ['"nB2Zq1"'] };

const headers = {
  ETag: { ...text("The row's entity tag, for `If-Match` and `If-None-Match`.", tag), required: true },
  "ETag?": text("The row's entity tag, where one row is answered.", tag),
  Location: text("Where the new row is; none for an array, or a table without a key."),
  Link: text('The pages beside this one (RFC 8288): `rel="next"`, `"prev"`, `"first"`.'),
  "X-Total-Count": {
    description: "How many rows there are in all, or how many a write affected.",
    schema: { type: "integer", minimum: 0 },
  },
  "Content-Range": text("Which rows these are, and of how many: `items 0-24/3503`; of bytes in the same way.", {
    pattern: String.raw`^(items|bytes) (\d+-\d+|\*)/(\d+|\*)$`,
    examples: ["items 0-24/3503"],
  }),
  "Accept-Ranges": text("Parts can be asked for: `bytes`."),
  "Preference-Applied": text("The preferences that were followed."),
  "Retry-After": { description: "Seconds to wait.", schema: { type: "integer", minimum: 0 } },
  "Accept-Post": text("The media types that are taken."),
  "Accept-Query": text("The media types in which QUERY takes a query."),
  "WWW-Authenticate": text("How to say who asks."),
} as const satisfies Record<string, JsonSchema>;

/** Each status of refusal by itself, or in short all of them. */
export function refusalsOf(
  statuses: readonly number[],
  { components, secured, terse }: Pick<Ground, "components" | "secured" | "terse">,
  isShort = false,
): JsonSchema {
  if (isShort) return { "4XX": refused(components) };
  if (terse) return rangeResponses(components);
  const all = new Set([...statuses, ...(secured ? [401, 403] : []), 500, 503, 504]);
  const sorted = [...all].sort((a, b) => a - b);
  return Object.fromEntries(sorted.map((status) => [status, problemResponse(status, components)]));
}

/** What code of the database raises on purpose, with the status that it names. */
export const raisedOf = ({ components, terse }: Ground): JsonSchema =>
  terse ? {} : { "4XX": rangeResponses(components)["4XX"] };

/** A refusal by its status: all its codes that a request here may meet. */
function problemResponse(status: number, components: Components): JsonSchema {
  return components.ref("responses", `Problem${status}`, () => {
    const codes = (Object.keys(problems) as ProblemCode[]).filter((code) => problems[code][0] === status);
    const named = (extra[status] ?? []).map((name) => [name, headerOf(name, components)] as const);
    return {
      description: codes.map((code) => `\`${code}\`: ${problems[code][1].toLowerCase()}`).join("; "),
      ...(named.length === 0 ? {} : { headers: Object.fromEntries(named) }),
      content: {
        "application/problem+json": {
          schema: {
            allOf: [components.ref("schemas", "Problem", () => problemSchema)],
            properties: { status: { const: status }, code: { type: "string", examples: codes } },
          },
        },
      },
    };
  });
}

const refused = (components: Components): JsonSchema =>
  components.ref("responses", "Refusal", () =>
    refusal("Refused: `code` and `detail` say why.", ["WWW-Authenticate", "Accept-Post", "Content-Range"], components),
  );

/** All refusals at once. */
const rangeResponses = (components: Components): JsonSchema => ({
  "4XX": refused(components),
  "5XX": components.ref("responses", "Failure", () =>
    refusal("Failed, or not now: `code` and `detail` say why.", ["Retry-After"], components),
  ),
});

const refusal = (description: string, names: readonly HeaderName[], components: Components): JsonSchema => ({
  description,
  headers: Object.fromEntries(names.map((name) => [name, headerOf(name, components)])),
  content: { "application/problem+json": { schema: components.ref("schemas", "Problem", () => problemSchema) } },
});

const extra: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ["WWW-Authenticate"],
  415: ["Accept-Post"],
  416: ["Content-Range"],
  503: ["Retry-After"],
};

const problemSchema: JsonSchema = {
  type: "object",
  description: "A refusal (RFC 9457).",
  properties: {
    type: { type: "string", format: "uri" },
    title: { type: "string" },
    status: { type: "integer", minimum: 400, maximum: 599 },
    detail: { type: "string", description: "What is wrong, why, and what to try." },
    code: { type: "string", description: "A stable word for programs.", examples: Object.keys(problems) },
    index: { type: "integer", minimum: 0, description: "Which entry of a batch is at fault." },
    errors: {
      type: "array",
      description: "The fields at fault.",
      items: {
        type: "object",
        properties: { field: { type: "string" }, message: { type: "string" } },
        required: ["field", "message"],
      },
    },
  },
  required: ["type", "title", "status", "detail", "code"],
};
