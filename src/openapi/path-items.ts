// The places of the tree → the document's paths, and what their operations are called.
import type { Method } from "../http/message.js";
import type { AnyRoute, RouteNode } from "../routes/tree.js";
import { batchOperation } from "./batch.js";
import { callOperation } from "./calls.js";
import { type Ground, tableIn } from "./ground.js";
import type { OperationNaming } from "./names.js";
import { toOperation } from "./operations.js";
import { keyParameter } from "./parameters.js";
import { profileParameters } from "./profile.js";
import { countTables, nextOf } from "./reach.js";
import type { JsonSchema } from "./schema.js";

export interface PathPart {
  readonly address: string;
  readonly item: JsonSchema;
}

/** With a stack of its own: a generator within generators would hand on each path as often as it is deep. */
export function* nodesWithin(root: RouteNode, tables: number): Generator<RouteNode, void> {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (countTables(node) > tables) continue;
    if (Object.keys(node.routes).length > 0) yield node;
    for (const next of nextOf(node).reverse()) waiting.push(next);
  }
}

/** `/albums/{id}/tracks` */
export const templatedPath = ({ pattern }: Pick<RouteNode, "pattern">): string =>
  pattern
    .split("/")
    .map((part) => (part.startsWith(":") ? `{${part.slice(1)}}` : encodeURIComponent(part)))
    .join("/");

/** The place of such an address. */
export function nodeAt(root: RouteNode, address: string): RouteNode | undefined {
  let node: RouteNode | undefined = root;
  for (const part of address.split("/").slice(1)) {
    if (node === undefined) return undefined;
    const { literals, param }: RouteNode = node;
    const next = Object.values(literals).find(({ pattern }) => encodeURIComponent(lastOf(pattern)) === part);
    node = part.startsWith("{") ? param?.node : next;
  }
  return node;
}

const lastOf = (pattern: string): string => pattern.slice(pattern.lastIndexOf("/") + 1);

export const methodRoutes = ({ routes }: RouteNode): [Method, AnyRoute][] =>
  Object.entries(routes) as [Method, AnyRoute][];

export function pathItem(node: RouteNode, names: OperationNaming, ground: Ground): JsonSchema {
  const all = methodRoutes(node);
  const [, first] = all[0] as [Method, AnyRoute];
  const keys = first.steps.flatMap(({ table, param }) =>
    param === undefined ? [] : [keyParameter(tableIn(ground, table), param, ground)],
  );
  const operations = all.map(([method, route]) => {
    const { parameters = [], ...rest } = operationOf(route, ground);
    const all = [...keys, ...(parameters as JsonSchema[]), ...profileParameters(method, ground)];
    const whole = { ...headOf(node, route, names), ...rest, parameters: all };
    return [method.toLowerCase(), whole] as const;
  });
  // Where it is shown, Swagger UI takes the column `id` of the query for an `id` of the path that stands beside the operations (5.35).
  const shared = ground.terse ? sharedBy(operations.map(([, { parameters }]) => parameters)) : new Set<string>();
  const description = ground.plain ? descriptionOf(operations.map(([, operation]) => operation)) : undefined;
  const own = operations.map(([method, { parameters, ...all }]) => {
    const operation = description === undefined ? all : withoutDescription(all);
    const others = parameters.filter((parameter) => !shared.has(textOf(parameter)));
    return [method, { ...operation, ...(others.length === 0 ? {} : { parameters: others }) }] as const;
  });
  const parameters = operations[0]?.[1].parameters.filter((parameter) => shared.has(textOf(parameter))) ?? [];
  return {
    ...(description !== undefined && { description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...Object.fromEntries(own),
  };
}

const withoutDescription = ({ description: _, ...operation }: JsonSchema): JsonSchema => operation;

/** What is said of each of several operations is said of their path once. */
function descriptionOf(operations: readonly JsonSchema[]): string | undefined {
  const [first, ...others] = operations.map(({ description }) => description);
  return typeof first === "string" && others.length > 0 && others.every((one) => one === first) ? first : undefined;
}

/** What stands with each of the operations. */
function sharedBy([first = [], ...others]: readonly (readonly JsonSchema[])[]): ReadonlySet<string> {
  const sets = others.map((parameters) => new Set(parameters.map(textOf)));
  return new Set(first.map(textOf).filter((text) => sets.every((set) => set.has(text))));
}

const textOf = ({ $ref }: JsonSchema): string => String($ref);

/** Of each operation what a table of contents shows. */
export function outlineOf(node: RouteNode, names: OperationNaming, ground: Ground): JsonSchema {
  const operations = methodRoutes(node).map(([method, route]) => {
    const { summary } = operationOf(route, ground);
    return [method.toLowerCase(), { ...headOf(node, route, names), summary }] as const;
  });
  return Object.fromEntries(operations);
}

const headOf = ({ param }: RouteNode, route: AnyRoute, names: OperationNaming): JsonSchema => ({
  operationId: names.nameOf(route, param?.name),
  tags: [route.pattern.split("/")[1]],
});

function operationOf(route: AnyRoute, ground: Ground): JsonSchema {
  if (route.operation === "batch") return batchOperation(ground);
  return route.operation === "call" ? callOperation(route, ground) : toOperation(route, ground);
}
