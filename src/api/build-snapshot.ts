// A schema and the options → everything that is made from them, as one value that is never changed, only replaced.
import { rolesOf } from "../access/roles.js";
import { ConfigError } from "../base/config-error.js";
import { quiet } from "../base/logger.js";
import { checkCachedTables } from "../cache/cache-options.js";
import { askOf } from "../database/database.js";
import { digestOneSchema, readOneSchema } from "../database/one-schema.js";
import { isOwnTable } from "../database/own-tables.js";
import { readDatabaseSchema } from "../database/read-schema.js";
import type { Database, OpenDatabase } from "../database/session.js";
import { refuseSystemIncluded, refuseSystemTables } from "../database/system-tables.js";
import type { ReadOptions } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import type { Limits } from "../http/limits.js";
import type { CalledRelations, Relations } from "../plan/column-names.js";
import { HeldTexts } from "../plan/held-texts.js";
import { buildRouteTree } from "../routes/build.js";
import type { Profile, RouteTree } from "../routes/tree.js";
import { type Hooks, hookNames, hooksByTable } from "../run/hooks.js";
import type { OtherApis } from "../run/other-apis.js";
import type { Outbox } from "../run/outbox.js";
import { policiesOf } from "../run/policies.js";
import { rolesIn } from "../run/role-context.js";
import type { Snapshot } from "../run/snapshot.js";
import { statementCache } from "../run/statements.js";
import { overrideSchema, schemaFromConfig, type TableEntry } from "../schema/config.js";
import { nameFields } from "../schema/field-names.js";
import { lookupOf, resultId } from "../schema/lookup.js";
import { entryId, routinesFromConfig } from "../schema/routine-entry.js";
import { isRoutineOverride } from "../schema/routine-override.js";
import type { Schema } from "../schema/schema.js";
import { requireDeletedColumns, withSoftDelete } from "../schema/soft-delete.js";
import { stampsIn, withStamps } from "../schema/stamps.js";
import { visibleSchema } from "../schema/visible.js";
import type { ApiOptions, TableOptions } from "./options.js";

/** What of the options says how the database is read. */
const readOptionsOf = ({ schema, inDatabase }: ApiOptions): ReadOptions => ({
  ...(schema === undefined ? {} : { schema }),
  ...(inDatabase?.roles === undefined ? {} : { databaseRoles: Object.values(inDatabase.roles) }),
});

/** What the API shows: read from the database or written by hand, with the overrides laid over it. */
export async function schemaFor(database: OpenDatabase, options: ApiOptions): Promise<Schema> {
  const tables = options.tables?.map(withoutHooks);
  const schema = tables === undefined ? await readPlain(database, options) : schemaFromConfig(tables, options);
  refuseOwn(schema);
  if (tables !== undefined) refuseSystemTables(schema.tables, database.dialect);
  return shownOf(schema, database.dialect, options);
}

/** As the database has it. Views of one schema are made of tables in others, which are read for them and not shown. */
export const readPlain = (database: OpenDatabase, options: ApiOptions): Promise<Schema> =>
  isOfOne(database, options)
    ? readOneSchema(database, options.schema, readOptionsOf(options))
    : readDatabaseSchema(database, readOptionsOf(options));

/** Another word whenever it is another one. */
export const readDigest = (database: OpenDatabase, options: ApiOptions): Promise<string> =>
  isOfOne(database, options)
    ? digestOneSchema(database, options.schema, readOptionsOf(options))
    : database.dialect.schemaDigest(askOf(database), readOptionsOf(options));

const isOfOne = ({ dialect }: OpenDatabase, options: ApiOptions): options is ApiOptions & { readonly schema: string } =>
  typeof options.schema === "string" && dialect.schemas !== undefined;

/** What the API shows of a schema. Throws `ConfigError` where the options name what it does not have. */
export function shownOf(schema: Schema, dialect: Dialect, options: ApiOptions): Schema {
  refuseSystemIncluded(options, schema.tables, dialect);
  const said = options.overrides ?? [];
  const ofRoutines = said.map((entry) => isRoutineOverride(entry, schema));
  const overrides = said.filter((_, i) => !ofRoutines[i]).map((entry) => withoutHooks(entry as TableOptions));
  const laid = said.map((entry, i) => (ofRoutines[i] ? entry : withoutHooks(entry as TableOptions)));
  const overridden = overrideSchema(schema, laid, options);
  refuseUnits(overridden, dialect);
  const entries = [...(options.tables ?? []), ...overrides];
  const marked = withSoftDelete(withStamps(overridden, options.stamps, entries), options.softDelete, entries);
  const written = routinesFromConfig(options.routines ?? [], marked);
  const shown = visibleSchema(written, options);
  requireDeletedColumns(marked, shown);
  return nameFields(shown, options);
}

