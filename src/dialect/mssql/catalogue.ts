// What a SQL Server database has, from its catalogue views (sys.*): INFORMATION_SCHEMA knows no identity, no computed columns and no
// comments. Five questions, whatever the number of tables; names come from the catalogue, so only `options.schema` is quoted in.
import type { FoundEffect } from "../../schema/effects.js";
import type { Schema } from "../../schema/schema.js";
import {
  type CatalogueColumn,
  type CatalogueRow,
  type CatalogueTable,
  catalogueKey,
  placeOf,
  referenceOf,
  textOrNull,
} from "../catalogue.js";
import { schemaFromCatalogue } from "../catalogue-schema.js";
import type { Ask, ReadOptions } from "../connection.js";
import { typeOf } from "./column-type.js";
import { literal } from "./json.js";
import { routinesFrom, routinesSql } from "./routines.js";
import { viewFrom, viewsSql } from "./views.js";

export async function readCatalogue(ask: Ask, options: ReadOptions): Promise<Schema> {
  const chosen = options.schema === undefined ? undefined : [options.schema].flat();
  const where = visible(chosen);
  const columnRows = await ask(columnsSql(where));
  const keyRows = await ask(keysSql(where));
  const referenceRows = await ask(referencesSql(where));
  const viewRows = await ask(viewsSql(where));
  const routines = routinesFrom(await ask(routinesSql(chosen)));
  const effects = new Map<string, FoundEffect[]>();

  const tables = new Map<string, CatalogueTable>();
  for (const row of columnRows) {
    const kind = Number(row.readonly) === 1 ? "view" : "table";
    const denied = deniedBy(row, ["insert", "delete"]);
    tables.set(JSON.stringify(placeOf(row)), { ...placeOf(row), kind, ...comment(row.tableComment), ...denied });
    effects.set(JSON.stringify(placeOf(row)), effectsFrom(row));
  }
  const schema = schemaFromCatalogue({
    defaultSchema: textOrNull(columnRows[0]?.defaultSchema),
    tables: [...tables.values()],
    columns: columnRows.map((row) => ({ ...placeOf(row), ...toColumn(row) })),
    keys: keyRows.map(catalogueKey),
    references: referenceRows.map(referenceOf),
    effects: [...effects.values()].flat(),
    views: viewRows.map(viewFrom),
  });
  return routines.length === 0 ? schema : { ...schema, routines };
}

/** The same questions, but that the server makes one word of each answer. */
export async function schemaDigest(ask: Ask, options: ReadOptions): Promise<string> {
  const [row] = await ask(digestSql(options));
  return [row?.columns, row?.keys, row?.references, row?.views, row?.routines].join();
}

export function digestSql(options: ReadOptions): string {
  const chosen = options.schema === undefined ? undefined : [options.schema].flat();
  const where = visible(chosen);
  const word = (sql: string) => `CONVERT(varchar(64), HASHBYTES('SHA2_256', (${sql} FOR JSON PATH)), 2)`;
  return `SELECT ${word(columnsSql(where))} AS [columns], ${word(keysSql(where))} AS [keys], ${word(referencesSql(where))} AS [references], ${word(viewsSql(where))} AS [views], ${word(routinesSql(chosen))} AS [routines]`;
}

/** Bits by type: 1 INSERT, 2 UPDATE, 3 DELETE (system-catalog-views/sys-trigger-events-transact-sql). Rows are read behind an AFTER trigger. */
const effectsFrom = (row: CatalogueRow): FoundEffect[] =>
  (["insert", "update", "delete"] as const).flatMap((event, i) => {
    const bit = 2 << i;
    const instead = (Number(row.insteadOf) & bit) !== 0;
    return instead || (Number(row.after) & bit) !== 0
      ? [{ ...placeOf(row), event, effect: instead ? ("trigger" as const) : ("others" as const) }]
      : [];
  });

const comment = (value: unknown): { comment?: string } =>
  value === null || value === undefined ? {} : { comment: String(value) };

