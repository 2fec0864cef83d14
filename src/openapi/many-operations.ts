// PATCH and DELETE of a list: of those rows that the filters select.
import type { Route } from "../routes/tree.js";
import { updateEachOf, updateManyOf } from "./bodies.js";
import { type Described, type Ground, tableIn } from "./ground.js";
import { selectionParameters } from "./parameters.js";
import { countedHeaders, type Describe, jsonContent, many, minimal, type Parts, writeRefusals } from "./parts.js";
import { preferOf, warningOf } from "./prefer.js";
import { linkTable } from "./route-tables.js";
import { wherein } from "./wording.js";
import { patchForms, rowTexts } from "./write-operations.js";

export const describeUpdateMany: Describe = (route, ground) => {
  const of = tableIn(ground, route.table);
  const said = updateManyOf(of, ground);
  const others = { ...patchForms(said, ground), ...rowTexts(ground) };
  return {
    summary: `Change the ${of.resource.name}${wherein(route, ground)} that the filters select`,
    ...warningOf(of.resource),
    parameters: [...selectionParameters(of, ground), preferOf("Prefer.many", ground, of.resource)],
    body: jsonContent({ anyOf: [said, updateEachOf(of, ground)] }, false, others),
    answers: { 200: many(ROWS, of, ground), 204: { ...minimal, headers: countedHeaders } },
    refusals: [...writeRefusals, 412],
  };
};

const ROWS = "The rows as they are now; with `return=representation` those that a DELETE took away, as they were.";

export const describeDeleteMany: Describe = (route, ground) =>
  removal(route, "Delete", tableIn(ground, route.table), ground);

export const describeUnlinkMany: Describe = (route, ground) =>
  removal(route, "Unlink", linkTable(route, ground), ground);

/** `loses` is the table that loses rows: that of the links, or the route's own. */
function removal(route: Route, verb: string, loses: Described, ground: Ground): Parts {
  const of = tableIn(ground, route.table);
  return {
    summary: `${verb} the ${of.resource.name}${wherein(route, ground)} that the filters select`,
    ...warningOf(loses.resource),
    parameters: [...selectionParameters(of, ground), preferOf("Prefer.many", ground, loses.resource)],
    answers: { 200: many(ROWS, of, ground), 204: { description: "Done.", headers: countedHeaders } },
    refusals: [403, 409, 412],
  };
}
