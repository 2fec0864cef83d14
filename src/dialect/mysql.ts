// MySQL 8 and MariaDB 10.5 or newer, through mysql2. The catalogue is read in mysql-catalogue.ts.
// JSON is put together as text: mysql2 parses whatever the server calls JSON, and a ZEROFILL number breaks JSON_OBJECT.
import type { Connection } from "mysql2";
import type { ColumnType } from "../schema/schema.js";
import { isAway } from "./away.js";
import {
  averageScale,
  type DatabaseRefusal,
  type DatabaseResult,
  type Dialect,
  type JsonField,
  type Position,
} from "./dialect.js";
import { jsonPathText } from "./json-path.js";
import { readSchema } from "./mysql-catalogue.js";
import { explainedRows } from "./mysql-explain.js";
import { jsonArray, jsonAt } from "./mysql-json.js";
import { search } from "./mysql-search.js";
import { onDuplicateKey } from "./on-conflict.js";
import { Statements } from "./statements.js";

const quote = (identifier: string): string => `\`${identifier.replaceAll("`", "``")}\``;

export const mysql: Dialect = {
  name: "mysql",
  driver: "mysql2",
  schemes: ["mysql", "mariadb"],
  clients: ["mysql2"],
  configure,
  readSchema,
  readVersion: async (ask) => String((await ask("SELECT VERSION() AS version"))[0]?.version),
  forServer: (version) => (/mariadb/i.test(version) ? { ...mysql, returning: { insert: true, update: false } } : mysql),
  execute,
  refusal,

  quote,
  placeholder: () => "?",
  bind,
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
  selectJson: (fields, rest, second) =>
    `SELECT ${jsonObject(fields)}${second === undefined ? "" : `, ${second}`} ${rest}`,
  embedOne: (fields, rest) => `IFNULL((SELECT ${jsonObject(fields)}${rest}), 'null')`,
  embedGroup: (fields, rest) => `IFNULL((SELECT CONCAT('[', ${jsonObject(fields)}, ']')${rest}), '[]')`,
  // No `embedMany`: MariaDB has no LATERAL, and an array's text ends at group_concat_max_len without an error.

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
  // A backslash in a literal depends on sql_mode (NO_BACKSLASH_ESCAPES), a bar does not.
  likePattern: (pattern) =>
    pattern.replace(/\\(.)|\|/gs, (_, escaped?: string) =>
      escaped && !"%_|".includes(escaped) ? escaped : `|${escaped ?? "|"}`,
    ),
  jsonAt,
  jsonPath: jsonPathText,
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

  returning: { insert: false, update: false },
  numberStep: "@@session.auto_increment_increment",
  defaultOf: () => "DEFAULT",
  // Text and a number are added as doubles.
  plus: (expression, placeholder, type) =>
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
  onConflict: onDuplicateKey(quote),
  ignoresByKey: false,
  // «row-by-row»: https://dev.mysql.com/doc/refman/8.4/en/ansi-diff-foreign-keys.html
  checksEachRow: true,
  ignoreConflict: (column, qualifier) => {
    const own = qualifier + quote(column);
    return `ON DUPLICATE KEY UPDATE ${own} = IF(LAST_INSERT_ID(${skipped}), ${own}, ${own})`;
  },
};

/** What `ignoreConflict` makes the insert id: mysql2 counts found rows, so a skipped row would look like an inserted one. */
const skipped = "9223372036854775807";

function configure(connectionString: string): ReturnType<Dialect["configure"]> {
  if (!/^(mysql|mariadb):\/\//i.test(connectionString) || !URL.canParse(connectionString)) {
    throw new Error("A MySQL connection string looks like mysql://user:password@host:3306/database.");
  }
  const url = new URL(connectionString);
  const database = decoded(url.pathname.slice(1));
  if (!database)
    throw new Error("A MySQL connection string ends in the database's name: mysql://user@host:3306/database.");
  return {
    client: "mysql2",
    connection: {
      ...Object.fromEntries([...url.searchParams].map(([name, value]) => [name, setting(value)])),
      host: url.hostname.replace(/^\[(.*)\]$/, "$1") || "localhost",
      ...(url.port ? { port: Number(url.port) } : {}),
      ...(url.username ? { user: decoded(url.username) } : {}),
      ...(url.password ? { password: decoded(url.password) } : {}),
      database,
      charset: "utf8mb4",
    },
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error('A MySQL connection string writes a "%" in names and passwords as "%25".');
  }
}