/** NULL is the answer where it cannot be told. */
const isDenied = (may: unknown): boolean => may !== null && may !== undefined && Number(may) === 0;

function deniedBy<Right extends "insert" | "update" | "delete">(row: CatalogueRow, rights: readonly Right[]) {
  const column = { insert: "mayInsert", update: "mayUpdate", delete: "mayDelete" } as const;
  const denied = rights.filter((right) => isDenied(row[column[right]]));
  return denied.length === 0 ? {} : { denied };
}

/** A default stands in parentheses always, a number in two pairs. */
const bare = (sql: string | null): string | null =>
  sql?.replace(/^\((.*)\)$/s, "$1").replace(/^\((-?[\d.]+)\)$/, "$1") ?? null;

function toColumn(row: CatalogueRow): Omit<CatalogueColumn, "schema" | "table"> {
  const type = typeOf({
    name: String(row.type),
    length: Number(row.length),
    precision: Number(row.precision),
    scale: Number(row.scale),
    collation: textOrNull(row.collation) ?? undefined,
    clr: textOrNull(row.clr) ?? undefined,
  });
  return {
    name: String(row.name),
    type,
    nullable: Number(row.nullable) === 1,
    default: bare(textOrNull(row.default)),
    // Computed, GENERATED ALWAYS AS ROW START / END, or a rowversion.
    generated: Number(row.generated) === 1 || type.native === "rowversion",
    identity: Number(row.identity) === 1,
    ...deniedBy(row, ["insert", "update"]),
    ...(isDenied(row.readable) ? { unreadable: true } : {}),
    ...comment(row.comment),
    ...(Number(row.fullText) === 1 ? { fullText: {} } : {}),
  };
}

// No `?` in these texts: knex takes it for a binding.

/** The user's tables and views: not the system's, and not those that Management Studio keeps its diagrams in. */
const visible = (schemas: readonly string[] | undefined): string => `
  o.type IN ('U', 'V') AND o.is_ms_shipped = 0
  AND s.name ${schemas === undefined ? "= SCHEMA_NAME()" : `IN (${schemas.map(literal).join(", ") || "NULL"})`}
  AND NOT EXISTS (SELECT 1 FROM sys.extended_properties x
    WHERE x.class = 1 AND x.major_id = o.object_id AND x.minor_id = 0 AND x.name = N'microsoft_database_tools_support')`;

const triggersOf = (insteadOf: 0 | 1): string => `(SELECT SUM(DISTINCT POWER(2, e.type)) FROM sys.triggers g
      JOIN sys.trigger_events e ON e.object_id = g.object_id
      WHERE g.parent_id = o.object_id AND g.is_disabled = 0 AND g.is_instead_of_trigger = ${insteadOf})`;

// A temporal table's history is read-only; a graph table's hidden columns cannot be named.
/** INSERT and DELETE are rights on a whole table here (https://learn.microsoft.com/sql/t-sql/statements/grant-object-permissions-transact-sql). */
const may = (right: string, column?: string): string =>
  `HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(o.name), N'OBJECT', N'${right}'${column === undefined ? "" : `, ${column}, N'COLUMN'`})`;

