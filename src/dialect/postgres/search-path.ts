// Types of extensions whose schema is not on the search path (citext in `extensions`): `=` of theirs is not found there, and that of
// text is taken instead, without a word. Their schemas are searched as well, behind all others, where tables have such columns.

/** Their schemas, as a search path names them; NULL where there is none. */
export const hiddenSchemas = `(
  SELECT string_agg(DISTINCT pg_catalog.quote_ident(n.nspname), ', ')
  FROM pg_catalog.pg_depend d
  JOIN pg_catalog.pg_type t ON t.oid = d.objid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e'
    AND t.typtype IN ('b', 'r') AND NOT pg_catalog.pg_type_is_visible(t.oid)
    AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.current_schema() IS NOT NULL
    AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.atttypid IN (t.oid, t.typarray) AND NOT a.attisdropped))`;

export const widened = (schemas: string, local: boolean): string =>
  `set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'), ''), '${schemas.replaceAll("'", "''")}'), ${local})`;
