// The schemas of a PostgreSQL database, and those that another one's views look into.
import type { SchemaQuestions } from "../parts/catalogue.js";

export const schemas: SchemaQuestions = {
  all: "SELECT nspname::text AS name FROM pg_catalog.pg_namespace ORDER BY 1",
  // What a view depends on is said of its rewrite rule (catalog-pg-rewrite.html); views may look into views.
  behindViews: `
    WITH RECURSIVE reached (id, place) AS (
      SELECT c.oid, c.relnamespace FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('v', 'm') AND n.nspname = ?
      UNION
      SELECT t.oid, t.relnamespace FROM reached v
      JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.id AND r.ev_type = '1'
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
        AND d.refclassid = 'pg_catalog.pg_class'::regclass
      JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
    )
    SELECT DISTINCT n.nspname::text AS name FROM reached JOIN pg_catalog.pg_namespace n ON n.oid = reached.place ORDER BY 1`,
};
