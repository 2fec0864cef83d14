// A table's rows as answers show them: whole, as `select` shows them, and many of them.
import { fieldOf, isWritten } from "../schema/schema.js";
import { shownAs } from "./column.js";
import { type Described, type Ground, over, relationsOf, tableIn } from "./ground.js";
import { described, type JsonSchema, orNull } from "./schema.js";

/** A whole row, as writes answer with it; rows that the body held come with it. */
export function rowOf(of: Described, ground: Ground): JsonSchema {
  const { name } = of;
  const make = () => ({
    type: "object",
    allOf: [selectionOf(of, ground)],
    required: of.shown.map(fieldOf),
  });
  return ground.components.ref("schemas", name, make);
}

/** A row as `select` shows it: some fields, related rows, aggregates and aliases. */
export function selectionOf(of: Described, ground: Ground): JsonSchema {
  const { name, resource } = of;
  const make = () =>
    described(
      { type: "object", properties: over(columnsOf(of, ground), relatedOf(of, ground)) },
      resource.comment ?? `A row of ${resource.name}.`,
      "`select` says which fields it has, related rows among them; an alias or an aggregate is a field of that name.",
    );
  return ground.components.ref("schemas", `${name}Selection`, make);
}

function columnsOf({ shown }: Described, { bigNumbers }: Ground): Record<string, JsonSchema> {
  const fields = shown.map((column) => {
    const { type, generated, comment } = column;
    const nullable = column.nullable || column.showsNull === true;
    const plain = { ...shownAs(type, bigNumbers), ...(isWritten(column) ? {} : { readOnly: true }) };
    const schema = nullable && type.kind !== "any" ? orNull(plain) : plain;
    return [fieldOf(column), described(schema, comment, generated ? "Computed by the database." : undefined)] as const;
  });
  return Object.fromEntries(fields);
}

function relatedOf(of: Described, ground: Ground): Record<string, JsonSchema> {
  const fields = relationsOf(of).map(({ name, table, many }) => {
    const row = selectionOf(tableIn(ground, table), ground);
    return [name, many ? { type: "array", items: row } : orNull(row)] as const;
  });
  return Object.fromEntries(fields);
}

/** A list, bare or in its envelope. */
export function listOf(of: Described, ground: Ground): JsonSchema {
  const items: JsonSchema = { type: "array", items: selectionOf(of, ground) };
  const make = () => ({ anyOf: [items, envelope(of, items)] });
  return ground.components.ref("schemas", `${of.name}List`, make);
}

const envelope = ({ resource }: Described, items: JsonSchema): JsonSchema => ({
  type: "object",
  description: "With `envelope=true`.",
  properties: {
    table: { const: resource.name },
    total: { type: "integer", minimum: 0 },
    limit: { type: "integer", minimum: 0, description: "The limit that was applied." },
    offset: { type: ["integer", "null"], minimum: 0, description: "Null behind a cursor." },
    filters: {
      type: "object",
      description: "The filters as they were asked for, by their names.",
      additionalProperties: { type: "array", items: { type: "string" } },
    },
    items,
  },
  required: ["table", "total", "limit", "offset", "filters", "items"],
});

/** What a write answers with: a row, or rows where an array was sent. */
export const rowOrRows = (row: JsonSchema): JsonSchema => ({ anyOf: [row, { type: "array", items: row }] });
