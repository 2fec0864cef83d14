// The server of `--documents`, on a schema by hand: `documents-child.js TABLES HUBS DEPTH`.
import { serve } from "../../src/server/serve.js";

export interface Served {
  readonly url: string;
}

const [tables = 0, hubs = 0, depth = 2] = process.argv.slice(2).map(Number);
const columns = [
  { name: "id", type: "integer" },
  ...Array.from({ length: 8 }, (_, i) => ({ name: `column_${i}`, type: i % 3 === 0 ? "integer" : "varchar(80)" })),
];

/** Every third refers to each of the hubs, the others to one of them. */
const entries = Array.from({ length: tables }, (_, n) => {
  const parents = n < hubs ? [] : n % 3 === 0 ? Array.from({ length: hubs }, (_, i) => i) : [n % hubs];
  const keys = parents.map((hub) => ({ name: `hub_${hub}_id`, type: "integer" }));
  return {
    name: `things_${n}`,
    columns: [...columns, ...keys],
    primaryKey: "id",
    belongsTo: parents.map((hub) => ({ table: `things_${hub}`, column: `hub_${hub}_id` })),
  };
});

const { url } = await serve("sqlite::memory:", { port: 0, depth, tables: entries, logLevel: "error" });
process.send?.({ url });
