// A relation between two rows of a statement → where the related rows come from, and what joins them.
import type { Condition } from "../plan/terms.js";
import type { AnyRelation } from "../routes/tree.js";
import { type TableLookup, tableOf } from "../schema/lookup.js";
import { outermost, type WriteAll } from "./related.js";
import { rowSource } from "./row-function.js";
import type { Writer } from "./writer.js";

type Join = AnyRelation["join"];

/** The table, or what a function answers for the row that they belong to. */
export const joinedRows = (writer: Writer, join: Join, { table }: TableLookup, alias: string, outer: string): string =>
  join.via === "call" ? rowSource(writer, join.routine, outer, alias) : `${writer.name(table)} ${alias}`;

interface Joined {
  readonly join: Join;
  /** What holds of the rows of the link table. */
  readonly links?: readonly Condition[] | undefined;
}

/** The related row's columns equal those of the row that it belongs to; what was called for it is its own already. */
export function joined(
  writer: Writer,
  { join, links = [] }: Joined,
  own: string,
  outer: string,
  writeAll: WriteAll,
): string[] {
  if (join.via === "call") return [];
  if (join.via === "link") return [joinedByLink(writer, { join, links }, own, outer, writeAll)];
  const [mine, theirs] = join.via === "child" ? [join.columns, join.references] : [join.references, join.columns];
  return [pairs(writer, mine, own, theirs, outer)];
}

interface Linked {
  readonly join: Extract<Join, { via: "link" }>;
  readonly links: readonly Condition[];
}

/** Not a join: a link that stands twice is still one related row. */
function joinedByLink(
  writer: Writer,
  { join: { link, near, far }, links }: Linked,
  own: string,
  outer: string,
  writeAll: WriteAll,
): string {
  const alias = writer.alias();
  const entry = tableOf(writer.lookup, link);
  const from = `FROM ${writer.name(entry.table)} ${alias}`;
  const kept = links.length === 0 ? "" : ` AND ${writeAll(writer, links, entry, `${alias}.`, outermost)}`;
  const toNear = pairs(writer, near.columns, `${alias}.`, near.references, outer) + kept;
  if (far.columns.length > 1)
    return `EXISTS (SELECT 1 ${from} WHERE ${toNear} AND ${pairs(writer, far.columns, `${alias}.`, far.references, own)})`;
  const [reference, column] = [far.references[0] as string, far.columns[0] as string];
  return `${writer.column(reference, own)} IN (SELECT ${writer.column(column, `${alias}.`)} ${from} WHERE ${toNear})`;
}

const pairs = (
  writer: Writer,
  columns: readonly string[],
  own: string,
  others: readonly string[],
  outer: string,
): string =>
  columns
    .map((column, i) => `${writer.column(column, own)} = ${writer.column(others[i] as string, outer)}`)
    .join(" AND ");
