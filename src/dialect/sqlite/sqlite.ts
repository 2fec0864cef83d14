// SQLite through better-sqlite3. The catalogue is read in catalogue.ts. A column's declared type is a habit there, not a promise:
// every expression here must do something sensible with whatever value the row really holds.

import { basename } from "node:path";
import type Database from "better-sqlite3";
import type { ColumnType } from "../../schema/schema.js";
import type { Dialect } from "../dialect.js";
import { onConflict } from "../on-conflict.js";
import { literal, orderWithNulls, quote, selectJsonBy, standard } from "../standard.js";
import { averageScale, type Position } from "../statement-parts.js";
import { formsBy } from "../text-forms.js";
import { kept } from "./assigned.js";
import { indexed, readCatalogue } from "./catalogue.js";
import { configure, fileOf, hasWriteAheadLog, prepared } from "./connection-string.js";
import { datePart } from "./date-part.js";
import { definition } from "./definition.js";
import { columnLimits } from "./increment.js";
import { jsonArray, jsonAt } from "./json.js";
import { MATCH, requireExpression } from "./match.js";
import { inOneText } from "./one-text.js";
import { readers } from "./readers.js";
import { refusal } from "./refusal.js";
import { search } from "./search.js";
import { asHeld, asWritten, isMoment, shown, withoutFraction } from "./shown.js";
import { EXACT, execute, forget, PLUS, schemaVersion, transactions } from "./statements.js";
import { tell } from "./tell.js";
import { untouched } from "./untouched.js";

const matchText = (expression: string, placeholder: string, matchCase: boolean): string =>
  `${MATCH}(CAST(${expression} AS TEXT), ${placeholder}, ${matchCase ? 1 : 0})`;

