// What a MySQL or MariaDB database has, from information_schema, for the connection's own database only.
// Nine questions at most, whatever the number of tables. Every column has an alias: MySQL 8 answers in capitals without.
import { createHash } from "node:crypto";
import type { WriteEvent } from "../../schema/effects.js";
import type { Schema } from "../../schema/schema.js";
import { schemaFromCatalogue } from "../catalogue-schema.js";
import type { Ask } from "../connection.js";
import { columnId, comment, jsonColumns, numberingIn, quotedName, toColumn, withoutBackticks } from "./columns.js";
import { grantsSql, mayDelete, textsOf } from "./grants.js";
import { leftBehindOf } from "./leaves.js";
import { routinesFrom, routinesSql } from "./routines.js";
import { viewFrom } from "./views.js";

type Row = Record<string, unknown>;

const tablesSql = `SELECT TABLE_NAME AS \`table\`, TABLE_TYPE AS kind, TABLE_COMMENT AS comment, VERSION() AS version, @@GLOBAL.sql_mode AS modes, DATABASE() AS place,
      IF(COALESCE(e.TRANSACTIONS, 'NO') = 'YES', NULL, t.ENGINE) AS engine
    FROM information_schema.TABLES t LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW') ORDER BY TABLE_NAME`;
// SRS_ID is MySQL's own, since 8.0.
const columnsSql = (
  mariadb: boolean,
): string => `SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS name, DATA_TYPE AS type, COLUMN_TYPE AS native,
      IS_NULLABLE AS nullable, COLUMN_DEFAULT AS \`default\`, EXTRA AS extra, COLUMN_COMMENT AS comment,
      CHARACTER_MAXIMUM_LENGTH AS length, NUMERIC_PRECISION AS \`precision\`, NUMERIC_SCALE AS scale,
      DATETIME_PRECISION AS fraction, CHARACTER_SET_NAME AS charset, COLLATION_NAME AS collation, PRIVILEGES AS rights,
      GENERATION_EXPRESSION AS expression, ORDINAL_POSITION AS position${mariadb ? "" : ", SRS_ID AS srid"}
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`;
const indexesSql = `SELECT TABLE_NAME AS \`table\`, INDEX_NAME AS name, COLUMN_NAME AS \`column\`, SUB_PART AS part, INDEX_TYPE AS type,
      SEQ_IN_INDEX AS position
    FROM information_schema.STATISTICS
    WHERE TABLE_SCHEMA = DATABASE() AND (NON_UNIQUE = 0 OR INDEX_TYPE = 'FULLTEXT') ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`;
const referencesSql = `SELECT TABLE_NAME AS \`table\`, CONSTRAINT_NAME AS name, COLUMN_NAME AS \`column\`,
      IF(REFERENCED_TABLE_SCHEMA = DATABASE(), NULL, REFERENCED_TABLE_SCHEMA) AS toSchema,
      REFERENCED_TABLE_NAME AS toTable, REFERENCED_COLUMN_NAME AS toColumn, ORDINAL_POSITION AS position
    FROM information_schema.KEY_COLUMN_USAGE
    WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL
    ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`;
// MySQL 8 has no TABLE_NAME there.
const checksSql = `SELECT TABLE_NAME AS \`table\`, CHECK_CLAUSE AS clause
    FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()`;

const triggersSql = `SELECT EVENT_OBJECT_TABLE AS \`table\`, TRIGGER_NAME AS name, EVENT_MANIPULATION AS event,
      ACTION_STATEMENT AS \`body\`, SQL_MODE AS modes
    FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY TRIGGER_NAME`;

const viewsSql = `SELECT TABLE_NAME AS \`table\`, VIEW_DEFINITION AS definition, IS_UPDATABLE AS updatable, CHECK_OPTION AS checked
    FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME`;

const isMariadb = (version: unknown): boolean => /mariadb/i.test(String(version));

