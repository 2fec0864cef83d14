// Schema and relations → the route tree. Pure: the same tree for the same input.
import { createNaming, wordsOf } from "../schema/naming.js";
import type { Schema, Table } from "../schema/schema.js";
import { nameResources } from "./names.js";
import { type RelateOptions, type Relation, relate } from "./relations.js";
import type { Method, NamedRelation, Operation, Resource, Route, RouteNode, RouteTree, Step } from "./tree.js";

export interface BuildOptions extends RelateOptions {}

/** A node while it grows; it ends as a `RouteNode`. */
interface Growing {
  pattern: string;
  literals: Record<string, Growing>;
  param?: { name: string; node: Growing };
  routes: Partial<Record<Method, Route>>;
}

/** The tree of everything the API answers to. Throws when the config asks for a relation that cannot hold. */
export function buildRouteTree(schema: Schema, options: BuildOptions = {}): RouteTree {
  const relations: Relation[] = relate(schema, options);
  const naming = createNaming(options);
  const { resources, renamings } = nameResources(schema, relations, naming);
  const tables = new Map(schema.tables.map((table) => [table.id, table]));
  const byTable = new Map(resources.map((resource) => [resource.table, resource]));
  const root = grow("");
  for (const resource of resources) {
    if (!resource.root) continue;
    const table = tables.get(resource.table) as Table;
    const collection = literal(root, resource.name);
    addCollection(collection, "root", [{ table: table.id }], resource.readOnly);
    if (table.primaryKey.length === 0) continue;
    const row = parameter(collection, "id");
    addRow(row, "root", [{ table: table.id, param: "id" }], resource.readOnly);
  }
  // A table that only links has no root route, but rows that others reach may still lead on from there.
  for (const resource of resources) {
    const table = tables.get(resource.table) as Table;
    if (!resource.root || table.primaryKey.length === 0) continue;
    const row = parameter(literal(root, resource.name), "id");
    for (const relation of resource.relations)
      addRelation(row, { table: table.id, param: "id" }, relation, byTable, tables);
  }
  return { resources, root, renamings };
}

function addRelation(
  row: Growing,
  first: Step,
  relation: NamedRelation,
  resources: ReadonlyMap<string, Resource>,
  tables: ReadonlyMap<string, Table>,
): void {
  const target = tables.get(relation.table) as Table;
  const readOnly = (resources.get(relation.table) as Resource).readOnly;
  const node = literal(row, relation.name);
  const step: Step = { table: relation.table, join: relation.join };
  if (!relation.many) {
    const steps = [first, { ...step, one: true }];
    const write = relation.relation === "one-one" && !readOnly;
    addRoute(node, "GET", "read", relation.relation, steps);
    if (!write) return;
    addRoute(node, "PUT", "replace", relation.relation, steps);
    addRoute(node, "PATCH", "update", relation.relation, steps);
    addRoute(node, "DELETE", "delete", relation.relation, steps);
    return;
  }
  const param = paramName(relation.name, target);
  if (relation.relation === "n-n") {
    addRoute(node, "GET", "list", "n-n", [first, step]);
    if (target.primaryKey.length === 0) return;
    const linked = parameter(node, param);
    const steps = [first, { ...step, param }];
    addRoute(linked, "GET", "read", "n-n", steps);
    addRoute(literal(linked, "add"), "POST", "link", "n-n", steps);
    addRoute(literal(linked, "delete"), "POST", "unlink", "n-n", steps);
    return;
  }
  addCollection(node, relation.relation, [first, step], readOnly);
  if (target.primaryKey.length > 0)
    addRow(parameter(node, param), relation.relation, [first, { ...step, param }], readOnly);
}

function addCollection(node: Growing, relation: Route["relation"], steps: Step[], readOnly: boolean): void {
  addRoute(node, "GET", "list", relation, steps);
  if (!readOnly) addRoute(node, "POST", "create", relation, steps);
}

function addRow(node: Growing, relation: Route["relation"], steps: Step[], readOnly: boolean): void {
  addRoute(node, "GET", "read", relation, steps);
  if (readOnly) return;
  addRoute(node, "PUT", "replace", relation, steps);
  addRoute(node, "PATCH", "update", relation, steps);
  addRoute(node, "DELETE", "delete", relation, steps);
}

function addRoute(
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

const grow = (pattern: string): Growing => ({ pattern, literals: Object.create(null), routes: {} });

function literal(node: Growing, name: string): Growing {
  node.literals[name] ??= grow(`${node.pattern}/${name}`);
  return node.literals[name];
}

function parameter(node: Growing, name: string): Growing {
  node.param ??= { name, node: grow(`${node.pattern}/:${name}`) };
  return node.param.node;
}

/** `/albums/:id/tracks/:trackId`: named after what stands before it. */
function paramName(relationName: string, target: Table): string {
  const words = wordsOf(relationName);
  const one = createNaming({ resourceCase: "camel" }).path(words.length > 0 ? words : wordsOf(target.name), "one");
  return one === "" ? "childId" : `${one}Id`;
}

export type { RouteNode };
