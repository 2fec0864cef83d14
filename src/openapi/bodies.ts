// A table's rows as bodies write them: a new one, one in the place of another, changes to one; and rows related to it. In a document
// whose cycles are cut, rows that are related to related rows may be of any form.
import type { NamedRelation } from "../routes/tree.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { changedFields, isPlaced, keysIn, needed, needs, newFields, parentsBy, writtenBy } from "./fields.js";
import { type Described, fieldIn, freeRow, type Ground, over, relationsOf, tableIn } from "./ground.js";
import { parameterName } from "./names.js";
import { described, type JsonSchema, orNull } from "./schema.js";

const closed = { unevaluatedProperties: false };

/** Where a row stands: it is the body, or it is related to the row that is. */
type Level = "body" | "within";

/** POST. `filled` are columns that the path or a relation says already. */
export function createOf(
  of: Described,
  ground: Ground,
  filled: readonly string[] = [],
  level: Level = "body",
): JsonSchema {
  const { components, terse } = ground;
  const make = (said: readonly string[]) => ({
    type: "object",
    allOf: [
      fieldsOf(of, ground, "insert", level, said),
      ...relatedTo(of, ground, level),
      ...alternatives(of, ground, said),
    ],
    ...requiredOf(of, said, neededKeys(of)),
    ...freeIn(of, ground, level),
    ...closed,
  });
  const eases = filled.some((name) => needs(of, name));
  if (!eases) return components.ref("schemas", `${of.name}${prefixAt(of, ground, level)}Create`, () => make([]));
  const eased = make(easedBy(of, filled, ground));
  return terse && level === "body" ? components.same("schemas", `${of.name}CreateBelow`, eased) : eased;
}

/**
 * What a body need not say below a row. A large document has one such body for each table, whatever row it is below, and does not ask
 * for the table's other foreign keys.
 */
const easedBy = (of: Described, filled: readonly string[], { plain }: Ground): readonly string[] =>
  plain ? [...filled, ...of.written.map(({ name }) => name).filter((name) => parentsBy(of, name).length > 0)] : filled;

/** PUT: what is left out falls back to its default or NULL, but for the key and what the path says. */
export function replaceOf(of: Described, ground: Ground, kept: readonly string[] = []): JsonSchema {
  const { primaryKey } = of.resource;
  const make = (said: readonly string[]) => ({
    type: "object",
    allOf: [
      fieldsOf(of, ground, "update", "body", said),
      ...relatedTo(of, ground, "body"),
      ...alternatives(of, ground, said),
    ],
    ...numbersOf(of),
    ...closed,
  });
  const said = [...primaryKey, ...kept];
  const eases = kept.some((name) => !primaryKey.includes(name) && needs(of, name));
  if (!eases) return ground.components.ref("schemas", `${of.name}Replace`, () => make(primaryKey));
  return make(easedBy(of, said, ground));
}

/** A new row may say null where the database numbers it; a row that has its number may not lose it. */
function numbersOf({ written }: Described): JsonSchema {
  const numbered = written.filter((column) => column.identity && !column.nullable);
  if (numbered.length === 0) return {};
  return { properties: Object.fromEntries(numbered.map((column) => [fieldOf(column), { not: { type: "null" } }])) };
}

/** PATCH: what is named is changed. */
export function updateOf(of: Described, ground: Ground, level: Level = "body"): JsonSchema {
  const make = () => {
    const { properties } = freeIn(of, ground, level);
    return {
      type: "object",
      allOf: [changesOf(of, ground), ...relatedTo(of, ground, level)],
      ...withProperties({ ...over(placedChanges(of, ground), rowsInPlace(of, ground, level)), ...properties }),
      ...closed,
    };
  };
  return ground.components.ref("schemas", `${of.name}${prefixAt(of, ground, level)}Update`, make);
}

/** PATCH on a list: related rows have no place in it. */
export const updateManyOf = (of: Described, ground: Ground): JsonSchema => ({
  type: "object",
  allOf: [changesOf(of, ground)],
  ...withProperties(placedChanges(of, ground)),
  ...closed,
});

/** PATCH of an array on a list: each row holds its key, and what is changed of it. */
export function updateEachOf(of: Described, ground: Ground): JsonSchema {
  const { primaryKey, transactional } = of.resource;
  const placed = over(placedChanges(of, ground), rowsInPlace(of, ground, "body"));
  const row = {
    type: "object",
    allOf: [changesOf(of, ground), ...relatedTo(of, ground, "body")],
    properties: { ...keysIn(of, ground), ...placed },
    required: primaryKey.map((name) => fieldIn(of, name)),
    ...closed,
  };
  const { maxRows, maxAffected } = ground.limits;
  return { type: "array", maxItems: transactional === false ? 1 : Math.min(maxRows, maxAffected), items: row };
}

const withProperties = (properties: Record<string, JsonSchema>): { properties?: Record<string, JsonSchema> } =>
  Object.keys(properties).length === 0 ? {} : { properties };

/** Of these columns those that a body must have, but for foreign keys, which a related row may say instead. */
function requiredOf(
  of: Described,
  said: readonly string[],
  columns: readonly Column[],
): { readonly required?: readonly string[] } {
  const required = columns.filter(({ name }) => !said.includes(name) && parentsBy(of, name).length === 0);
  return required.length === 0 ? {} : { required: required.map(fieldOf) };
}

/** Columns of the key are needed in new rows alone: the others stand as needed with the columns that all bodies of whole rows share. */
const neededKeys = (of: Described): Column[] =>
  needed(of, []).filter(({ name }) => of.resource.primaryKey.includes(name));
