// The route tree → its OpenAPI 3.1 document. Pure: the same document for the same tree, and linear in its size.
import { once } from "../base/once.js";
import { type Limits, limitsOf } from "../http/limits.js";
import type { RouteNode, RouteTree } from "../routes/tree.js";
import { listsWithin, namesWithin } from "./called.js";
import type { BigNumbers } from "./column.js";
import { Components } from "./components.js";
import { describedTables } from "./described-tables.js";
import { type Ground, tableIn } from "./ground.js";
import { OperationNames } from "./names.js";
import { methodRoutes, nodeAt, nodesWithin, outlineOf, type PathPart, pathItem, templatedPath } from "./path-items.js";
import { MOST_IN_FULL } from "./plain-form.js";
import { profileIn } from "./profile.js";
import { countTables, leftOutIn, type Reach, reachOf } from "./reach.js";
import type { JsonSchema } from "./schema.js";
import { aboutTable } from "./wording.js";

export interface OpenApiOptions extends Partial<Limits> {
  /** Default `API`. */
  readonly title?: string;
  /** The API's own version. Default `1.0.0`. */
  readonly version?: string;
  readonly description?: string;
  /** Whom to ask about the API. */
  readonly contact?: { readonly name?: string; readonly url?: string; readonly email?: string };
  readonly license?: { readonly name: string; readonly identifier?: string; readonly url?: string };
  /** Where the resources are: `/api`, `https://example.org/v1`. Default `/`. */
  readonly servers?: readonly string[];
  /** As the API has it. */
  readonly bigNumbers?: BigNumbers;
  /** OpenAPI's own, by their names. Where there are any, every operation asks for one of them, and may answer 401 and 403. */
  readonly securitySchemes?: Readonly<Record<string, JsonSchema>>;
  /** Is `Idempotency-Key` heeded? Default `false`. */
  readonly keyed?: boolean;
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
  const {
    paths,
    components,
    securitySchemes,
    outline: _,
    lists: __,
    tagAt: ___,
    pathAt: ____,
    tagsHolding: _____,
    ...head
  } = documentParts(tree, options);
  const all = Object.fromEntries([...paths()].map(({ address, item }) => [address, item]));
  return { ...head, paths: all, components: { ...components.toJSON(), ...(securitySchemes && { securitySchemes }) } };
}

/** A document in parts, for whoever makes a large one step by step. The components are those of the paths: they come last. */
export interface DocumentParts extends PlainParts {
  /** What the page shows at first: the tags, and no paths. */
  outline(): PlainParts;
  /** By table, the first operation that lists it: its tag and its name. */
  lists(): ReadonlyMap<string, readonly string[]>;
  /** The paths of a tag, as the page shows them when it is opened: they refer to no components. */
  tagAt(tag: string): Readonly<Record<string, JsonSchema>> | undefined;
  /** The tags of operations whose path or name holds this text, in any case. */
  tagsHolding(text: string): readonly string[];
  /** One path, as the page shows it when it is unfolded, with the components that it needs. */
  pathAt(address: string): PathWithComponents | undefined;
}

export interface PlainParts extends Omit<OpenApiDocument, "paths" | "components"> {
  paths(): Generator<PathPart, void>;
  readonly components: Components;
  /** Stand with the components. */
  readonly securitySchemes?: Readonly<Record<string, JsonSchema>>;
}

export interface PathWithComponents {
  readonly item: JsonSchema;
  readonly components: Readonly<Record<string, JsonSchema>>;
}

