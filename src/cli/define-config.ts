// The type of what a config file holds, for editors and compilers.
import type { DatabaseEntry, Db } from "../server/mount.js";
import type { ServeSettings } from "../server/serve.js";

/** All settings and options, and the database or several of them by their names. */
export interface Config extends ServeSettings {
  /** A connection string, a knex config or a knex instance. `undefined`, as a variable may be, leaves it to `DATABASE_URL`. */
  readonly db?: Db | undefined;
  /** By the names that are their paths: `{ main: "postgres://…", legacy: { db: "sqlite:old.db", exclude: ["audit"] } }`. */
  readonly databases?: Readonly<Record<string, Db | Partial<DatabaseEntry> | undefined>>;
}

/** Answers what it is given. In `sapwood.config.ts` and `.js` it lets editors and `tsc` check it. */
export const defineConfig = (config: Config): Config => config;
