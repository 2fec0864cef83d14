// Worlds in which some rows are only marked as deleted: the model knows nothing of those, and the API must answer as if they were not there.
import { fc } from "../support/any.js";
import { worldOf } from "./property.js";
import { rowsOf } from "./rows.js";
import { anySchema, type Column, type Schema, type Table } from "./schema.js";
import type { Row } from "./value.js";

const moment: Column = { name: "gone_at", kind: "datetime", nullable: true };
const flags: readonly Column[] = [true, false].map((nullable) => ({ name: "is_gone", kind: "boolean", nullable }));

/** By one of the three ways, or not at all. Another column would make a table that only links one of its own. */
function marked(table: Table, i: number): Table {
  const column = [moment, ...flags, moment][i % 5];
  return table.link === "bare" || column === undefined ? table : { ...table, columns: [...table.columns, column] };
}

const isMark = ({ name }: Column): boolean => name === moment.name || name === "is_gone";
const isGone = (mark: Column, row: Row): boolean => ![null, false].includes(row[mark.name] as null);

export const deletedWorlds = fc.tuple(anySchema, fc.nat(4)).chain(([plain, first]) => {
  const schema: Schema = plain.map((table, i) => marked(table, first + i));
  return rowsOf(schema).map((random) => {
    const all = schema.map(({ name, columns }) => {
      const mark = columns.find(isMark);
      const rows = random[name] ?? [];
      if (mark === undefined) return { name, rows, there: rows };
      // Of the rows that are marked by chance a few.
      const few = rows.map(
        (row, i): Row => (i % 3 === 0 || !isGone(mark, row) ? row : { ...row, [mark.name]: unmarked(mark) }),
      );
      return { name, rows: few, there: few.filter((row) => !isGone(mark, row)) };
    });
    const rowsBy = (which: "rows" | "there") => Object.fromEntries(all.map((one) => [one.name, one[which]]));
    const overrides = schema.flatMap(({ name, columns }) =>
      columns.filter(isMark).map((column) => ({ name, softDelete: column.name })),
    );
    const world = { ...worldOf(schema, rowsBy("there")), gone: rowsBy("rows") };
    return { world, rows: rowsBy("rows"), options: { overrides } };
  });
});

const unmarked = ({ kind }: Column) => (kind === "boolean" ? false : null);
