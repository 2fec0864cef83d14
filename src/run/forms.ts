// A route → the forms that its answers may have.
import { type Form, listForms } from "../http/negotiate.js";
import type { AnyRoute } from "../routes/tree.js";
import { type TableLookup, tableOf } from "../schema/lookup.js";
import type { RequestContext } from "./context.js";

const json: readonly Form[] = ["json"];

/** The route of a batch, or of a routine, has no table. */
export function formsOf(route: AnyRoute, context: RequestContext): readonly Form[] {
  const { operation } = route;
  if (operation === "call") return listForms;
  if (operation !== "list" && operation !== "read") return json;
  const forms = operation === "list" ? listForms : json;
  return hasGeometry(tableOf(context.snapshot.lookup, route.table)) ? [...forms, "geojson"] : forms;
}

/** Every read asks this. */
const known = new WeakMap<TableLookup, boolean>();

function hasGeometry(entry: TableLookup): boolean {
  let found = known.get(entry);
  if (found === undefined) {
    found = entry.defaultFields.some(({ type }) => type.geometry !== undefined);
    known.set(entry, found);
  }
  return found;
}
