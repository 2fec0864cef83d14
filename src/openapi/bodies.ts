// A table's rows as bodies write them: a new one, one in the place of another, changes to one; and rows related to it.
import { incrementType } from "../plan/increment.js";
import type { NamedRelation } from "../routes/tree.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { writtenAs } from "./column.js";
import { defaultOf } from "./default.js";
import { type Described, fieldIn, type Ground, over, relationsOf, tableIn } from "./ground.js";
import { described, type JsonSchema, orNull } from "./schema.js";

const closed = { unevaluatedProperties: false };

/** POST. `filled` are columns that the path or a relation says already. */
export function createOf(of: Described, ground: Ground, filled: readonly string[] = []): JsonSchema {
  const make = (said: readonly string[]) => ({
    type: "object",
    allOf: [fieldsOf(of, ground, "insert"), ...alternatives(of, ground, said)],
    ...requiredOf(of, said),
    ...closed,
  });
  const eases = filled.some((name) => needs(of, name));
  return eases ? make(filled) : ground.components.ref("schemas", `${of.name}Create`, () => make([]));
}

/** PUT: what is left out falls back to its default or NULL, but for the key and what the path says. */
export function replaceOf(of: Described, ground: Ground, kept: readonly string[] = []): JsonSchema {
  const { primaryKey } = of.resource;
  const make = (said: readonly string[]) => ({
    type: "object",
    allOf: [fieldsOf(of, ground, "update"), ...alternatives(of, ground, said)],
    ...requiredOf(of, said),
    ...numbersOf(of),
    ...closed,
  });
  const said = [...primaryKey, ...kept];
  const eases = kept.some((name) => !primaryKey.includes(name) && needs(of, name));
  return eases ? make(said) : ground.components.ref("schemas", `${of.name}Replace`, () => make(primaryKey));
}

/** A new row may say null where the database numbers it; a row that has its number may not lose it. */
function numbersOf({ written }: Described): JsonSchema {
  const numbered = written.filter((column) => column.identity && !column.nullable);
  if (numbered.length === 0) return {};
  return { properties: Object.fromEntries(numbered.map((column) => [fieldOf(column), { not: { type: "null" } }])) };
}

/** PATCH: what is named is changed. */
export function updateOf(of: Described, ground: Ground): JsonSchema {
  const make = () => ({
    type: "object",
    allOf: [changesOf(of, ground)],
    properties: over(placedChanges(of, ground), relatedOf(of, ground)),
    ...closed,
  });
  return ground.components.ref("schemas", `${of.name}Update`, make);
}

/** PATCH on a list: related rows have no place in it. */
export const updateManyOf = (of: Described, ground: Ground): JsonSchema => ({
  type: "object",
  allOf: [changesOf(of, ground)],
  properties: placedChanges(of, ground),
  ...closed,
});

/** `add`: the link's further columns; its ends are said by the address. */
export function linkOf(of: Described, ends: readonly string[], ground: Ground): JsonSchema {
  const further = writtenBy("insert", of).filter((column) => !ends.includes(column.name));
  return ground.components.ref("schemas", `${of.name}Link`, () => ({
    type: "object",
    properties: Object.fromEntries(further.map((column) => [fieldOf(column), newValue(column, ground)])),
    required: further.filter(isNeeded).map(fieldOf),
    additionalProperties: false,
  }));
}

/** Can no row be without a value that it is given? */
export const isNeeded = ({ nullable, default: value, identity, generated, denied }: Column): boolean =>
  (!nullable && value === null && !identity && !generated) || denied?.includes("default") === true;

const needs = ({ written }: Described, column: string): boolean =>
  written.some((one) => one.name === column && isNeeded(one));

/** The columns that a body must have, but for foreign keys, which a related row may say instead. */
function requiredOf(of: Described, said: readonly string[]): JsonSchema {
  const required = needed(of, said).filter(({ name }) => parentsBy(of, name).length === 0);
  return required.length === 0 ? {} : { required: required.map(fieldOf) };
}

/** A foreign key, or the row that it leads to. */
function alternatives(of: Described, ground: Ground, said: readonly string[]): JsonSchema[] {
  return needed(of, said).flatMap((column) => {
    const parents = parentsBy(of, column.name).filter((relation) => canWrite(relation, ground));
    if (parentsBy(of, column.name).length === 0) return [];
    const names = [...new Set([fieldOf(column), ...parents.map(({ name }) => name)])];
    return [{ anyOf: names.map((name) => ({ required: [name], properties: { [name]: {} } })) }];
  });
}

const needed = ({ written }: Described, said: readonly string[]): Column[] =>
  written.filter((column) => isNeeded(column) && isTaken(column) && !said.includes(column.name));

