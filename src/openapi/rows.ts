// A table's rows as answers show them: whole, as `select` shows them, and many of them.
import type { AnyRelation } from "../routes/tree.js";
import { type Column, fieldOf, isWritten } from "../schema/schema.js";
import { stampText } from "../schema/stamps.js";
import { shownAs } from "./column.js";
import { type Described, freeRow, type Ground, over, relationsOf, tableIn } from "./ground.js";
import { described, type JsonSchema, orNull } from "./schema.js";
import { aboutTable } from "./wording.js";

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
  const { name } = of;
  if (flatDiffers(of, ground))
    return ground.components.ref("schemas", `${name}Selection`, () => ({
      allOf: [flatOf(of, ground)],
      properties: precise(of, ground),
    }));
  const make = () =>
    described(
      { type: "object", properties: over(columnsOf(of, ground), relatedOf(of, ground)) },
      ...aboutRow(of, ground),
    );
  return ground.components.ref("schemas", `${name}Selection`, make);
}

/**
 * A row that is related to another: where cycles are cut, the rows that are related to it may be of any form. They are named only where
 * one may stand in the place of its key: what samples make of any form would not do for the row itself.
 */
function flatOf(of: Described, ground: Ground): JsonSchema {
  if (!flatDiffers(of, ground)) return selectionOf(of, ground);
  const make = () => {
    const placed = embeddedOf(of).filter((relation) => "inPlace" in relation);
    const free = placed.map(({ name }) => [name, freeRow] as const);
    const properties = over(columnsOf(of, ground), Object.fromEntries(free));
    return described({ type: "object", properties }, ...aboutRow(of, ground));
  };
  return ground.components.ref("schemas", `${of.name}Flat`, make);
}

const flatDiffers = (of: Described, { cut }: Ground): boolean => cut && embeddedOf(of).length > 0;

const aboutRow = (of: Described, ground: Ground): readonly string[] => [
  ...(of.resource.comment === undefined ? [] : [of.resource.comment]),
  aboutTable(of, ground),
  ...(ground.terse
    ? []
    : [
        "`select` says which fields it has, related rows among them; an alias or an aggregate is a field of that name.",
      ]),
];

/** Related rows; where one may stand in the place of its key, the key too. */
function precise(of: Described, ground: Ground): Record<string, JsonSchema> {
  const columns = columnsOf(of, ground);
  const related = relatedOf(of, ground);
  const placed = Object.entries(columns).filter(([name]) => name in related);
  return over(Object.fromEntries(placed), related);
}

function columnsOf({ readable }: Described, { bigNumbers }: Ground): Record<string, JsonSchema> {
  const fields = readable.map((column) => {
    const { type, comment } = column;
    const nullable = column.nullable || column.showsNull === true;
    const plain = { ...shownAs(type, bigNumbers), ...(isWritten(column) ? {} : { readOnly: true }) };
    const schema = nullable && type.kind !== "any" ? orNull(plain) : plain;
    return [fieldOf(column), described(schema, comment, aboutValue(column))] as const;
  });
  return Object.fromEntries(fields);
}

function aboutValue({ generated, computed, stamp }: Column): string | undefined {
  if (computed !== undefined) return "Computed by the database, where `select` names it.";
  if (stamp !== undefined) return `Set by the API: ${stampText(stamp)}.`;
  return generated ? "Computed by the database." : undefined;
}

function relatedOf(of: Described, ground: Ground): Record<string, JsonSchema> {
  const fields = embeddedOf(of).map((relation, i) => {
    const { name, table, many } = relation;
    if (i >= ground.most) return [name, "inPlace" in relation ? freeRow : {}] as const;
    const row = flatOf(tableIn(ground, table), ground);
    return [name, many ? { type: "array", items: row } : orNull(row)] as const;
  });
  return Object.fromEntries(fields);
}

const embeddedOf = (of: Described): readonly AnyRelation[] => [...relationsOf(of), ...(of.resource.called ?? [])];

/** A list, bare or in its envelope. */
export const listOf = (of: Described, ground: Ground): JsonSchema =>
  envelopedOf(selectionOf(of, ground), ground, { table: { const: of.resource.name } });

/** The same of any items. */
export function envelopedOf(item: JsonSchema, ground: Ground, more: JsonSchema = {}): JsonSchema {
  const items: JsonSchema = { type: "array", items: item };
  const allOf = [ground.components.ref("schemas", "Envelope", () => envelope)];
  return { anyOf: [items, { allOf, properties: { ...more, items }, required: ["items"] }] };
}

const envelope: JsonSchema = {
  type: "object",
  description: "With `envelope=true`.",
  properties: {
    table: { type: "string" },
    total: { type: "integer", minimum: 0 },
    limit: { type: "integer", minimum: 0, description: "The limit that was applied." },
    offset: { type: ["integer", "null"], minimum: 0, description: "Null behind a cursor." },
    filters: {
      type: "object",
      description: "The filters as they were asked for, by their names.",
      additionalProperties: { type: "array", items: { type: "string" } },
    },
  },
  required: ["table", "total", "limit", "offset", "filters"],
};

/** What a write answers with: a row, or rows where an array was sent. */
export const rowOrRows = (row: JsonSchema): JsonSchema => ({ anyOf: [row, { type: "array", items: row }] });
