// How SQL Server spells types and defaults, and what its catalogue views tell of indexes and foreign keys.
import type { Definition } from "../parts/definition.js";
import { literal } from "../standard.js";
import { decimalDigits, integerSize, spelling, type TypeNames, typeNamesBy, wordsWithNumbers } from "../type-names.js";

const names: TypeNames = {
  text: ({ length = Number.POSITIVE_INFINITY }, keyed) =>
    length <= 4_000 ? `nvarchar(${length})` : keyed ? "nvarchar(255)" : "nvarchar(max)",
  integer: (type) => {
    const { bits, unsigned } = integerSize(type);
    if (unsigned) return bits === 16 ? "int" : bits === 32 ? "bigint" : "decimal(20,0)";
    return { 16: "smallint", 32: "int", 64: "bigint" }[bits];
  },
  decimal: (type) => `decimal${decimalDigits(type, "(38,10)")}`,
  float: () => "float",
  boolean: () => "bit",
  uuid: () => "uniqueidentifier",
  date: () => "date",
  time: () => "time(6)",
  datetime: () => "datetime2(6)",
  instant: () => "datetimeoffset(6)",
  json: () => "nvarchar(max)",
  array: () => "nvarchar(max)",
  binary: ({ length = Number.POSITIVE_INFINITY }, keyed) =>
    length <= 8_000 ? `varbinary(${length})` : keyed ? "varbinary(255)" : "varbinary(max)",
};

const own = wordsWithNumbers(
  "tinyint|money|smallmoney|real|n?char|varchar|smalldatetime|datetime2|datetimeoffset|xml|hierarchyid",
);

const action = (column: string): string => `LOWER(REPLACE(${column}, '_', ' '))`;

export const definition: Definition = {
  ...typeNamesBy(names, own),
  plainName: spelling,
  boolean: (value) => (value ? "1" : "0"),
  now: () => "SYSUTCDATETIME()",
  takesDefault: () => true,
  comments: { table: (text) => text, column: (text) => text },
  indexes: `SELECT s.name AS [schema], o.name AS [table], i.name AS [name], c.name AS [column]
    FROM sys.indexes i
    JOIN sys.objects o ON o.object_id = i.object_id
    JOIN sys.schemas s ON s.schema_id = o.schema_id
    JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.is_included_column = 0
    JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id
    WHERE o.type = 'U' AND o.is_ms_shipped = 0 AND i.type IN (1, 2) AND i.is_unique = 0 AND i.has_filter = 0
    ORDER BY s.name, o.name, i.name, k.key_ordinal`,
  actions: `SELECT s.name AS [schema], o.name AS [table], f.object_id AS [id], c.name AS [column],
      ${action("f.delete_referential_action_desc")} AS [onDelete], ${action("f.update_referential_action_desc")} AS [onUpdate]
    FROM sys.foreign_keys f
    JOIN sys.objects o ON o.object_id = f.parent_object_id
    JOIN sys.schemas s ON s.schema_id = o.schema_id
    JOIN sys.foreign_key_columns k ON k.constraint_object_id = f.object_id
    JOIN sys.columns c ON c.object_id = k.parent_object_id AND c.column_id = k.parent_column_id
    ORDER BY s.name, o.name, f.object_id, k.constraint_column_id`,
  keyNames: `SELECT s.name AS [schema], o.name AS [table], k.name AS [name]
    FROM sys.key_constraints k
    JOIN sys.objects o ON o.object_id = k.parent_object_id
    JOIN sys.schemas s ON s.schema_id = o.schema_id
    WHERE k.type = 'PK'`,
  anyRow: ["select top (1) 1 from ?? with (tablockx, holdlock)"],
  // One that has never had a row begins with the number that is said here, and not with the next.
  numbering: {
    restart: (ask, { schema, name }) => {
      const table = literal(`[${(schema ?? "dbo").replaceAll("]", "]]")}].[${name.replaceAll("]", "]]")}]`);
      return ask(`IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = OBJECT_ID(N${table}) AND last_value IS NOT NULL)
        DBCC CHECKIDENT (N${table}, RESEED, 0)`);
    },
  },
  atomic: true,
  schemas: true,
};
