// What a MySQL or MariaDB database has, from information_schema, for the connection's own database only.
// Six questions at most, whatever the number of tables. Every column has an alias: MySQL 8 answers in capitals without.
import type { WriteEvent } from "../../schema/effects.js";
import type { ColumnType, Schema } from "../../schema/schema.js";
import { type CatalogueColumn, schemaFromCatalogue } from "../catalogue.js";
import { charsetNamed } from "../charsets.js";
import type { Ask } from "../connection.js";

type Row = Record<string, unknown>;

const tablesSql = `SELECT TABLE_NAME AS \`table\`, TABLE_TYPE AS kind, TABLE_COMMENT AS comment, VERSION() AS version,
      IF(COALESCE(e.TRANSACTIONS, 'NO') = 'YES', NULL, t.ENGINE) AS engine
    FROM information_schema.TABLES t LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW') ORDER BY TABLE_NAME`;
const columnsSql = `SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS name, DATA_TYPE AS type, COLUMN_TYPE AS native,
      IS_NULLABLE AS nullable, COLUMN_DEFAULT AS \`default\`, EXTRA AS extra, COLUMN_COMMENT AS comment,
      CHARACTER_MAXIMUM_LENGTH AS length, NUMERIC_PRECISION AS \`precision\`, NUMERIC_SCALE AS scale,
      DATETIME_PRECISION AS fraction, CHARACTER_SET_NAME AS charset, ORDINAL_POSITION AS position
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`;
const indexesSql = `SELECT TABLE_NAME AS \`table\`, INDEX_NAME AS name, COLUMN_NAME AS \`column\`, SUB_PART AS part, INDEX_TYPE AS type,
      SEQ_IN_INDEX AS position
    FROM information_schema.STATISTICS
    WHERE TABLE_SCHEMA = DATABASE() AND (NON_UNIQUE = 0 OR INDEX_TYPE = 'FULLTEXT') ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`;
const referencesSql = `SELECT TABLE_NAME AS \`table\`, CONSTRAINT_NAME AS name, COLUMN_NAME AS \`column\`,
      REFERENCED_TABLE_NAME AS toTable, REFERENCED_COLUMN_NAME AS toColumn, ORDINAL_POSITION AS position
    FROM information_schema.KEY_COLUMN_USAGE
    WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_SCHEMA = DATABASE()
    ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`;
// MySQL 8 has no TABLE_NAME there.
const checksSql = `SELECT TABLE_NAME AS \`table\`, CHECK_CLAUSE AS clause
    FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()`;

const triggersSql = `SELECT EVENT_OBJECT_TABLE AS \`table\`, TRIGGER_NAME AS name, EVENT_MANIPULATION AS event,
      ACTION_STATEMENT AS statement
    FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY TRIGGER_NAME`;

const isMariadb = (version: unknown): boolean => /mariadb/i.test(String(version));

export async function readSchema(ask: Ask): Promise<Schema> {
  const tables = await ask(tablesSql);
  const columns = await ask(columnsSql);
  const indexes = await ask(indexesSql);
  const references = await ask(referencesSql);

  const lasting = tables.flatMap((row) => (row.engine === null ? [] : [String(row.table)]));
  const triggers = await ask(triggersSql);

  const mariadb = isMariadb(tables[0]?.version);
  const documents = mariadb ? await jsonColumns(ask) : new Set<string>();
  const keys = indexes.filter((row) => row.type !== "FULLTEXT");
  const searched = searchedAlone(indexes.filter((row) => row.type === "FULLTEXT"));
  // A key over an expression or over the beginning of a text says nothing about whole values.
  const partial = new Set(
    keys.filter((row) => row.column === null || (row.part !== null && row.name !== "PRIMARY")).map(keyId),
  );

  return schemaFromCatalogue({
    defaultSchema: null,
    tables: tables.map((row) => ({
      schema: null,
      table: String(row.table),
      kind: row.kind === "VIEW" ? "view" : "table",
      ...(row.kind === "VIEW" ? {} : comment(row.comment)),
      ...(row.engine === null ? {} : { engine: String(row.engine) }),
      ...triggersInto(
        triggers.filter(({ table }) => table === row.table),
        lasting,
      ),
    })),
    columns: columns.map((row) => {
      const column = toColumn(row, mariadb, documents);
      return searched.has(columnId(row.table, row.name)) ? { ...column, fullText: {} } : column;
    }),
    keys: keys
      .filter((row) => !partial.has(keyId(row)))
      .map((row) => ({
        schema: null,
        table: String(row.table),
        id: String(row.name),
        name: String(row.name),
        primary: row.name === "PRIMARY",
        column: String(row.column),
      })),
    references: references.map((row) => ({
      schema: null,
      table: String(row.table),
      id: String(row.name),
      name: String(row.name),
      column: String(row.column),
      toSchema: null,
      toTable: String(row.toTable),
      toColumn: String(row.toColumn),
    })),
    // A trigger cannot change the table that it is on (error 1442), and what it sets in the row is read again.
    effects: triggers.map((row) => ({
      schema: null,
      table: String(row.table),
      event: String(row.event).toLowerCase() as WriteEvent,
      effect: "others",
    })),
  });
}

