// A database and what is wanted in it → the plan for it, carried out or not. I/O: reads the schema, runs the statements.
import { existsSync, writeFileSync } from "node:fs";
import { ConfigError } from "../base/config-error.js";
import type { ConnectionOptions } from "../database/connection-options.js";
import { askOf, knownDatabase, openDatabase } from "../database/database.js";
import { dialectFor, type GivenDb, namedDatabase } from "../database/open-knex.js";
import { readDatabaseSchema } from "../database/read-schema.js";
import type { OpenDatabase } from "../database/session.js";
import type { ReadOptions } from "../dialect/connection.js";
import type { Side } from "../routes/diff.js";
import type { Schema } from "../schema/schema.js";
import { type DefinitionNaming, type DefinitionPlan, definitionPlan, sideOf } from "./definition-plan.js";
import { type DefinedSchema, withTexts } from "./read-definition.js";
import { type DefinitionOutcome, runPlan } from "./run.js";
import { isMaker, type Maker } from "./statements.js";
import type { Wanted } from "./wanted.js";

export interface ApplyOptions {
  readonly options: ConnectionOptions & ReadOptions & DefinitionNaming;
  /** Nothing is done. */
  readonly dryRun?: boolean;
  /** What is not wanted goes. */
  readonly drop?: boolean;
  /** What clients see of a schema. Default: all of it. */
  seen?(schema: Schema, dialect: Maker): Side;
}

export interface Applied {
  readonly plan: DefinitionPlan;
  /** Left out where nothing was to be done. */
  readonly outcome?: DefinitionOutcome;
}

/** Throws `ConfigError` for what the database cannot take, and what a driver throws where it cannot be read. */
export async function applyTables(
  db: GivenDb,
  wanted: Wanted,
  { options, dryRun = false, drop = false, seen = (schema) => sideOf(schema, options) }: ApplyOptions,
): Promise<Applied> {
  const database = openDatabase(placeFor(db, dryRun), options, dryRun ? { looks: true } : { briefly: true });
  try {
    const maker = makerOf(await knownDatabase(database));
    const { dialect } = maker;
    const is = await definedSchema(maker, options);
    const plan = definitionPlan(is, wanted, dialect, (schema) => seen(schema, dialect), drop);
    return dryRun ? { plan } : { plan, outcome: await runPlan(plan, maker) };
  } finally {
    await database.close();
  }
}

/** A database whose tables can be made. */
interface MakingDatabase extends OpenDatabase {
  readonly dialect: Maker;
}

function makerOf(database: OpenDatabase): MakingDatabase {
  const { dialect } = database;
  if (isMaker(dialect)) return { ...database, dialect };
  throw new ConfigError("the database", `no tables can be made in ${dialect.name}.`);
}

/** What is there, as far as it can be made. */
export async function definedSchema(database: MakingDatabase, { schema }: ReadOptions): Promise<DefinedSchema> {
  const read = await readDatabaseSchema(database, schema === undefined ? {} : { schema });
  return withTexts(read, askOf(database), database.dialect.definition);
}

/** A file that is not there is made; a dry run looks at an empty one. */
function placeFor(given: GivenDb, dryRun: boolean): GivenDb {
  const db = namedDatabase(given);
  const files = typeof db === "string" ? dialectFor(db).definition?.files : undefined;
  const file = files?.of(String(db));
  if (files === undefined || file === undefined || existsSync(file)) return given;
  if (dryRun) return files.empty;
  writeFileSync(file, "", { flag: "wx" });
  return given;
}
