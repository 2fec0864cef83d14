// How PostgreSQL spells types and defaults, and what its catalogue tells of indexes and foreign keys.
import type { ColumnType, Table } from "../../schema/schema.js";
import type { Definition } from "../parts/definition.js";
import { literal, quote } from "../standard.js";
import { decimalDigits, integerSize, spelling, type TypeNames, typeNamesBy } from "../type-names.js";

const names: TypeNames = {
  text: ({ length }) => (length === undefined ? "text" : `varchar(${length})`),
  integer: (type) => {
    const { bits, unsigned } = integerSize(type);
    if (unsigned) return bits === 16 ? "integer" : bits === 32 ? "bigint" : "numeric(20,0)";
    return { 16: "smallint", 32: "integer", 64: "bigint" }[bits];
  },
  decimal: (type) => `numeric${decimalDigits(type, "")}`,
  float: () => "double precision",
  boolean: () => "boolean",
  uuid: () => "uuid",
  date: () => "date",
  time: () => "time",
  datetime: () => "timestamp",
  instant: () => "timestamptz",
  json: () => "jsonb",
  binary: () => "bytea",
  array: ({ element, dimensions = 1 }) => typeName(element as ColumnType, false) + "[]".repeat(dimensions),
};

const own =
  /^(real|citext|inet|cidr|macaddr|interval|xml|tsvector|(character|char|bit|timestamptz)\(\d+\)|(time|timestamp)\(\d\) with(out)? time zone)$/i;

const { typeName, isOwn } = typeNamesBy(names, own);

const spellings: readonly (readonly [RegExp, string])[] = [
  [/^character varying/, "varchar"],
  [/^character\b/, "char"],
  [/^(time|timestamp)(\(\d\))? without time zone/, "$1$2"],
  [/^timestamp(\(\d\))? with time zone/, "timestamptz$1"],
  [/^int2$/, "smallint"],
  [/^int4?$/, "integer"],
  [/^int8$/, "bigint"],
  [/^decimal/, "numeric"],
  [/^float8$/, "double precision"],
  [/^bool$/, "boolean"],
];

const action = (letter: string): string =>
  `CASE ${letter} WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' ELSE 'restrict' END`;

/** knex itself doubles a quote that stands alone only. */
const doubled = (text: string): string => text.replaceAll("'", "''");

const nameOf = ({ schema, name }: Pick<Table, "name" | "schema">): string =>
  schema === null ? quote(name) : `${quote(schema)}.${quote(name)}`;

/** https://www.postgresql.org/docs/current/functions-info.html: a table's name as SQL has it, a column's as it is. */
const sequenceOf = (table: Pick<Table, "name" | "schema">, column: string): string =>
  `pg_get_serial_sequence(${literal(nameOf(table))}, ${literal(column)})`;

export const definition: Definition = {
  typeName,
  isOwn,
  plainName: (native) => spellings.reduce((text, [pattern, name]) => text.replace(pattern, name), spelling(native)),
  // Only an explicit cast cuts a text that is too long (https://www.postgresql.org/docs/current/datatype-character.html).
  uncut: (sql) => sql.replace(/ using \("(?:[^"]|"")+"::varchar\(\d+\)\)$/, ""),
  boolean: String,
  now: ({ kind }) => ({ date: "CURRENT_DATE", time: "LOCALTIME" })[String(kind)] ?? "CURRENT_TIMESTAMP",
  takesDefault: () => true,
  comments: { table: doubled, column: doubled },
  indexes: `SELECT n.nspname::text AS "schema", c.relname::text AS "table", i.relname::text AS name, a.attname::text AS "column"
    FROM pg_catalog.pg_index x
    JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
    CROSS JOIN LATERAL unnest(x.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
    WHERE NOT x.indisunique AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL AND k.position <= x.indnkeyatts
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY n.nspname, c.relname, i.relname, k.position`,
  actions: `SELECT n.nspname::text AS "schema", c.relname::text AS "table", f.oid::text AS id, a.attname::text AS "column",
      ${action("f.confdeltype")} AS "onDelete", ${action("f.confupdtype")} AS "onUpdate"
    FROM pg_catalog.pg_constraint f
    JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL unnest(f.conkey) WITH ORDINALITY AS k(attnum, position)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
    WHERE f.contype = 'f' AND f.conparentid = 0
    ORDER BY n.nspname, c.relname, f.oid, k.position`,
  keyNames: `SELECT n.nspname AS schema, c.relname AS table, k.conname AS name
    FROM pg_catalog.pg_constraint k
    JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE k.contype = 'p'`,
  anyRow: ["lock table ?? in access exclusive mode", "select 1 from ?? limit 1"],
  numbering: {
    continue: (ask, table, column) =>
      ask(`SELECT setval(${sequenceOf(table, column)}, max(${quote(column)})) FROM ${nameOf(table)}`),
    restart: (ask, table, column) =>
      ask(`SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_catalog.pg_sequence
        WHERE seqrelid = ${sequenceOf(table, column)}::regclass`),
  },
  atomic: true,
  schemas: true,
};
