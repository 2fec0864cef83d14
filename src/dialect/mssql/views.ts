// Views as sys.sql_modules keeps them: as they were written. It is NULL for one that is encrypted, and for who may not see it.
import type { Writing } from "../../schema/warnings.js";
import { type CatalogueRow, type CatalogueView, placeOf } from "../catalogue.js";
import { spokenView } from "../views/definition.js";
import type { SpokenView } from "../views/spoken.js";

export const viewsSql = (where: string): string => `
  SELECT s.name AS [schema], o.name AS [table], m.definition AS [definition]
  FROM sys.sql_modules m
  JOIN sys.objects o ON o.object_id = m.object_id
  JOIN sys.schemas s ON s.schema_id = o.schema_id
  WHERE o.type = 'V' AND ${where}
  ORDER BY s.name, o.name`;

export function viewFrom(row: CatalogueRow): CatalogueView {
  const place = placeOf(row);
  const found = spokenView(String(row.definition ?? ""));
  // A name without a schema is looked for in the view's own.
  const sources = found?.sources.map((source) => ({ ...source, schema: source.schema ?? place.schema }));
  const spoken = found && { ...found, sources: sources ?? [] };
  return { ...place, ...(spoken && { spoken }), passes: spoken === undefined ? [] : passesOf(spoken) };
}

/** CREATE VIEW, «Updatable views»: plain columns of one table (t-sql/statements/create-view-transact-sql). */
const passesOf = ({ sources, reshaped }: SpokenView): Writing[] =>
  sources.length === 1 && !reshaped ? ["insert", "update", "delete"] : [];
