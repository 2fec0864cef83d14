// PostgreSQL through pg. The catalogue is read in catalogue.ts.

import { isOfComposites } from "../../schema/document.js";
import type { ColumnType } from "../../schema/schema.js";
import type { Dialect } from "../dialect.js";
import { otherSchemas } from "../elsewhere.js";
import { onConflict } from "../on-conflict.js";
import { orderWithNulls, quote, selectJsonBy, standard } from "../standard.js";
import { averageScale, type EmbeddedList, type JsonField } from "../statement-parts.js";
import { formsBy } from "../text-forms.js";
import { administration } from "./administration.js";
import { assigned, jsonMeant } from "./assigned.js";
import { calls } from "./calls.js";
import { cancel, discard, keepAlive } from "./cancel.js";
import { indexed, readCatalogue, schemaDigest } from "./catalogue.js";
import { withComposites } from "./composite.js";
import { datePart } from "./date-part.js";
import { definition } from "./definition.js";
import { configure, execute, executeReading, forget, restrict, say } from "./driver.js";
import { boundText, comparedAs, encodedWkt } from "./geometry.js";
import { jsonArray, jsonAt, jsonPath } from "./json.js";
import { listen } from "./listen.js";
import { refusal } from "./refusal.js";
import { replication } from "./replication.js";
import { schemas } from "./schemas.js";
import { search } from "./search.js";
import { sharedSessions } from "./session.js";
import { comparedSet, isComparable } from "./sets.js";
import { settle } from "./settle.js";
import { asText, json, jsonDigits, otherText, plain, shownText } from "./shown.js";
import { mayBecome, tell } from "./tell.js";
import { transactions } from "./transactions.js";
import { fits as fitsWire } from "./wire/fits.js";

