// Pieces of the questions to PostgreSQL's catalogue: what is the user's own, who may use it, and what types are made of.
// No `?` in these texts: knex takes it for a binding.
import { literal } from "../standard.js";
import { FIRST_OWN } from "./columns.js";

/** Of the schema `n`, where the system keeps nothing. */
export const inSchemas = (schemas: readonly string[] | undefined): string =>
  `n.nspname ${schemas === undefined ? "= current_schema()" : `IN (${schemas.map(literal).join(", ") || "NULL"})`}
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

export const notOfExtension = (catalogue: "pg_class" | "pg_proc", id: string): string =>
  `NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.${catalogue}'::regclass AND d.objid = ${id} AND d.deptype = 'e')`;

/** As with `standard_conforming_strings`, by which the server writes what it keeps of a statement. */
export const asStandard = (expression: string): string =>
  `CASE pg_catalog.current_setting('standard_conforming_strings') WHEN 'on' THEN ${expression} ELSE replace(${expression}, E'\\\\\\\\', E'\\\\') END`;

/** Has the connection, or a role that it takes on, the right? */
export function isGranted(
  of: "column" | "table" | "sequence" | "schema" | "function",
  object: string,
  right: string,
  roles: readonly string[],
): string {
  const asked = `pg_catalog.has_${of}_privilege(${object}, '${right}')`;
  if (roles.length === 0) return asked;
  const asRole = `pg_catalog.has_${of}_privilege(r.oid, ${object}, '${right}')`;
  const named = `SELECT FROM pg_catalog.pg_roles r WHERE r.rolname IN (${roles.map(literal).join(", ")}) AND ${asRole}`;
  return `(${asked} OR EXISTS (${named}))`;
}

/**
 * What a domain and a composite type are made of, and an enum's values: the beginning of a question. Of a composite type these are
 * its parts, and those of each composite type within it. Rows of tables are such types where a column holds them.
 */
export const baseTypes = `WITH RECURSIVE domain(id, type, modifier, required) AS (
    SELECT oid, typbasetype, typtypmod, typnotnull FROM pg_catalog.pg_type WHERE typtype = 'd'
    UNION ALL
    SELECT d.id, t.typbasetype, CASE WHEN d.modifier < 0 THEN t.typtypmod ELSE d.modifier END, d.required OR t.typnotnull
    FROM domain d JOIN pg_catalog.pg_type t ON t.oid = d.type WHERE t.typtype = 'd'
  ), base AS (
    SELECT d.* FROM domain d JOIN pg_catalog.pg_type t ON t.oid = d.type WHERE t.typtype <> 'd'
  ), label(type, labels) AS (
    SELECT enumtypid, json_agg(enumlabel ORDER BY enumsortorder)::text FROM pg_catalog.pg_enum GROUP BY enumtypid
  ), member(type, inside, said, position) AS (
    SELECT k.reltype, coalesce(e.oid, t.oid), json_build_object('name', a.attname, 'type', t.typname, 'element', e.typname,
      'labels', l.labels, 'inside', coalesce(e.oid, t.oid)::text, 'dimensions', a.attndims,
      'encoding', pg_catalog.current_setting('server_encoding'),
      'modifier', coalesce(b.modifier, eb.modifier, a.atttypmod),
      'native', pg_catalog.format_type(t.oid, coalesce(b.modifier, a.atttypmod)),
      'elementNative', pg_catalog.format_type(e.oid, coalesce(b.modifier, eb.modifier, a.atttypmod))), a.attnum
    FROM pg_catalog.pg_class k
    JOIN pg_catalog.pg_attribute a ON a.attrelid = k.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN base b ON b.id = a.atttypid
    LEFT JOIN pg_catalog.pg_type t ON t.oid = coalesce(b.type, a.atttypid)
    LEFT JOIN base eb ON eb.id = t.typelem AND t.typcategory = 'A'
    LEFT JOIN pg_catalog.pg_type e ON e.oid = coalesce(eb.type, t.typelem) AND t.typcategory = 'A'
    LEFT JOIN label l ON l.type = coalesce(e.oid, t.oid)
    WHERE k.relkind = 'c' OR k.reltype IN (
      SELECT unnest(ARRAY[u.atttypid, ut.typelem]) FROM pg_catalog.pg_attribute u
      JOIN pg_catalog.pg_type ut ON ut.oid = u.atttypid WHERE u.attrelid >= ${FIRST_OWN} AND u.attnum > 0)
  ), parts(type, said) AS (
    SELECT type, json_agg(said ORDER BY position) FROM member GROUP BY type
  ), within(type, inside) AS (
    SELECT type, type FROM parts
    UNION SELECT w.type, p.inside FROM within w JOIN member p ON p.type = w.inside JOIN parts o ON o.type = p.inside
  ), composite(type, fields) AS (
    SELECT w.type, json_build_object('of', w.type::text, 'parts', json_object_agg(w.inside, o.said))::text
    FROM within w JOIN parts o ON o.type = w.inside GROUP BY w.type
  )`;
