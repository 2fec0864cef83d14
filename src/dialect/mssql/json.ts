// Rows as JSON text for SQL Server. In: a column's expression and type. Out: an expression whose value is JSON. FOR JSON serves for one value of bytes or of
// no known type, not for rows: it cuts a float at 16 digits, makes text of money, an object of a name with a dot, and refuses CLR types and long names
// (relational-databases/json/how-for-json-converts-sql-server-data-types-to-json-data-types-sql-server).
import type { ColumnType } from "../../schema/schema.js";
import type { JsonField } from "../statement-parts.js";
import { floatText, withoutLast } from "./float.js";

export const literal = (text: string): string => `N'${text.replaceAll("'", "''")}'`;

/**
 * The one collation of all JSON. Columns of different collations cannot be put together, and no two texts that subqueries answer
 * either, unless each says its collation (statements/collation-precedence-transact-sql: «Explicit»).
 */
export const COLLATED = "COLLATE Latin1_General_100_BIN2";

/** CONCAT takes 254 arguments (functions/concat-transact-sql). */
const MOST = 250;

export function jsonObject(fields: readonly JsonField[]): string {
  const parts = fields.flatMap((field, index) => [
    literal(`${index === 0 ? "{" : ","}${JSON.stringify(field.name)}:`),
    field.expression,
  ]);
  if (parts.length === 0) return "N'{}'";
  const groups = Array.from({ length: Math.ceil(parts.length / MOST) }, (_, i) =>
    parts.slice(i * MOST, (i + 1) * MOST),
  );
  // One argument of nvarchar(max), or the text ends after 4,000 characters.
  const texts = groups.map(([first, ...rest]) => `CONCAT(CAST(${first} AS nvarchar(max)), ${rest.join(", ")}, N'')`);
  return texts.length === 1 ? (texts[0]?.replace(/, N''\)$/, ", N'}')") ?? "") : `CONCAT(${texts.join(", ")}, N'}')`;
}

/** The value as JSON text; NULL stays NULL. */
export function jsonText(c: string, type: ColumnType): string {
  switch (type.kind) {
    case "integer":
      return `CONVERT(varchar(20), ${c})`;
    case "decimal":
      return `CONVERT(varchar(41), ${/^(small)?money\b/i.test(type.native) ? `CAST(${c} AS decimal(19, 4))` : c})`;
    case "float":
      return floatText(c, /^real\b/i.test(type.native) ? "real" : "float");
    case "boolean":
      return `CASE WHEN ${c} = 0 THEN 'false' WHEN ${c} <> 0 THEN 'true' END`;
    case "uuid":
      return `'"' + LOWER(CONVERT(char(36), ${c})) + '"'`;
    case "date":
      return `'"' + CONVERT(char(10), ${c}, 23) + '"'`;
    case "time":
      return `'"' + ${clock(c, type, "time(7)")} + '"'`;
    case "datetime":
      return `'"' + ${clock(c, type, "datetime2(7)")} + '"'`;
    case "instant":
      return `'"' + ${clock(`CAST(SWITCHOFFSET(${c}, '+00:00') AS datetime2(7))`, { ...type, scale: 7 }, "")} + '+00:00"'`;
    case "json":
      return `CAST(${c} AS nvarchar(max)) ${COLLATED}`;
    case "binary":
      return valueByForJson(`CAST(${c} AS varbinary(max))`);
    case "any":
      return valueByForJson(c);
    default:
      return quoted(/^n?char\(/i.test(type.native) ? `RTRIM(${c})` : asText(c, type));
  }
}

/** Any value as text. `[` begins the name of a CLR type of the user's own (catalogue.ts). */
export function asText(c: string, { native }: ColumnType): string {
  if (/^(geometry|geography|hierarchyid)$|^\[/i.test(native)) return `${c}.ToString()`;
  return `CAST(${c} AS nvarchar(${/^sql_variant$/i.test(native) ? 4000 : "max"}))`;
}

/** A JSON string of a text. */
export const quoted = (text: string): string => `N'"' + STRING_ESCAPE(${text}, 'json') ${COLLATED} + N'"'`;

/** Style 121 is `2024-02-29 12:30:00.500`, for a time its end; the fraction has the type's digits. */
function clock(c: string, { kind, scale }: ColumnType, widest: string): string {
  const iso = (text: string) => (kind === "time" ? text : `REPLACE(${text}, ' ', 'T')`);
  // smalldatetime has a scale of 0, and style 121 shows a fraction of it.
  if (scale === 0) return iso(`CONVERT(varchar(${kind === "time" ? 8 : 19}), ${c}, ${kind === "time" ? 108 : 120})`);
  const text = iso(`CONVERT(varchar(27), ${scale === undefined ? `CAST(${c} AS ${widest})` : c}, 121)`);
  return withoutLast(".", withoutLast("0", text));
}

/** What stands between `{"v":` and `}`. */
const valueByForJson = (c: string): string =>
  `(SELECT SUBSTRING(r.j, 6, LEN(r.j) - 6) FROM (SELECT (SELECT ${c} AS v FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER) AS j) r) ${COLLATED}`;
