// Tables without transactions (MyISAM, MEMORY, CSV …): what is written to one stays, also where all else is rolled back. The words
// for it, wherever it is said.
import type { Table } from "./schema.js";

/** What is known of how a table's rows are kept; empty for a table whose writes can be rolled back. */
export type Lasting = Pick<Table, "transactional" | "engine" | "triggersInto">;

/** The same of a table, and nothing else of it. */
export const lastingOf = ({ transactional, engine, triggersInto }: Lasting): Lasting => ({
  ...(transactional === undefined ? {} : { transactional }),
  ...(engine === undefined ? {} : { engine }),
  ...(triggersInto === undefined ? {} : { triggersInto }),
});

/** A clause: why nothing of the table is rolled back. */
export const whyLasting = ({ engine }: Lasting): string =>
  engine === undefined ? "it has no transactions" : `${engine}, which keeps it, has no transactions`;

/** Sentences for the developer; none where all is well. */
export function lastingNotes(table: Lasting): string[] {
  const own = `writes are not rolled back: ${whyLasting(table)}. One row a request, no tx=rollback, and a hook or trigger that refuses after the write comes too late`;
  const others = table.triggersInto?.join(", ");
  return [
    ...(table.transactional === false ? [own] : []),
    ...(others ? [`its triggers name ${others}, where what they write is not rolled back: no tx=rollback`] : []),
  ];
}
