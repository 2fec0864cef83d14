// Views as sqlite_master keeps them: their own text, and the triggers in place of writes, without which there are none
// (https://sqlite.org/lang_createview.html).
import type { CatalogueRow, CatalogueView } from "../catalogue.js";
import { spokenView } from "../views/definition.js";
import { heardBy } from "./triggers.js";

export function viewsFrom(texts: readonly CatalogueRow[], triggers: readonly CatalogueRow[]): CatalogueView[] {
  return texts
    .filter(({ type }) => type === "view")
    .map((row) => {
      const spoken = spokenView(String(row.sql));
      const own = triggers.filter(({ table }) => String(table).toLowerCase() === String(row.table).toLowerCase());
      const heard = heardBy(own.map(({ sql }) => String(sql)));
      return {
        schema: null,
        table: String(row.table),
        ...(spoken && { spoken }),
        passes: [],
        ...(heard && { heard }),
      };
    });
}
