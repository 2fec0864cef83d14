// MySQL 8 through mysql2, and what MariaDB has in common with it. The catalogue is read in catalogue.ts.

import type { ColumnType } from "../../schema/schema.js";
import type { Dialect } from "../dialect.js";
import { otherDatabases } from "../elsewhere.js";
import { onDuplicateKey } from "../on-conflict.js";
import { selectJsonBy, standard } from "../standard.js";
import { averageScale } from "../statement-parts.js";
import { formsBy } from "../text-forms.js";
import { mysqlAdministration } from "./administration.js";
import { calls } from "./calls.js";
import { cancel, discard, keepAlive } from "./cancel.js";
import { indexed, readCatalogue, schemaDigest } from "./catalogue.js";
import { datePart } from "./date-part.js";
import { definition } from "./definition.js";
import { configure, execute, forget, restrict, say, skipped, transactions } from "./driver.js";
import { explainedRows } from "./explain.js";
import { asWkt, fromWkt, isGeometry, isWkt, wktOf } from "./geometry.js";
import { isKeptNull, jsonArray, jsonAt } from "./json.js";
import { mariadbOf } from "./mariadb.js";
import { mysqlOf } from "./newer.js";
import { comparable, positionOf, sortable } from "./positions.js";
import { refusal } from "./refusal.js";
import { mysqlReplication } from "./replication.js";
import { search } from "./search.js";
import { settle } from "./settle.js";
import { isBits, isMoment, jsonObject, jsonText, SHORT, shownText } from "./shown.js";
import { tell } from "./tell.js";
import { fits as fitsWire } from "./wire/fits.js";

const quote = (identifier: string): string => `\`${identifier.replaceAll("`", "``")}\``;

const systemDatabases = /^(mysql|sys|performance_schema|information_schema)$/i;

// https://dev.mysql.com/doc/refman/en/regexp.html
const matching = {
  text: (expression: string, placeholder: string, matchCase: boolean): string =>
    `REGEXP_LIKE(CONVERT(${expression} USING utf8mb4), ${placeholder}, '${matchCase ? "c" : "i"}')`,
};

export const mysql: Dialect = {
  ...standard,
  ...calls,
  name: "mysql",
  driver: "mysql2",
  schemes: ["mysql", "mariadb"],
  clients: ["mysql2"],
  system: { schemas: systemDatabases, tables: /^$/, databases: systemDatabases },
  configure,
  readSchema: readCatalogue,
  definition,
  administration: mysqlAdministration,
  setSessionVariables: tell,
  transactions,
  readOnlyTransactions: true,
  indexed,
  schemaDigest,
  identify: async (ask) => {
    const [row] = await ask("SELECT VERSION() AS version, DATABASE() AS name");
    return { database: String(row?.name), version: String(row?.version) };
  },
  forServer(version) {
    if (/mariadb/i.test(version)) return mariadbOf(mysql, version);
    return mysqlOf(mysql, version, { quote, assigned });
  },
  execute,
  isKnown: (connection) => fitsWire(connection as object),
  cancel,
  discard,
  keepAlive,
  forget,
  say,
  elsewhere: otherDatabases(`
    SELECT TABLE_SCHEMA AS place, COUNT(*) AS tables FROM information_schema.TABLES
    WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')
    GROUP BY TABLE_SCHEMA ORDER BY COUNT(*) DESC, TABLE_SCHEMA LIMIT 20`),
  restrict,
  settle,
  replication: mysqlReplication,
  refusal,

  quote,
  bind,
  assigned,
  // What is called a zero date is no date (https://dev.mysql.com/doc/refman/8.4/en/using-date.html).
  present: (expression, type) => (isMoment(type) ? `${expression} <> 0` : undefined),
  comparedAs: (type) => (isGeometry(type) ? wktOf(type) : type.kind === "json" ? { ...type, native: DOCUMENT } : type),
  grouped(expression, type) {
    if (isMoment(type)) return `CASE WHEN ${expression} <> 0 THEN ${expression} END`;
    return type.kind === "boolean" ? `(${expression} <> 0)` : expression;
  },
  encode,
  comparable,
  sortable,
  position: (expression, type) => {
    const { kept, ...position } = positionOf(expression, type);
    return { ...position, kept: `IFNULL(${kept}, 'null')` };
  },

  json: (expression, type) => `IFNULL(${jsonText(expression, type)}, 'null')`,
  jsonDigits: (expression, type) => `IFNULL(CONCAT('"', ${jsonText(expression, type)}, '"'), 'null')`,
  jsonObject,
  selectJson: selectJsonBy(jsonObject),
  embedOne: (fields, rest) => `IFNULL((SELECT ${jsonObject(fields)}${rest}), 'null')`,
  embedGroup: (fields, rest) => `IFNULL((SELECT CONCAT('[', ${jsonObject(fields)}, ']')${rest}), '[]')`,
  // No `embedMany`: GROUP_CONCAT cannot cut what it sorts, and there is no LATERAL in MySQL before 8.0.14.

  datePart,
  aggregate(of, c, type) {
    if (type.kind === "float")
      return { expression: `${of}(CAST(${c} AS DOUBLE))`, type: { kind: "float", native: "double" } };
    if (of === "sum")
      return { expression: `sum(${c})`, type: { kind: "decimal", native: "decimal", scale: type.scale ?? 0 } };
    // Four digits more than its argument has (div_precision_increment), and 30 at the most.
    const scale = Math.min(averageScale(type), 30);
    const expression = `ROUND(avg(CAST(${c} AS DECIMAL(65, ${scale}))), ${scale})`;
    return { expression, type: { kind: "decimal", native: "decimal", scale } };
  },

  // MariaDB 10.11 moves a condition on a grouped column to WHERE, and then finds nothing where one on a moment stands (`bind`);
  // where two columns of one name are grouped by, it knows neither.
  havingOfAggregates: true,

  like: (expression, placeholder, matchCase) => {
    const text = `CONVERT(${expression} USING utf8mb4)`;
    return matchCase
      ? `${text} COLLATE utf8mb4_bin LIKE ${placeholder} ESCAPE '|'`
      : `LOWER(${text}) COLLATE utf8mb4_bin LIKE LOWER(CONVERT(${placeholder} USING utf8mb4)) ESCAPE '|'`;
  },
  matching,
  shownText,
  hasForm: formsBy(matching.text),
  numberOf: (text, form) =>
    form === "number"
      ? { expression: `CAST(${text} AS DECIMAL(48, 20))`, type: { kind: "decimal", native: SHORT } }
      : { expression: `CAST(SUBSTRING_INDEX(${text}, '.', 1) AS SIGNED)`, type: { kind: "integer", native: "bigint" } },
  truthValue: (is) => (is ? "1" : "0"),
  // A backslash in a literal depends on sql_mode (NO_BACKSLASH_ESCAPES), a bar does not.
  likePattern: (pattern) =>
    pattern.replace(/\\(.)|\|/gs, (_, escaped?: string) =>
      escaped && !"%_|".includes(escaped) ? escaped : `|${escaped ?? "|"}`,
    ),
  jsonAt,
  jsonArray,
  search,
  order(expression, descending, nullsFirst, nullable) {
    const direction = `${expression} ${descending ? "DESC" : "ASC"}`;
    if (!nullable || nullsFirst !== descending) return direction;
    return `(${expression} IS NULL) ${nullsFirst ? "DESC" : "ASC"}, ${direction}`;
  },
  limit(limit, offset) {
    if (limit === undefined && offset === undefined) return "";
    // https://dev.mysql.com/doc/refman/8.4/en/select.html: «use some large number» where only an offset is meant.
    return ` LIMIT ${limit ?? "18446744073709551615"}${offset === undefined ? "" : ` OFFSET ${offset}`}`;
  },

  // innodb-locks-set: «INSERT INTO T SELECT … FROM S» sets shared next-key locks; innodb-error-handling: «duplicate-key error rolls
  // back the SQL statement».
  insertLocksGap: true,
  returnsExisting: true,
  numberStep: "@@session.auto_increment_increment",
  // Text and a number are added as doubles.
  addExact: (expression, placeholder, type) =>
    `${expression} + ${type.kind === "integer" ? `CAST(${placeholder} AS SIGNED)` : bind(placeholder, type)}`,
  estimate: {
    filtered: true,
    // Of a view's tables it tells only who may see them.
    views: false,
    text: (select) => `EXPLAIN FORMAT=JSON ${select}`,
    rows: ([row], name) => explainedRows(JSON.parse(String(row?.[0])), name),
  },

  lock: { hint: "", clause: " FOR UPDATE" },
  insertDefaults: "() VALUES ()",
  onConflict: onDuplicateKey(quote, assigned),
  ignoresByKey: false,
  // «row-by-row»: https://dev.mysql.com/doc/refman/8.4/en/ansi-diff-foreign-keys.html
  immediateForeignKeys: true,
  ignoreConflict: (column, qualifier) => {
    const own = qualifier + quote(column);
    return `ON DUPLICATE KEY UPDATE ${own} = IF(LAST_INSERT_ID(${skipped}), ${own}, ${own})`;
  },
};