/** `?ssl={"rejectUnauthorized":false}`, `?connectTimeout=5000`: JSON where it is JSON. */
function setting(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

// The server holds 16,382 prepared statements for all its connections (max_prepared_stmt_count).
const connected = new WeakMap<object, Statements<true>>();

function execute(connection: unknown, text: string, values: readonly unknown[]): Promise<DatabaseResult> {
  const client = connection as Connection;
  let statements = connected.get(client);
  if (!statements) {
    statements = new Statements(250);
    connected.set(client, statements);
  }
  const forget = (text: string) => client.unprepare(request(text, []) as never);
  const kept = statements.takes(text);
  if (kept && !statements.get(text)) for (const dropped of statements.add(text, true)) forget(dropped.text);
  return new Promise((resolve, reject) => {
    client.execute(request(text, values.map(integral)) as never, (error, result) => {
      if (!kept) forget(text);
      if (error) reject(error);
      else resolve(Array.isArray(result) ? { rows: result as unknown[][], affected: result.length } : written(result));
    });
  });
}

const request = (sql: string, values: unknown[]) => ({
  sql,
  values,
  rowsAsArray: true,
  supportBigNumbers: true,
  bigNumberStrings: true,
  dateStrings: true,
});

/** mysql2 sends a number as DOUBLE, which LIMIT does not take in MySQL 8. */
const integral = (value: unknown): unknown => (Number.isSafeInteger(value) ? BigInt(value as number) : value);

interface Header {
  readonly affectedRows?: number | string;
  readonly insertId?: number | string;
  /** `Records: 3  Duplicates: 1  Warnings: 0`, after INSERTs of several rows. */
  readonly info?: string;
}

function written(result: unknown): DatabaseResult {
  const { affectedRows = 0, insertId = 0, info = "" } = result as Header;
  const affected = Number(affectedRows);
  if (String(insertId) === skipped) {
    const [, records, duplicates] = /Records: (\d+) +Duplicates: (\d+)/.exec(info) ?? [];
    return { rows: [], affected: records === undefined ? 0 : Number(records) - Number(duplicates) };
  }
  return { rows: [], affected, ...(Number(insertId) === 0 ? {} : { insertId: String(insertId) }) };
}

const isGeometry = (type: ColumnType): boolean =>
  /^(geometry|point|linestring|polygon|multi\w+|geometrycollection|geomcollection)$/i.test(type.native);
const isBits = (type: ColumnType): boolean => type.kind === "other" && /^bit\b/i.test(type.native);

function comparable(expression: string, type: ColumnType): string {
  // Bytes: no collation that both databases have minds the spaces at the end.
  if (isJsonText(type)) return `CAST(${expression} AS BINARY)`;
  if (type.kind === "json") return `CAST(${expression} AS CHAR)`;
  if (isGeometry(type)) return `ST_AsText(${expression})`;
  return isBits(type) ? `(${expression} + 0)` : expression;
}

/**
 * Only the first bytes of a longer value count in ORDER BY, as many as the server thinks fit (max_sort_length, 1024 at first);
 * in a comparison all of them do. So it is said here how many: fewer than that.
 */
function sortable(expression: string, type: ColumnType): string {
  const value = comparable(expression, type);
  // Found in JSON, and bytes already.
  if (isJsonText(type)) return `LEFT(${value}, 1000)`;
  const characters = type.kind === "text" || type.kind === "json" || isGeometry(type);
  if (characters) return (type.length ?? 1024) > 512 ? `LEFT(${value}, 255)` : value;
  return type.kind === "binary" && (type.length ?? 2000) > 1024 ? `LEFT(${value}, 1000)` : value;
}

/** What is kept is JSON text; NULL stays NULL. */
function positionOf(c: string, type: ColumnType): Position {
  const compared = sortable(c, type);
  if (isJsonText(type)) return { kept: jsonText(compared, BYTES), compared, type: BYTES, shown: false };
  // They sort by their numbers, and compare by their texts.
  if (type.kind === "enum" || type.kind === "boolean" || /^set\b/i.test(type.native))
    return { kept: `(${c} + 0)`, compared: `(${c} + 0)`, type: WHOLE, shown: false };
  switch (type.kind) {
    case "integer":
    case "uuid":
      return { kept: jsonText(c, type), compared, type, shown: true };
    case "decimal":
    case "float":
    case "any":
      return { kept: jsonText(c, type), compared, type, shown: false };
    case "binary":
      return { kept: jsonText(compared, type), compared, type, shown: false };
    case "instant":
      return instantPosition(c);
    case "date":
    case "time":
    case "datetime":
      return { kept: `CONCAT('"', ${c}, '"')`, compared, type: TEXT, shown: false };
    default:
      if (isBits(type)) return { kept: jsonText(c, type), compared, type, shown: false };
      return {
        kept: `JSON_QUOTE(CONCAT(${compared}))`,
        compared,
        type: TEXT,
        shown: type.kind === "text" && compared === c,
      };
  }
}

/**
 * ORDER BY knows a TIMESTAMP's moment, a comparison with anything else the time in the session's zone, which may have an hour
 * twice a year. FROM_UNIXTIME is that time again: two hours away from it no row is lost, where there are such moments.
 */
const instantPosition = (c: string): Position => ({
  kept: `UNIX_TIMESTAMP(${c})`,
  compared: `UNIX_TIMESTAMP(${c})`,
  type: { kind: "decimal", native: "", precision: 16, scale: 6 },
  shown: false,
  bound: (sign, put) =>
    sign === ">="
      ? `(${c} >= FROM_UNIXTIME(${put()} - 7200) OR ${put()} < 7200)`
      : `(${c} <= FROM_UNIXTIME(${put()} + 7200) OR ${put()} > 2147476447)`,
});

const isJsonText = (type: ColumnType): boolean => type.kind === "text" && type.native === "json";

const BYTES: ColumnType = { kind: "binary", native: "" };
const TEXT: ColumnType = { kind: "text", native: "" };
const WHOLE: ColumnType = { kind: "integer", native: "" };

function bind(placeholder: string, type: ColumnType): string {
  if (type.kind === "instant") return `CONVERT_TZ(${placeholder}, '+00:00', @@session.time_zone)`;
  if (type.kind === "decimal") {
    // Text and a decimal compare as floats. Ten more digits than the column has, so that a filter is not rounded into it.
    const { precision = 35, scale = 20 } = type;
    return `CAST(${placeholder} AS DECIMAL(65, ${scale + Math.max(0, Math.min(10, 65 - precision, 30 - scale))}))`;
  }
  // 1.1 as a DOUBLE is no FLOAT's value.
  if (/^float/i.test(type.native)) return `CAST(${placeholder} AS FLOAT)`;
  return isBits(type) ? `CAST(CONV(${placeholder}, 2, 10) AS UNSIGNED)` : placeholder;
}

function encode(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  if (type.kind === "datetime" || type.kind === "instant") return String(value).replace("T", " ").replace(/Z$/, "");
  return value;
}

/** The value as JSON text; NULL stays NULL. */
function jsonText(c: string, type: ColumnType): string {
  switch (type.kind) {
    case "integer":
    case "decimal":
      // YEAR and ZEROFILL have leading zeros, which JSON does not.
      return /^year|zerofill/i.test(type.native) ? `${c} + 0` : c;
    case "float":
      return /^float/i.test(type.native) ? float(c) : c;
    case "boolean":
      return `ELT(1 + (${c} <> 0), 'false', 'true')`;
    case "json":
      return c;
    case "binary":
      return `CONCAT('"', REPLACE(TO_BASE64(${c}), CHAR(10 USING ascii), ''), '"')`;
    case "date":
    case "uuid":
      return `CONCAT('"', ${c}, '"')`;
    case "time":
      return `CONCAT('"', ${withoutZeros(c, "TIME", type)}, '"')`;
    case "datetime":
      return `CONCAT('"', REPLACE(${withoutZeros(c, "DATETIME", type)}, ' ', 'T'), '"')`;
    case "instant": {
      const utc = `CONVERT_TZ(${c}, @@session.time_zone, '+00:00')`;
      return `CONCAT('"', REPLACE(${withoutZeros(utc, "DATETIME", type)}, ' ', 'T'), '+00:00"')`;
    }
    case "text":
      return `JSON_QUOTE(${c})`;
    case "any":
      // Whatever it is: an array of one, without its brackets, is a number where the value is one.
      return `REGEXP_REPLACE(JSON_ARRAY(${c}), '^.|.$', '')`;
    default:
      if (isGeometry(type)) return `JSON_QUOTE(ST_AsText(${c}))`;
      if (isBits(type)) return `CONCAT('"', LPAD(BIN(${c} + 0), ${type.length ?? 1}, '0'), '"')`;
      return `JSON_QUOTE(CONCAT(${c}))`;
  }
}

/** FLOAT is shown with six digits; where those do not lead back to the value, all of a DOUBLE's are. */
const float = (c: string): string =>
  `IF(CAST(CONCAT(${c}) AS FLOAT) = ${c}, CONCAT(${c}), CONCAT(CAST(${c} AS DOUBLE)))`;

function withoutZeros(c: string, as: string, type: ColumnType): string {
  if (type.scale === 0) return c;
  const fraction = type.scale === undefined ? `CAST(${c} AS ${as}(6))` : c;
  return `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM ${fraction}))`;
}

function jsonObject(fields: readonly JsonField[]): string {
  if (fields.length === 0) return "'{}'";
  const parts = fields.map(
    (field, index) => `${literal(`${index === 0 ? "{" : ","}${JSON.stringify(field.name)}:`)}, ${field.expression}`,
  );
  return `CONCAT(${parts.join(", ")}, '}')`;
}

/** In hexadecimal where a backslash (see `likePattern`) or another character set could change it. */
const literal = (text: string): string =>
  /^[ -&(-[\]-~]*$/.test(text) ? `'${text}'` : `_utf8mb4 0x${Buffer.from(text).toString("hex")}`;

interface DriverError extends Error {
  readonly errno?: number;
  readonly sqlState?: string;
  readonly code?: string;
  readonly fatal?: boolean;
}

// By number: mysql2 names some of MariaDB's wrongly (4025). https://mariadb.com/kb/en/mariadb-error-code-reference/
const refusals: readonly (readonly [DatabaseRefusal["code"], readonly number[]])[] = [
  // 1242: see on-conflict.ts.
  ["unique_violation", [1062, 1169, 1242, 1586]],
  ["foreign_key_violation", [1216, 1217, 1451, 1452]],
  ["not_null_violation", [1048, 1364]],
  ["check_violation", [1369, 3819, 4025]],
  ["invalid_value", [1153, 1264, 1265, 1292, 1300, 1366, 1367, 1406, 1411, 1416, 1525, 1690, 3140, 3141, 3156]],
  ["write_refused", [1142, 1143, 1288, 1290, 1442, 1471, 1644, 1792, 1836, 1906, 3105]],
  ["conflict", [1020, 1205, 1213]],
  ["timeout", [1317, 1969, 3024]],
  ["schema_changed", [1054, 1146, 1356, 1412, 1615]],
  ["database_away", [1021, 1040, 1041, 1044, 1045, 1047, 1049, 1053, 1203, 1226, 1927, 2006, 2013, 3159, 4031]],
];
const codeOf = new Map(refusals.flatMap(([code, numbers]) => numbers.map((number) => [number, code] as const)));

function refusal(error: unknown): DatabaseRefusal | undefined {
  if (isAway(error)) return { code: "database_away" };
  if (!(error instanceof Error)) return undefined;
  const { errno = 0, sqlState = "", code = "", message, fatal } = error as DriverError;
  if (code === "PROTOCOL_SEQUENCE_TIMEOUT") return { code: "timeout" };
  if (code.startsWith("PROTOCOL_") || (fatal && errno <= 0)) return { code: "database_away" };
  const known = codeOf.get(errno);
  switch (known) {
    case "unique_violation":
      return { code: known, constraint: /.* for key '(?:.*\.)?([^']+)'$/s.exec(message)?.[1] };
    case "foreign_key_violation": {
      const [, constraint, list] = /CONSTRAINT `([^`]+)` FOREIGN KEY \(([^)]+)\)/.exec(message) ?? [];
      const columns = errno === 1452 ? list?.split(", ").map((name) => name.slice(1, -1)) : undefined;
      return { code: known, columns, constraint };
    }
    case "check_violation":
      return { code: known, constraint: /onstraint ['`]([^'`]+)['`] (?:is violated|failed)/i.exec(message)?.[1] };
    case "not_null_violation":
      return { code: known, columns: column(message, /(?:Column|Field) '([^']+)' (?:cannot be null|doesn't have)/) };
    case "invalid_value":
      return { code: known, columns: column(message, /.* for column (?:`.*`\.)?[`']([^`']+)[`'] at row \d+$/s) };
    case undefined:
      if (sqlState === "45000") return { code: "write_refused" };
      return sqlState.startsWith("22") ? { code: "invalid_value" } : undefined;
    default:
      return { code: known };
  }
}

function column(message: string, pattern: RegExp): readonly string[] | undefined {
  const name = pattern.exec(message)?.[1];
  return name === undefined ? undefined : [name];
}
