// Binary columns → routes of their own below a row: `GET /photos/1/image` answers the bytes themselves.
import type { Renaming } from "../base/naming.js";
import { type Column, fieldOf } from "../schema/schema.js";
import type { Writing } from "../schema/warnings.js";
import { type Growing, literalStep, parameter } from "./growing.js";
import { firstFree } from "./path-names.js";
import type { Resource, Route, Step } from "./tree.js";

/** Relations and routines of a row keep their names. `writes` says whether rows of a table may be changed. */
export function addBytes(
  root: Growing,
  resources: readonly Resource[],
  writes: (table: string) => Readonly<Record<Writing, boolean>>,
): Renaming[] {
  return resources.flatMap((resource) => {
    const { name, table, primaryKey } = resource;
    if (!resource.root || primaryKey.length === 0) return [];
    const row = parameter(literalStep(root, name), "id");
    return bytesIn(resource).flatMap((column) => {
      const field = fieldOf(column);
      const given = firstFree([field, `${field}_bytes`], new Set(Object.keys(row.literals)));
      const node = literalStep(row, given);
      const step: Step = { table, param: "id" };
      const isWritten = writes(table).update && column.denied?.includes("update") !== true;
      addRoute(node, "GET", "readBytes", column, step);
      if (isWritten) addRoute(node, "PUT", "writeBytes", column, step);
      // A column that must have some is not emptied.
      if (isWritten && column.nullable) addRoute(node, "DELETE", "clearBytes", column, step);
      const because = `${row.pattern}/${field} is taken; these are the bytes of ${table}.${column.name}`;
      return given === field ? [] : [{ wanted: `${row.pattern}/${field}`, given: node.pattern, because }];
    });
  });
}

/** Keys are names of rows, whatever they are made of; what the database computes is mostly a version or a hash. */
function bytesIn({ columns, primaryKey, uniqueKeys, relations }: Resource): Column[] {
  const keys = new Set([
    ...primaryKey,
    ...uniqueKeys.flatMap((key) => key.columns),
    ...relations.flatMap(({ join }) => (join.via === "parent" ? join.columns : [])),
  ]);
  return columns.filter(({ name, type, generated }) => type.kind === "binary" && !generated && !keys.has(name));
}

function addRoute(
  node: Growing,
  method: "GET" | "PUT" | "DELETE",
  operation: "readBytes" | "writeBytes" | "clearBytes",
  { name }: Column,
  step: Step,
): void {
  const { pattern } = node;
  const { table } = step;
  const route: Route = {
    ...{ id: `${method} ${pattern}`, method, pattern, operation, relation: "root", table, column: name },
    steps: [step],
  };
  node.routes[method] = route;
}