/**
 * The same questions, but that the server adds up a number for each of their rows: it cuts a long text that it puts together
 * (group_concat_max_len).
 */
export async function schemaDigest(ask: Ask): Promise<string> {
  const [server] = await ask("SELECT VERSION() AS version");
  const questions = [
    tablesSql,
    columnsSql,
    indexesSql,
    referencesSql,
    ...(isMariadb(server?.version) ? [checksSql] : []),
    triggersSql,
  ];
  const [row] = await ask(`SELECT CONCAT_WS(';', ${questions.map((sql) => `(${summed(sql)})`).join(", ")}) AS digest`);
  return String(row?.digest);
}

/** Each column of a question has an alias. */
function summed(question: string): string {
  const names = [...question.matchAll(/ AS (`?\w+`?)/g)].map(([, name]) => name);
  const [rows = ""] = question.split(" ORDER BY");
  return `SELECT CONCAT_WS(',', COUNT(*), SUM(CRC32(JSON_ARRAY(${names.join(", ")})))) FROM (${rows}) q`;
}

const keyId = (row: Row): string => JSON.stringify([row.table, row.name]);
const columnId = (table: unknown, name: unknown): string => JSON.stringify([table, name]);

/** MATCH names all the columns of an index, so one of two columns searches neither. */
function searchedAlone(parts: readonly Row[]): ReadonlySet<string> {
  const alone = parts.filter((row) => parts.filter((other) => keyId(other) === keyId(row)).length === 1);
  return new Set(alone.map((row) => columnId(row.table, row.column)));
}

/** What a trigger does with the tables that it names is not told apart. */
function triggersInto(triggers: readonly Row[], lasting: readonly string[]): { triggersInto?: readonly string[] } {
  const words = new Set(
    triggers.flatMap(
      ({ statement }) =>
        String(statement)
          .toLowerCase()
          .match(/`[^`]+`|[\w$\u0080-\uffff]+/g) ?? [],
    ),
  );
  const named = lasting.filter((table) => [table, `\`${table}\``].some((name) => words.has(name.toLowerCase())));
  return named.length === 0 ? {} : { triggersInto: named };
}

const comment = (value: unknown): { comment?: string } => (value ? { comment: String(value) } : {});

/** MariaDB's JSON is LONGTEXT with a check (https://mariadb.com/kb/en/json-data-type/). */
async function jsonColumns(ask: Ask): Promise<ReadonlySet<string>> {
  const checks = await ask(checksSql);
  return new Set(
    checks.flatMap((row) => {
      const name = /^json_valid\(`((?:[^`]|``)+)`\)$/i.exec(String(row.clause))?.[1];
      return name === undefined ? [] : [JSON.stringify([row.table, name.replaceAll("``", "`")])];
    }),
  );
}

