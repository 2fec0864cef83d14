// A route → the forms that its answers may have.
import { type Form, listForms } from "../http/negotiate.js";
import type { AnyRoute } from "../routes/tree.js";
import { type TableLookup, tableOf } from "../schema/lookup.js";
import type { RequestContext } from "./context.js";

/** The route of a batch, or of a routine, has no table. */
export function formsOf(route: AnyRoute, context: RequestContext): readonly Form[] {
  const { operation } = route;
  if (operation === "call") return listForms;
  if (operation !== "list" && operation !== "read") return ["json"];
  const forms: readonly Form[] = operation === "list" ? listForms : ["json"];
  return hasGeometry(tableOf(context.snapshot.lookup, route.table)) ? [...forms, "geojson"] : forms;
}

const hasGeometry = ({ defaultFields }: TableLookup): boolean =>
  defaultFields.some(({ type }) => type.geometry !== undefined);
