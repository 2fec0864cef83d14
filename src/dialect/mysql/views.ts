// Views as information_schema.VIEWS tells of them: the definition as the server understood it, every name with its table's.
import type { Writing } from "../../schema/warnings.js";
import type { CatalogueRow, CatalogueView } from "../catalogue.js";
import { spokenView } from "../views/definition.js";
import type { SpokenView } from "../views/spoken.js";

/** `database`: the connection's own, whose tables have no schema here. The definition is empty for who has no right to see it. */
export function viewFrom(row: CatalogueRow, database: string): CatalogueView {
  const found = spokenView(String(row.definition ?? ""), true);
  const spoken = found && {
    ...found,
    sources: found.sources.map((source) => ({ ...source, schema: source.schema === database ? null : source.schema })),
    checked: row.checked !== null && row.checked !== "NONE",
  };
  return {
    schema: null,
    table: String(row.table),
    ...(spoken && { spoken }),
    passes: row.updatable === "YES" && spoken !== undefined ? passesOf(spoken) : [],
  };
}

/** Of a join, an UPDATE changes the columns of one table only, and nothing is deleted (manual: «Updatable and Insertable Views»). */
const passesOf = ({ sources, reshaped }: SpokenView): Writing[] =>
  sources.length === 1 && !reshaped ? ["insert", "update", "delete"] : [];
