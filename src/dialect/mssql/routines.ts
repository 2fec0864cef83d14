// Functions and procedures, from sys.objects and sys.parameters: one question for all of them, with a row for each argument, for what a
// function answers, and for each column of the rows that it answers.
import { groupBy } from "../../base/group-by.js";
import type { ArgumentMode, Routine, RoutineArgument, RoutineReturns } from "../../schema/routine.js";
import type { Column, ColumnType } from "../../schema/schema.js";
import { type CatalogueRow, textOrNull } from "../catalogue.js";
import { typeOf } from "./column-type.js";
import { literal } from "./json.js";

const typeColumns = (of: string): string => `COALESCE(b.name, t.name) AS [type], ${of}.max_length AS [length],
      ${of}.precision AS [precision], ${of}.scale AS [scale],
      CASE WHEN t.is_assembly_type = 1 AND t.is_user_defined = 1 THEN SCHEMA_NAME(t.schema_id) END AS [clr]`;

const typeJoins = (of: string): string => `JOIN sys.types t ON t.user_type_id = ${of}.user_type_id
    LEFT JOIN sys.types b ON b.user_type_id = ${of}.system_type_id`;

/**
 * P: procedures; FN: functions of a value; IF, TF: functions of rows. The routine itself is a part, as it may have no other. Not those with
 * table-valued or cursor arguments, nor what the connection may not call. The catalogue keeps no defaults of T-SQL: the definition says them
 * (system-catalog-views/sys-parameters-transact-sql, «has_default_value»).
 */
export const routinesSql = (schemas: readonly string[] | undefined): string => `
  SELECT r.[schema], SCHEMA_NAME() AS [defaultSchema], r.[routine], r.[kind], r.[definition], r.[definer], r.[comment],
    a.[part], a.[position], a.[name], a.[output], a.[type], a.[length], a.[precision], a.[scale], a.[clr]
  FROM (
    SELECT o.object_id AS [id], s.name AS [schema], o.name AS [routine], RTRIM(o.type) AS [kind], m.definition AS [definition],
      CASE WHEN m.execute_as_principal_id IS NULL THEN 0 ELSE 1 END AS [definer], CAST(x.value AS nvarchar(4000)) AS [comment]
    FROM sys.objects o
    JOIN sys.schemas s ON s.schema_id = o.schema_id
    LEFT JOIN sys.sql_modules m ON m.object_id = o.object_id
    LEFT JOIN sys.extended_properties x
      ON x.class = 1 AND x.major_id = o.object_id AND x.minor_id = 0 AND x.name = N'MS_Description'
    WHERE o.type IN ('P', 'FN', 'IF', 'TF') AND o.is_ms_shipped = 0
      AND s.name ${schemas === undefined ? "= SCHEMA_NAME()" : `IN (${schemas.map(literal).join(", ") || "NULL"})`}
      AND HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(o.name), N'OBJECT', CASE WHEN o.type IN ('IF', 'TF') THEN N'SELECT' ELSE N'EXECUTE' END) = 1
      AND NOT EXISTS (SELECT 1 FROM sys.extended_properties d
        WHERE d.class = 1 AND d.major_id = o.object_id AND d.minor_id = 0 AND d.name = N'microsoft_database_tools_support')
      AND NOT EXISTS (SELECT 1 FROM sys.parameters q JOIN sys.types y ON y.user_type_id = q.user_type_id
        WHERE q.object_id = o.object_id AND (y.is_table_type = 1 OR q.is_cursor_ref = 1))
  ) r
  CROSS APPLY (
    SELECT N'routine' AS [part], -1 AS [position], NULL AS [name], 0 AS [output], NULL AS [type], NULL AS [length], NULL AS [precision],
      NULL AS [scale], NULL AS [clr]
    UNION ALL
    SELECT CASE WHEN p.parameter_id = 0 THEN N'returns' ELSE N'argument' END, p.parameter_id, p.name, CAST(p.is_output AS int), ${typeColumns("p")}
    FROM sys.parameters p ${typeJoins("p")}
    WHERE p.object_id = r.[id]
    UNION ALL
    SELECT N'column', 10000 + c.column_id, c.name, 0, ${typeColumns("c")}
    FROM sys.columns c ${typeJoins("c")}
    WHERE c.object_id = r.[id]
  ) a
  ORDER BY r.[schema], r.[routine], a.[position]`;

