// How SQLite spells types and defaults, and what its pragmas tell of indexes and foreign keys (https://sqlite.org/pragma.html).
import type { Definition } from "../parts/definition.js";
import { literal } from "../standard.js";
import { decimalDigits, integerSize, spelling, type TypeNames, typeNamesBy, wordsWithNumbers } from "../type-names.js";
import { tableCopy } from "./table-copy.js";

const names: TypeNames = {
  text: ({ length }) => (length === undefined ? "text" : `varchar(${length})`),
  integer: (type) => (integerSize(type).bits === 64 ? "bigint" : "integer"),
  decimal: (type) => `decimal${decimalDigits(type, "")}`,
  float: () => "double",
  boolean: () => "boolean",
  uuid: () => "uuid",
  date: () => "date",
  time: () => "time",
  datetime: () => "datetime",
  instant: () => "timestamptz",
  json: () => "json",
  array: () => "json",
  binary: () => "blob",
  any: () => "",
};

const own = wordsWithNumbers(
  "integer|bigint|smallint|int|int2|int8|tinyint|mediumint|real|numeric|n?char|nvarchar|character|clob|money|number|any",
);

const foreignKey = `FROM pragma_table_list l JOIN pragma_foreign_key_list(l.name) f WHERE l.schema = 'main' AND l.type = 'table'`;

export const definition: Definition = {
  ...typeNamesBy(names, own),
  // The rowid itself, by the key that is said with the table (https://sqlite.org/lang_createtable.html#rowid).
  numbered: () => "integer",
  plainName: (native) => spelling(native).replace(/^int$/, "integer"),
  boolean: (value) => (value ? "1" : "0"),
  now: ({ kind }) => ({ date: "CURRENT_DATE", time: "CURRENT_TIME" })[String(kind)] ?? "CURRENT_TIMESTAMP",
  takesDefault: () => true,
  indexes: `SELECT NULL AS "schema", l.name AS "table", i.name, k.name AS "column"
    FROM pragma_table_list l JOIN pragma_index_list(l.name) i JOIN pragma_index_info(i.name) k
    WHERE l.schema = 'main' AND l.type = 'table' AND i."unique" = 0 AND i.partial = 0
      AND NOT EXISTS (SELECT 1 FROM pragma_index_info(i.name) e WHERE e.name IS NULL)
    ORDER BY l.name, i.name, k.seqno`,
  actions: `SELECT NULL AS "schema", l.name AS "table", f.id, f."from" AS "column", f.on_delete AS "onDelete", f.on_update AS "onUpdate"
    ${foreignKey} ORDER BY l.name, f.id, f.seq`,
  // The transaction has the lock from its beginning.
  anyRow: ["select 1 from ?? limit 1"],
  // Without AUTOINCREMENT anywhere there is no such table (https://sqlite.org/autoinc.html).
  numbering: {
    restart: async (ask, { name }) => {
      const found = await ask("SELECT 1 AS found FROM sqlite_master WHERE name = 'sqlite_sequence'");
      if (found.length > 0) await ask(`DELETE FROM sqlite_sequence WHERE name = ${literal(name)}`);
    },
  },
  atomic: true,
  copying: {
    texts: `SELECT type, name, tbl_name AS "table", sql FROM sqlite_master WHERE sql IS NOT NULL`,
    copy: tableCopy,
  },
  schemas: false,
  files: {
    of: (connectionString) => /^sqlite:(?:\/\/)?(?!:memory:)(.+)$/s.exec(connectionString)?.[1],
    empty: "sqlite::memory:",
  },
};
