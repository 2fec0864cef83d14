// Bodies about the links of an N-to-N: the link's own columns, and the ids of a whole list.
import { type Column, fieldOf } from "../schema/schema.js";
import { writtenAs } from "./column.js";
import { isNeeded, newFields, writtenBy } from "./fields.js";
import type { Described, Ground } from "./ground.js";
import { type JsonSchema, tupleOf } from "./schema.js";

/** `add`: the link's further columns; its ends are said by the address. */
export function linkOf(of: Described, ends: readonly string[], ground: Ground): JsonSchema {
  const further = writtenBy("insert", of).filter((column) => !ends.includes(column.name));
  if (further.length === 0) return ground.components.ref("schemas", "NoColumns", () => noColumns);
  return ground.components.ref("schemas", `${of.name}Link`, () => ({
    type: "object",
    properties: newFields(further, ground),
    required: further.filter(isNeeded).map(fieldOf),
    additionalProperties: false,
  }));
}

const noColumns: JsonSchema = { type: "object", additionalProperties: false };

/** PUT on an N-to-N list: ids, or objects that hold them. */
export function idsOf(of: Described, ground: Ground): JsonSchema {
  const columns = of.resource.primaryKey.map((name) => of.columns.get(name) as Column);
  const parts = columns.map(({ type }) => writtenAs(type, ground.components));
  const fields = [...of.fields].map(([field, column]) => {
    const at = columns.indexOf(column);
    return [field, at === -1 ? {} : (parts[at] as JsonSchema)] as const;
  });
  const make = () => ({
    type: "array",
    maxItems: ground.limits.maxRows,
    items: {
      anyOf: [
        columns.length === 1
          ? (parts[0] as JsonSchema)
          : { type: "string", description: `Joined by \`,\` as in a path: ${columns.map(fieldOf).join(",")}.` },
        tupleOf(parts),
        {
          type: "object",
          properties: Object.fromEntries(fields),
          required: columns.map(fieldOf),
          additionalProperties: false,
        },
      ],
    },
  });
  return ground.components.ref("schemas", `${of.name}Ids`, make);
}
