// An API's database, as far as its tables can be made and changed → what is there, what the API would be with other tables, and the doing.
import { ConfigError } from "../base/config-error.js";
import { Semaphore } from "../base/semaphore.js";
import { type Administering, administeringOf } from "../database/administering.js";
import { askOf } from "../database/database.js";
import { isKeptAside } from "../database/read-schema.js";
import type { OpenDatabase } from "../database/session.js";
import { type DefinitionPlan, planOf } from "../define/definition-plan.js";
import type { Differences } from "../define/differences.js";
import { ENTRY } from "../define/entry-form.js";
import { type DefinedSchema, withTexts } from "../define/read-definition.js";
import { type DefinitionOutcome, runPlan } from "../define/run.js";
import { isMaker, type Maker } from "../define/statements.js";
import { problem } from "../http/problem.js";
import type { Side } from "../routes/diff.js";
import type { Schema, Table } from "../schema/schema.js";
import { withColumns } from "../schema/visible.js";
import type { Api } from "./api.js";
import { readPlain, shownOf } from "./build-snapshot.js";
import type { ApiOptions } from "./options.js";

/** An API whose tables can be made and changed; `defining` is left out where they cannot. */
export interface DefiningApi extends Api {
  readonly defining?: Defining;
  readonly profiles?: ReadonlyMap<string, DefiningApi>;
}

/** What the database has, and what of it the API shows. */
export interface StandingSchema {
  readonly is: DefinedSchema;
  /** Tables only, as the database has them. */
  readonly shown: readonly Table[];
  /** The ids of all that the API shows, views too. */
  readonly names: ReadonlySet<string>;
}

export interface Defining {
  readonly dialect: Maker;
  readonly options: ApiOptions;
  read(): Promise<StandingSchema>;
  /** Throws `ConfigError` where the options name what would not be there. */
  plan(is: DefinedSchema, differences: Differences): DefinitionPlan;
  run(plan: DefinitionPlan): Promise<DefinitionOutcome>;
  holdsRows(table: Table): Promise<boolean>;
  /** The server's databases and users; left out where it has none. */
  readonly administering?: Administering;
  /** One change at a time: each is planned on what the one before has left. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

/** Changes that may wait for the one that runs. */
const MOST_WAITING = 10;

/** Nothing where no tables can be made, or the API does not read them. */
export function definingOf(
  database: OpenDatabase,
  options: ApiOptions,
  build: (schema: Schema) => Side,
): Defining | undefined {
  const { dialect } = database;
  if (!isMaker(dialect) || options.tables !== undefined) return undefined;
  const turns = new Semaphore(1, MOST_WAITING, () =>
    problem("busy", "Other changes of the tables wait already. Try again in a few seconds."),
  );
  const administering = administeringOf(database);
  const seen = (schema: Schema) => build(shownOf(schema, dialect, options));
  return {
    dialect,
    options,
    ...(administering && { administering }),
    read: async () => {
      const is = await withTexts(await readPlain(database, options), askOf(database), dialect.definition);
      const shown = shownOf(is, dialect, options);
      return { is, shown: shownTables(is, shown), names: new Set(shown.tables.map(({ id }) => id)) };
    },
    plan: (is, differences) => {
      for (const step of differences.steps) if (step.do === "add table") refuseUnshown(step.table, is, options);
      return planOf(is, differences, dialect, seen);
    },
    run: (plan) => runPlan(plan, database),
    holdsRows: async ({ schema, name }) => {
      const { knex } = database;
      const rows = schema === null ? knex(name) : knex(name).withSchema(schema);
      return (await rows.first(knex.raw("1 AS found"))) !== undefined;
    },
    inTurn: (work) => turns.run(work),
  };
}

/** A table that the API would not show is none that it makes. */
function refuseUnshown({ id, name, schema }: Table, is: Schema, { include, schema: exposed }: ApiOptions): void {
  const refuse = (why: string) => {
    throw new ConfigError(`${ENTRY}.name`, `${id}: ${why}`);
  };
  if (isKeptAside(name)) refuse("sapwood or a migration tool keeps a table of this name. Choose another.");
  if (include !== undefined) refuse("the server shows the tables that its option include names, and no other.");
  if (schema !== null && ![exposed].flat().includes(schema)) refuse(`the server does not show the schema ${schema}.`);
  // Whether the connection's own schema is shown too, its tables tell.
  if (schema === null && exposed !== undefined && !is.tables.some((table) => table.id === table.name))
    refuse(`say its schema: ${[exposed].flat()[0]}.${name}.`);
}

/** Tables without what `include` and `exclude` leave out, and else as they are in the database. */
function shownTables(is: Schema, shown: Schema): Table[] {
  const columnsOf = new Map(shown.tables.map(({ id, columns }) => [id, new Set(columns.map(({ name }) => name))]));
  return is.tables.flatMap((table) => {
    const columns = columnsOf.get(table.id);
    if (table.kind === "view" || columns === undefined) return [];
    const cut = withColumns(table, columns);
    return [{ ...cut, foreignKeys: cut.foreignKeys.filter((key) => columnsOf.has(key.table)) }];
  });
}
