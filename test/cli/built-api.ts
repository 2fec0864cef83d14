// The built package on a SQLite file: the sources have no file that a process could run.
import { fileURLToPath } from "node:url";
import type { Api, ApiOptions } from "../../src/index.js";
import { type Created, sqlite } from "../support/databases.js";

const built = fileURLToPath(new URL("../../dist/src/index.js", import.meta.url));
export const { createApi } = (await import(built)) as typeof import("../../src/index.js");
export const { create } = sqlite;

/** The file with what answers from it, closed in the end. */
export async function using(
  ddl: string,
  look: (api: Api, database: Created) => Promise<void>,
  options: ApiOptions = {},
): Promise<void> {
  const database = await create(ddl);
  try {
    const api = await createApi(database.url, options);
    await look(api, database).finally(() => api.close());
  } finally {
    await database.drop();
  }
}
