// Where a server's tables may be, other than where they were looked for: what a newcomer is told who finds none.
import type { Elsewhere } from "./parts/catalogue.js";

/** Schemas are named by an option. */
export const otherSchemas = (sql: string): Elsewhere => ({
  sql,
  places: "schemas",
  advice: (place) => `{ schema: ${JSON.stringify(place)} } in the options, --schema ${place} on the command line`,
});

/** Databases are named by the connection. */
export const otherDatabases = (sql: string): Elsewhere => ({
  sql,
  places: "databases",
  advice: (place) => `the path of the connection string, …/${place}`,
});
