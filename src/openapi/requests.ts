// The document → one request for each of its operations, for tools that collect requests.
import type { OpenApiDocument } from "./document.js";
import { sampleOf } from "./sample.js";
import type { JsonSchema } from "./schema.js";

export interface SampleRequest {
  readonly tag: string;
  readonly name: string;
  readonly method: string;
  /** `/albums/{id}`. */
  readonly path: string;
  readonly parameters: readonly SampleParameter[];
  /** JSON that the operation takes; nothing where it takes none. */
  readonly body?: unknown;
}

export interface SampleParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly description: string;
  readonly example: string;
}

/** In a collection more than this are found by nobody. */
export const MOST_REQUESTS = 2_000;

/** The most parameters of a query that a request names. */
const MOST_PARAMETERS = 25;

export interface Requests {
  readonly requests: readonly SampleRequest[];
  /** What there is to say of them; nothing where all are here. */
  readonly note?: string;
}

export function requestsOf(document: OpenApiDocument): Requests {
  const resolve = resolverIn(document);
  const places = Object.entries(document.paths).flatMap(([path, item]) => {
    const { parameters: shared = [], ...operations } = item as Record<string, never>;
    return Object.entries(operations).map(([method, operation]): Place => ({ path, method, operation, shared }));
  });
  const leftOut = Number(document.info["x-operations-left-out"] ?? 0) + Math.max(0, places.length - MOST_REQUESTS);
  const requests = places.slice(0, MOST_REQUESTS).map((place) => requestOf(place, resolve));
  return { requests, ...(leftOut > 0 && { note: `${leftOut} further operations are left out.` }) };
}

type Resolve = (schema: JsonSchema) => JsonSchema;

const resolverIn =
  (document: OpenApiDocument): Resolve =>
  (schema) => {
    let found = schema;
    for (let i = 0; typeof found.$ref === "string" && i < 10; i++) {
      const [, kind = "", name = ""] = /^#\/components\/([^/]+)\/(.+)$/.exec(found.$ref) ?? [];
      const components = document.components as Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
      const { $ref: _, ...beside } = found;
      found = { ...components[kind]?.[name], ...beside };
    }
    return found;
  };

interface Place {
  readonly path: string;
  readonly method: string;
  readonly operation: JsonSchema;
  readonly shared: readonly JsonSchema[];
}

function requestOf({ path, method, operation, shared }: Place, resolve: Resolve): SampleRequest {
  const {
    summary,
    tags,
    parameters = [],
    requestBody,
  } = operation as {
    summary?: string;
    tags?: readonly string[];
    parameters?: readonly JsonSchema[];
    requestBody?: JsonSchema;
  };
  const all = [...shared, ...parameters].map((parameter) => parameterOf(resolve(parameter), resolve));
  const queries = all.filter((one) => one.in === "query").slice(0, MOST_PARAMETERS);
  const { content } = (requestBody === undefined ? {} : resolve(requestBody)) as {
    content?: Readonly<Record<string, { schema?: JsonSchema }>>;
  };
  const schema = content?.["application/json"]?.schema;
  return {
    tag: tags?.[0] ?? "",
    name: summary ?? `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    parameters: [...all.filter((one) => one.in !== "query"), ...queries],
    ...(schema !== undefined && { body: sampleOf(schema, resolve) }),
  };
}

function parameterOf(parameter: JsonSchema, resolve: Resolve): SampleParameter {
  const { name, in: place, description = "", schema = {} } = parameter;
  const example = sampleOf(schema as JsonSchema, resolve);
  return {
    name: String(name),
    in: place as SampleParameter["in"],
    description: String(description),
    example: typeof example === "string" ? example : JSON.stringify(example),
  };
}
