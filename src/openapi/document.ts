// The route tree → its OpenAPI 3.1 document. Pure: the same document for the same tree, and linear in its size.
import { type Limits, limitsOf } from "../api/limits.js";
import type { Method } from "../api/message.js";
import type { AnyRoute, Resource, RouteNode, RouteTree } from "../routes/tree.js";
import { fieldOf } from "../schema/schema.js";
import { batchOperation } from "./batch.js";
import { type BigNumbers, columnComponents } from "./column.js";
import { Components } from "./components.js";
import { filterComponents } from "./filters.js";
import type { Described, Ground } from "./ground.js";
import { tableIn } from "./ground.js";
import { componentNames, OperationNames } from "./names.js";
import { toOperation } from "./operations.js";
import { keyParameter } from "./parameters.js";
import type { JsonSchema } from "./schema.js";

export interface OpenApiOptions extends Partial<Limits> {
  /** Default `API`. */
  readonly title?: string;
  /** The API's own version. Default `1.0.0`. */
  readonly version?: string;
  readonly description?: string;
  readonly license?: { readonly name: string; readonly identifier?: string; readonly url?: string };
  /** Where the resources are: `/api`, `https://example.org/v1`. Default `/`. */
  readonly servers?: readonly string[];
  /** As the API has it. */
  readonly bigNumbers?: BigNumbers;
  /** OpenAPI's own, by their names. Where there are any, every operation asks for one of them, and may answer 401 and 403. */
  readonly securitySchemes?: Readonly<Record<string, JsonSchema>>;
  /** May requests come without credentials as well? Default `false`. */
  readonly anonymous?: boolean;
}

export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: JsonSchema;
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly JsonSchema[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, JsonSchema>>;
  readonly components: Readonly<Record<string, JsonSchema>>;
}

export function toOpenApi(tree: RouteTree, options: OpenApiOptions = {}): OpenApiDocument {
  const { title = "API", version = "1.0.0", license, servers = ["/"], securitySchemes = {} } = options;
  const limits = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const ground: Ground = {
    components: new Components(),
    limits: limitsOf(limits),
    bigNumbers: options.bigNumbers ?? "number",
    tables: tablesOf(tree),
    secured: Object.keys(securitySchemes).length > 0,
  };
  const nouns = new Map(tree.resources.map(({ table, noun }) => [table, noun]));
  const paths = pathsOf(tree.root, new OperationNames(nouns), ground);
  const components = ground.components.toJSON();
  return {
    openapi: "3.1.0",
    info: {
      title,
      version,
      description: options.description ?? "HEAD works wherever GET does. Refusals are problem documents (RFC 9457).",
      ...(license === undefined ? {} : { license }),
    },
    servers: servers.map((url) => ({ url })),
    security: [...(options.anonymous ? [{}] : []), ...Object.keys(securitySchemes).map((name) => ({ [name]: [] }))],
    tags: tagsOf(tree),
    paths,
    components: ground.secured ? { ...components, securitySchemes } : components,
  };
}

function tablesOf({ resources }: RouteTree): ReadonlyMap<string, Described> {
  const names = componentNames(resources, ["Problem", ...columnComponents, ...filterComponents]);
  return new Map(
    resources.map((resource) => [resource.table, describe(resource, names.get(resource.table) as string)]),
  );
}

const describe = (resource: Resource, name: string): Described => ({
  resource,
  name,
  shown: resource.columns.filter((column) => !resource.unread?.includes(column.name)),
  written: resource.columns.filter((column) => !column.generated && !resource.unwritten?.includes(column.name)),
  fields: new Map(resource.columns.map((column) => [fieldOf(column), column])),
  columns: new Map(resource.columns.map((column) => [column.name, column])),
});

/** A tag for each path at the top. */
function tagsOf({ resources, root }: RouteTree): OpenApiDocument["tags"] {
  const byName = new Map(resources.filter((resource) => resource.root).map((resource) => [resource.name, resource]));
  return Object.entries(root.literals).map(([name, node]) => {
    const known = node.routes.POST?.operation === "batch" ? "Many requests in one." : `Rows of ${name}.`;
    return { name, description: byName.get(name)?.comment ?? known };
  });
}

function pathsOf(node: RouteNode, names: OperationNames, ground: Ground): Record<string, JsonSchema> {
  const paths: [string, JsonSchema][] = [];
  const walk = (place: RouteNode) => {
    if (Object.keys(place.routes).length > 0) paths.push([addressOf(place), pathItem(place, names, ground)]);
    for (const next of Object.values(place.literals)) walk(next);
    if (place.param !== undefined) walk(place.param.node);
  };
  walk(node);
  return Object.fromEntries(paths);
}

/** `/albums/{id}/tracks` */
export const addressOf = ({ pattern }: Pick<RouteNode, "pattern">): string =>
  pattern
    .split("/")
    .map((part) => (part.startsWith(":") ? `{${part.slice(1)}}` : encodeURIComponent(part)))
    .join("/");

function pathItem({ routes, param }: RouteNode, names: OperationNames, ground: Ground): JsonSchema {
  const all = Object.entries(routes) as [Method, AnyRoute][];
  const [, first] = all[0] as [Method, AnyRoute];
  const keys = first.steps.flatMap(({ table, param }) =>
    param === undefined ? [] : [keyParameter(tableIn(ground, table), param, ground)],
  );
  const operations = all.map(([method, route]) => {
    const head = { operationId: names.nameOf(route, param?.name), tags: [route.pattern.split("/")[1]] };
    const rest = route.operation === "batch" ? batchOperation(ground) : toOperation(route, ground);
    // Not once for the path: there Swagger UI takes the column `id` of the query for the `id` of the path (5.35).
    const parameters = [...keys, ...((rest.parameters as readonly JsonSchema[] | undefined) ?? [])];
    return [method.toLowerCase(), { ...head, ...rest, ...(parameters.length === 0 ? {} : { parameters }) }] as const;
  });
  return Object.fromEntries(operations);
}
