// How MySQL and MariaDB spell types and defaults, and what information_schema tells of indexes and foreign keys.
import type { Definition } from "../parts/definition.js";
import { decimalDigits, integerSize, spelling, type TypeNames, typeNamesBy } from "../type-names.js";

/** A row's texts have 65,535 bytes together, and a character may have four (https://dev.mysql.com/doc/refman/8.4/en/column-count-limit.html). */
const LONGEST = 4_000;

const names: TypeNames = {
  text: ({ length = Number.POSITIVE_INFINITY }, keyed) =>
    length <= LONGEST ? `varchar(${length})` : keyed ? "varchar(255)" : "longtext",
  integer: (type) => {
    const { bits, unsigned } = integerSize(type);
    return { 16: "smallint", 32: "int", 64: "bigint" }[bits] + (unsigned ? " unsigned" : "");
  },
  decimal: (type) => `decimal${decimalDigits(type, "(38,10)")}`,
  float: () => "double",
  boolean: () => "tinyint(1)",
  uuid: () => "char(36)",
  date: () => "date",
  time: () => "time(6)",
  datetime: () => "datetime(6)",
  instant: () => "timestamp(6)",
  json: () => "json",
  array: () => "json",
  binary: ({ length = Number.POSITIVE_INFINITY }, keyed) =>
    length <= LONGEST ? `varbinary(${length})` : keyed ? "varbinary(255)" : "longblob",
  enum: ({ values = [] }) => `enum(${values.map(quoted).join(",")})`,
};

/** Whatever the session's mode says of a backslash, none is left single. */
const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

const own =
  /^((tinyint|mediumint|char|year|tinytext|mediumtext|tinyblob|mediumblob|bit)(\(\d+\))?|binary\(\d+\)|(date)?time\(\d\))$/i;

/** knex doubles none in a table's comment. */
const doubled = (text: string): string => text.replaceAll("'", "''");

export const definition: Definition = {
  ...typeNamesBy(names, own),
  // knex numbers with an unsigned one, to which no foreign key of a plain one leads.
  numbered: (typeName) => `${typeName} auto_increment`,
  changeKey: (from, to) =>
    `alter table ?? ${[
      ...(from.length > 0 ? ["drop primary key"] : []),
      ...(to.length > 0 ? [`add primary key (${to.map(() => "??").join(", ")})`] : []),
    ].join(", ")}`,
  renameColumn: "alter table ?? rename column ?? to ??",
  // Before MySQL 8.0.19, and on MariaDB, whole numbers have a width for show.
  plainName: (native) => spelling(native).replace(/^(small|medium|big)?int\(\d+\)/, "$1int"),
  boolean: (value) => (value ? "1" : "0"),
  now: ({ kind }) => (kind === "datetime" || kind === "instant" ? "CURRENT_TIMESTAMP(6)" : undefined),
  takesDefault: (name) => !/text$|blob$|^json$/.test(name),
  comments: { table: doubled, column: (text) => text },
  indexes: `SELECT NULL AS \`schema\`, s.TABLE_NAME AS \`table\`, s.INDEX_NAME AS name, s.COLUMN_NAME AS \`column\`
    FROM information_schema.STATISTICS s
    WHERE s.TABLE_SCHEMA = DATABASE() AND s.NON_UNIQUE = 1 AND s.INDEX_TYPE = 'BTREE'
      AND NOT EXISTS (SELECT 1 FROM information_schema.STATISTICS e WHERE e.TABLE_SCHEMA = DATABASE()
        AND e.TABLE_NAME = s.TABLE_NAME AND e.INDEX_NAME = s.INDEX_NAME AND (e.COLUMN_NAME IS NULL OR e.SUB_PART IS NOT NULL))
    ORDER BY s.TABLE_NAME, s.INDEX_NAME, s.SEQ_IN_INDEX`,
  actions: `SELECT NULL AS \`schema\`, r.TABLE_NAME AS \`table\`, r.CONSTRAINT_NAME AS id, k.COLUMN_NAME AS \`column\`,
      r.DELETE_RULE AS onDelete, r.UPDATE_RULE AS onUpdate
    FROM information_schema.REFERENTIAL_CONSTRAINTS r
    JOIN information_schema.KEY_COLUMN_USAGE k ON k.CONSTRAINT_SCHEMA = r.CONSTRAINT_SCHEMA
      AND k.CONSTRAINT_NAME = r.CONSTRAINT_NAME AND k.TABLE_NAME = r.TABLE_NAME
    WHERE r.CONSTRAINT_SCHEMA = DATABASE() ORDER BY r.TABLE_NAME, r.CONSTRAINT_NAME, k.ORDINAL_POSITION`,
  // A lock would end with the DROP's own commit, or be another connection's.
  anyRow: ["select 1 from ?? limit 1"],
  numbering: {
    restart: (ask, { name }) => ask(`ALTER TABLE \`${name.replaceAll("`", "``")}\` AUTO_INCREMENT = 1`),
  },
  atomic: false,
  schemas: false,
};