export function routinesFrom(rows: readonly CatalogueRow[]): Routine[] {
  const parts = groupBy(rows, ({ schema, routine }) => JSON.stringify([schema, routine]));
  return [...parts.values()].flatMap(routineFrom);
}

function routineFrom(parts: readonly CatalogueRow[]): Routine[] {
  const [first] = parts as [CatalogueRow];
  const of = (part: string) => parts.filter((row) => row.part === part);
  const isProcedure = first.kind === "P";
  const definition = textOrNull(first.definition);
  const returns: RoutineReturns | undefined = isProcedure
    ? { type: "results" }
    : returnsFrom(of("returns"), of("column"));
  if (returns === undefined) return [];
  const args = of("argument").map((row) => argumentFrom(row, definition));
  const name = String(first.routine);
  const place = first.schema === first.defaultSchema ? name : `${first.schema}.${name}`;
  const ends = isProcedure ? commitsOf(definition) : undefined;
  return [
    {
      id: `${place}(${args.map(({ type }) => type.native).join(",")})`,
      name,
      // A function of a value is called with its schema alone.
      schema: String(first.schema),
      kind: isProcedure ? "procedure" : "function",
      arguments: args,
      returns,
      // Functions change nothing (statements/create-function-transact-sql, «Limitations»).
      reads: !isProcedure,
      ...(Number(first.definer) === 1 && { definer: true as const }),
      ...(ends !== undefined && { commits: ends }),
      ...(textOrNull(first.comment) === null ? {} : { comment: String(first.comment) }),
    },
  ];
}

function returnsFrom(value: readonly CatalogueRow[], columns: readonly CatalogueRow[]): RoutineReturns | undefined {
  if (columns.length > 0) return { type: "columns", columns: columns.map(columnFrom), many: true };
  return value[0] && { type: "value", of: typeIn(value[0]), many: false };
}

/** An OUTPUT argument takes a value as well. */
function argumentFrom(row: CatalogueRow, definition: string | null): RoutineArgument {
  const said = String(row.name);
  const mode: ArgumentMode = Number(row.output) === 1 ? "inout" : "in";
  const value = defaultIn(definition ?? "", said) ?? (mode === "inout" ? "NULL" : undefined);
  return { name: said.replace(/^@/, ""), type: typeIn(row), mode, ...(value !== undefined && { default: value }) };
}

/** `@name type = value`: nowhere else does a value stand behind an argument, its type and `=`. */
function defaultIn(definition: string, name: string): string | undefined {
  const quoted = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const type = String.raw`(?:as\s+)?(?:\[?\w+\]?\s*\.\s*)?\[?\w+\]?(?:\s*\([^)]*\))?(?:\s+varying)?(?:\s+(?:not\s+)?null)?`;
  const value = String.raw`N?'(?:[^']|'')*'|0x[\da-f]*|[-+]?[\d.]+(?:e[-+]?\d+)?|\w+`;
  return new RegExp(`${quoted}\\s+${type}\\s*=\\s*(${value})`, "i").exec(withoutComments(definition))?.[1];
}

const withoutComments = (text: string): string =>
  text.replace(/('(?:[^']|'')*')|--[^\n]*|\/\*[\s\S]*?\*\//g, (_, quoted) => quoted ?? " ");

/** What it begins by itself it may end: a COMMIT beyond that ends the transaction that it is called in. */
function commitsOf(definition: string | null): true | "unknown" | undefined {
  if (definition === null) return "unknown";
  const text = withoutComments(definition).replace(/'(?:[^']|'')*'/g, "''");
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return count(/\bcommit\b/gi) > count(/\bbegin\s+tran(?:saction)?\b/gi) ? true : undefined;
}

const columnFrom = (row: CatalogueRow): Column => ({
  name: String(row.name),
  type: typeIn(row),
  nullable: true,
  default: null,
  generated: false,
  identity: false,
});

const typeIn = (row: CatalogueRow): ColumnType =>
  typeOf({
    name: String(row.type),
    length: Number(row.length),
    precision: Number(row.precision),
    scale: Number(row.scale),
    clr: textOrNull(row.clr) ?? undefined,
  });