const isTaken = ({ denied = [] }: Column): boolean => !denied.includes("insert") && !denied.includes("update");

/** What the connection may write in new rows, or in changes. */
const writtenBy = (writing: "insert" | "update", { written }: Described): Column[] =>
  written.filter(({ denied }) => !denied?.includes(writing));

const parentsBy = (of: Described, column: string): NamedRelation[] =>
  relationsOf(of).filter(({ join }) => join.via === "parent" && join.columns.includes(column));

/** Whatever a row may be given, all of it optional: what must be there differs. */
function fieldsOf(of: Described, ground: Ground, writing: "insert" | "update"): JsonSchema {
  const isSame = of.written.every(({ denied }) => !denied?.length);
  const make = () =>
    described(
      {
        type: "object",
        properties: over(
          Object.fromEntries(writtenBy(writing, of).map((column) => [fieldOf(column), newValue(column, ground)])),
          relatedOf(of, ground),
        ),
      },
      of.resource.comment,
    );
  const name = writing === "insert" || isSame ? `${of.name}Fields` : `${of.name}ReplaceFields`;
  return ground.components.ref("schemas", name, make);
}

function newValue(column: Column, ground: Ground): JsonSchema {
  const { keyword, sentence } = defaultOf(column);
  const schema = { ...valueSchema(column, ground, column.identity), ...keyword };
  return described(schema, column.comment, sentence);
}

function valueSchema({ type, nullable }: Column, { components }: Ground, unless = false): JsonSchema {
  if (type.kind === "json" && nullable) return {};
  const schema = writtenAs(type, components);
  return nullable || unless ? orNull(schema) : schema;
}

/** The columns alone, but for those in whose place a row may stand. */
function changesOf(of: Described, ground: Ground): JsonSchema {
  const properties = changed(
    of.written.filter((column) => !isPlaced(of, column)),
    of,
    ground,
  );
  const make = () => described({ type: "object", properties }, of.resource.comment);
  return ground.components.ref("schemas", `${of.name}Changes`, make);
}

const placedChanges = (of: Described, ground: Ground): Record<string, JsonSchema> =>
  changed(
    of.written.filter((column) => isPlaced(of, column)),
    of,
    ground,
  );

const isPlaced = (of: Described, column: Column): boolean =>
  relationsOf(of).some(({ name, inPlace }) => inPlace && name === fieldOf(column));

/** A new value, or, for a number, by how much it changes. */
function changed(columns: readonly Column[], of: Described, ground: Ground): Record<string, JsonSchema> {
  const { primaryKey, uniqueKeys } = of.resource;
  const keys = primaryKey.length > 0 ? primaryKey : uniqueKeys.flatMap((key) => key.columns);
  const fields = columns
    .filter(({ denied }) => !denied?.includes("update"))
    .map((column) => {
      const schema = valueSchema(column, ground);
      const counts = numbers.has(column.type.kind) && !keys.includes(column.name);
      const either = counts ? { anyOf: [schema, incrementOf(column, ground)] } : schema;
      return [fieldOf(column), described(either, column.comment)] as const;
    });
  return Object.fromEntries(fields);
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

/** Related rows, by their relations. */
function relatedOf(of: Described, ground: Ground): Record<string, JsonSchema> {
  const fields = relationsOf(of)
    .filter((relation) => canWrite(relation, ground))
    .map((relation) => [relation.name, relatedBy(of, relation, ground)] as const);
  return Object.fromEntries(fields);
}

const canWrite = ({ table }: NamedRelation, ground: Ground): boolean => {
  const { resource } = tableIn(ground, table);
  return resource.root && !resource.readOnly && !resource.denied?.includes("insert");
};

function relatedBy(of: Described, { table, join, many }: NamedRelation, ground: Ground): JsonSchema {
  const target = tableIn(ground, table);
  const filled = join.via === "child" ? join.columns : [];
  const key = target.resource.primaryKey.filter((name) => !filled.includes(name)).map((name) => fieldIn(target, name));
  const fresh = createOf(target, ground, filled);
  // One that holds its whole key is that row.
  const named = updateOf(target, ground);
  const item =
    target.resource.primaryKey.length === 0
      ? fresh
      : { anyOf: [fresh, key.length === 0 ? named : { allOf: [named], required: key }] };
  if (many) return { type: "array", items: item };
  const open = join.via === "parent" && join.columns.every((name) => of.columns.get(name)?.nullable);
  return open ? orNull(item) : item;
}

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
        { type: "array", prefixItems: parts, minItems: parts.length, maxItems: parts.length },
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
