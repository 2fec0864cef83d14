// A small database to try things on: clubs, their members, and where they meet. The same rows at every start.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { ddl, demoRows } from "./demo-rows.js";

export interface Demo {
  /** Its connection string. */
  readonly db: string;
  /** Deletes the file. */
  remove(): void;
}

/** Writes the demo to a fresh file in the system's temporary folder. */
export function makeDemo(): Demo {
  const folder = mkdtempSync(join(tmpdir(), "sapwood-demo-"));
  const file = join(folder, "demo.db");
  const database = new Database(file);
  database.exec(ddl);
  database.transaction(() => {
    for (const [table, records] of Object.entries(demoRows())) {
      const insert = database.prepare(`INSERT INTO ${table} VALUES (${records[0]?.map(() => "?").join(", ")})`);
      for (const record of records) insert.run(...record);
    }
  })();
  database.close();
  return { db: `sqlite:${file}`, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
