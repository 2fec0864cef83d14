// Functions and procedures, from pg_proc: one question for all of them, with a row for each part. A part is an argument, what is
// answered, or a column of what is answered.
import { groupBy } from "../../base/group-by.js";
import type { ArgumentMode, Routine, RoutineArgument, RoutineReturns } from "../../schema/routine.js";
import type { Column, Table } from "../../schema/schema.js";
import { type CatalogueRow, textOrNull } from "../catalogue.js";
import { typeFrom } from "./column-type.js";
import { leavingSql } from "./leaves.js";
import { asStandard, baseTypes, inSchemas, isGranted, notOfExtension } from "./questions.js";

/** Any of the user's: which one calls which is not told. */
const sets = `EXISTS (${leavingSql})`;

/**
 * Not those of extensions, nor aggregates, window and trigger functions, nor what takes or answers a type that no request can say:
 * pseudo-types (`internal`, `anyelement`) and cursors.
 */
export const routinesSql = (schemas: readonly string[] | undefined, roles: readonly string[] = []): string => `
  ${baseTypes}, routine AS (
    SELECT p.*, n.nspname FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind IN ('f', 'p') AND ${inSchemas(schemas)} AND ${notOfExtension("pg_proc", "p.oid")}
      AND ${isGranted("schema", "n.oid", "USAGE", roles)} AND ${isGranted("function", "p.oid", "EXECUTE", roles)}
  ), part(id, position, mode, name, type, modifier, "default") AS (
    SELECT r.oid, a.position::int, coalesce(r.proargmodes[a.position]::text, 'i'), r.proargnames[a.position], a.type, -1,
      ${asStandard("pg_catalog.pg_get_function_arg_default(r.oid, a.position::int)")}
    FROM routine r CROSS JOIN LATERAL unnest(coalesce(r.proallargtypes, r.proargtypes::oid[])) WITH ORDINALITY a(type, position)
    UNION ALL SELECT r.oid, 0, 'returns', NULL, r.prorettype, -1, NULL FROM routine r
    UNION ALL SELECT r.oid, 10000 + f.attnum, 'field', f.attname::text, f.atttypid, f.atttypmod, NULL
    FROM routine r JOIN pg_catalog.pg_type t ON t.oid = r.prorettype
    JOIN pg_catalog.pg_attribute f ON f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped
  )
  SELECT n.nspname::text AS "schema", n.proname::text AS routine, n.oid::text AS id, n.prokind::text AS kind,
    current_schema()::text AS default_schema, pg_catalog.current_setting('server_encoding') AS encoding,
    (n.prokind = 'f' AND n.provolatile <> 'v')::int AS reads, n.prosecdef::int AS definer, n.proretset::int AS many,
    (n.prokind = 'p' AND n.prosrc ~* E'\\\\m(commit|rollback)\\\\M')::int AS commits, ${sets}::int AS sets,
    pg_catalog.obj_description(n.oid, 'pg_proc') AS comment,
    p.mode, p.name, p."default", p.position, 1 AS dimensions,
    t.typname::text AS type, e.typname::text AS element, l.labels, m.fields, coalesce(b.modifier, eb.modifier, p.modifier) AS modifier,
    pg_catalog.format_type(t.oid, coalesce(b.modifier, p.modifier)) AS native,
    pg_catalog.format_type(e.oid, coalesce(b.modifier, eb.modifier, p.modifier)) AS "elementNative",
    pg_catalog.format_type(p.type, NULL) AS said, d.typname::text AS domain, rn.nspname::text AS "rowSchema", rc.relname::text AS "rowTable",
    (t.typtype = 'p' OR coalesce(e.typtype = 'p', false) OR t.typname = 'refcursor')::int AS pseudo
  FROM routine n JOIN part p ON p.id = n.oid
  LEFT JOIN base b ON b.id = p.type
  LEFT JOIN pg_catalog.pg_type d ON d.oid = b.id
  LEFT JOIN pg_catalog.pg_type t ON t.oid = coalesce(b.type, p.type)
  LEFT JOIN base eb ON eb.id = t.typelem AND t.typcategory = 'A'
  LEFT JOIN pg_catalog.pg_type e ON e.oid = coalesce(eb.type, t.typelem) AND t.typcategory = 'A'
  LEFT JOIN label l ON l.type = coalesce(e.oid, t.oid)
  LEFT JOIN composite m ON m.type = coalesce(e.oid, t.oid)
  LEFT JOIN pg_catalog.pg_class rc ON rc.oid = t.typrelid AND rc.relkind <> 'c'
  LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
  ORDER BY n.nspname, n.proname, n.oid, p.position`;

