// Whether an INSERT into a table answers with its rows.
import type { Table } from "../schema/schema.js";
import type { Dialect } from "./dialect.js";

export const returnsInserted = (
  { returning, widensColumnRights }: Dialect,
  { columns }: Pick<Table, "columns">,
): boolean => returning.insert && !(widensColumnRights && columns.some(({ denied }) => denied?.includes("insert")));
