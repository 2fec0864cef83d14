// The smallest dialect there can be, on better-sqlite3: integers and texts, tables with a key and foreign keys. src/dialect/README.md
// leads through it.
import type Database from "better-sqlite3";
import { schemaFromCatalogue } from "../../src/dialect/catalogue-schema.js";
import type { Ask, DatabaseResult } from "../../src/dialect/connection.js";
import type { Dialect } from "../../src/dialect/dialect.js";
import { literal, orderWithNulls, selectJsonBy, standard } from "../../src/dialect/standard.js";
import type { JsonField } from "../../src/dialect/statement-parts.js";

const columns = `SELECT m.name AS "table", c.name, c.type, c."notnull", c.pk FROM sqlite_master m JOIN pragma_table_info(m.name) c
  WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid`;
const references = `SELECT m.name AS "table", f.id, f."from", f."table" AS "toTable", f."to"
  FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq`;

const jsonObject = (fields: readonly JsonField[]) =>
  `json_object(${fields.map(({ name, expression }) => `${literal(name)}, ${expression}`).join(", ")})`;

const typeOf = (native: string) =>
  ({ kind: /int/i.test(native) ? "integer" : "text", native, ...(/int/i.test(native) && bounds) }) as const;
const bounds = { min: "-9223372036854775808", max: "9223372036854775807" };

export const smallest: Dialect = {
  ...standard,
  name: "smallest",

  // driver
  driver: "better-sqlite3",
  schemes: ["smallest"],
  clients: ["better-sqlite3"],
  oneConnection: true,
  configure: (url) => ({
    client: "better-sqlite3",
    connection: { filename: url.replace("smallest:", "") },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  }),
  restrict: (config) => config,
  execute,
  say: async (connection, statement) => void (connection as Database.Database).exec(statement),

  // catalogue
  system: { schemas: /^$/, tables: /^sqlite_/ },
  readSchema,
  schemaDigest: async (ask) => JSON.stringify(await ask("PRAGMA schema_version")),
  identify: async (ask) => ({ database: "main", version: String((await ask("SELECT sqlite_version() AS v"))[0]?.v) }),
  indexed: `SELECT NULL AS "table", NULL AS "column" WHERE 0`,

  // errors
  refusal: (error) =>
    /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(String((error as { code?: unknown }).code))
      ? { code: "unique_violation" }
      : undefined,

  // expressions
  position: (expression, type) => ({ kept: expression, compared: expression, type, shown: true }),
  aggregate: (of, expression, type) => ({ expression: `${of}(${expression})`, type }),
  like: (expression, placeholder) => `${expression} LIKE ${placeholder} ESCAPE '\\'`,
  shownText: (expression) => `CAST(${expression} AS TEXT)`,
  hasForm: (text, form) => `${text} NOT GLOB '*[^0-9]*' AND '${form}' IN ('number', 'whole')`,
  numberOf: (expression) => ({ expression: `CAST(${expression} AS INTEGER)`, type: typeOf("integer") }),
  truthValue: (is) => (is ? "1" : "0"),
  order: orderWithNulls("smallest"),
  search: { unindexed: () => false, found: () => "0", query: () => "" },

  // json
  json: (expression) => expression,
  jsonDigits: (expression) => `CAST(${expression} AS TEXT)`,
  jsonObject,
  selectJson: selectJsonBy(jsonObject),
  embedOne: (fields, rest) => `json((SELECT ${jsonObject(fields)}${rest}))`,
  jsonAt: () => "NULL",
  jsonArray: { is: () => "0", items: () => "(SELECT NULL)", item: () => "NULL" },

  // writes
  returning: { insert: true, update: true },
  defaultOf: (column) => column.default ?? "NULL",
};

async function execute(connection: unknown, text: string, values: readonly unknown[]): Promise<DatabaseResult> {
  const statement = (connection as Database.Database).prepare<unknown[], unknown[]>(text);
  if (!statement.reader) return { rows: [], affected: statement.run(...values).changes };
  const rows = statement.raw().all(...values);
  return { rows, affected: rows.length };
}

async function readSchema(ask: Ask) {
  const found = await ask(columns);
  const at = { schema: null };
  return schemaFromCatalogue({
    defaultSchema: null,
    tables: [...new Set(found.map((row) => String(row.table)))].map((table) => ({ ...at, table, kind: "table" })),
    columns: found.map((row) => ({
      ...at,
      table: String(row.table),
      name: String(row.name),
      type: typeOf(String(row.type)),
      nullable: row.notnull === 0 && row.pk === 0,
      default: null,
      generated: false,
      identity: row.pk === 1 && row.type === "INTEGER",
    })),
    keys: found
      .filter((row) => Number(row.pk) > 0)
      .map((row) => ({ ...at, table: String(row.table), id: "", name: null, primary: true, column: String(row.name) })),
    references: (await ask(references)).map((row) => ({
      ...at,
      table: String(row.table),
      id: String(row.id),
      name: null,
      column: String(row.from),
      toSchema: null,
      toTable: String(row.toTable),
      toColumn: row.to === null ? null : String(row.to),
    })),
  });
}
