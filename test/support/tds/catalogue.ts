// Rows of the catalogue as SQL Server answers them: columns, and foreign keys of one column.
import type { Row } from "./tokens.js";

export const columnRow = (table: string, name: string, type: string, more: Row = {}): Row => ({
  ...{ schema: "dbo", defaultSchema: "dbo", readonly: 0, tableComment: null, table, name, type },
  ...{ length: type === "nvarchar" ? 80 : 4, precision: 10, scale: 0, nullable: 1, identity: 0, generated: 0 },
  ...{ default: null, comment: null, fullText: 0, collation: null, clr: null, ...more },
});

export const referenceRow = (table: string, name: string, toTable: string): Row => ({
  ...{ schema: "dbo", table, id: `${table}.${name}`, name, column: name, unchecked: 0 },
  ...{ toSchema: "dbo", toTable, toColumn: "id" },
});
