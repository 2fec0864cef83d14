// The schemas of a SQL Server database, and those that another one's views look into.
import type { SchemaQuestions } from "../parts/catalogue.js";

export const schemas: SchemaQuestions = {
  all: "SELECT name FROM sys.schemas ORDER BY name",
  // Names alone (sys-sql-expression-dependencies-transact-sql): views of views are followed by the schemas of the first ones.
  behindViews: `
    SELECT DISTINCT d.referenced_schema_name AS name
    FROM sys.sql_expression_dependencies d
    JOIN sys.views v ON v.object_id = d.referencing_id
    JOIN sys.schemas s ON s.schema_id = v.schema_id
    WHERE s.name = ? AND d.referenced_schema_name IS NOT NULL AND d.referenced_database_name IS NULL
    ORDER BY d.referenced_schema_name`,
};
