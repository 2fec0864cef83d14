// Places of a tree while it grows, and the routes that a table's rows have at one: those of the writes that the table takes.
import type { Method } from "../http/message.js";
import type { Table } from "../schema/schema.js";
import type { Writing } from "../schema/warnings.js";
import type { AnyRoute, Operation, Route, Step } from "./tree.js";

/** A node while it grows; it ends as a `RouteNode`. */
export interface Growing {
  pattern: string;
  literals: Record<string, Growing>;
  param?: { name: string; node: Growing };
  routes: Partial<Record<Method, AnyRoute>>;
}

/** Which writes a table takes. */
export type Writes = Readonly<Record<Writing | "restore", boolean>>;
export const NOTHING: Writes = { insert: false, update: false, delete: false, restore: false };

export function addCollection(
  node: Growing,
  relation: Route["relation"],
  steps: Step[],
  writes: Writes,
  { primaryKey }: Table,
): void {
  addRoute(node, "GET", "list", relation, steps);
  if (writes.insert) addRoute(node, "POST", "create", relation, steps);
  if (primaryKey.length === 0) return;
  if (writes.update) addRoute(node, "PATCH", "updateMany", relation, steps);
  if (writes.delete) addRoute(node, "DELETE", "deleteMany", relation, steps);
}

/** Of rows that a view leaves out nobody says in a whole set that they are to stay. */
export function addLinkSet(node: Growing, steps: Step[], writes: Writes, links: Writes, { kind }: Table): void {
  if (links.insert && links.delete && kind !== "view") addRoute(node, "PUT", "relink", "n-n", steps);
  if (writes.update) addRoute(node, "PATCH", "updateMany", "n-n", steps);
  if (links.delete) addRoute(node, "DELETE", "unlinkMany", "n-n", steps);
}

export function addRow(node: Growing, relation: Route["relation"], steps: Step[], writes: Writes): void {
  addRoute(node, "GET", "read", relation, steps);
  if (writes.update) {
    addRoute(node, "PUT", "replace", relation, steps);
    addRoute(node, "PATCH", "update", relation, steps);
  }
  if (writes.delete) addRoute(node, "DELETE", "delete", relation, steps);
}

export function addRoute(
  node: Growing,
  method: Method,
  operation: Operation,
  relation: Route["relation"],
  steps: Step[],
): void {
  const id = `${method} ${node.pattern}`;
  if (node.routes[method] !== undefined)
    throw new Error(`two routes are ${id}: a defect of the naming, please report it`);
  const table = (steps.at(-1) as Step).table;
  node.routes[method] = { id, method, pattern: node.pattern, operation, relation, table, steps };
}

export const grow = (pattern: string): Growing => ({ pattern, literals: Object.create(null), routes: {} });

export function literalStep(node: Growing, name: string): Growing {
  node.literals[name] ??= grow(`${node.pattern}/${name}`);
  return node.literals[name];
}

export function parameter(node: Growing, name: string): Growing {
  node.param ??= { name, node: grow(`${node.pattern}/:${name}`) };
  return node.param.node;
}
