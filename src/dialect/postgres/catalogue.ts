// What a PostgreSQL database has, from pg_catalog: information_schema hides what the user may not change, and is slow.
// Six questions, whatever the number of tables; names come from the catalogue, so only `options.schema` is quoted in.

import { ConfigError } from "../../base/config-error.js";
import { didYouMean } from "../../base/suggest.js";
import type { ColumnType, Schema } from "../../schema/schema.js";
import {
  type CatalogueColumn,
  type CatalogueRow,
  type CatalogueTable,
  keyOf,
  placeOf,
  referenceOf,
  schemaFromCatalogue,
  textOf,
} from "../catalogue.js";
import { charsetNamed } from "../charsets.js";
import type { Ask, ReadOptions } from "../connection.js";
import { effectsFrom, effectsSql } from "./effects.js";
import { indexedText } from "./search.js";

export async function readSchema(ask: Ask, options: ReadOptions): Promise<Schema> {
  const chosen = options.schema === undefined ? undefined : [options.schema].flat();
  const where = visible(chosen);
  const columnRows = await ask(columnsSql(where));
  await requireSchemas(ask, chosen ?? [], columnRows);
  const keyRows = await ask(keysSql(where));
  const referenceRows = await ask(referencesSql(where));
  const effectRows = await ask(effectsSql(where));

  const searched = new Map(
    (await ask(textIndexesSql(where))).flatMap((row) => {
      const found = indexedText(String(row.expression));
      return found === undefined ? [] : [[columnId(row, found.column), found.index] as const];
    }),
  );
  const languages = await ask(languagesSql);

  const tables = new Map<string, CatalogueTable>();
  for (const row of columnRows) {
    const kind = row.kind === "v" || row.kind === "m" ? "view" : "table";
    const table = { ...placeOf(row), kind, ...comment(row.tableComment) } as const;
    tables.set(JSON.stringify(placeOf(row)), table);
  }
  const schema = schemaFromCatalogue({
    defaultSchema: textOf(columnRows[0]?.default_schema),
    tables: [...tables.values()],
    columns: columnRows
      .filter((row) => row.name !== null)
      .map((row) => {
        const fullText = searched.get(columnId(row, row.name));
        return { ...placeOf(row), ...toColumn(row), ...(fullText === undefined ? {} : { fullText }) };
      }),
    keys: keyRows.map(keyOf),
    references: referenceRows.map(referenceOf),
    effects: effectRows.flatMap(effectsFrom),
  });
  return { ...schema, languages: languages.map((row) => String(row.name)) };
}

/** The same questions, but that the server makes one word of their answers. */
export async function schemaDigest(ask: Ask, options: ReadOptions): Promise<string> {
  const where = visible(options.schema === undefined ? undefined : [options.schema].flat());
  const questions = [columnsSql, keysSql, referencesSql, effectsSql, textIndexesSql].map((question) => question(where));
  const parts = [...questions, languagesSql].map((sql) => `(SELECT string_agg(q::text, ',') FROM (${sql}) q)`);
  const rows = await ask(`SELECT md5(concat_ws(';', ${parts.join(", ")})) AS digest`);
  return String(rows[0]?.digest);
}

const columnId = ({ schema, table }: CatalogueRow, column: unknown): string => JSON.stringify([schema, table, column]);

/** A schema may well be empty, but not missing. */
async function requireSchemas(ask: Ask, chosen: readonly string[], found: readonly CatalogueRow[]): Promise<void> {
  const empty = chosen.filter((name) => !found.some((row) => row.schema === name));
  if (empty.length === 0) return;
  const rows = await ask("SELECT nspname::text AS name FROM pg_catalog.pg_namespace");
  const known = rows.map((row) => String(row.name));
  const missing = empty.find((name) => !known.includes(name));
  if (missing !== undefined)
    throw new ConfigError("options.schema", `there is no schema '${missing}'.${didYouMean(missing, known)}`);
}

const comment = (value: unknown): { comment?: string } => (value === null ? {} : { comment: String(value) });

