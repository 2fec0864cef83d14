// The route tree → its OpenAPI 3.1 document. Pure: the same document for the same tree, and linear in its size.
import { type Limits, limitsOf } from "../http/limits.js";
import type { Resource, RouteNode, RouteTree } from "../routes/tree.js";
import { fieldOf, isWritten } from "../schema/schema.js";
import { type BigNumbers, columnComponents } from "./column.js";
import { Components } from "./components.js";
import { filterComponents } from "./filters.js";
import { type Described, type Ground, tableIn } from "./ground.js";
import { componentNames, OperationNames } from "./names.js";
import { addressOf, nodesWithin, outlineOf, type PathPart, pathItem } from "./path-items.js";
import { leftOutIn, type Reach, reachOf } from "./reach.js";
import type { JsonSchema } from "./schema.js";
import { aboutTable } from "./wording.js";

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
  /**
   * Every status of refusal by itself, parameters in each table's own words, and related rows on all levels: for types, and some times
   * as large. Default `false`.
   */
  readonly whole?: boolean;
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

/** A document in parts, for whoever makes a large one step by step. The components are those of the paths: they come last. */
export interface DocumentParts extends Omit<OpenApiDocument, "paths" | "components"> {
  paths(): Generator<PathPart, void>;
  readonly components: Components;
  /** Stand with the components. */
  readonly securitySchemes?: Readonly<Record<string, JsonSchema>>;
}

export const partsOf = (tree: RouteTree, options: OpenApiOptions = {}): DocumentParts =>
  partsBy(tree, options, groundOf(tree, options, options.whole ? "whole" : "light"), pathItem);

/** What the page shows before an operation is unfolded. It refers to no components. */
export const outlinePartsOf = (tree: RouteTree, options: OpenApiOptions = {}): DocumentParts => ({
  ...partsBy(tree, options, groundOf(tree, options, "page"), outlineOf),
  components: new Components(),
});

/** One path of the document, with the components that it needs, as the page shows it when it is unfolded. */
export function pathOf(
  tree: RouteTree,
  node: RouteNode,
  options: OpenApiOptions = {},
): Pick<OpenApiDocument, "paths" | "components"> {
  const ground = groundOf(tree, options, "page");
  const paths = { [addressOf(node)]: pathItem(node, namesIn(tree), ground) };
  return { paths, components: ground.components.toJSON() };
}

function partsBy(tree: RouteTree, options: OpenApiOptions, ground: Ground, itemOf: typeof pathItem): DocumentParts {
  const reach = reachOf(tree, options.maxOperations ?? MOST_OPERATIONS);
  const names = namesIn(tree);
  return {
    ...headOf(tree, options, ground, reach),
    paths: function* () {
      for (const node of nodesWithin(tree.root, reach.tables))
        yield { address: addressOf(node), item: itemOf(node, names, ground), node };
    },
    components: ground.components,
  };
}

const namesIn = ({ resources }: RouteTree): OperationNames =>
  new OperationNames(new Map(resources.map(({ table, noun }) => [table, noun])));

function groundOf(tree: RouteTree, options: OpenApiOptions, form: "whole" | "light" | "page"): Ground {
  const limits = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return {
    components: new Components(),
    limits: limitsOf(limits),
    bigNumbers: options.bigNumbers ?? "number",
    tables: tablesOf(tree),
    secured: Object.keys(options.securitySchemes ?? {}).length > 0,
    filters: new Map(),
    cut: form !== "whole",
    terse: form === "light",
  };
}

function headOf(
  tree: RouteTree,
  options: OpenApiOptions,
  ground: Ground,
  reach: Reach,
): Omit<DocumentParts, "paths" | "components"> {
  const { title = "API", version = "1.0.0", license, servers = ["/"], securitySchemes = {} } = options;
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
    tags: tagsOf(tree, ground),
    ...(ground.secured ? { securitySchemes } : {}),
  };
}

function tablesOf({ resources }: RouteTree): ReadonlyMap<string, Described> {
  const names = componentNames(resources, [
    "Problem",
    "Envelope",
    "Csv",
    "NumberOrIncrement",
    ...columnComponents,
    ...filterComponents,
  ]);
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
function tagsOf({ resources, root }: RouteTree, ground: Ground): OpenApiDocument["tags"] {
  const byName = new Map(resources.filter((resource) => resource.root).map((resource) => [resource.name, resource]));
  return Object.entries(root.literals).map(([name, node]) => {
    const resource = byName.get(name);
    if (node.routes.POST?.operation === "batch") return { name, description: "Many requests in one." };
    if (resource === undefined) return { name, description: "Functions and procedures." };
    const { comment, table } = resource;
    const about = aboutTable(tableIn(ground, table), ground);
    return { name, description: [...(comment === undefined ? [] : [comment]), about].join(" ") };
  });
}
