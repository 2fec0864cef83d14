// Who asks, in functions of the connection, for views and triggers: `sapwood_claims()` is a JSON object, `sapwood_role()` a name.
// Both are NULL where nobody asks. Other programs that open the file know no such functions.
import type Database from "better-sqlite3";
import type { Asked, SessionStatements } from "../connection.js";

const TELL = "sapwood_tell";

/** On each connection, before the schema is read: a view that calls an unknown function has no columns. */
export function defineTelling(database: Database.Database): void {
  let told: readonly unknown[] = [null, null];
  // Not from within views and triggers (https://sqlite.org/c3ref/c_deterministic.html, SQLITE_DIRECTONLY).
  database.function(TELL, { directOnly: true }, (claims: unknown, role: unknown) => {
    told = [claims, role];
    return null;
  });
  database.function("sapwood_claims", () => told[0]);
  database.function("sapwood_role", () => told[1]);
}

const end = { text: `SELECT ${TELL}(NULL, NULL)`, values: [] };

export const tell = (asked: Asked | undefined): SessionStatements => ({
  begin: { text: `SELECT ${TELL}(?, ?)`, values: [asked?.claims ?? null, asked?.role ?? null] },
  end,
});
