// Links of an N-to-N: add, delete, and PUT of the whole list.
import { type Described, tableIn } from "./ground.js";
import { idsOf, linkOf } from "./link-bodies.js";
import { applied, type Describe, gone, jsonContent, minimal, writeRefusals } from "./parts.js";
import { preferOf, warningOf } from "./prefer.js";
import type { DocumentedAnswer } from "./responses.js";
import { endsOf, linkTable, needsBody } from "./route-tables.js";
import { rowOf, selectionOf } from "./rows.js";
import { one, wherein } from "./wording.js";

export const describeLink: Describe = (route, ground) => {
  const of = linkTable(route, ground);
  const ends = endsOf(route);
  const row: DocumentedAnswer = {
    description: "The link; 201 says that it is new.",
    headers: applied,
    schema: rowOf(of, ground),
  };
  return {
    summary: `Link ${one(tableIn(ground, route.table))}${wherein(route, ground)}`,
    parameters: [preferOf("Prefer", ground, of.resource)],
    body: jsonContent(linkOf(of, ends, ground), needsBody(of, ends)),
    ...(!hasFurther(of, ends) && { bodyName: "link" }),
    answers: { 200: row, 201: row, 204: minimal },
    refusals: hasFurther(of, ends) ? writeRefusals : writeRefusals.filter((status) => status !== 422),
  };
};

export const describeUnlink: Describe = (route, ground) => ({
  summary: `Unlink ${one(tableIn(ground, route.table))}${wherein(route, ground)}`,
  parameters: [preferOf("Prefer", ground, linkTable(route, ground).resource)],
  answers: { 204: gone },
  refusals: [403],
});

export const relink: Describe = (route, ground) => {
  const of = tableIn(ground, route.table);
  const links = linkTable(route, ground).resource;
  return {
    summary: `Make these the ${of.resource.name}${wherein(route, ground)}`,
    ...warningOf(links),
    parameters: [preferOf("Prefer", ground, links)],
    body: jsonContent(idsOf(of, ground), true),
    answers: {
      200: {
        description: "The list as it is now.",
        headers: ["Link", "Preference-Applied"],
        schema: { type: "array", items: selectionOf(of, ground) },
      },
      204: { ...minimal, headers: ["Link", ...applied] },
    },
    refusals: writeRefusals,
  };
};

const hasFurther = ({ written }: Described, ends: readonly string[]): boolean =>
  written.some(({ name }) => !ends.includes(name));
