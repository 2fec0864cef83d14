// SQL Server 2016 and newer, and Azure SQL, through tedious (driver.ts). JSON is put together in json.ts.
// Comments name the pages of https://learn.microsoft.com/sql/t-sql that a text follows.

import type { ColumnType } from "../../schema/schema.js";
import type { Dialect } from "../dialect.js";
import { otherSchemas } from "../elsewhere.js";
import { standard } from "../standard.js";
import { averageScale, type JsonField } from "../statement-parts.js";
import { administration } from "./administration.js";
import { calls } from "./calls.js";
import { castPart } from "./casts.js";
import { indexed, readCatalogue, schemaDigest } from "./catalogue.js";
import { configure } from "./connection-string.js";
import { datePart } from "./date-part.js";
import { definition } from "./definition.js";
import { cancel, castScale, discard, encode, execute, restrict, say } from "./driver.js";
import { asText, COLLATED, jsonObject, jsonText, literal, quoted } from "./json.js";
import { exactText, isFromJson, jsonArray, jsonAt } from "./json-path.js";
import { refusal } from "./refusal.js";
import { schemas } from "./schemas.js";
import { search } from "./search.js";
import { tell } from "./tell.js";
import { answering, insertRows, quote } from "./write.js";

const common: Dialect = {
  ...standard,
  name: "mssql",
  driver: "tedious",
  schemes: ["mssql"],
  clients: ["mssql"],
  // The views of SQL Server 2000 (sysobjects) are found in every database without their schema.
  system: { schemas: /^(sys|information_schema)$/i, tables: /^sys[a-z]+$/i },
  configure,
  readSchema: readCatalogue,
  definition,
  administration,
  setSessionVariables: tell,
  indexed,
  schemaDigest,
  identify: async (ask) => {
    const [row] = await ask(
      "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS version, DB_NAME() AS name",
    );
    return { database: String(row?.name), version: String(row?.version) };
  },
  execute,
  cancel,
  discard,
  say,
  schemas,
  elsewhere: otherSchemas(`
    SELECT TOP 20 s.name AS place, COUNT(*) AS tables
    FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
    WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0
    GROUP BY s.name ORDER BY COUNT(*) DESC, s.name`),
  restrict,
  refusal,

  quote,
  placeholder: (position) => `@p${position}`,
  bind,
  encode,
  comparable,
  sortable: comparable,
  position: (expression, type) => ({
    // A document is a text here: its place in the order is that of the text.
    kept: `ISNULL(${type.kind === "json" ? quoted(asText(expression, type)) : jsonText(expression, type)}, 'null')`,
    compared: comparable(expression, type),
    type,
    shown: type.kind === "integer" || type.kind === "text" || type.kind === "uuid",
  }),

  json: (expression, type) => `ISNULL(${jsonText(expression, type)}, 'null')`,
  jsonDigits: (expression, type) => `ISNULL('"' + ${jsonText(expression, type)} + '"', 'null')`,
  jsonObject,
  selectJson: (fields, rest, second) =>
    `SELECT ${jsonObject(fields)}${second === undefined ? "" : `, ${second}`}${rest}`,
  embedOne: (fields, rest) => `ISNULL((SELECT ${jsonObject(fields)}${rest}), N'null') ${COLLATED}`,
  embedGroup: (fields, rest) => listOf(fields, rest, "", ""),

  datePart,
  aggregate(of, c, type) {
    if (type.kind === "float")
      return { expression: `${of}(CAST(${c} AS float))`, type: { kind: "float", native: "float" } };
    // An int's sum is an int, and its average too (functions/avg-transact-sql).
    const scale = of === "avg" ? Math.min(averageScale(type), 19) : 0;
    const native = `decimal(38, ${scale})`;
    if (of === "sum" && type.kind === "decimal") return { expression: `sum(${c})`, type };
    const expression = `CAST(${of}(CAST(${c} AS ${native})) AS ${native})`;
    return { expression, type: { kind: "decimal", native, scale } };
  },

  // `text`, `ntext`, `image`, XML and CLR types have no aggregates either, and no groups.
  aggregable: comparable,
  grouped: comparable,

  like(expression, placeholder, matchCase) {
    // The collation of the comparison, not of the column: one that knows no accents, widths or cases but the letters' own.
    const text = `CAST(${expression} AS nvarchar(max)) ${COLLATED}`;
    // The pattern too: a database of Turkish makes `ı` of `I`.
    return matchCase
      ? `${text} LIKE ${placeholder} ESCAPE '\\'`
      : `LOWER(${text}) LIKE LOWER(${placeholder} ${COLLATED}) ESCAPE '\\'`;
  },
  likePattern: (pattern) => pattern.replace(/\\.|\[/gs, (found) => (found === "[" ? "\\[" : found)),
  ...castPart,
  jsonAt,
  jsonArray,
  search,
  order(expression, descending, nullsFirst, nullable) {
    const direction = `${expression} ${descending ? "DESC" : "ASC"}`;
    // NULL is the smallest value here.
    if (!nullable || nullsFirst !== descending) return direction;
    return `CASE WHEN ${expression} IS NULL THEN ${nullsFirst ? "0 ELSE 1" : "1 ELSE 0"} END, ${direction}`;
  },
  limit,

  returning: { insert: true, update: true },
  returningStatement: answering,
  insertRows,
  addExact: (expression, placeholder, type) => `${expression} + ${bind(placeholder, type)}`,
  estimate: {
    filtered: false,
    views: false,
    text: (_, table) =>
      `SELECT SUM(p.[rows]) FROM sys.partitions p WHERE p.object_id = OBJECT_ID(${literal(table)}) AND p.index_id IN (0, 1)`,
    // Nothing of a table whose definition the login may not see.
    rows: ([row]) => (row?.[0] == null ? undefined : Number(row[0])),
  },

  argument: (placeholder, type, written) => (written ? bind(placeholder, type) : placeholder),
  ...calls,
  lock: { hint: " WITH (UPDLOCK, ROWLOCK)", clause: "" },
  // MERGE does it.
  ignoreConflict: () => "",
  onConflict: undefined,
  // Key-range locks: hints-transact-sql-table, «HOLDLOCK».
  insertSelectLock: "WITH (UPDLOCK, HOLDLOCK)",
};

export const mssql: Dialect = {
  ...common,
  embedMany: (fields, from, order, limit, { most }) => listOf(fields, from, order, limit, most),
  fallback: common,
  isTruncated: (json) => typeof json === "string" && json.includes(MARK),
};

/** Stands for a list of too many rows. No JSON has it. */
const MARK = "\u001e";

/** STRING_AGG is of 2017, and keeps the order it is told, not the one that its rows come in. */
function listOf(fields: readonly JsonField[], from: string, order: string, limit: string, most?: number): string {
  const list = "N'[' + STRING_AGG(r.j, N',') WITHIN GROUP (ORDER BY r.n) + N']'";
  const number = `ROW_NUMBER() OVER (${order === "" ? "ORDER BY (SELECT NULL)" : order.trimStart()})`;
  const made = `ISNULL((SELECT ${list} FROM (SELECT ${jsonObject(fields)} AS j, ${number} AS n${from}${order}${limit}) r), N'[]') ${COLLATED}`;
  if (most === undefined) return made;
  return `CASE WHEN EXISTS (SELECT 1 AS n${from}${common.limit(1, String(most), false)}) THEN NCHAR(30) ELSE ${made} END`;
}

/** Text in a column's own type, said by the server: no zone of this machine, no language of the session shifts it. */
function bind(placeholder: string, type: ColumnType): string {
  if (isFromJson(type)) return exactText(placeholder);
  switch (type.kind) {
    case "decimal":
      return `CAST(${placeholder} AS decimal(38, ${castScale(type)}))`;
    case "float":
      // 0.1 as a float is no real's value.
      return /^real\b/i.test(type.native) ? `CAST(${placeholder} AS real)` : placeholder;
    case "date":
      return `CAST(${placeholder} AS date)`;
    case "time":
      return `CAST(${placeholder} AS time(7))`;
    case "datetime": {
      const moment = `CAST(${placeholder} AS datetime2(7))`;
      // Its 1/300 seconds are other numbers as datetime2 (data-types/datetime2, «compatibility level 130»).
      return /^datetime$/i.test(type.native) ? `CAST(${moment} AS datetime)` : moment;
    }
    case "instant":
      return `CAST(${placeholder} AS datetimeoffset(7))`;
    case "binary":
      // A NULL comes as text, which is turned into bytes only where that is said (data-types/data-type-conversion).
      return `CAST(${placeholder} AS varbinary(${(type.length ?? 8001) > 8000 ? "max" : 8000}))`;
    default:
      return placeholder;
  }
}

/** `text`, `ntext`, `image`, XML and CLR types have no `=`, no `<` and no order. */
function comparable(expression: string, type: ColumnType): string {
  if (isFromJson(type)) return exactText(expression);
  if (/^image\b/i.test(type.native)) return `CAST(${expression} AS varbinary(max))`;
  const incomparable = type.kind === "other" || type.kind === "json" || /^n?text\b/i.test(type.native);
  return incomparable ? asText(expression, type) : expression;
}

/**
 * OFFSET and FETCH belong to ORDER BY, and FETCH refuses 0 rows (queries/select-order-by-clause-transact-sql): a limit of 0
 * goes past the end instead, of which the server must be able to add the two up.
 */
function limit(limit: number | undefined, offset = "0", ordered: boolean): string {
  if (limit === undefined && offset === "0") return "";
  const order = ordered ? "" : " ORDER BY (SELECT NULL)";
  if (limit === undefined) return `${order} OFFSET ${offset} ROWS`;
  if (limit === 0) return `${order} OFFSET CAST(4611686018427387904 AS bigint) ROWS FETCH NEXT 1 ROWS ONLY`;
  return `${order} OFFSET ${offset} ROWS FETCH NEXT ${limit} ROWS ONLY`;
}
