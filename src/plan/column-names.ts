// A name in a query string → the column it means, and the way into its JSON where it has one; or the nearest names there are.

import { didYouMean, excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import { beforeArrows, type PathStep, pathSteps } from "../request/json-path.js";
import type { AnyRelation, CalledRelation, NamedRelation } from "../routes/tree.js";
import { isDocument } from "../schema/document.js";
import type { TableLookup } from "../schema/lookup.js";
import { type Column, fieldOf } from "../schema/schema.js";

/** Each table's relations by their names. */
export type Relations = ReadonlyMap<string, ReadonlyMap<string, NamedRelation>>;

/** Each table's called relations, in the same way. */
export type CalledRelations = ReadonlyMap<string, ReadonlyMap<string, CalledRelation>>;

export interface RelationNames {
  readonly relations: Relations;
  /** Left out where there are none. */
  readonly called?: CalledRelations;
}

const NONE: ReadonlyMap<string, AnyRelation> = new Map();

/** What leads on from a table's rows, by its name. */
export function relationsFrom(
  { table }: TableLookup,
  { relations, called }: RelationNames,
): ReadonlyMap<string, AnyRelation> {
  const [own, more] = [relations.get(table.id) ?? NONE, called?.get(table.id)];
  return more === undefined ? own : new Map([...own, ...more]);
}

export interface FoundColumn {
  readonly column: Column;
  readonly steps?: readonly PathStep[];
}

/** `others` are words that may have been meant as well. */
export function columnNamed(name: string, entry: TableLookup, others: Iterable<string>): Column {
  const column = entry.readable.get(name);
  if (column !== undefined) return column;
  const hint = didYouMean(name, [...entry.readable.keys(), ...others]);
  throw problem(
    "unknown_column",
    `${entry.label} has no column '${excerpt(name)}'.${hint} Its columns are ${listOfNames(entry.readable.keys())}.`,
  );
}

/** The same, or a place in a column of JSON. A column's own name wins over a path of the same spelling. */
export function resolve(name: string, entry: TableLookup, others: Iterable<string>): FoundColumn {
  const exact = entry.readable.get(name);
  if (exact !== undefined) return { column: exact };
  const column = columnNamed(beforeArrows(name), entry, others);
  if (isDocument(column.type)) return { column, steps: pathSteps(name) };
  const documents = [...entry.readable].filter(([, { type }]) => isDocument(type)).map(([field]) => field);
  const known = documents.length === 0 ? "no column of JSON" : `these: ${listOfNames(documents)}`;
  throw problem(
    "invalid_filter",
    `'${excerpt(name)}': -> leads into columns of JSON, and ${fieldOf(column)} is none. ${entry.label} has ${known}.`,
  );
}

export function listOfNames(names: Iterable<string>): string {
  const all = [...names];
  return all.length > 30 ? `${all.slice(0, 30).join(", ")} and ${all.length - 30} more` : all.join(", ");
}