/** Elsewhere dates and times have types of their own. */
function refuseUnits({ tables }: Schema, dialect: Dialect): void {
  if (dialect.momentUnits) return;
  for (const { id, columns } of tables) {
    const held = columns.find(({ type }) => type.held !== undefined);
    if (held !== undefined)
      throw new ConfigError(
        "options.overrides",
        `${id}.${held.name} is '${held.type.native}', which only SQLite's columns can be: say the type that the database has.`,
      );
  }
}

/** What was read has none: `tables` must not name them either. */
function refuseOwn({ tables }: Schema): void {
  const own = tables.find(({ name }) => isOwnTable(name));
  if (own !== undefined)
    throw new ConfigError("options.tables", `${own.name} is sapwood's own table, and no API shows it.`);
}

/** What a snapshot has that is not made of the schema alone. */
export interface Surroundings {
  readonly outbox?: (schema: Schema) => Outbox;
  readonly apis?: OtherApis;
  /** Which of several schemas it is. */
  readonly profile?: Profile;
}

/** Throws `ConfigError` where the options name what the schema does not have. */
export function buildSnapshot(
  schema: Schema,
  database: Database,
  options: ApiOptions,
  limits: Limits,
  { outbox, apis = {}, profile }: Surroundings = {},
): Snapshot {
  checkCachedTables(options.cache, schema);
  const tree = { ...buildRouteTree(schema, options), ...(profile && { profile }) };
  const lookup = lookupOf(schema, new Map(tree.resources.map((resource) => [resource.table, resource])));
  const { dialect } = database;
  const snapshot: Snapshot = {
    schema,
    tree,
    relations: relationsOf(tree),
    ...calledIn(tree),
    searching: {
      languages: schema.languages ?? [],
      unindexed: dialect.search.unindexed,
      matches: dialect.matching !== undefined,
    },
    held: new HeldTexts(),
    lookup,
    database,
    dialect,
    limits,
    csvFormulas: options.csvFormulas !== false,
    raisedMessages: options.raisedMessages !== false,
    compile: statementCache(lookup, dialect, limits.maxAnswerRows),
    hooks: hooksByTable(
      [...schema.tables.map(({ id }) => id), ...(schema.routines ?? []).map(resultId)],
      options.hooks,
      entryHooks(options),
    ),
    ...(outbox && { outbox: outbox(schema) }),
    apis,
    runs: runsOf(options.routines),
    stamps: stampsIn(schema),
    logger: options.logger ?? quiet,
  };
  if (options.roles !== undefined)
    return { ...snapshot, roles: rolesIn(snapshot, rolesOf(options.roles, snapshot, limits)) };
  const policies = policiesOf(lookup);
  if (policies === undefined) return snapshot;
  const compile = statementCache(lookup, dialect, limits.maxAnswerRows, policies);
  return { ...snapshot, compile, withDeleted: snapshot };
}

const relationsOf = (tree: RouteTree): Relations =>
  new Map(
    tree.resources.map(({ table, relations }) => [table, new Map(relations.map((entry) => [entry.name, entry]))]),
  );

function calledIn({ resources }: RouteTree): { readonly called?: CalledRelations } {
  const called = resources.flatMap(({ table, called: some }) =>
    some ? [[table, new Map(some.map((one) => [one.name, one]))] as const] : [],
  );
  return called.length === 0 ? {} : { called: new Map(called) };
}

const runsOf = (entries: ApiOptions["routines"] = []): Snapshot["runs"] =>
  new Map(entries.flatMap((entry) => (entry.run === undefined ? [] : [[entryId(entry), entry.run] as const])));

const isHook = (key: string) => (hookNames as readonly string[]).includes(key);

const withoutHooks = (entry: TableOptions): TableEntry =>
  Object.fromEntries(Object.entries(entry).filter(([key]) => !isHook(key))) as unknown as TableEntry;

const entryHooks = ({ tables = [], overrides = [] }: ApiOptions) =>
  [...tables, ...overrides].map((entry) => {
    const hooks = Object.fromEntries(Object.entries(entry).filter(([key]) => isHook(key)));
    return [entry.name, hooks as Hooks] as const;
  });