const neededOthers = (of: Described): Column[] => needed(of, of.resource.primaryKey);

/** A foreign key, or the row that it leads to. */
function alternatives(of: Described, ground: Ground, said: readonly string[]): JsonSchema[] {
  return needed(of, said).flatMap((column) => {
    const parents = parentsBy(of, column.name).filter((relation) => canWrite(relation, ground));
    if (parentsBy(of, column.name).length === 0) return [];
    const names = [...new Set([fieldOf(column), ...parents.map(({ name }) => name)])];
    const either = { anyOf: names.map((name) => ({ required: [name], properties: { [name]: {} } })) };
    const { terse, components } = ground;
    return [terse ? components.same("schemas", `Either_${parameterName(fieldOf(column))}`, either) : either];
  });
}

/** Whatever columns a row may be given, and which of them it must be. `said` are those that the body need not say. */
function fieldsOf(
  of: Described,
  ground: Ground,
  writing: "insert" | "update",
  level: Level,
  said: readonly string[],
): JsonSchema {
  const isSame = of.written.every(({ denied }) => !denied?.length);
  const required = requiredOf(of, said, neededOthers(of));
  const make = () => {
    const columns = newFields(writtenBy(writing, of), ground);
    return described(
      { type: "object", properties: over(columns, rowsInPlace(of, ground, level)), ...required },
      of.resource.comment,
    );
  };
  const prefix = of.written.some((column) => isPlaced(of, column)) ? prefixAt(of, ground, level) : "";
  const name = writing === "insert" || isSame ? `${of.name}${prefix}Fields` : `${of.name}ReplaceFields`;
  const { components } = ground;
  // A path may say a column that is needed, and that no relation of the table's own is made of.
  const isWhole = requiredOf(of, [], neededOthers(of)).required?.length === required.required?.length;
  return isWhole ? components.ref("schemas", name, make) : components.same("schemas", `${name}Below`, make());
}

/** The columns alone, but for those in whose place a row may stand. */
function changesOf(of: Described, ground: Ground): JsonSchema {
  const columns = of.written.filter((column) => !isPlaced(of, column));
  const make = () => described({ type: "object", properties: changedFields(columns, of, ground) }, of.resource.comment);
  return ground.components.ref("schemas", `${of.name}Changes`, make);
}

const placedChanges = (of: Described, ground: Ground): Record<string, JsonSchema> =>
  changedFields(
    of.written.filter((column) => isPlaced(of, column)),
    of,
    ground,
  );

/** What names of the table's components tell such rows by. */
const prefixAt = (of: Described, ground: Ground, level: Level): string =>
  isFree(ground, level) && writable(of, ground).length > 0 ? "Flat" : "";

/** May the rows that are related to it be of any form? */
const isFree = ({ cut }: Ground, level: Level): boolean => cut && level === "within";

const writable = (of: Described, ground: Ground): NamedRelation[] =>
  relationsOf(of).filter((relation) => canWrite(relation, ground));

const canWrite = ({ table }: NamedRelation, ground: Ground): boolean => {
  const { resource } = tableIn(ground, table);
  return resource.root && !resource.readOnly && !resource.denied?.includes("insert");
};

/** Rows that may stand in the place of their keys. */
function rowsInPlace(of: Described, ground: Ground, level: Level): Record<string, JsonSchema> {
  const placed = writable(of, ground).filter(({ inPlace }) => inPlace);
  const row = (relation: NamedRelation) => (isFree(ground, level) ? freeRow : relatedBy(of, relation, ground));
  return Object.fromEntries(placed.map((relation) => [relation.name, row(relation)]));
}

/** The other related rows, by their relations. */
function relatedTo(of: Described, ground: Ground, level: Level): JsonSchema[] {
  const relations = writable(of, ground).filter(({ inPlace }) => !inPlace);
  if (isFree(ground, level) || relations.length === 0) return [];
  const rowBy = (relation: NamedRelation, i: number) => (i < ground.most ? relatedBy(of, relation, ground) : {});
  const make = () => ({
    type: "object",
    properties: Object.fromEntries(relations.map((relation, i) => [relation.name, rowBy(relation, i)])),
  });
  return [ground.components.ref("schemas", `${of.name}Related`, make)];
}

function freeIn(of: Described, ground: Ground, level: Level): { properties?: Record<string, JsonSchema> } {
  if (!isFree(ground, level)) return {};
  const names = writable(of, ground).flatMap(({ inPlace, name }) => (inPlace ? [] : [[name, {}] as const]));
  return withProperties(Object.fromEntries(names));
}

function relatedBy(of: Described, { table, join, many }: NamedRelation, ground: Ground): JsonSchema {
  const target = tableIn(ground, table);
  const filled = join.via === "child" ? join.columns : [];
  const key = target.resource.primaryKey.filter((name) => !filled.includes(name)).map((name) => fieldIn(target, name));
  const fresh = createOf(target, ground, filled, "within");
  const item = target.resource.primaryKey.length === 0 ? fresh : { anyOf: [fresh, namedBy(target, key, ground)] };
  const named = ground.terse ? ground.components.same("schemas", `${target.name}Within`, item) : item;
  if (many) return { type: "array", items: named };
  const open = join.via === "parent" && join.columns.every((name) => of.columns.get(name)?.nullable);
  return open ? orNull(named) : named;
}

/** A row that holds its whole key is that row. */
function namedBy(target: Described, key: readonly string[], ground: Ground): JsonSchema {
  const changes = updateOf(target, ground, "within");
  return key.length === 0 ? changes : { allOf: [changes], required: key };
}