export async function readCatalogue(ask: Ask): Promise<Schema> {
  const tables = await ask(tablesSql);
  // Without a table nobody has said which server it is, and there is no column to ask about.
  const mariadb = isMariadb(tables[0]?.version);
  // Sessions of ours are without it.
  const wholeDates = /NO_ZERO_IN_DATE/.test(String(tables[0]?.modes));
  const columns = tables.length === 0 ? [] : await ask(columnsSql(mariadb));
  const indexes = await ask(indexesSql);
  const references = await ask(referencesSql);
  const isDeletable = mayDelete(await ask(grantsSql), String(tables[0]?.place));

  const lasting = tables.flatMap((row) => (row.engine === null ? [] : [String(row.table)]));
  const triggers = await ask(triggersSql);
  const views = await ask(viewsSql);
  const routineRows = await ask(routinesSql);
  const leaving = leftBehindOf({ routines: routineRows, triggers });
  const routines = routinesFrom(routineRows, leaving);

  const checks = mariadb ? await ask(checksSql) : [];
  const documents = jsonColumns(checks);
  const described = new Set(columns.map((row) => row.table));
  const isPeriodOf = periodsIn(checks);
  // The columns of the system's own period are part of each key there, and of no key of the rows that are shown.
  const versioned = new Set(columns.filter(isSystemPeriod).map((row) => columnId(row.table, row.name)));
  const keys = indexes.filter((row) => row.type !== "FULLTEXT");
  const numbering = numberingIn(keys, references);
  const searched = searchedAlone(indexes.filter((row) => row.type === "FULLTEXT"));
  // A key over an expression or over the beginning of a text says nothing about whole values.
  const partial = new Set(
    keys.filter((row) => row.column === null || (row.part !== null && row.name !== "PRIMARY")).map(keyId),
  );

  const schema = schemaFromCatalogue({
    defaultSchema: null,
    tables: tables.map((row) => ({
      schema: null,
      table: String(row.table),
      kind: row.kind === "VIEW" ? "view" : "table",
      ...(row.kind === "VIEW" ? {} : comment(row.comment)),
      ...(isDeletable(String(row.table)) ? {} : { denied: ["delete"] as const }),
      // One that cannot be run has no columns (MySQL and MariaDB: error 1356, as a warning).
      ...(described.has(row.table) || row.kind !== "VIEW" ? {} : { leftOut: { code: "broken_view" as const } }),
      ...(row.engine === null ? {} : { engine: String(row.engine) }),
      ...triggersInto(
        triggers.filter(({ table }) => table === row.table),
        lasting,
      ),
    })),
    columns: columns.map((row) => {
      const id = columnId(row.table, row.name);
      const numbers = numbering.has(id) || /(^|_)id$|[a-z]Id$/.test(String(row.name));
      const column = toColumn(row, { mariadb, numbers, isDocument: documents.has(id), wholeDates });
      return searched.has(id) ? { ...column, fullText: {} } : column;
    }),
    keys: keys
      .filter((row) => !partial.has(keyId(row)) && !versioned.has(columnId(row.table, row.column)))
      .map((row) => ({
        schema: null,
        table: String(row.table),
        id: String(row.name),
        name: String(row.name),
        primary: row.name === "PRIMARY",
        ...(isPeriodOf(keys.filter((other) => keyId(other) === keyId(row))) ? { unarbitrable: "one of periods" } : {}),
        column: String(row.column),
      })),
    references: references.map((row) => ({
      schema: null,
      table: String(row.table),
      id: String(row.name),
      name: String(row.name),
      column: String(row.column),
      toSchema: row.toSchema === null ? null : String(row.toSchema),
      toTable: String(row.toTable),
      toColumn: String(row.toColumn),
    })),
    views: views.map((row) => viewFrom(row, String(tables[0]?.place))),
    // A trigger cannot change the table that it is on (error 1442), and what it sets in the row is read again.
    effects: triggers.map((row) => ({
      schema: null,
      table: String(row.table),
      event: String(row.event).toLowerCase() as WriteEvent,
      effect: "others",
      sets: leaving.trigger(row),
    })),
  });
  return routines.length === 0 ? schema : { ...schema, routines };
}

/**
 * The same questions, but that the server adds up a number for each of their rows: it cuts a long text that it puts together
 * (group_concat_max_len).
 */
export async function schemaDigest(ask: Ask): Promise<string> {
  const [server] = await ask("SELECT VERSION() AS version");
  const mariadb = isMariadb(server?.version);
  const questions = [
    tablesSql,
    columnsSql(mariadb),
    indexesSql,
    referencesSql,
    ...(mariadb ? [checksSql] : []),
    triggersSql,
    viewsSql,
    routinesSql,
  ];
  const [row] = await ask(`SELECT CONCAT_WS(';', ${questions.map((sql) => `(${summed(sql)})`).join(", ")}) AS digest`);
  return `${row?.digest};${createHash("sha256")
    .update(JSON.stringify(textsOf(await ask(grantsSql))))
    .digest("hex")}`;
}

/** Each column of a question has an alias. */
function summed(question: string): string {
  const names = [...question.matchAll(/ AS (`?\w+`?)/g)].map(([, name]) => name);
  const [rows = ""] = question.split(" ORDER BY");
  return `SELECT CONCAT_WS(',', COUNT(*), SUM(CRC32(JSON_ARRAY(${names.join(", ")})))) FROM (${rows}) q`;
}

const keyId = (row: Row): string => JSON.stringify([row.table, row.name]);

/** MATCH names all the columns of an index, so one of two columns searches neither. */
function searchedAlone(parts: readonly Row[]): ReadonlySet<string> {
  const alone = parts.filter((row) => parts.filter((other) => keyId(other) === keyId(row)).length === 1);
  return new Set(alone.map((row) => columnId(row.table, row.column)));
}

/** What a trigger does with the tables that it names is not told apart. */
function triggersInto(triggers: readonly Row[], lasting: readonly string[]): { triggersInto?: readonly string[] } {
  const words = new Set(
    triggers.flatMap(
      ({ body }) =>
        String(body)
          .toLowerCase()
          .match(/`[^`]+`|[\w$\u0080-\uffff]+/g) ?? [],
    ),
  );
  const named = lasting.filter((table) => [table, `\`${table}\``].some((name) => words.has(name.toLowerCase())));
  return named.length === 0 ? {} : { triggersInto: named };
}

const isSystemPeriod = ({ expression }: Row): boolean => /^ROW (START|END)$/i.test(String(expression ?? ""));

/**
 * A key WITHOUT OVERLAPS ends in its period's end and beginning, of which the server itself checks that one is before the other:
 * nothing else tells of it (https://mariadb.com/kb/en/application-time-periods/).
 */
function periodsIn(checks: readonly Row[]): (key: readonly Row[]) => boolean {
  const form = new RegExp(`^(${quotedName}) < (${quotedName})$`);
  const periods = new Set(
    checks.flatMap((row) => {
      const [, start, end] = form.exec(String(row.clause)) ?? [];
      return start && end ? [JSON.stringify([row.table, withoutBackticks(end), withoutBackticks(start)])] : [];
    }),
  );
  return (key) => {
    const [end, start] = key.slice(-2);
    return periods.has(JSON.stringify([end?.table, end?.column, start?.column]));
  };
}

export const indexed = `SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS \`column\` FROM information_schema.STATISTICS
  WHERE TABLE_SCHEMA = DATABASE() AND SEQ_IN_INDEX = 1`;
