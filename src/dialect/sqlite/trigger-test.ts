// A trigger → statements that make SQLite compile it, and do nothing: over a column that is gone they fail, and not only the next write.
import { quote } from "../standard.js";
import { effectOf, heardBy } from "./triggers.js";

/** `on`: the table or view that it is of; `columns`: those of it that can be written, where it is a table. */
export function compiling(sql: string, on: string, columns: readonly string[]): string[] {
  const target = quote(on);
  switch (effectOf(sql).event) {
    case "insert":
      return [`EXPLAIN INSERT INTO ${target} DEFAULT VALUES`];
    case "delete":
      return [`EXPLAIN DELETE FROM ${target}`];
    default: {
      const heard = (heardBy([sql]) ?? columns.slice(0, 1)).map(quote);
      return heard.map((column) => `EXPLAIN UPDATE ${target} SET ${column} = ${column}`);
    }
  }
}