export function routinesFrom(rows: readonly CatalogueRow[], tables: readonly Table[]): Routine[] {
  const shown = new Map(tables.map(({ id, name, schema }) => [JSON.stringify([schema, name]), id]));
  const tableOf = ({ rowSchema, rowTable }: CatalogueRow) => shown.get(JSON.stringify([rowSchema, rowTable]));
  const routines = [...groupBy(rows, ({ id }) => String(id)).values()].flatMap((parts) => routineFrom(parts, tableOf));
  return routines.sort((a, b) => (a.id < b.id ? -1 : 1));
}

type TableOf = (row: CatalogueRow) => string | undefined;

/** Its parts, the first of which is what it answers. Nothing where no request could call it, or no answer show it. */
function routineFrom(parts: readonly CatalogueRow[], tableOf: TableOf): Routine[] {
  const [first] = parts as [CatalogueRow];
  const said = parts.filter(({ mode }) => mode !== "returns" && mode !== "field");
  if (said.some(({ pseudo }) => Number(pseudo) === 1)) return [];
  const returns = returnsFrom(parts, tableOf);
  if (returns === undefined) return [];
  const args = said.filter(({ mode }) => mode !== "t");
  const name = String(first.routine);
  const place = first.schema === first.default_schema ? name : `${first.schema}.${name}`;
  const types = args.filter(({ mode }) => mode !== "o").map((row) => String(row.said));
  const is = (value: unknown) => Number(value) === 1;
  return [
    {
      id: `${place}(${types.join(",")})`,
      name,
      schema: String(first.schema),
      kind: first.kind === "p" ? "procedure" : "function",
      arguments: args.map((row) => argumentFrom(row, tableOf)),
      returns,
      reads: is(first.reads),
      ...(is(first.definer) && { definer: true }),
      ...(is(first.commits) && { commits: true }),
      ...(is(first.sets) && { sets: true }),
      ...(textOrNull(first.comment) === null ? {} : { comment: String(first.comment) }),
    },
  ];
}

/** pg_proc.proargmodes. */
const modes: Readonly<Record<string, ArgumentMode>> = { i: "in", b: "inout", o: "out", v: "variadic" };

function argumentFrom(row: CatalogueRow, tableOf: TableOf): RoutineArgument {
  const table = tableOf(row);
  return {
    ...(row.name === null || row.name === "" ? {} : { name: String(row.name) }),
    type: typeFrom(row),
    mode: modes[String(row.mode)] ?? "in",
    ...(row.default === null ? {} : { default: String(row.default) }),
    ...(table === undefined ? {} : { row: table }),
    ...(row.domain !== null && { domain: String(row.domain) }),
  };
}

/** Nothing for a `record` of which nobody says the columns, and for pseudo-types. */
function returnsFrom(parts: readonly CatalogueRow[], tableOf: TableOf): RoutineReturns | undefined {
  const [first] = parts as [CatalogueRow];
  const many = Number(first.many) === 1;
  const out = parts.filter(({ mode }) => mode === "o" || mode === "b" || mode === "t");
  if (out.length > 0) return { type: "columns", columns: out.map(columnFrom), many };
  if (first.type === "void") return { type: "nothing" };
  const fields = parts.filter(({ mode }) => mode === "field");
  const table = tableOf(first);
  if (table !== undefined) return { type: "rows", table, many };
  if (fields.length > 0) return { type: "columns", columns: fields.map(columnFrom), many };
  return Number(first.pseudo) === 1 ? undefined : { type: "value", of: typeFrom(first), many };
}

const columnFrom = (row: CatalogueRow, index: number): Column => ({
  name: textOrNull(row.name) || `column${index + 1}`,
  type: typeFrom(row),
  nullable: true,
  default: null,
  generated: false,
  identity: false,
});