/** Whatever standard_conforming_strings says of a backslash. */
const literal = (text: string): string => {
  const doubled = text.replaceAll("'", "''");
  return doubled.includes("\\") ? `E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
};

// https://www.postgresql.org/docs/current/functions-matching.html#FUNCTIONS-POSIX-REGEXP
const matching = {
  text: (expression: string, placeholder: string, matchCase: boolean): string =>
    `${asText(expression)} ${matchCase ? "~" : "~*"} ${placeholder}`,
};

const common: Dialect = {
  ...standard,
  name: "postgres",
  driver: "pg",
  schemes: ["postgres", "postgresql"],
  clients: ["pg", "postgres", "postgresql"],
  // pg_catalog is searched before all others.
  system: { schemas: /^pg_|^information_schema$/, tables: /^pg_[^.]*$/ },
  configure,
  readSchema: readCatalogue,
  definition,
  administration,
  setSessionVariables: tell,
  canSetRole: mayBecome,
  transactions,
  readOnlyTransactions: true,
  indexed,
  schemaDigest,
  listen,
  notify: (channel, word) => ({ text: "SELECT pg_notify($1, $2)", values: [channel, word] }),
  sharedSessions,
  replication,
  identify: async (ask) => {
    const [row] = await ask("SELECT current_setting('server_version') AS version, current_database() AS name");
    return { database: String(row?.name), version: String(row?.version).replace(/ .*/, "") };
  },
  execute,
  executeReading,
  isKnown: (connection) => fitsWire(connection as object),
  cancel,
  discard,
  keepAlive,
  forget,
  say,
  schemas,
  // What extensions brought is not the user's own; a role without USAGE would find nothing there.
  elsewhere: otherSchemas(`
    SELECT n.nspname::text AS place, count(*) AS tables
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^(pg_|information_schema$)'
      AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    GROUP BY n.nspname ORDER BY count(*) DESC, n.nspname LIMIT 20`),
  restrict,
  settle,
  refusal,

  placeholder: (position) => `$${position}`,
  assigned,
  onConflict: onConflict(quote, assigned),
  comparedAs,
  bind(placeholder, type) {
    const text = boundText(placeholder, type);
    if (text !== undefined) return text;
    // Bare it would be a record of any columns, which cannot be read.
    if (type.fields !== undefined) return `CAST(${placeholder} AS ${type.native})`;
    return type.native === "money" ? `${placeholder}::numeric::money` : placeholder;
  },
  encode(value, type) {
    if (typeof value === "bigint") return String(value);
    if (Array.isArray(value) && isOfComposites(type)) return withComposites(value, type);
    // The driver writes a number by String().
    return Object.is(value, -0) ? "-0" : encodedWkt(value ?? null, type);
  },
  comparable,
  // Of a row it asks whether all parts are NULL.
  whole: (expression, type) => (type.fields === undefined ? expression : asText(expression)),
  sortable: comparable,
  // As text every type keeps all it has (infinity, the fields of an interval), and a bare placeholder takes the column's type.
  position: (expression, type) => ({
    kept: asText(comparable(expression, type)),
    compared: comparable(expression, type),
    type: isOfComposites(type) && isComparable(type) ? type : { kind: "other", native: "unknown" },
    shown: type.kind === "integer" || type.kind === "text" || type.kind === "uuid",
  }),

  json,
  jsonDigits,
  jsonObject,
  selectJson: selectJsonBy(jsonObject),

  embedOne: (fields, rest) => `(SELECT ${rowObject(fields)} FROM (SELECT ${rowFields(fields)}${rest}) r)`,
  embedGroup: (fields, rest) =>
    `(SELECT coalesce(json_agg(${rowObject(fields)}), '[]') FROM (SELECT ${rowFields(fields)}${rest}) r)`,

  datePart,
  aggregate(of, c, type) {
    if (type.kind === "float") return { expression: `${of}(${c}::float8)`, type: { kind: "float", native: "float8" } };
    const exact = type.native === "money" ? `${c}::numeric` : type.native === "oid" ? `${c}::int8` : c;
    if (of === "sum")
      return { expression: `sum(${exact})`, type: { kind: "decimal", native: "numeric", scale: type.scale ?? 0 } };
    const scale = averageScale(type);
    return { expression: `round(avg(${exact}), ${scale})`, type: { kind: "decimal", native: "numeric", scale } };
  },

  like: (expression, placeholder, matchCase) =>
    `${asText(expression)} ${matchCase ? "LIKE" : "ILIKE"} ${placeholder} ESCAPE E'\\\\'`,
  matching,
  shownText,
  hasForm: formsBy(matching.text),
  numberOf: (text, form) =>
    form === "number"
      ? { expression: `${text}::numeric`, type: { kind: "decimal", native: "numeric" } }
      : { expression: `trunc(${text}::numeric)::int8`, type: { kind: "integer", native: "int8" } },
  truthValue: (is) => (is ? "true" : "false"),
  truth: (expression, is) => (is ? expression : `NOT ${expression}`),
  jsonAt,
  jsonPath,
  jsonArray,
  search,
  comparedSet,
  order: orderWithNulls("largest"),

  estimate: {
    filtered: true,
    views: true,
    text: (select) => `EXPLAIN (FORMAT JSON) ${select}`,
    rows: ([row]) => JSON.parse(row?.[0] as string)[0]?.Plan?.["Plan Rows"],
  },

  returning: { insert: true, update: true },
  lastNumber: (table, { name, default: text }) =>
    `currval(${/^nextval\((.*)\)$/s.exec(text ?? "")?.[1] ?? `pg_get_serial_sequence(${literal(table)}, ${literal(name)})::regclass`})`,
  savepoint: { set: "SAVEPOINT rows", back: "ROLLBACK TO SAVEPOINT rows" },
  // There is no sum of an oid and a number; what comes of it is one again.
  addExact: (expression, placeholder, type) =>
    type.native === "oid"
      ? `${expression}::int8 + ${placeholder}::int8`
      : `${expression} + ${common.bind(placeholder, type)}`,
  // As an UPDATE locks it: rows that refer to this one may still come (explicit-locking, «FOR NO KEY UPDATE»).
  // EXISTS are planned as one join, the longer the worse: measured on 22,500 links, four N-to-N steps, over 20 s against 8 ms. What
  // is DISTINCT is planned by itself, and of a million rows not begun before it is whole, so that it is not for the first two.
  related: { rows: 2, oneRow: 2, list: "SELECT DISTINCT" },
  lock: { hint: "", clause: " FOR NO KEY UPDATE" },
  checkDeferred: "SET CONSTRAINTS ALL IMMEDIATE",
  // «IMMEDIATE takes effect retroactively» (manual: SET CONSTRAINTS).
  fireDeferred: (names) => ["IMMEDIATE", "DEFERRED"].map((mode) => `SET CONSTRAINTS ${names.join(", ")} ${mode}`),
  ...calls,
};

export const postgres: Dialect = {
  ...common,
  textColumn: plain,
  embedMany: (fields, from, order, limit, list) => listOf(fields, from, order + limit, list),
  fallback: common,
  truncatesAnyList: true,
  isTruncated: (json) => typeof json === "string" && json.includes(MARK),
};

/** Stands for a list of too much. JSON keeps its white space; a value that has the same makes its row be read with care, and no more. */
const MARK = "\t\r\t0";
/** Bytes of the lists of one row, which the server makes in one piece. */
const MOST_BYTES = 16_777_216;

/** A list that has too many rows is looked for before any of it is made. */
function listOf(fields: readonly JsonField[], from: string, slice: string, { copies, most }: EmbeddedList): string {
  const rows = `json_agg(${rowObject(fields)})`;
  // An aggregate that stands twice is made once (src/backend/optimizer/prep/prepagg.c).
  const short = `octet_length(${rows}::text) <= ${Math.floor(MOST_BYTES / copies)}`;
  const list = `CASE WHEN ${rows} IS NULL THEN '[]' WHEN ${short} THEN ${rows} ELSE ${mark} END`;
  const made = `(SELECT ${list} FROM (SELECT ${rowFields(fields)}${from}${slice}) r)`;
  return most === undefined
    ? made
    : `CASE WHEN EXISTS (SELECT 1${from}${common.limit(1, String(most), false)}) THEN ${mark} ELSE ${made} END`;
}

const mark = "E'\\t\\r\\t0'::json";

function comparable(expression: string, type: ColumnType): string {
  if (type.kind === "text" && type.native === "json") return `${expression} COLLATE "C"`;
  if (type.kind === "json" && type.native === "json") return jsonMeant(expression);
  if (!isComparable(type)) return otherText(expression, type);
  // A domain over an enum has no `=` of its own; of the enum itself the cast makes nothing.
  return type.kind === "enum" ? `CAST(${expression} AS ${type.native})` : expression;
}

/** `r.*`, because plain `r` would be a column of that name. */
function jsonObject(fields: readonly JsonField[]): string {
  return fits(fields) ? `(SELECT row_to_json(r.*)::text FROM (SELECT ${aliased(fields)}) r)` : builtObject(fields);
}

/** A longer alias would be cut (NAMEDATALEN). */
const fits = (fields: readonly JsonField[]): boolean => fields.every((field) => Buffer.byteLength(field.name) < 64);

const aliased = (fields: readonly JsonField[]): string =>
  fields.map((field) => `${field.expression} AS ${quote(field.name)}`).join(", ");

/** A row of a subquery `r`, and what that selects. */
const rowObject = (fields: readonly JsonField[]): string => (fits(fields) ? "row_to_json(r.*)" : "r.object");
const rowFields = (fields: readonly JsonField[]): string =>
  fits(fields) ? aliased(fields) : `${jsonBuild(fields)} AS object`;

const builtObject = (fields: readonly JsonField[]): string => `CAST(${jsonBuild(fields)} AS text)`;

const jsonBuild = (fields: readonly JsonField[]): string =>
  `json_build_object(${fields.map((field) => `${literal(field.name)}, ${field.expression}`).join(", ")})`;
