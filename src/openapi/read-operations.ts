// GET: lists and rows.
import { fieldOf } from "../schema/schema.js";
import { type Described, type Ground, relationsOf, tableIn } from "./ground.js";
import { listParameters, rowParameters } from "./parameters.js";
import type { Describe } from "./parts.js";
import type { HeaderName } from "./responses.js";
import { listOf, selectionOf } from "./rows.js";
import { one, wherein } from "./wording.js";

export const describeList: Describe = (route, ground) => {
  const of = tableIn(ground, route.table);
  const headers: HeaderName[] = ["Link", "X-Total-Count", "Content-Range", "Accept-Query"];
  const form = {
    schema: listOf(of, ground),
    isList: true,
    ...(hasGeometry(of) && { features: "FeatureCollection" as const }),
  };
  const rows = { description: "The rows, or those of the `Range`.", headers, ...form };
  return {
    summary: `List ${of.resource.name}${wherein(route, ground)}`,
    ...throughRelations(of, ground),
    parameters: listParameters(of, ground),
    answers: { 200: rows, 206: rows },
    refusals: [416],
  };
};

export const describeRead: Describe = (route, ground) => {
  const of = tableIn(ground, route.table);
  return {
    summary: `Read ${one(of)}${wherein(route, ground)}`,
    parameters: rowParameters(of, ground),
    answers: {
      200: {
        description: "The row.",
        headers: ["ETag", "Accept-Query"],
        schema: selectionOf(of, ground),
        ...(hasGeometry(of) && { features: "Feature" }),
      },
      304: { description: "The row is the one that `If-None-Match` names.", headers: ["ETag", "Accept-Query"] },
    },
    refusals: [],
  };
};

const hasGeometry = ({ shown }: Described): boolean => shown.some(({ type }) => type.geometry !== undefined);

function throughRelations(of: Described, ground: Ground): { description?: string } {
  const relation = relationsOf(of)[0];
  const column = relation && tableIn(ground, relation.table).shown[0];
  if (relation === undefined || column === undefined) return {};
  return {
    description: `Filters lead through relations too, to five of them: \`?${relation.name}.${fieldOf(column)}=…\`.`,
  };
}
