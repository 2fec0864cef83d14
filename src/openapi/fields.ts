// A table's columns as bodies write them: in new rows, and in changes to rows.
import { incrementType } from "../plan/increment.js";
import type { NamedRelation } from "../routes/tree.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { writtenAs } from "./column.js";
import { defaultOf } from "./default.js";
import { type Described, type Ground, relationsOf } from "./ground.js";
import { described, type JsonSchema, orNull } from "./schema.js";

type Fields = Record<string, JsonSchema>;

/** Can no row be without a value that it is given? */
export const isNeeded = ({ nullable, default: value, identity, generated, denied }: Column): boolean =>
  (!nullable && value === null && !identity && !generated) || denied?.includes("default") === true;

export const needs = ({ written }: Described, column: string): boolean =>
  written.some((one) => one.name === column && isNeeded(one));

export const needed = (of: Described, said: readonly string[]): Column[] =>
  of.written.filter((column) => isNeeded(column) && isTaken(column) && !said.includes(column.name));

const isTaken = ({ denied = [] }: Column): boolean => !denied.includes("insert") && !denied.includes("update");

export const parentsBy = (of: Described, column: string): NamedRelation[] =>
  relationsOf(of).filter(({ join }) => join.via === "parent" && join.columns.includes(column));

/** What the connection may write in new rows, or in changes. */
export const writtenBy = (writing: "insert" | "update", { written }: Described): Column[] =>
  written.filter(({ denied }) => !denied?.includes(writing));

/** Columns in whose place a related row may stand. */
export const isPlaced = (of: Described, column: Column): boolean =>
  relationsOf(of).some(({ name, inPlace }) => inPlace && name === fieldOf(column));

export const newFields = (columns: readonly Column[], ground: Ground): Fields =>
  Object.fromEntries(columns.map((column) => [fieldOf(column), newValue(column, ground)]));

function newValue(column: Column, ground: Ground): JsonSchema {
  const { keyword, sentence } = defaultOf(column);
  const schema = { ...valueSchema(column, ground, column.identity), ...keyword };
  return described(schema, column.comment, sentence);
}

function valueSchema({ type, nullable }: Column, { components, plain }: Ground, unless = false): JsonSchema {
  if (type.kind === "json" && nullable) return {};
  const written = writtenAs(type, components);
  const schema = nullable || unless ? orNull(written) : written;
  return plain && isLong(schema) ? components.same("schemas", `Written_${type.kind}`, schema) : schema;
}

/** Longer than a reference to it is. */
const isLong = (schema: JsonSchema): boolean => JSON.stringify(schema).length > 50;

/** What names a row. */
export const keysIn = (of: Described, { components }: Ground): Fields =>
  Object.fromEntries(
    of.resource.primaryKey.map((name) => {
      const column = of.columns.get(name) as Column;
      return [fieldOf(column), writtenAs(column.type, components)];
    }),
  );

/** A new value, or, for a number, by how much it changes. */
export function changedFields(columns: readonly Column[], of: Described, ground: Ground): Fields {
  const { primaryKey, uniqueKeys } = of.resource;
  const keys = primaryKey.length > 0 ? primaryKey : uniqueKeys.flatMap((key) => key.columns);
  const fields = columns
    .filter(({ denied }) => !denied?.includes("update"))
    .map((column) => {
      const schema = valueSchema(column, ground);
      const counts = numbers.has(column.type.kind) && !keys.includes(column.name);
      const either = counts ? eitherOf(schema, incrementOf(column, ground), ground) : schema;
      return [fieldOf(column), described(either, column.comment)] as const;
    });
  return Object.fromEntries(fields);
}

/** Of the common types it is one component. */
function eitherOf(schema: JsonSchema, increment: JsonSchema, { components, terse }: Ground): JsonSchema {
  const either = { anyOf: [schema, increment] };
  return terse ? components.same("schemas", "NumberOrIncrement", either) : either;
}

const numbers: ReadonlySet<string> = new Set(["integer", "decimal", "float"]);

function incrementOf({ type }: Column, { components }: Ground): JsonSchema {
  const by = incrementType(type);
  const name = ["Increment", type.kind, by.scale, by.significant].filter((part) => part !== undefined).join("_");
  return components.ref("schemas", name.replace("-", "minus"), () => ({
    type: "object",
    description: "Adds to the number that the row holds by then.",
    properties: { increment: writtenAs(by, components) },
    required: ["increment"],
    additionalProperties: false,
  }));
}
