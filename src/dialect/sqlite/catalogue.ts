// What a SQLite database has, from its pragmas as tables (https://sqlite.org/pragma.html#pragfunc): six questions,
// whatever the number of tables. Virtual tables are read like views: writing to them follows rules of their own.
import type { ColumnType, Schema } from "../../schema/schema.js";
import type { CatalogueColumn, CatalogueTable } from "../catalogue.js";
import { schemaFromCatalogue } from "../catalogue-schema.js";
import type { Ask } from "../connection.js";
import { literal } from "../standard.js";
import { searchedBy } from "./search.js";
import { isMoment } from "./shown.js";
import { effectOf, settlesConflicts } from "./triggers.js";
import { viewsFrom } from "./views.js";

const objects = `SELECT l.name AS "table", CASE l.type WHEN 'table' THEN 'table' ELSE 'view' END AS kind
  FROM pragma_table_list l WHERE l.schema = 'main' AND l.type IN ('table', 'view', 'virtual') AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`;

const columnsOf = (where: string): string => `SELECT l.name AS "table", c.name, c.type, c."notnull" AS required,
    c.dflt_value AS "default", c.pk, c.hidden, l.type AS kind, l.strict, l.wr,
    (SELECT count(*) FROM pragma_table_xinfo(l.name) k WHERE k.pk > 0) AS keys,
    c.pk > 0 AND EXISTS (SELECT 1 FROM pragma_index_list(l.name) i WHERE i.origin = 'pk') AS indexed,
    EXISTS (SELECT 1 FROM pragma_index_list(l.name) i JOIN pragma_index_info(i.name) k WHERE k.seqno = 0 AND k.name = c.name) AS leads
  FROM pragma_table_list l JOIN pragma_table_xinfo(l.name) c
  WHERE l.schema = 'main' AND ${where} AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND c.hidden <> 1 ORDER BY l.name, c.cid`;

/** A view over what is gone, or a virtual table of a missing module, fails the whole question: then each is asked alone. */
async function readColumns(ask: Ask, tables: readonly CatalogueTable[]): Promise<Record<string, unknown>[]> {
  try {
    return [...(await ask(columnsOf("l.type IN ('table', 'view', 'virtual')")))];
  } catch {
    const rows = [...(await ask(columnsOf("l.type = 'table'")))];
    for (const view of tables.filter((table) => table.kind === "view")) {
      rows.push(...(await ask(columnsOf(`l.name = ${literal(view.table)}`)).catch(() => [])));
    }
    return rows;
  }
}

export async function readCatalogue(ask: Ask): Promise<Schema> {
  const found = (await ask(objects)).map(
    (row): CatalogueTable => ({
      schema: null,
      table: String(row.table),
      kind: row.kind === "table" ? "table" : "view",
    }),
  );
  const columnRows = await readColumns(ask, found);
  const keyRows = await ask(`SELECT l.name AS "table", i.name, i.origin, k.name AS "column",
      CASE WHEN EXISTS (SELECT 1 FROM pragma_index_xinfo(i.name) x WHERE x.key = 1 AND x.coll <> 'BINARY')
        AND NOT EXISTS (SELECT 1 FROM sqlite_master m WHERE m.name = l.name AND m.sql LIKE '%collate%')
        THEN 'of another collation than its column' END AS unarbitrable
    FROM pragma_table_list l JOIN pragma_index_list(l.name) i JOIN pragma_index_info(i.name) k
    WHERE l.schema = 'main' AND l.type = 'table' AND i."unique" = 1 AND i.partial = 0 AND i.origin <> 'pk'
      AND NOT EXISTS (SELECT 1 FROM pragma_index_info(i.name) e WHERE e.name IS NULL)
    ORDER BY l.name, i.seq DESC, k.seqno`);
  const [checking] = await ask("PRAGMA foreign_keys");
  const referenceRows =
    await ask(`SELECT l.name AS "table", f.id, f."table" AS "toTable", f."from" AS "column", f."to" AS "toColumn", f.on_update AS "onUpdate"
    FROM pragma_table_list l JOIN pragma_foreign_key_list(l.name) f
    WHERE l.schema = 'main' AND l.type = 'table' ORDER BY l.name, f.id DESC, f.seq`);

  const searched = new Map(
    (
      await ask(
        `SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%' ORDER BY name DESC`,
      )
    )
      .flatMap((row) => searchedBy(String(row.name), String(row.sql)))
      .map(({ table, column, index }) => [fold(table, column), index] as const),
  );

  const texts = await ask("SELECT name AS \"table\", type, sql FROM sqlite_master WHERE type IN ('table', 'view')");
  const triggers = await ask("SELECT tbl_name AS \"table\", sql FROM sqlite_master WHERE type = 'trigger'");
  const readable = new Set(columnRows.map((row) => row.table));
  return schemaFromCatalogue({
    defaultSchema: null,
    views: viewsFrom(texts, triggers),
    collates: texts.some(({ type, sql }) => type === "table" && /\bcollate\b/i.test(String(sql))),
    breaks: Number(checking?.foreign_keys) === 1,
    tables: found.filter((table) => readable.has(table.table)),
    columns: columnRows.map(toColumn).map((column) => {
      const fullText = searched.get(fold(column.table, column.name));
      return fullText === undefined ? column : { ...column, fullText };
    }),
    keys: [
      ...columnRows
        .filter((row) => Number(row.pk) > 0)
        .sort((a, b) => Number(a.pk) - Number(b.pk))
        .map((row) => ({ table: String(row.table), id: "", name: null, primary: true, column: String(row.name) })),
      ...keyRows.map((row) => ({
        table: String(row.table),
        id: String(row.name),
        name: row.origin === "c" ? String(row.name) : null,
        primary: false,
        column: String(row.column),
        ...(row.unarbitrable === null ? {} : { unarbitrable: String(row.unarbitrable) }),
      })),
    ].map((key) => ({ schema: null, ...key })),
    references: referenceRows.map((row) => ({
      schema: null,
      table: String(row.table),
      id: String(row.id),
      name: null,
      column: String(row.column),
      toSchema: null,
      toTable: String(row.toTable),
      toColumn: row.toColumn === null ? null : String(row.toColumn),
    })),
    effects: [
      ...triggers.flatMap((row) => {
        const table = found.find(({ table }) => fold(table) === fold(String(row.table)));
        return table === undefined ? [] : [{ schema: null, table: table.table, ...effectOf(String(row.sql)) }];
      }),
      ...texts
        .filter(({ type, sql }) => type === "table" && settlesConflicts(String(sql)))
        .flatMap(({ table }) =>
          (["insert", "update"] as const).map(
            (event) => ({ schema: null, table: String(table), event, effect: "trigger" }) as const,
          ),
        ),
      // A key's new value goes on to rows that refer to it, maybe to the row itself.
      ...referenceRows
        .filter(
          (row) => fold(String(row.table)) === fold(String(row.toTable)) && /^(CASCADE|SET)/.test(String(row.onUpdate)),
        )
        .map((row) => ({ schema: null, table: String(row.table), event: "update", effect: "trigger" }) as const),
    ],
  });
}

