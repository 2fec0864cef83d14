// Where a table of the picture leads to: its operations in Swagger UI.
import type { Address } from "../diagram/picture.js";
import { addressOf, type OpenApiDocument } from "../openapi/document.js";
import { type Route, type RouteTree, routesOf } from "../routes/tree.js";

interface Named {
  readonly tags: readonly string[];
  readonly operationId: string;
}

/** Addresses from a page below `here`. A root leads to its group of operations; other tables lead to the first one about them. */
export function addressesIn(tree: RouteTree, document: OpenApiDocument, here: string): Address {
  const first = new Map<string, Route>();
  for (const route of routesOf(tree.root)) {
    if (route.operation !== "list") continue;
    const join = route.steps.at(-1)?.join;
    const table = join?.via === "link" ? join.link : route.table;
    if (!first.has(table)) first.set(table, route);
  }
  return ({ table, name, root }) => {
    if (root) return `../${here}#/${encodeURIComponent(name)}`;
    const route = first.get(table);
    const operation = route && (document.paths[addressOf(route)]?.get as Named | undefined);
    return operation && `../${here}#/${[...operation.tags, operation.operationId].map(encodeURIComponent).join("/")}`;
  };
}
