// A database and options → an API: reads the schema, builds the tree, and answers requests until it is closed.
import type { Knex } from "knex";
import { bigNumbers, bigNumbersAsStrings } from "../dialect/big-numbers.js";
import type { Dialect } from "../dialect/dialect.js";
import type { Relations } from "../plan/filter.js";
import { type BuildOptions, buildRouteTree } from "../routes/build.js";
import { type Matched, matchPath } from "../routes/match.js";
import type { RouteTree } from "../routes/tree.js";
import { checkBoolean, checkWord } from "../schema/check.js";
import { checkKeys, overrideSchema, schemaFromConfig, type TableEntry } from "../schema/config.js";
import { lookupOf } from "../schema/lookup.js";
import type { Schema } from "../schema/schema.js";
import { type VisibleOptions, visibleSchema } from "../schema/visible.js";
import { askOf, type Database, knownDatabase, openDatabase } from "./database.js";
import { handle } from "./handle.js";
import { type Hooks, hookNames, hooksByTable } from "./hooks.js";
import { type Limits, limitOptions, limitsOf } from "./limits.js";
import type { ApiRequest, ApiResponse } from "./message.js";
import { readDatabaseSchema } from "./read-schema.js";
import { rememberStatements } from "./remember.js";
import type { World } from "./world.js";

export interface ApiOptions extends BuildOptions, VisibleOptions, Partial<Limits> {
  /** Database schema(s) to expose, on databases that have them. Default: the connection's own. */
  readonly schema?: string | readonly string[];
  /** The whole schema by hand: the database is not asked for its own. */
  readonly tables?: readonly TableOptions[];
  /** Table entries laid over what was read. */
  readonly overrides?: readonly TableOptions[];
  /** May a cell of CSV begin as a formula does? `false` puts a `'` before one that does. Default `true`. */
  readonly csvFormulas?: boolean;
  /**
   * How decimals and 64-bit integers are shown: as JSON numbers with all their digits, or as strings for clients that would
   * round them. Both are taken either way. Default `number`.
   */
  readonly bigNumbers?: (typeof bigNumbers)[number];
  /** Hooks for all tables; those of single tables stand in their entries. */
  readonly hooks?: Hooks;
}

/** A table entry and the table's hooks. */
export interface TableOptions extends TableEntry, Hooks {}

export interface Api {
  /** The place a path leads to, for hosts that want to know before they hand a request over. */
  match(path: string): Matched | undefined;
  /** Answers a request; `undefined` when no route has its path, so that the host may pass it on. */
  handle(request: ApiRequest, matched?: Matched): Promise<ApiResponse | undefined>;
  readonly tree: RouteTree;
  readonly schema: Schema;
  readonly dialect: Dialect;
  readonly knex: Knex;
  readonly limits: Limits;
  /** Asks the database for its version: the cheapest sign that it is there. */
  version(): Promise<string>;
  /** Ends the connections that were opened here. A knex instance that was handed in stays open. */
  close(): Promise<void>;
}

/**
 * @param db a connection string (`sqlite:path.db`, `postgres://…`, `mysql://…`, `mssql://…`), a knex config or a knex instance.
 * @throws an `Error` of one line when the database cannot be opened or read, or an option is wrong.
 */
export async function createApi(db: string | Knex | Knex.Config, options: ApiOptions = {}): Promise<Api> {
  checkKeys(options, optionNames, "options");
  checkBoolean(options.csvFormulas, "options.csvFormulas");
  checkWord(options.bigNumbers, bigNumbers, "options.bigNumbers");
  const limits = limitsOf(options);
  const opened = openDatabase(db);
  try {
    const schema = visibleSchema(await schemaFor(opened, options), options);
    const known = await knownDatabase(opened);
    const { dialect: plain } = known;
    const database = { ...known, dialect: options.bigNumbers === "string" ? bigNumbersAsStrings(plain) : plain };
    const tree = buildRouteTree(schema, options);
    const lookup = lookupOf(schema, new Map(tree.resources.map(({ table, name }) => [table, name])));
    const hooks = hooksByTable(lookup.keys(), options.hooks, entryHooks(options));
    const world: World = {
      relations: relationsOf(tree),
      searching: { languages: schema.languages ?? [], unindexed: database.dialect.search.unindexed },
      tree,
      lookup,
      database,
      limits,
      csvFormulas: options.csvFormulas !== false,
      compile: rememberStatements(lookup, database.dialect),
      hooks,
    };
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
      limits,
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

const relationsOf = (tree: RouteTree): Relations =>
  new Map(
    tree.resources.map(({ table, relations }) => [table, new Map(relations.map((entry) => [entry.name, entry]))]),
  );

async function schemaFor(database: Database, options: ApiOptions): Promise<Schema> {
  const [tables, overrides = []] = [options.tables?.map(withoutHooks), options.overrides?.map(withoutHooks)];
  const schema = tables === undefined ? await readDatabaseSchema(database, options) : schemaFromConfig(tables, options);
  return overrideSchema(schema, overrides, options);
}

const isHook = (key: string) => (hookNames as readonly string[]).includes(key);

const withoutHooks = (entry: TableOptions): TableEntry =>
  Object.fromEntries(Object.entries(entry).filter(([key]) => !isHook(key))) as unknown as TableEntry;

const entryHooks = ({ tables = [], overrides = [] }: ApiOptions) =>
  [...tables, ...overrides].map((entry) => {
    const hooks = Object.fromEntries(Object.entries(entry).filter(([key]) => isHook(key)));
    return [entry.name, hooks as Hooks] as const;
  });

const optionNames: readonly string[] = [
  "schema",
  "tables",
  "overrides",
  "include",
  "exclude",
  "tableNamePlural",
  "resourcePathPlural",
  "resourceCase",
  "inflections",
  "classifyBy",
  "depth",
  "batch",
  "csvFormulas",
  "bigNumbers",
  "hooks",
  ...Object.keys(limitOptions),
];