function toColumn(row: CatalogueRow): Omit<CatalogueColumn, "schema" | "table"> {
  return {
    name: String(row.name),
    type: typeOf({
      name: String(row.type),
      native: String(row.native),
      modifier: Number(row.modifier),
      labels: row.labels === null ? undefined : (JSON.parse(String(row.labels)) as string[]),
      element: textOf(row.element) ?? undefined,
      elementNative: textOf(row.elementNative) ?? undefined,
      // What it calls LATIN1 is the standard's (manual: multibyte, «PostgreSQL Character Sets»).
      encoding: row.encoding === "LATIN1" ? "ISO88591" : String(row.encoding),
    }),
    nullable: Number(row.required) === 0,
    default: Number(row.generated) === 1 ? null : textOf(row.default),
    // GENERATED ALWAYS AS IDENTITY refuses values too.
    generated: Number(row.generated) === 1 || row.identity === "a",
    identity: row.identity !== "" || /^nextval\(/.test(textOf(row.default) ?? ""),
    ...comment(row.comment),
  };
}

interface NativeType {
  /** pg_type's name, domains resolved: `int4`. */
  readonly name: string;
  /** As format_type spells it: `numeric(10,2)`. */
  readonly native: string;
  /** atttypmod, which packs length, or precision and scale. */
  readonly modifier: number;
  readonly labels?: readonly string[];
  /** An array's element, by pg_type's name. */
  readonly element?: string;
  readonly elementNative?: string;
  /** The database's. */
  readonly encoding?: string;
}

export function typeOf(given: NativeType): ColumnType {
  const { name, native, modifier, labels, element, elementNative, encoding = "UTF8" } = given;
  // The server's UTF8 is all of Unicode.
  const kept = encoding === "UTF8" ? {} : charsetNamed(encoding);
  if (element !== undefined) {
    const inner = typeOf({ name: element, native: elementNative ?? element, modifier, labels, encoding });
    return { kind: "array", native, element: inner };
  }
  if (labels !== undefined) return { kind: "enum", native, values: labels };
  const limits = integers[name];
  if (limits) return { kind: "integer", native, min: limits[0], max: limits[1] };
  const length = modifier < 4 ? {} : { length: modifier - 4 };
  const fraction = modifier < 0 ? {} : { scale: modifier };
  switch (name) {
    case "numeric":
      return { kind: "decimal", native, ...digits(modifier) };
    case "money":
      return { kind: "decimal", native };
    case "float4":
    case "float8":
      return { kind: "float", native };
    case "bool":
      return { kind: "boolean", native };
    case "varchar":
    case "bpchar":
      return { kind: "text", native, ...length, ...kept };
    case "text":
    case "name":
    case "citext":
    case "char":
      return { kind: "text", native, ...kept };
    case "uuid":
    case "date":
      return { kind: name, native };
    case "time":
      return { kind: "time", native, ...fraction };
    case "timestamp":
      return { kind: "datetime", native, ...fraction };
    case "timestamptz":
      return { kind: "instant", native, ...fraction };
    case "json":
    case "jsonb":
      return { kind: "json", native, ...kept };
    case "bytea":
      return { kind: "binary", native };
    default:
      return { kind: "other", native, ...kept };
  }
}

const integers: Readonly<Record<string, readonly [string, string]>> = {
  int2: ["-32768", "32767"],
  int4: ["-2147483648", "2147483647"],
  int8: ["-9223372036854775808", "9223372036854775807"],
  oid: ["0", "4294967295"],
};

/** Precision and scale of a numeric, as numerictypmodin packs them (src/backend/utils/adt/numeric.c). */
function digits(modifier: number): { precision?: number; scale?: number } {
  if (modifier < 4) return {};
  const packed = modifier - 4;
  // The scale is eleven bits with a sign since PostgreSQL 15.
  return { precision: packed >> 16, scale: ((packed & 0x7ff) ^ 1024) - 1024 };
}

// No `?` in these texts: knex takes it for a binding.
const literal = (name: string): string => `'${name.replaceAll("'", "''")}'`;

/** The user's tables and views: not the system's, not an extension's, and a partitioned table rather than its parts. */
const visible = (schemas: readonly string[] | undefined): string => `
  c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND n.nspname ${schemas === undefined ? "= current_schema()" : `IN (${schemas.map(literal).join(", ") || "NULL"})`}
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

const columnsSql = (where: string): string => `
  WITH RECURSIVE domain(id, type, modifier, required) AS (
    SELECT oid, typbasetype, typtypmod, typnotnull FROM pg_catalog.pg_type WHERE typtype = 'd'
    UNION ALL
    SELECT d.id, t.typbasetype, CASE WHEN d.modifier < 0 THEN t.typtypmod ELSE d.modifier END, d.required OR t.typnotnull
    FROM domain d JOIN pg_catalog.pg_type t ON t.oid = d.type WHERE t.typtype = 'd'
  ), base AS (
    SELECT d.* FROM domain d JOIN pg_catalog.pg_type t ON t.oid = d.type WHERE t.typtype <> 'd'
  ), label(type, labels) AS (
    SELECT enumtypid, json_agg(enumlabel ORDER BY enumsortorder)::text FROM pg_catalog.pg_enum GROUP BY enumtypid
  )
  SELECT n.nspname::text AS "schema", c.relname::text AS "table", c.relkind::text AS kind,
    current_schema()::text AS default_schema, pg_catalog.current_setting('server_encoding') AS encoding, pg_catalog.obj_description(c.oid, 'pg_class') AS "tableComment",
    a.attname::text AS name, t.typname::text AS type, e.typname::text AS element, l.labels,
    coalesce(b.modifier, eb.modifier, a.atttypmod) AS modifier,
    pg_catalog.format_type(t.oid, coalesce(b.modifier, a.atttypmod)) AS native,
    pg_catalog.format_type(e.oid, coalesce(b.modifier, eb.modifier, a.atttypmod)) AS "elementNative",
    (a.attnotnull OR coalesce(b.required, false))::int AS required,
    pg_catalog.pg_get_expr(ad.adbin, ad.adrelid) AS "default",
    (a.attgenerated <> '')::int AS generated, a.attidentity::text AS identity,
    pg_catalog.col_description(c.oid, a.attnum) AS comment
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_attrdef ad ON ad.adrelid = c.oid AND ad.adnum = a.attnum
  LEFT JOIN base b ON b.id = a.atttypid
  LEFT JOIN pg_catalog.pg_type t ON t.oid = coalesce(b.type, a.atttypid)
  LEFT JOIN base eb ON eb.id = t.typelem AND t.typcategory = 'A'
  LEFT JOIN pg_catalog.pg_type e ON e.oid = coalesce(eb.type, t.typelem) AND t.typcategory = 'A'
  LEFT JOIN label l ON l.type = coalesce(e.oid, t.oid)
  WHERE ${where}
  ORDER BY n.nspname, c.relname, a.attnum`;

const keysSql = (where: string): string => `
  SELECT n.nspname::text AS "schema", c.relname::text AS "table", x.indexrelid::text AS id, i.relname::text AS name,
    x.indisprimary::int AS "primary", a.attname::text AS "column"
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  CROSS JOIN LATERAL unnest(x.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
  WHERE x.indisunique AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL AND k.position <= x.indnkeyatts
    AND ${where}
  ORDER BY n.nspname, c.relname, x.indexrelid, k.position`;

// conparentid: constraints that a partitioned table made for its parts.
const referencesSql = (where: string): string => `
  SELECT n.nspname::text AS "schema", c.relname::text AS "table", f.oid::text AS id, f.conname::text AS name,
    a.attname::text AS "column", tn.nspname::text AS "toSchema", tc.relname::text AS "toTable", ta.attname::text AS "toColumn"
  FROM pg_catalog.pg_constraint f
  JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class tc ON tc.oid = f.confrelid
  JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace
  CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k(here, there, position)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.here
  JOIN pg_catalog.pg_attribute ta ON ta.attrelid = tc.oid AND ta.attnum = k.there
  WHERE f.contype = 'f' AND f.conparentid = 0 AND ${where}
  ORDER BY n.nspname, c.relname, f.oid, k.position`;

const textIndexesSql = (where: string): string => `
  SELECT n.nspname::text AS "schema", c.relname::text AS "table", pg_catalog.pg_get_expr(x.indexprs, x.indrelid) AS expression
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE x.indexprs IS NOT NULL AND x.indnatts = 1 AND x.indisvalid AND x.indpred IS NULL AND ${where}
  ORDER BY n.nspname, c.relname, x.indexrelid DESC`;

const languagesSql =
  "SELECT cfgname::text AS name FROM pg_catalog.pg_ts_config WHERE pg_catalog.pg_ts_config_is_visible(oid) ORDER BY cfgname";

export const indexed = `
  SELECT c.relname::text AS "table", a.attname::text AS "column"
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
  WHERE x.indisvalid AND x.indpred IS NULL AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')`;
