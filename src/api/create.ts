// A database and options → an API: reads the schema, builds the tree, and answers requests until it is closed.
import type { Knex } from "knex";
import type { Dialect } from "../dialect/dialect.js";
import { type BuildOptions, buildRouteTree } from "../routes/build.js";
import { type Matched, matchPath } from "../routes/match.js";
import type { RouteTree } from "../routes/tree.js";
import { lookupOf } from "../schema/lookup.js";
import type { Schema } from "../schema/schema.js";
import { askOf, type Database, openDatabase } from "./database.js";
import { handle } from "./handle.js";
import type { ApiRequest, ApiResponse } from "./message.js";
import { readDatabaseSchema } from "./read-schema.js";
import { rememberStatements } from "./remember.js";
import type { Limits, World } from "./world.js";

export interface ApiOptions extends BuildOptions, Partial<Limits> {
  /** Database schema(s) to expose, on databases that have them. Default: the connection's own. */
  readonly schema?: string | readonly string[];
}

export interface Api {
  /** The place a path leads to, for hosts that want to know before they hand a request over. */
  match(path: string): Matched | undefined;
  /** Answers a request; `undefined` when no route has its path, so that the host may pass it on. */
  handle(request: ApiRequest, matched?: Matched): Promise<ApiResponse | undefined>;
  readonly tree: RouteTree;
  readonly schema: Schema;
  readonly dialect: Dialect;
  readonly knex: Knex;
  /** Asks the database for its version: the cheapest sign that it is there. */
  version(): Promise<string>;
  /** Ends the connections that were opened here. A knex instance that was handed in stays open. */
  close(): Promise<void>;
}

const defaults: Limits = { defaultLimit: 100, maxLimit: 1000, maxFilters: 50, maxValues: 1000 };

/**
 * @param db a connection string (`sqlite:path.db`, `postgres://…`, `mysql://…`), a knex config or a knex instance.
 * @throws an `Error` of one line when the database cannot be opened or read, or an option is wrong.
 */
export async function createApi(db: string | Knex | Knex.Config, options: ApiOptions = {}): Promise<Api> {
  const limits = limitsOf(options);
  const database: Database = openDatabase(db);
  try {
    const schema = await readDatabaseSchema(database, options);
    const tree = buildRouteTree(schema, options);
    const lookup = lookupOf(schema);
    const world: World = { tree, lookup, database, limits, compile: rememberStatements(lookup, database.dialect) };
    const { dialect, knex } = database;
    return {
      match: (path) => matchPath(tree, path),
      handle: async (request, matched = matchPath(tree, request.path)) =>
        matched === undefined ? undefined : handle(request, matched, world),
      version: () => dialect.readVersion(askOf(database)),
      close: () => database.close(),
      tree,
      schema,
      dialect,
      knex,
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function limitsOf(options: ApiOptions): Limits {
  const limits = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof Limits)[]) {
    const value = options[name];
    if (value === undefined) continue;
    if (!Number.isSafeInteger(value) || value < 1)
      throw new Error(`${name} is a whole number from 1 up, not ${String(value)}.`);
    limits[name] = value;
  }
  return limits;
}