const columnsSql = (where: string): string => `
  SELECT s.name AS [schema], o.name AS [table], SCHEMA_NAME() AS [defaultSchema],
    ${may("SELECT", "c.name")} AS [readable], ${may("INSERT")} AS [mayInsert], ${may("UPDATE", "c.name")} AS [mayUpdate],
    ${may("DELETE")} AS [mayDelete],
    CASE WHEN o.type = 'V' OR h.temporal_type = 1 THEN 1 ELSE 0 END AS [readonly],
    CAST(oc.value AS nvarchar(4000)) AS [tableComment],
    ${triggersOf(1)} AS [insteadOf], ${triggersOf(0)} AS [after],
    c.name AS [name], COALESCE(b.name, t.name) AS [type],
    c.max_length AS [length], c.precision AS [precision], c.scale AS [scale],
    CASE WHEN c.collation_name <> CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS nvarchar(128)) THEN c.collation_name END AS [collation],
    CASE WHEN t.is_assembly_type = 1 AND t.is_user_defined = 1 THEN SCHEMA_NAME(t.schema_id) END AS [clr],
    CAST(c.is_nullable AS int) AS [nullable], CAST(c.is_identity AS int) AS [identity],
    CASE WHEN c.is_computed = 1 OR c.generated_always_type <> 0 THEN 1 ELSE 0 END AS [generated],
    CASE WHEN EXISTS (SELECT 1 FROM sys.fulltext_index_columns x JOIN sys.fulltext_indexes e ON e.object_id = x.object_id
      WHERE x.object_id = c.object_id AND x.column_id = c.column_id AND e.is_enabled = 1) THEN 1 ELSE 0 END AS [fullText],
    d.definition AS [default], CAST(cc.value AS nvarchar(4000)) AS [comment]
  FROM sys.objects o
  JOIN sys.schemas s ON s.schema_id = o.schema_id
  JOIN sys.columns c ON c.object_id = o.object_id AND (c.is_hidden = 0 OR c.generated_always_type <> 0)
  JOIN sys.types t ON t.user_type_id = c.user_type_id
  LEFT JOIN sys.types b ON b.user_type_id = c.system_type_id
  LEFT JOIN sys.tables h ON h.object_id = o.object_id
  LEFT JOIN sys.default_constraints d ON d.object_id = c.default_object_id
  LEFT JOIN sys.extended_properties oc
    ON oc.class = 1 AND oc.major_id = o.object_id AND oc.minor_id = 0 AND oc.name = N'MS_Description'
  LEFT JOIN sys.extended_properties cc
    ON cc.class = 1 AND cc.major_id = o.object_id AND cc.minor_id = c.column_id AND cc.name = N'MS_Description'
  WHERE ${where}
  ORDER BY s.name, o.name, c.column_id`;

const keysSql = (where: string): string => `
  SELECT s.name AS [schema], o.name AS [table], i.index_id AS [id], i.name AS [name],
    CAST(i.is_primary_key AS int) AS [primary], c.name AS [column]
  FROM sys.indexes i
  JOIN sys.objects o ON o.object_id = i.object_id
  JOIN sys.schemas s ON s.schema_id = o.schema_id
  JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.key_ordinal > 0
  JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id
  WHERE i.is_unique = 1 AND i.has_filter = 0 AND i.is_disabled = 0 AND i.is_hypothetical = 0 AND ${where}
  ORDER BY s.name, o.name, i.index_id, k.key_ordinal`;

// A disabled one is checked by nobody: it is no promise that the row it names is there.
const referencesSql = (where: string): string => `
  SELECT s.name AS [schema], o.name AS [table], f.object_id AS [id], f.name AS [name], c.name AS [column],
    ts.name AS [toSchema], tt.name AS [toTable], tc.name AS [toColumn], CAST(f.is_not_trusted AS int) AS [unchecked]
  FROM sys.foreign_keys f
  JOIN sys.objects o ON o.object_id = f.parent_object_id
  JOIN sys.schemas s ON s.schema_id = o.schema_id
  JOIN sys.foreign_key_columns k ON k.constraint_object_id = f.object_id
  JOIN sys.columns c ON c.object_id = k.parent_object_id AND c.column_id = k.parent_column_id
  JOIN sys.objects tt ON tt.object_id = f.referenced_object_id
  JOIN sys.schemas ts ON ts.schema_id = tt.schema_id
  JOIN sys.columns tc ON tc.object_id = k.referenced_object_id AND tc.column_id = k.referenced_column_id
  WHERE f.is_disabled = 0 AND ${where}
  ORDER BY s.name, o.name, f.object_id, k.constraint_column_id`;

export const indexed = `
  SELECT o.name AS [table], c.name AS [column]
  FROM sys.indexes i
  JOIN sys.objects o ON o.object_id = i.object_id AND o.is_ms_shipped = 0
  JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.key_ordinal = 1
  JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id
  WHERE i.has_filter = 0 AND i.is_disabled = 0 AND i.is_hypothetical = 0`;