const common: Omit<Dialect, "json" | "jsonDigits"> = {
  ...standard,
  name: "sqlite",
  driver: "better-sqlite3",
  schemes: ["sqlite"],
  clients: ["better-sqlite3"],
  // https://sqlite.org/schematab.html, https://sqlite.org/pragma.html#pragfunc, https://sqlite.org/dbstat.html
  system: { schemas: /^$/, tables: /^((main|temp)\.)?(sqlite_|pragma_|dbstat$)/i },
  configure,
  readSchema: readCatalogue,
  definition,
  setSessionVariables: tell,
  // https://sqlite.org/pragma.html#pragma_schema_version
  indexed,
  schemaDigest: async (ask) => String((await ask("PRAGMA schema_version"))[0]?.schema_version),
  schemaVersion,
  identify: async (ask) => {
    const [row] = await ask("SELECT sqlite_version() AS version, file FROM pragma_database_list WHERE name = 'main'");
    return { database: basename(String(row?.file ?? "")) || ":memory:", version: String(row?.version) };
  },
  execute,
  forget,
  readers: (connectionString, options) => readers(fileOf(connectionString), options),
  say: async (connection, statement) => void (connection as Database.Database).exec(statement),
  // A statement's time is limited where readers run it.
  restrict: (config, { readOnly }) => (readOnly ? untouched(config) : config),
  untouched,
  unconverted: (config) => ({ ...config, pool: { ...config.pool, afterCreate: prepared(hasWriteAheadLog) } }),
  oneConnection: true,
  transactions,
  refusal,

  // A column's affinity converts a parameter, an aggregate's result has none.
  bind: (placeholder, type) =>
    type.kind === "decimal" ? `CAST(${placeholder} AS NUMERIC)` : asHeld(placeholder, type),
  // Where the file has been analyzed, a bare parameter makes SQLite look at the statistics and compile the statement anew on every
  // run (SQLITE_ENABLE_STAT4, as better-sqlite3 is built; measured: 20.5 µs against 13.2 with `+` for the tracks of an album).
  // Filters keep that: there are columns whose index is worth something for rare values only.
  keyPlaceholder: (placeholder) => `+${placeholder}`,
  encode,
  // Filters compare moments, and not what is kept of them.
  comparedAs: (type) => (type.held === undefined ? type : { ...type, held: undefined }),
  momentUnits: true,
  comparable(expression, type) {
    if (type.native === EXACT) return `CAST(${expression} AS NUMERIC)`;
    if (type.kind === "json")
      return `CASE WHEN json_valid(${expression}, 9) THEN json(${expression}) ELSE ${expression} END`;
    return isMoment(type) ? asWritten(expression, type) : expression;
  },
  grouped(expression, type) {
    if (type.kind === "time") return withoutFraction(expression);
    if (type.kind === "json")
      return `CASE WHEN json_valid(${expression}, 9) THEN json(${expression}) ELSE ${expression} END`;
    return isMoment(type) ? asWritten(expression, type) : expression;
  },
  assigned: kept,
  onConflict: onConflict(quote, kept),
  // A uuid may be kept in capitals, and a key is looked up as it was said where there is such a row.
  keyValue: (column, placeholder, table, type) =>
    type.kind === "uuid" && type.loose
      ? `CASE WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${column} = ${placeholder}) THEN ${placeholder} ELSE lower(${placeholder}) END`
      : undefined,
  sortable: (expression, type) =>
    type.native === EXACT ? `CAST(${expression} AS NUMERIC)` : sortedMoment(expression, type),
  position,

  jsonObject,
  selectJson: selectJsonBy(jsonObject),
  // What is JSON is not known any more behind a subquery.
  embedOne: (fields, rest) => `json((SELECT ${jsonObject(fields)}${rest}))`,
  embedGroup: (fields, rest) =>
    `json((SELECT '[' || ifnull(group_concat(j, ','), '') || ']' FROM (SELECT ${jsonObject(fields)} AS j${rest})))`,

  datePart,
  aggregate(of, c, type) {
    if (type.kind !== "integer" && type.kind !== "decimal") return { expression: `${of}(${c})`, type };
    // Its own sum of whole numbers fails past 64 bits (that of their halves does not), and its average is a double.
    const sum =
      type.kind === "decimal"
        ? `${EXACT}_sum(${c})`
        : `${EXACT}_whole(sum(${c} >> 32), sum(${c} & 4294967295), total(${c}))`;
    const expression = of === "sum" ? sum : `${EXACT}_quotient(${sum}, count(${c}), ${averageScale(type)})`;
    return { expression, type: { kind: "decimal", native: EXACT } };
  },

  like: (expression, placeholder, matchCase) =>
    matchCase
      ? `${expression} GLOB ${placeholder}`
      : `sapwood_lower(CAST(${expression} AS TEXT)) LIKE sapwood_lower(${placeholder}) ESCAPE '\\'`,
  likePattern: (pattern, matchCase) => (matchCase ? globOf(pattern) : pattern),
  matching: { text: matchText, require: requireExpression },
  // Of a BLOB `||` makes text.
  shownText: (c, type) => `(${shown(c, type)} || '')`,
  hasForm: formsBy(matchText),
  numberOf: (text, form) =>
    form === "number"
      ? { expression: text, type: { kind: "decimal", native: EXACT } }
      : { expression: `CAST(${text} AS INTEGER)`, type: { kind: "integer", native: "" } },
  truthValue: (is) => (is ? "1" : "0"),
  jsonAt,
  jsonArray,
  search,
  order: orderWithNulls("smallest"),
  limit(limit, offset) {
    if (limit === undefined && offset === undefined) return "";
    // A bare parameter here makes SQLite compile the statement anew on every run (measured: 7 µs against 2 µs with `+`).
    return ` LIMIT ${limit ?? -1}${offset === undefined ? "" : ` OFFSET +${offset}`}`;
  },

  projectsBeforeSort: true,
  // EXISTS within EXISTS is a loop for each row of the one around it: measured on 22,500 links, two N-to-N steps, 18 s against 3 ms.
  // One row has few that are related to it, where a list is made of all (on a million tracks 0.2 ms against 90).
  related: { rows: 0, oneRow: 2, list: "SELECT", plain: (column) => `+${column}` },

  returning: { insert: true, update: true },
  oneWriter: true,
  savepoint: { set: "SAVEPOINT rows", back: "ROLLBACK TO rows" },
  defaultOf: (column) => (column.default === null ? "NULL" : `(${column.default})`),
  addExact: (expression, placeholder, type) =>
    type.kind === "float"
      ? `${PLUS}_float(${expression}, ${placeholder})`
      : `${PLUS}(${expression}, ${placeholder}, ${columnLimits(type)})`,
  // better-sqlite3 13 is built for Node 22 and ends older processes with a segmentation fault, without a word.
  driverProblem: (driver, node) =>
    Number.parseInt(driver, 10) >= 13 && Number.parseInt(node, 10) < 22
      ? `better-sqlite3 ${driver} needs Node.js 22 or newer, and this is ${node}. Install an older one with: npm install better-sqlite3@12`
      : undefined,
};