export const documentParts = (tree: RouteTree, options: OpenApiOptions = {}): DocumentParts => {
  const reach = reachOf(tree, options.maxOperations ?? MOST_OPERATIONS);
  const isLarge = reach.operations - reach.leftOut > MOST_IN_FULL;
  const tables = describedTables(tree);
  const ground = groundOf(tree, tables, options, options.whole ? "whole" : isLarge ? "plain" : "light");
  const pages = once(() => groundOf(tree, tables, options, "page"));
  const names = () => new OperationNames(new Map(tree.resources.map(({ table, noun }) => [table, noun])));
  const called = once(() => namesWithin(tree.root, reach.tables, names()));
  const head = headOf(tree, options, ground, reach);
  return {
    ...head,
    *paths() {
      const called = names();
      for (const node of nodesWithin(tree.root, reach.tables))
        yield { address: templatedPath(node), item: pathItem(node, called, ground) };
    },
    components: ground.components,
    outline: () => ({ ...head, *paths() {}, components: new Components() }),
    lists: () => listsWithin(tree.root, reach.tables, called()),
    tagAt(tag) {
      const top = Object.hasOwn(tree.root.literals, tag) ? tree.root.literals[tag] : undefined;
      if (top === undefined) return undefined;
      const nodes = [...nodesWithin(top, reach.tables)];
      return Object.fromEntries(nodes.map((node) => [templatedPath(node), outlineOf(node, called(), pages())]));
    },
    tagsHolding(text) {
      const wanted = text.toLowerCase();
      const holds = (node: RouteNode) =>
        [templatedPath(node), ...methodRoutes(node).map(([, route]) => called().nameOf(route, node.param?.name))].some(
          (name) => name.toLowerCase().includes(wanted),
        );
      return Object.entries(tree.root.literals)
        .filter(([, top]) => [...nodesWithin(top, reach.tables)].some(holds))
        .map(([tag]) => tag);
    },
    pathAt(address) {
      const node = nodeAt(tree.root, address);
      if (node === undefined || Object.keys(node.routes).length === 0 || countTables(node) > reach.tables)
        return undefined;
      const components = new Components();
      const item = pathItem(node, called(), { ...pages(), components, filters: new Map() });
      return { item, components: components.toJSON() };
    },
  };
};

type Form = "whole" | "light" | "plain" | "page";

function groundOf(
  tree: RouteTree,
  tables: ReturnType<typeof describedTables>,
  options: OpenApiOptions,
  form: Form,
): Ground {
  const limits = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return {
    components: new Components(),
    limits: limitsOf(limits),
    bigNumbers: options.bigNumbers ?? "number",
    ...tables,
    secured: Object.keys(options.securitySchemes ?? {}).length > 0,
    keyed: options.keyed === true,
    profile: tree.profile,
    filters: new Map(),
    cut: form !== "whole",
    most: form === "page" ? ON_PAGE : Number.POSITIVE_INFINITY,
    terse: form === "light" || form === "plain",
    plain: form === "plain",
  };
}

/** So many related tables are shown with their columns where an operation is unfolded: Swagger UI makes an example of them all. */
const ON_PAGE = 8;

function headOf(
  tree: RouteTree,
  options: OpenApiOptions,
  ground: Ground,
  reach: Reach,
): Omit<PlainParts, "paths" | "components"> {
  const { title = "API", version = "1.0.0", contact, license, servers = ["/"], securitySchemes = {} } = options;
  const about =
    options.description ??
    "HEAD works wherever GET does, and lists and rows take their query in a body too: by QUERY, or a list by POST to its path and /query. Refusals are problem documents (RFC 9457).";
  return {
    openapi: "3.1.0",
    info: {
      title,
      version,
      description: [about, ...profileIn(tree), ...(reach.leftOut === 0 ? [] : [leftOutIn(reach)])].join(" "),
      ...(contact === undefined ? {} : { contact }),
      ...(license === undefined ? {} : { license }),
      ...(reach.leftOut === 0 ? {} : { "x-operations-left-out": reach.leftOut }),
    },
    servers: servers.map((url) => ({ url })),
    security: [...(options.anonymous ? [{}] : []), ...Object.keys(securitySchemes).map((name) => ({ [name]: [] }))],
    tags: tagsOf(tree, ground),
    ...(ground.secured ? { securitySchemes } : {}),
  };
}

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
