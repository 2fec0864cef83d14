// Walks through every operation of a document, brings about each of its answers, and holds them against it.
import type { AnyRoute, OpenApiDocument, RouteNode, RouteTree } from "../../src/index.js";
import type { App } from "../support/apps.js";
import type { Answer } from "../support/http.js";
import { type Schemas, schemasOf } from "../support/json-schema.js";
import { Places } from "./places.js";
import { excuseFor, Recipes } from "./recipes.js";

// biome-ignore lint/suspicious/noExplicitAny: the document as any reader of JSON sees it
type Json = any;

export class Inspector {
  readonly faults: string[] = [];
  private readonly schemas: Schemas;
  private readonly lightSchemas: Schemas;
  private readonly places: Places;
  private readonly recipes: Recipes;

  constructor(
    private readonly document: OpenApiDocument,
    private readonly light: OpenApiDocument,
    private readonly tree: RouteTree,
    private readonly app: App,
    private readonly narrow: App,
  ) {
    this.schemas = schemasOf(document);
    this.lightSchemas = schemasOf(light);
    this.places = new Places(tree, app);
    this.recipes = new Recipes(document, this.schemas, this.places);
  }

  async run(): Promise<void> {
    await this.fill();
    const known = new Set(
      Object.entries(this.document.paths).flatMap(([path, item]) =>
        Object.keys(item)
          .filter((key) => key !== "parameters")
          .map((method) => `${method} ${path}`),
      ),
    );
    for (const node of nodesOf(this.tree.root)) {
      for (const [method, route] of Object.entries(node.routes)) {
        const path = route.pattern
          .split("/")
          .map((part) => (part.startsWith(":") ? `{${part.slice(1)}}` : encodeURIComponent(part)))
          .join("/");
        const name = `${method.toLowerCase()} ${path}`;
        if (!known.delete(name)) this.faults.push(`${name} is not in the document`);
        else await this.operation(path, route);
      }
    }
    for (const name of known) this.faults.push(`${name} is no route`);
  }

  /** Two new rows of every table. */
  private async fill(): Promise<void> {
    await this.places.readSamples();
    const made = new Map<string, number>();
    for await (const call of this.recipes.newRows()) {
      const table = call.wanted as string;
      const count = made.get(table) ?? 0;
      if (count === 2) continue;
      const { status } = await this.app.ask(`POST ${call.path}`, call);
      if (status === 201) made.set(table, count + 1);
    }
    await this.places.readSamples();
  }

  private async operation(path: string, route: AnyRoute): Promise<void> {
    const [operation, light] = [this.document, this.light].map(
      (document) => (document.paths[path] as Json)[route.method.toLowerCase()],
    );
    const seen = new Set<string>();
    for await (const call of this.recipes.callsFor(route, operation)) {
      // What was seen already is not asked for again, but for calls that stand for themselves.
      if (call.wanted !== undefined && seen.has(call.wanted)) continue;
      const answer = await (call.narrow ? this.narrow : this.app).ask(`${route.method} ${call.path}`, call);
      const said = `${route.method} ${call.path} ${JSON.stringify(call.body ?? null)?.slice(0, 200)} ${JSON.stringify(call.headers ?? {})}: ${answer.status} ${answer.text.slice(0, 200)}`;
      seen.add(String(answer.status));
      const faults = [...this.check(operation, answer), ...this.checkLight(light, answer)];
      for (const fault of faults) this.faults.push(`${operation.operationId}: ${fault} in ${said}`);
      if (call.must !== undefined && call.must !== answer.status)
        this.faults.push(`${operation.operationId}: not ${call.must} in ${said}`);
    }
    for (const status of Object.keys(operation.responses)) {
      const wasSeen = status === "4XX" ? [...seen].some(isOfRange(operation)) : seen.has(status);
      if (!wasSeen && excuseFor(route, status === "4XX" ? 402 : Number(status), this.tree) === undefined)
        this.faults.push(`${operation.operationId}: ${status} was never seen`);
    }
  }

  private *check(operation: Json, { status, headers, text, json }: Answer): Iterable<string> {
    const { responses } = operation;
    const documented = this.whole(responses[status] ?? responses[`${String(status)[0]}XX`]);
    if (documented === undefined) return yield `${status} is not documented`;
    const type = headers["content-type"]?.split(";")[0];
    const content = documented.content ?? {};
    // A list without rows has no lines.
    if (text === "" && !type?.endsWith("x-ndjson")) {
      if (documented.content !== undefined && status !== 201) yield "a body is documented and there is none";
    } else if (type === undefined || contentOf(content, type) === undefined) yield `${type} is not documented`;
    else {
      const fault = this.schemas.faults(contentOf(content, type).schema, isJson(type) ? json : text);
      if (fault !== undefined) yield `the body does not fit: ${fault}`;
    }
    const named = new Map(
      Object.entries(documented.headers ?? {}).map(([name, header]) => [name.toLowerCase(), this.whole(header)]),
    );
    for (const [name, header] of named) {
      const value = headers[name];
      if (value === undefined) {
        if (header.required) yield `the header ${name} is missing`;
        continue;
      }
      const fault = this.schemas.faults(header.schema, header.schema.type === "integer" ? Number(value) : value);
      if (fault !== undefined) yield `the header ${name} does not fit: ${fault}`;
    }
    for (const name of ownHeaders)
      if (headers[name] !== undefined && !named.has(name)) yield `the header ${name} is not documented`;
  }

  /** The published form says the same in fewer words. */
  private *checkLight({ responses }: Json, { status, headers, text, json }: Answer): Iterable<string> {
    const answer = this.whole(responses[status] ?? responses[`${String(status)[0]}XX`], this.light);
    const type = headers["content-type"]?.split(";")[0] as string;
    if (answer === undefined) yield `${status} is not documented in short`;
    else if (text !== "") {
      const content = contentOf(answer.content ?? {}, type);
      if (content === undefined) return yield `${type} is not documented in short`;
      const fault = this.lightSchemas.faults(content.schema, isJson(type) ? json : text);
      if (fault !== undefined) yield `the body does not fit in short: ${fault}`;
    }
    for (const name of ownHeaders) {
      const named = Object.keys(answer?.headers ?? {}).map((name) => name.toLowerCase());
      if (headers[name] !== undefined && !named.includes(name)) yield `the header ${name} is not documented in short`;
    }
  }

  private whole(part: Json, { components } = this.document): Json {
    if (part?.$ref === undefined) return part;
    const [, , kind, name] = part.$ref.split("/");
    return this.whole((components as Json)[kind][name]);
  }
}

/** What the API itself says, beside what HTTP and the frameworks add. */
const ownHeaders = [
  ...[
    "etag",
    "location",
    "link",
    "x-total-count",
    "content-range",
    "preference-applied",
    "retry-after",
    "accept-post",
    "accept-query",
  ],
  "www-authenticate",
];

const isJson = (type: string): boolean => /[/+]json$/.test(type);

/** Is a status only said as one of the range? */
const isOfRange =
  ({ responses }: Json) =>
  (status: string): boolean =>
    status.startsWith("4") && responses[status] === undefined;

/** A media type, or the range that holds it. */
const contentOf = (content: Json, type: string): Json => content[type] ?? content["*/*"];

function* nodesOf(node: RouteNode): Iterable<RouteNode> {
  yield node;
  for (const next of Object.values(node.literals)) yield* nodesOf(next);
  if (node.param !== undefined) yield* nodesOf(node.param.node);
}