const plain: Dialect = {
  ...common,
  json: shown,
  // A CAST would leave it the mark of JSON. Of a BLOB `||` makes text.
  jsonDigits: (c, type) => `(${shown(c, type)} || '')`,
};

export const sqlite: Dialect = { ...plain, ...inOneText(jsonObject), fallback: plain };

function encode(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  // better-sqlite3 binds every number as a REAL.
  if (typeof value === "number" && type.kind !== "float" && Number.isSafeInteger(value)) return BigInt(value);
  // As a text it would be cast to 0.
  if (type.kind === "decimal" && /^-?Infinity$/.test(String(value))) return Number(value);
  // What SQLite itself makes of an integer past 64 bits.
  if (typeof value === "bigint" && BigInt.asIntN(64, value) !== value) return Number(value);
  // What CURRENT_TIMESTAMP writes: UTC, no zone; with a `Z` behind it `…:00.5Z` would sort before `…:00Z`.
  if (type.kind === "datetime" || type.kind === "instant") return String(value).replace("T", " ").replace(/Z$/, "");
  return value;
}

/** LIKE's `%` and `_` as GLOB's `*` and `?`, which match the case. */
function globOf(pattern: string): string {
  return pattern.replace(/\\(.)|[%_*?[]/gs, (found, escaped: string | undefined) => {
    if (found === "%") return "*";
    if (found === "_") return "?";
    const literal = escaped ?? found;
    return "*?[".includes(literal) ? `[${literal}]` : literal;
  });
}

function jsonObject(fields: readonly { readonly name: string; readonly expression: string }[]): string {
  return `json_object(${fields.map((field) => `${literal(field.name)}, ${field.expression}`).join(", ")})`;
}

/** Within one column moments are mostly of one form, and an index on it is worth more than those that are not. */
const sortedMoment = (c: string, type: ColumnType): string =>
  isMoment(type) && !type.indexed && type.held === undefined ? asWritten(c, type) : c;

/** ORDER BY goes by the value that is stored, whatever the column's type says. (JSON has 17 digits of a REAL, and 9e999.) */
function position(column: string, type: ColumnType, key = false): Position {
  const c = sortedMoment(column, type);
  // What was found in JSON is no BLOB, and may hold placeholders, so that it cannot stand here twice.
  const found = type.native === "json" && type.kind !== "json";
  return {
    kept: found ? c : `CASE WHEN typeof(${c}) = 'blob' THEN json_object('base64', sapwood_base64(${c})) ELSE ${c} END`,
    compared: c,
    type: { kind: "any", native: "" },
    // A text that is shown may be kept as bytes.
    shown: key && !type.loose && (type.kind === "integer" || type.kind === "text" || type.kind === "uuid"),
  };
}
