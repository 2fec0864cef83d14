// The tree's tables with their names in the document, and the names that schemas have.
import type { Resource, RouteTree } from "../routes/tree.js";
import { fieldOf, isWritten } from "../schema/schema.js";
import { columnComponents } from "./column.js";
import { filterComponents } from "./filters.js";
import type { Described, Ground } from "./ground.js";
import { componentNames, filesOf } from "./names.js";

/** Names that tables' components must not take. */
const reserved: readonly string[] = [
  "Problem",
  "Envelope",
  "Csv",
  "NumberOrIncrement",
  "Ndjson",
  "JsonPatch",
  "NoColumns",
  ...columnComponents,
  ...filterComponents,
];

export function describedTables({ resources }: RouteTree): Pick<Ground, "tables" | "schemaNames"> {
  const names = componentNames(resources, reserved);
  return {
    tables: new Map(
      resources.map((resource) => [resource.table, describe(resource, names.get(resource.table) as string)]),
    ),
    schemaNames: new Set([...reserved.map((name) => name.toLowerCase()), ...[...names.values()].flatMap(filesOf)]),
  };
}

function describe(resource: Resource, name: string): Described {
  const { columns, computed = [], unread, unwritten } = resource;
  const shown = columns.filter((column) => !unread?.includes(column.name));
  return {
    resource,
    name,
    shown,
    readable: [...shown, ...computed],
    written: columns.filter((column) => isWritten(column) && !unwritten?.includes(column.name)),
    fields: new Map(columns.map((column) => [fieldOf(column), column])),
    columns: new Map(columns.map((column) => [column.name, column])),
  };
}
