// The route tree → its OpenAPI 3.1 document. Pure: the same document for the same tree, and linear in its size.
import { type Limits, limitsOf } from "../http/limits.js";
import type { Method } from "../http/message.js";
import type { AnyRoute, Resource, RouteNode, RouteTree } from "../routes/tree.js";
import { fieldOf, isWritten } from "../schema/schema.js";
import { batchOperation } from "./batch.js";
import { type BigNumbers, columnComponents } from "./column.js";
import { Components } from "./components.js";
import { filterComponents } from "./filters.js";
import type { Described, Ground } from "./ground.js";
import { tableIn } from "./ground.js";
import { componentNames, OperationNames } from "./names.js";
import { toOperation } from "./operations.js";
import { keyParameter } from "./parameters.js";
import { leftOutIn, nextOf, reachOf, tablesIn } from "./reach.js";
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
  /**
   * With more operations than this, the longest paths are left out until there are fewer, and the document says so; those that begin
   * and end with one table stay. Default 20000.
   */
  readonly maxOperations?: number;
}

export const MOST_OPERATIONS = 20_000;

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
  const { paths, components, securitySchemes, ...head } = partsOf(tree, options);
  const all = Object.fromEntries([...paths()].map(({ address, item }) => [address, item]));
  return { ...head, paths: all, components: { ...components.toJSON(), ...(securitySchemes && { securitySchemes }) } };
}

export interface PathPart {
  readonly address: string;
  readonly item: JsonSchema;
  readonly node: RouteNode;
}

/** A document in parts, for whoever makes a large one step by step. The components are those of the paths: they come last. */
export interface DocumentParts extends Omit<OpenApiDocument, "paths" | "components"> {
  paths(): Generator<PathPart, void>;
  readonly components: Components;
  /** Stand with the components. */
  readonly securitySchemes?: Readonly<Record<string, JsonSchema>>;
}

export function partsOf(tree: RouteTree, options: OpenApiOptions = {}): DocumentParts {
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
  const reach = reachOf(tree, options.maxOperations ?? MOST_OPERATIONS);
  const about = options.description ?? "HEAD works wherever GET does. Refusals are problem documents (RFC 9457).";
  return {
    openapi: "3.1.0",
    info: {
      title,
      version,
      description: [about, ...(reach.leftOut === 0 ? [] : [leftOutIn(reach)])].join(" "),
      ...(license === undefined ? {} : { license }),
      ...(reach.leftOut === 0 ? {} : { "x-operations-left-out": reach.leftOut }),
    },
    servers: servers.map((url) => ({ url })),
    security: [...(options.anonymous ? [{}] : []), ...Object.keys(securitySchemes).map((name) => ({ [name]: [] }))],
    tags: tagsOf(tree),
    paths: () => pathsOf(tree.root, reach.tables, new OperationNames(nouns), ground),
    components: ground.components,
    ...(ground.secured ? { securitySchemes } : {}),
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
  written: resource.columns.filter((column) => isWritten(column) && !resource.unwritten?.includes(column.name)),
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

/** With a stack of its own: a generator within generators would hand on each path as often as it is deep. */
function* pathsOf(root: RouteNode, tables: number, names: OperationNames, ground: Ground): Generator<PathPart, void> {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (tablesIn(node) > tables) continue;
    if (Object.keys(node.routes).length > 0)
      yield { address: addressOf(node), item: pathItem(node, names, ground), node };
    for (const next of nextOf(node).reverse()) waiting.push(next);
  }
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
