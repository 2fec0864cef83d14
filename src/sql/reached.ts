// To-one relations, one after the other → the row that they lead to: its table's name in the statement, the tables on the way, and
// what joins them.
import type { Hop } from "../plan/terms.js";
import { tableOf } from "../schema/lookup.js";
import { outermost, type WriteAll } from "./related.js";
import type { RowPlace, Writer } from "./writer.js";

export interface Reached extends RowPlace {
  readonly tables: readonly string[];
  readonly where: readonly string[];
}

export const reached = (writer: Writer, hops: readonly Hop[], from: RowPlace, writeAll: WriteAll): Reached =>
  hops.reduce<Reached>((before, hop) => further(writer, before, hop, writeAll), { ...from, tables: [], where: [] });

function further(writer: Writer, before: Reached, hop: Hop, writeAll: WriteAll): Reached {
  const entry = tableOf(writer.lookup, hop.table);
  const alias = writer.alias();
  const qualifier = `${alias}.`;
  const on = hop.references.map(
    (reference, i) =>
      `${writer.column(reference, qualifier)} = ${writer.column(hop.columns[i] as string, before.qualifier)}`,
  );
  const kept = hop.where === undefined ? [] : [writeAll(writer, hop.where, entry, qualifier, outermost)];
  return {
    entry,
    qualifier,
    tables: [...before.tables, `${writer.name(entry.table)} ${alias}`],
    where: [...before.where, ...on, ...kept],
  };
}

/** What `write` writes of the row that the relations lead to; NULL where there is none. */
export const ofReached = ({ tables, where }: Reached, expression: string): string =>
  tables.length === 0 ? expression : `(SELECT ${expression} FROM ${tables.join(", ")} WHERE ${where.join(" AND ")})`;
