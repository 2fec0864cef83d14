// For a start without a database of your own: a text of SQL → a SQLite file in the system's temporary folder, made once.
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** Answers with its connection string. `path` is `notes` for `notes.sql`, as seen from here. */
export async function sqliteFile(path) {
  const file = join(tmpdir(), `sapwood-${basename(path)}.db`);
  if (!existsSync(file)) {
    const { default: Database } = await import("better-sqlite3");
    new Database(file).exec(readFileSync(new URL(`${path}.sql`, import.meta.url), "utf8")).close();
  }
  return `sqlite:${file}`;
}