function toColumn(row: Row, mariadb: boolean, documents: ReadonlySet<string>): CatalogueColumn {
  const extra = String(row.extra);
  const number = (value: unknown): number | undefined =>
    value === null || value === undefined ? undefined : Number(value);
  const type = documents.has(JSON.stringify([row.table, row.name]))
    ? ({ kind: "json", native: "json" } as const)
    : typeOf({
        name: String(row.type).toLowerCase(),
        native: String(row.native),
        length: number(row.length),
        precision: number(row.precision),
        scale: number(row.scale),
        fraction: number(row.fraction),
        charset: row.charset === null ? undefined : String(row.charset),
      });
  const generated = /(VIRTUAL|STORED|PERSISTENT) GENERATED/i.test(extra);
  return {
    schema: null,
    table: String(row.table),
    name: String(row.name),
    type,
    nullable: row.nullable === "YES",
    default: generated ? null : defaultOf(row.default, extra, mariadb),
    generated,
    identity: /auto_increment/i.test(extra),
    ...comment(row.comment),
  };
}

/** MariaDB keeps the default's SQL, with the word NULL for none; MySQL the bare value, and marks what is an expression. */
function defaultOf(value: unknown, extra: string, mariadb: boolean): string | null {
  if (value === null || value === undefined || (mariadb && value === "NULL")) return null;
  const text = String(value);
  const asItIs =
    mariadb || /DEFAULT_GENERATED/i.test(extra) || /^(-?\d+(\.\d+)?|b'[01]*'|CURRENT_TIMESTAMP.*)$/i.test(text);
  return asItIs ? text : `'${text.replaceAll("'", "''")}'`;
}

interface NativeType {
  /** DATA_TYPE: `int`. */
  readonly name: string;
  /** COLUMN_TYPE: `int(10) unsigned`. */
  readonly native: string;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly fraction?: number;
  readonly charset?: string;
}

export function typeOf({ name, native, length, precision, scale, fraction, charset }: NativeType): ColumnType {
  // What it calls latin1 is Microsoft's (https://dev.mysql.com/doc/refman/8.4/en/charset-we-sets.html).
  const kept = charset === undefined ? {} : charsetNamed(charset === "latin1" ? "cp1252" : charset);
  if (/^(tinyint|bit)\(1\)/i.test(native)) return { kind: "boolean", native };
  const bits = integerBits[name];
  if (bits !== undefined) return { kind: "integer", native, ...bounds(bits, /unsigned/i.test(native)) };
  switch (name) {
    case "year":
      return { kind: "integer", native, min: "0", max: "2155" };
    case "decimal":
    case "numeric":
      return { kind: "decimal", native, precision, scale: scale ?? 0 };
    case "float":
    case "double":
      return { kind: "float", native };
    case "char":
    case "varchar":
      return { kind: "text", native, length, ...kept };
    case "tinytext":
    case "text":
    case "mediumtext":
    case "longtext":
      // Their length is one of bytes.
      return { kind: "text", native, ...kept };
    case "uuid":
    case "json":
    case "date":
      return { kind: name, native };
    case "time":
      return { kind: "time", native, scale: fraction ?? 0 };
    case "datetime":
      return { kind: "datetime", native, scale: fraction ?? 0 };
    case "timestamp":
      return { kind: "instant", native, scale: fraction ?? 0 };
    case "binary":
    case "varbinary":
    case "tinyblob":
    case "blob":
    case "mediumblob":
    case "longblob":
      return { kind: "binary", native, length };
    case "enum":
      return { kind: "enum", native, values: enumValues(native) };
    case "bit":
      return { kind: "other", native, length: precision };
    default:
      return { kind: "other", native };
  }
}

const integerBits: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  bigint: 64n,
};

function bounds(bits: bigint, unsigned: boolean): { min: string; max: string } {
  if (unsigned) return { min: "0", max: String(2n ** bits - 1n) };
  return { min: String(-(2n ** (bits - 1n))), max: String(2n ** (bits - 1n) - 1n) };
}

const escapes: Readonly<Record<string, string>> = { "''": "'", "\\\\": "\\", "\\n": "\n", "\\r": "\r", "\\0": "\0" };

/** The values of `enum('a','it''s')`, as append_unescaped writes them (sql/unireg.cc). */
function enumValues(native: string): string[] {
  const quoted = native.slice(native.indexOf("(")).match(/'(?:[^']|'')*'/g) ?? [];
  return quoted.map((value) => value.slice(1, -1).replace(/''|\\[\\nr0]/g, (found) => escapes[found] ?? found));
}

export const indexed = `SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS \`column\` FROM information_schema.STATISTICS
  WHERE TABLE_SCHEMA = DATABASE() AND SEQ_IN_INDEX = 1`;