/** Names are the same in any case. */
const fold = (...names: readonly string[]): string => JSON.stringify(names).toLowerCase();

function toColumn(row: Record<string, unknown>): CatalogueColumn {
  const key = Number(row.pk) > 0;
  // The rowid itself, which no index is of: INTEGER PRIMARY KEY DESC is another (https://sqlite.org/lang_createtable.html#rowid).
  const identity = key && Number(row.keys) === 1 && Number(row.indexed) === 0 && /^integer$/i.test(String(row.type));
  const type = typeOf(String(row.type));
  const isKept = identity || (Number(row.strict) === 1 && type.kind !== "any");
  return {
    schema: null,
    table: String(row.table),
    name: String(row.name),
    type: isKept ? type : { ...type, loose: true, ...(isMoment(type) && Number(row.leads) === 1 && { indexed: true }) },
    nullable: Number(row.required) === 0 && !key,
    // SQLite lets NULL into a key that does not say NOT NULL (https://sqlite.org/quirks.html, 5): such a row has no path.
    ...(key && Number(row.required) === 0 && !identity && Number(row.wr) === 0 && { showsNull: true }),
    default: row.default === null ? null : String(row.default),
    generated: Number(row.hidden) > 1,
    identity,
  };
}

const INFINITE = "^-?Infinity$";

/** A declared type, read as people mean it; SQLite itself only derives an affinity from it. */
export function typeOf(declared: string): ColumnType {
  const native = declared.trim();
  const name = native.toUpperCase();
  const [, first, second] = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(name) ?? [];
  const length = first === undefined ? {} : { length: Number(first) };
  const digits =
    first === undefined ? {} : { precision: Number(first), scale: second === undefined ? 0 : Number(second) };
  if (name === "" || name === "ANY") return { kind: "any", native };
  if (/BOOL/.test(name)) return { kind: "boolean", native };
  if (/INT/.test(name) && !/POINT|INTERVAL/.test(name)) {
    return { kind: "integer", native, min: "-9223372036854775808", max: "9223372036854775807" };
  }
  if (/DEC|NUMERIC|NUMBER|MONEY/.test(name))
    return { kind: "decimal", native, significant: 15, ...digits, also: INFINITE };
  if (/REAL|FLOA|DOUB/.test(name)) return { kind: "float", native, also: INFINITE };
  if (/UUID|GUID|UNIQUEIDENTIFIER/.test(name)) return { kind: "uuid", native };
  if (/CHAR|CLOB|TEXT/.test(name)) return { kind: "text", native, ...length };
  if (/JSON/.test(name)) return { kind: "json", native };
  if (/BLOB|BINARY|BYTEA/.test(name)) return { kind: "binary", native, ...length };
  if (/TIMESTAMPTZ|WITH TIME ZONE|DATETIMEOFFSET/.test(name)) return { kind: "instant", native };
  if (/DATETIME|TIMESTAMP/.test(name)) return { kind: "datetime", native };
  if (/DATE/.test(name)) return { kind: "date", native };
  if (/^TIME\b/.test(name)) return { kind: "time", native };
  return { kind: "other", native };
}

/** A lone INTEGER PRIMARY KEY is the table itself, which no index is of (https://sqlite.org/rowidtable.html). */
export const indexed = `SELECT l.name AS "table", k.name AS "column"
  FROM pragma_table_list l JOIN pragma_index_list(l.name) i JOIN pragma_index_info(i.name) k
  WHERE l.schema = 'main' AND l.type = 'table' AND i.partial = 0 AND k.seqno = 0
  UNION SELECT l.name, c.name FROM pragma_table_list l JOIN pragma_table_info(l.name) c
  WHERE l.schema = 'main' AND l.type = 'table' AND c.pk = 1`;
