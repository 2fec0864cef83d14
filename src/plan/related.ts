// An object in a body that is a related row: which row it names, and what its relation says of it.
import { isLosslessNumber, stringify } from "lossless-json";
import { excerpt } from "../base/suggest.js";
import { type HttpError, problem } from "../http/problem.js";
import { bodyText } from "../request/body.js";
import type { NamedRelation } from "../routes/tree.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";

export type BodyFields = Record<string, unknown>;

export const field = (name: string, entry: TableLookup): string => fieldOf(columnOf(entry, name));

export const keyFields = (entry: TableLookup): string[] => entry.table.primaryKey.map((name) => field(name, entry));

export function hasKey(item: BodyFields, entry: TableLookup): boolean {
  const key = keyFields(entry);
  return key.length > 0 && key.every((name) => item[name] !== undefined && item[name] !== null);
}

export const isKeyOnly = (item: BodyFields, entry: TableLookup): boolean =>
  Object.keys(without(item, keyFields(entry))).length === 0;

export const noRelatedRow = (item: BodyFields, { label }: TableLookup): HttpError =>
  problem(
    "related_row_missing",
    `${label} has no row ${excerpt(stringify(item) as string)}, and a key alone names a row that is there.`,
  );

export const collectionOf = ({ label }: TableLookup): string => `/${encodeURIComponent(label)}`;

export const without = (item: BodyFields, names: readonly string[]): BodyFields =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));

/** What a relation says of its columns is not said otherwise beside it. */
export function agreeing(item: BodyFields, fields: BodyFields, { name }: NamedRelation): BodyFields {
  for (const [column, value] of Object.entries(fields)) {
    if (item[column] === undefined || bodyText(item[column]) === bodyText(value)) continue;
    const message = `is ${excerpt(bodyText(item[column]))} here and ${excerpt(bodyText(value))} by '${name}'`;
    throw problem("invalid_value", `${column} ${message}: leave it out.`, { errors: [{ field: column, message }] });
  }
  return { ...item, ...fields };
}

const isObject = (value: unknown): value is BodyFields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

/** Is it a row in the place of its key, and not a change to the number that the key is? */
export const isRow = (value: unknown, entry: TableLookup): boolean =>
  isObject(value) && (Object.keys(value).join("\0") !== "increment" || entry.readable.has("increment"));

export function object(value: unknown): BodyFields {
  if (isObject(value)) return value;
  throw problem("invalid_body", `A related row is an object, not ${excerpt(stringify(value) ?? "nothing")}.`);
}

export function listOfFields(value: unknown): BodyFields[] {
  if (Array.isArray(value)) return value.map(object);
  throw problem("invalid_body", `Related rows are an array of objects, not ${excerpt(stringify(value) ?? "nothing")}.`);
}
