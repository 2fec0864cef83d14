// An API that shows no tables, or tables without relations → what its maker is told, and what to try. I/O: where else tables are.

import { askOf } from "../database/database.js";
import type { OpenDatabase } from "../database/session.js";
import type { RouteTree } from "../routes/tree.js";
import type { ApiOptions } from "./options.js";

export interface Emptiness {
  readonly of: "tables" | "relations";
  /** Sentences, in one line. */
  readonly text: string;
}

/** Nothing to say of one that has both, or one table only. */
export async function emptinessOf(
  { resources }: RouteTree,
  database: OpenDatabase,
  options: ApiOptions,
): Promise<Emptiness | undefined> {
  if (resources.length === 0) return { of: "tables", text: await withoutTables(database, options) };
  if (resources.length === 1 || resources.some(({ relations }) => relations.length > 0)) return undefined;
  return {
    of: "relations",
    text:
      `No relations were found between the ${resources.length} tables, so there are no nested routes. Neither foreign keys nor names such as ` +
      "author_id lead from one to another. Declare foreign keys in the database, or say belongsTo in overrides: " +
      `{ name: "posts", belongsTo: [{ table: "authors", column: "author" }] }. sapwood routes --why tells what each table was taken for.`,
  };
}

async function withoutTables(database: OpenDatabase, options: ApiOptions): Promise<string> {
  if (options.tables !== undefined) return "No tables are left of those in `tables`: look at include and exclude.";
  const asked = [options.schema ?? []].flat();
  const where = asked.length === 0 ? "where this connection looks" : `in ${asked.join(", ")}`;
  const found = await placesOf(database);
  const { elsewhere } = database.dialect;
  const [first] = found;
  const others =
    elsewhere !== undefined && first !== undefined
      ? `Of the ${elsewhere.places}, these hold tables: ${found.map(({ place, tables }) => `${place} (${tables})`).join(", ")}. ` +
        `Name one by ${elsewhere.advice(first.place)}.`
      : "Is it the right database, and may this user read its tables?";
  const hidden =
    options.include === undefined && options.exclude === undefined ? "" : " include and exclude may hide them.";
  return `No tables were found ${where}, so there is nothing to serve. ${others}${hidden}`;
}

async function placesOf(database: OpenDatabase): Promise<readonly { place: string; tables: number }[]> {
  const { elsewhere } = database.dialect;
  if (elsewhere === undefined) return [];
  // It is a hint: a server that does not answer it has said so by then, or will.
  const rows = await askOf(database)(elsewhere.sql).catch(() => []);
  return rows.map(({ place, tables }) => ({ place: String(place), tables: Number(tables) }));
}

/** For whoever started it: in the log, or where there is none and nothing at all is served, as a warning of Node's. */
export function tellEmptiness(emptiness: Emptiness | undefined, { logger }: ApiOptions): void {
  if (emptiness === undefined) return;
  if (logger !== undefined) logger.warn({ none: emptiness.of }, emptiness.text);
  else if (emptiness.of === "tables") process.emitWarning(emptiness.text, { type: "SapwoodWarning" });
}