/** What shows the same has not been changed: any number that is true, a zero date, a geometry of another reference system, 1e2 in JSON. */
function assigned(column: string, placeholder: string, bound: string, type: ColumnType): string {
  if (type.kind === "boolean") return `IF((${column} <> 0) = ${placeholder}, ${column}, ${bound})`;
  if (isGeometry(type)) return `IF(${asWkt(column, type)} = ${asWkt(bound, type)}, ${column}, ${bound})`;
  if (type.kind === "json")
    return `IF(${column} = CAST(${placeholder} AS JSON) OR ${isKeptNull(column, placeholder)}, ${column}, ${bound})`;
  return isMoment(type) ? `IF(${placeholder} IS NULL AND ${column} = 0, ${column}, ${bound})` : bound;
}

/** `native` of a filter's value: JSON in the form in which MySQL keeps it, with its own spaces and order of names. */
const DOCUMENT = "document";

function bind(placeholder: string, type: ColumnType): string {
  if (type.native === DOCUMENT) return `CAST(CAST(${placeholder} AS JSON) AS CHAR)`;
  if (type.kind === "instant") return `CONVERT_TZ(${placeholder}, '+00:00', @@session.time_zone)`;
  // In two digits it is one of 1970 to 2069: MySQL makes 2000 of the text "0".
  if (/^year/i.test(type.native)) return `(${placeholder} + 0)`;
  if (type.kind === "decimal") {
    // Text and a decimal compare as floats. Ten more digits than the column has, so that a filter is not rounded into it.
    const { precision = 35, scale = 20 } = type;
    return `CAST(${placeholder} AS DECIMAL(65, ${scale + Math.max(0, Math.min(10, 65 - precision, 30 - scale))}))`;
  }
  // 1.1 as a DOUBLE is no FLOAT's value.
  if (/^float/i.test(type.native)) return `CAST(${placeholder} AS FLOAT)`;
  if (isWkt(type)) return asWkt(fromWkt(placeholder, type), type);
  if (isGeometry(type)) return fromWkt(placeholder, type);
  return isBits(type) ? `CAST(CONV(${placeholder}, 2, 10) AS UNSIGNED)` : placeholder;
}

function encode(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  if (type.kind === "datetime" || type.kind === "instant") return String(value).replace("T", " ").replace(/Z$/, "");
  return value;
}
