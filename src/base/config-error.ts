// A config map as a person wrote it, perhaps without a compiler → the same, or a `ConfigError` that names the place and the nearest valid word.
import { didYouMean } from "./suggest.js";

/** A mistake of the developer who mounts the API: `message` begins with its place. */
export class ConfigError extends Error {
  constructor(
    readonly place: string,
    /** The message without its place. */
    readonly reason: string,
  ) {
    super(`${place}: ${reason}`);
    this.name = "ConfigError";
  }
}

/** The hooks that may stand in a table's entry, and under `hooks` for all tables. */
export const hookNames = [
  "preSave",
  "postSave",
  "preDelete",
  "postDelete",
  "preRead",
  "postRead",
  "preCall",
  "postCall",
  "afterCommit",
] as const;

const entryKeys = [
  ...["name", "resource", "columns", "primaryKey", "relationTypes", "belongsTo", "transactional"],
  ...["unique", "indexes", "comment", "stamps", "softDelete"],
  ...hookNames,
];
const columnKeys = ["name", "type", "notNull", "default", "as", "comment"];
const belongsToKeys = ["table", "column", "references", "as", "because", "confidence", "onDelete", "onUpdate"];
const referentialActions = ["cascade", "set null", "set default", "restrict"];
const relationTypes = ["root", "one-n", "n-n"];

/** Every option of an object is one that exists: a slip of the hand is an error, not a silence. */
export function checkKeys(value: object, keys: readonly string[], place: string): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ConfigError(place, `is an object; its options are ${keys.join(", ")}.`);
  for (const key of Object.keys(value)) {
    if (!keys.includes(key))
      throw new ConfigError(
        `${place}.${key}`,
        `there is no such option.${didYouMean(key, keys)} The options are ${keys.join(", ")}.`,
      );
  }
}

/** An option that takes one of a few words, or is left out. */
export function checkWord(value: unknown, words: readonly string[], place: string): void {
  if (value === undefined || words.includes(value as string)) return;
  throw new ConfigError(place, `'${String(value)}' is none of ${words.join(", ")}.${didYouMean(String(value), words)}`);
}

export function checkBoolean(value: unknown, place: string): void {
  if (value !== undefined && typeof value !== "boolean")
    throw new ConfigError(place, `is true or false, not ${JSON.stringify(value)}.`);
}

export function checkSeconds(value: unknown, place: string): void {
  if (value !== undefined && !(typeof value === "number" && value >= 0 && value <= 86_400))
    throw new ConfigError(place, `is a number of seconds from 0 to 86400, not ${JSON.stringify(value)}.`);
}

export function checkIsCount(value: unknown, place: string): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) >= 1))
    throw new ConfigError(place, `is a whole number from 1 up, not ${JSON.stringify(value)}.`);
}

/** The form of a table's entry. Whether its names exist is not known yet. */
export function checkEntry(entry: object, place: string): void {
  if (typeof entry !== "object" || entry === null || !isText((entry as { name?: unknown }).name)) {
    throw new ConfigError(place, `a table entry is an object with a name: { name: "users", … }.`);
  }
  checkKeys(entry, entryKeys, place);
  const { resource, columns, primaryKey, relationTypes: types, belongsTo } = entry as Readonly<Record<string, unknown>>;
  if (resource !== undefined && (!isText(resource) || /\/|^\.\.?$/.test(resource)))
    throw new ConfigError(
      `${place}.resource`,
      `is one segment of a path, without '/', not ${JSON.stringify(resource)}.`,
    );
  checkBoolean((entry as { transactional?: unknown }).transactional, `${place}.transactional`);
  for (const [i, column] of listedItems(columns, `${place}.columns`)) checkColumn(column, `${place}.columns[${i}]`);
  checkPrimaryKey(primaryKey, `${place}.primaryKey`);
  for (const [, type] of listedItems(types, `${place}.relationTypes`))
    checkWord(type, relationTypes, `${place}.relationTypes`);
  for (const [i, item] of listedItems(belongsTo, `${place}.belongsTo`))
    checkBelongsTo(item, `${place}.belongsTo[${i}]`);
  const { unique, indexes, comment } = entry as Readonly<Record<string, unknown>>;
  checkKeyLists(unique, `${place}.unique`);
  checkKeyLists(indexes, `${place}.indexes`);
  checkComment(comment, `${place}.comment`);
}

export function checkPrimaryKey(value: unknown, place: string): void {
  if (value !== undefined && ![value].flat().every(isText))
    throw new ConfigError(place, "is a column's name, or an array of them.");
}

/** A list of columns, each alone or several together. */
export function checkKeyLists(value: unknown, place: string): void {
  for (const [i, item] of listedItems(value, place))
    if (![item].flat().every(isText) || (Array.isArray(item) && item.length === 0))
      throw new ConfigError(`${place}[${i}]`, "is a column's name, or an array of them.");
}

function checkComment(comment: unknown, place: string): void {
  if (comment !== undefined && typeof comment !== "string") throw new ConfigError(place, "is a text.");
}

/** The form of a column's entry. */
export function checkColumn(column: unknown, place: string): void {
  checkKeys(column as object, columnKeys, place);
  const { name, type, notNull, as } = column as Readonly<Record<string, unknown>>;
  if (!isText(name)) throw new ConfigError(`${place}.name`, "is the column's name.");
  if (type !== undefined && !isText(type))
    throw new ConfigError(`${place}.type`, "is a type's name, as in SQL: varchar(40).");
  if (as !== undefined && !isText(as)) throw new ConfigError(`${place}.as`, "is the field's name.");
  checkBoolean(notNull, `${place}.notNull`);
  checkComment((column as { comment?: unknown }).comment, `${place}.comment`);
}

function checkBelongsTo(item: unknown, place: string): void {
  if (isText(item)) return;
  checkKeys(item as object, belongsToKeys, place);
  const { table, column, references, as, because, confidence, onDelete, onUpdate } = item as Readonly<
    Record<string, unknown>
  >;
  if (because !== undefined && !isText(because)) throw new ConfigError(`${place}.because`, "is a reason, for people.");
  if (confidence !== undefined && !(typeof confidence === "number" && confidence >= 0 && confidence <= 1))
    throw new ConfigError(`${place}.confidence`, "is a number from 0 to 1, for people.");
  if (!isText(table)) throw new ConfigError(`${place}.table`, "is the name of the table that is referred to.");
  if (![column].flat().every(isText))
    throw new ConfigError(`${place}.column`, "is the column that refers to it, or an array of them.");
  if (references !== undefined && ![references].flat().every(isText))
    throw new ConfigError(`${place}.references`, "is the column that is referred to, or an array of them.");
  if (as !== undefined && !isText(as)) throw new ConfigError(`${place}.as`, "is the relation's name.");
  checkWord(onDelete, referentialActions, `${place}.onDelete`);
  checkWord(onUpdate, referentialActions, `${place}.onUpdate`);
}

export const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** The items of an array with their places; none where it is left out. */
export function listedItems(value: unknown, place: string): Iterable<[number, unknown]> {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.entries();
  throw new ConfigError(place, "is an array.");
}
