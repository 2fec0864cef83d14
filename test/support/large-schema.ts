// Schemas as large applications have them: a few tables that most others refer to, and links between many.
import type { Schema } from "../../src/schema/schema.js";
import { schemaOf, type TableWords } from "./literal-schema.js";

/** So many tables, of which every third refers to each of `hubs`, and the others to one of them. */
export function largeSchema(tables: number, hubs = 3): Schema {
  const words: Record<string, TableWords> = {};
  for (let n = 0; n < tables; n += 1) {
    const columns = Array.from({ length: 8 }, (_, i) => `column_${i}${i % 3 === 0 ? ":integer" : ""}`).join(" ");
    const parents = n < hubs ? [] : n % 3 === 0 ? Array.from({ length: hubs }, (_, i) => i) : [n % hubs];
    const keys = parents.map((hub) => `hub_${hub}_id > things_${hub}`).join(" ");
    words[`things_${n}`] = { columns: `id ${columns} ${keys}` };
  }
  return schemaOf(words);
}
