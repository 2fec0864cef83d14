// What a PostgreSQL database has, from pg_catalog: information_schema hides what the user may not change, and is slow.
// Ten questions, whatever the number of tables; names come from the catalogue, so only `options.schema` is quoted in.

import { ConfigError } from "../../base/config-error.js";
import { didYouMean } from "../../base/suggest.js";
import type { Schema } from "../../schema/schema.js";
import {
  type CatalogueColumn,
  type CatalogueRow,
  type CatalogueTable,
  catalogueKey,
  placeOf,
  referenceOf,
  textOrNull,
} from "../catalogue.js";
import { schemaFromCatalogue } from "../catalogue-schema.js";
import type { Ask, ReadOptions } from "../connection.js";
import { typeFrom } from "./column-type.js";
import { effectsFrom, effectsSql } from "./effects.js";
import { asStandard, baseTypes, inSchemas, isGranted, notOfExtension } from "./questions.js";
import { routinesFrom, routinesSql } from "./routines.js";
import { indexedText } from "./search.js";
import { readViews, viewQuestions } from "./views.js";

export async function readCatalogue(ask: Ask, options: ReadOptions): Promise<Schema> {
  const chosen = options.schema === undefined ? undefined : [options.schema].flat();
  const where = visible(chosen);
  const columnRows = await ask(columnsSql(where, options.databaseRoles));
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
  const routineRows = await ask(routinesSql(chosen, options.databaseRoles));

  const tables = new Map<string, CatalogueTable>();
  for (const row of columnRows) {
    const kind = row.kind === "v" || row.kind === "m" ? "view" : "table";
    const table = { ...placeOf(row), kind, ...comment(row.tableComment), ...rightsOf(row) } as const;
    tables.set(JSON.stringify(placeOf(row)), table);
  }
  const schema = schemaFromCatalogue({
    defaultSchema: textOrNull(columnRows[0]?.default_schema),
    tables: [...tables.values()],
    columns: columnRows
      .filter((row) => row.name !== null)
      .map((row) => {
        const fullText = searched.get(columnId(row, row.name));
        return { ...placeOf(row), ...toColumn(row), ...(fullText === undefined ? {} : { fullText }) };
      }),
    keys: keyRows.map(catalogueKey),
    references: referenceRows.map(referenceOf),
    effects: effectRows.flatMap(effectsFrom),
    views: await readViews(ask, where),
  });
  const routines = routinesFrom(routineRows, schema.tables);
  return {
    ...schema,
    ...(routines.length > 0 && { routines }),
    languages: languages.map((row) => String(row.name)),
  };
}

/** The same questions, but that the server makes one word of their answers. */
export async function schemaDigest(ask: Ask, options: ReadOptions): Promise<string> {
  const chosen = options.schema === undefined ? undefined : [options.schema].flat();
  const where = visible(chosen);
  const rest = [keysSql, referencesSql, effectsSql, textIndexesSql].map((question) => question(where));
  const questions = [
    columnsSql(where, options.databaseRoles),
    ...rest,
    routinesSql(chosen, options.databaseRoles),
    ...viewQuestions(where),
  ];
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

/** What the connection may not do to a table's rows, or why there are none to show. */
function rightsOf(row: CatalogueRow): Pick<CatalogueTable, "denied" | "leftOut"> {
  if (Number(row.populated) === 0) return { leftOut: { code: "unpopulated_view" } };
  const denied = (["insert", "update", "delete"] as const).filter((writing) => Number(row[`may_${writing}`]) === 0);
  return denied.length === 0 ? {} : { denied };
}

const comment = (value: unknown): { comment?: string } => (value === null ? {} : { comment: String(value) });

function toColumn(row: CatalogueRow): Omit<CatalogueColumn, "schema" | "table"> {
  const denied = (["insert", "update", "default"] as const).filter((right) => Number(row[`column_${right}`]) === 0);
  return {
    name: String(row.name),
    type: typeFrom(row),
    nullable: Number(row.required) === 0,
    default: Number(row.generated) === 1 || denied.includes("default") ? null : textOrNull(row.default),
    // GENERATED ALWAYS AS IDENTITY refuses values too.
    generated: Number(row.generated) === 1 || row.identity === "a",
    identity: row.identity !== "" || (!denied.includes("default") && /^nextval\(/.test(textOrNull(row.default) ?? "")),
    ...(denied.length === 0 ? {} : { denied }),
    ...(row.collation === null ? {} : { collation: String(row.collation) }),
    ...(Number(row.readable) === 0 ? { unreadable: true } : {}),
    ...comment(row.comment),
  };
}

// No `?` in these texts: knex takes it for a binding.

/** The user's tables and views: not the system's, not an extension's, and a partitioned table rather than its parts. */
const visible = (schemas: readonly string[] | undefined): string => `
  c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND ${inSchemas(schemas)} AND ${notOfExtension("pg_class", "c.oid")}`;

// What a foreign table takes is its wrapper's to say: 4 is UPDATE, 8 INSERT, 16 DELETE (pg_relation_is_updatable).
const columnsSql = (where: string, roles: readonly string[] = []): string => `
  ${baseTypes}
  SELECT n.nspname::text AS "schema", c.relname::text AS "table", c.relkind::text AS kind,
    current_schema()::text AS default_schema, pg_catalog.current_setting('server_encoding') AS encoding, pg_catalog.obj_description(c.oid, 'pg_class') AS "tableComment",
    a.attname::text AS name, (SELECT cn.nspname || '.' || co.collname FROM pg_catalog.pg_collation co
      JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation AND co.collname <> 'default') AS collation,
    a.attndims AS dimensions,
    t.typname::text AS type, e.typname::text AS element, l.labels, m.fields,
    coalesce(b.modifier, eb.modifier, a.atttypmod) AS modifier,
    pg_catalog.format_type(t.oid, coalesce(b.modifier, a.atttypmod)) AS native,
    pg_catalog.format_type(e.oid, coalesce(b.modifier, eb.modifier, a.atttypmod)) AS "elementNative",
    (a.attnotnull OR coalesce(b.required, false))::int AS required,
    ${asStandard("pg_catalog.pg_get_expr(ad.adbin, ad.adrelid)")} AS "default",
    (a.attgenerated <> '')::int AS generated, a.attidentity::text AS identity,
    pg_catalog.col_description(c.oid, a.attnum) AS comment,
    (${isGranted("schema", "n.oid", "USAGE", roles)} AND ${isGranted("column", "c.oid, a.attnum", "SELECT", roles)})::int AS readable,
    ${isGranted("column", "c.oid, a.attnum", "INSERT", roles)}::int AS column_insert,
    ${isGranted("column", "c.oid, a.attnum", "UPDATE", roles)}::int AS column_update,
    (NOT EXISTS (SELECT FROM pg_catalog.pg_depend s JOIN pg_catalog.pg_class q ON q.oid = s.refobjid
      WHERE s.classid = 'pg_catalog.pg_attrdef'::regclass AND s.objid = ad.oid AND s.refclassid = 'pg_catalog.pg_class'::regclass
        AND CASE WHEN q.relkind = 'S'
          THEN NOT (${isGranted("sequence", "q.oid", "USAGE", roles)} OR ${isGranted("sequence", "q.oid", "UPDATE", roles)}) END))::int AS column_default,
    (w.writes & 8 > 0)::int AS may_insert, (w.writes & 4 > 0)::int AS may_update,
    (w.writes & 16 > 0 AND ${isGranted("table", "c.oid", "DELETE", roles)})::int AS may_delete, c.relispopulated::int AS populated
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_attrdef ad ON ad.adrelid = c.oid AND ad.adnum = a.attnum
  LEFT JOIN base b ON b.id = a.atttypid
  LEFT JOIN pg_catalog.pg_type t ON t.oid = coalesce(b.type, a.atttypid)
  LEFT JOIN base eb ON eb.id = t.typelem AND t.typcategory = 'A'
  LEFT JOIN pg_catalog.pg_type e ON e.oid = coalesce(eb.type, t.typelem) AND t.typcategory = 'A'
  LEFT JOIN label l ON l.type = coalesce(e.oid, t.oid)
  LEFT JOIN composite m ON m.type = coalesce(e.oid, t.oid)
  CROSS JOIN LATERAL (
    SELECT CASE WHEN c.relkind = 'f' THEN pg_catalog.pg_relation_is_updatable(c.oid, false) ELSE 28 END AS writes
  ) w
  WHERE ${where}
  ORDER BY n.nspname, c.relname, a.attnum`;

const keysSql = (where: string): string => `
  SELECT n.nspname::text AS "schema", c.relname::text AS "table", x.indexrelid::text AS id, i.relname::text AS name,
    x.indisprimary::int AS "primary", a.attname::text AS "column",
    CASE WHEN NOT x.indimmediate THEN 'deferrable' WHEN x.indisexclusion THEN 'one of periods'
      WHEN EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid) AND c.relkind <> 'p'
        THEN 'not one of the tables that inherit from it'
      WHEN EXISTS (
        SELECT FROM unnest(x.indkey::int2[], x.indcollation::oid[]) AS o(attnum, rule)
        JOIN pg_catalog.pg_attribute oa ON oa.attrelid = c.oid AND oa.attnum = o.attnum
        WHERE o.rule <> oa.attcollation AND EXISTS (
          SELECT FROM pg_catalog.pg_collation oc
          WHERE oc.oid IN (o.rule, oa.attcollation) AND NOT oc.collisdeterministic
        )
      ) THEN 'of another collation than its column' END AS unarbitrable
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
    a.attname::text AS "column", tn.nspname::text AS "toSchema", tc.relname::text AS "toTable", ta.attname::text AS "toColumn",
    (NOT f.convalidated OR coalesce(to_jsonb(f) ->> 'conenforced', 'true') = 'false')::int AS unchecked,
    (coalesce(to_jsonb(f) ->> 'conperiod', 'false') = 'true')::int AS temporal
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
