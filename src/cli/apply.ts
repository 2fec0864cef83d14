// `sapwood apply <tables> <db>`: tables made and changed, so that they are as a file says.
import type { Command } from "commander";
import { shownOf } from "../api/build-snapshot.js";
import type { ApiOptions } from "../api/options.js";
import { ConfigError } from "../base/config-error.js";
import { applyTables } from "../define/apply.js";
import { type DefinitionPlan, sideOf } from "../define/definition-plan.js";
import type { DefinitionOutcome } from "../define/run.js";
import { stepText } from "../define/step.js";
import type { Dialect } from "../dialect/dialect.js";
import { buildRouteTree } from "../routes/build.js";
import { type Side, worst } from "../routes/diff.js";
import type { Schema } from "../schema/schema.js";
import { exitCodeOf, failOn, printChanges } from "./changes.js";
import { type Flags, withDatabase } from "./flags.js";
import { settleOne } from "./resolve-settings.js";
import { orExit } from "./run-command.js";
import { readTables } from "./tables-file.js";

interface ApplyFlags extends Flags {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly drop?: boolean;
  readonly failOn: string;
}

const examples = `
Examples:
  sapwood apply tables.json sqlite:shop.db             # makes the file where there is none
  sapwood apply tables.json postgres://app@localhost/shop --dry-run
  sapwood schema postgres://app@localhost/shop > schema.json && sapwood apply schema.json sqlite:copy.db

The file holds tables as in "tables" of the config file, { "tables": [{ "name", "columns", "primaryKey", "unique", "indexes", "belongsTo" }] },
or is one that "sapwood schema" has written, of any kind of database. What is there as it should be stays as it is: run twice, it does nothing.
Tables, columns and keys that the file does not name stay too; with --drop such columns, indexes and keys of its tables go.
PostgreSQL, SQLite and SQL Server do all of it or nothing; MySQL and MariaDB keep what was done before a step failed, which is said.
The exit code says what it means for the API's clients, as that of "sapwood diff" does.`;

/** Adds the command `apply`. */
export function addApply(program: Command): void {
  const command = program
    .command("apply")
    .description("make and change a database's tables, so that they are as a file says")
    .argument("<tables>", "the file, .json or .js");
  withDatabase(command)
    .option("--dry-run", "print the statements, and do nothing")
    .option("--drop", "drop columns, indexes and keys of its tables that the file does not name")
    .option("--json", "print JSON, stable for programs, instead of text")
    .addOption(failOn())
    .addHelpText("after", examples)
    .action((file: string, argument: string | undefined, flags: ApplyFlags) =>
      orExit({}, async (note) => {
        const { db, options } = await settleOne(argument, flags, note);
        const wanted = await readTables(file, options);
        const { plan, outcome } = await applyTables(db, wanted, {
          ...{ dryRun: flags.dryRun, drop: flags.drop, options },
          seen: (schema, dialect) => seenOf(schema, dialect, options),
        });
        process.stdout.write(`${flags.json ? asJson(plan, outcome) : asText(plan, outcome)}\n`);
        if (outcome?.failed !== undefined) throw failure(outcome);
        process.exitCode = exitCodeOf(worst(plan.changes), flags.failOn);
      }),
    );
}

/** As a server with these options shows it; all of it where they name what is not there yet, or not any more. */
function seenOf(schema: Schema, dialect: Dialect, options: ApiOptions): Side {
  try {
    const shown = shownOf(schema, dialect, options);
    return { schema: shown, tree: buildRouteTree(shown, options) };
  } catch (error) {
    if (error instanceof ConfigError) return sideOf(schema, options);
    throw error;
  }
}

function failure({ done, failed }: DefinitionOutcome): Error {
  const kept = done.length === 0 ? "Nothing was changed." : `${done.length} steps before it were done, and stay.`;
  const why = failed?.error instanceof Error ? failed.error.message : String(failed?.error);
  return new Error(`${failed ? stepText(failed.step) : ""}: ${why}. ${kept}`);
}

function asJson({ steps, statements, notes, changes }: DefinitionPlan, outcome: DefinitionOutcome | undefined): string {
  const json = {
    severity: worst(changes) ?? null,
    steps: steps.map(stepText),
    statements: statements.flat().map(({ sql }) => sql),
    notes,
    changes,
    ...(outcome && { done: outcome.done.map(stepText) }),
  };
  return JSON.stringify(json, null, 2);
}

/** Left out, `outcome` is that of a dry run. */
function asText(plan: DefinitionPlan, outcome: DefinitionOutcome | undefined): string {
  const { steps, statements, notes, changes } = plan;
  const lines = outcome === undefined ? statements.flat().map(({ sql }) => `${sql};`) : outcome.done.map(stepText);
  const parts = [
    steps.length === 0 ? "The tables are as they should be: nothing to do." : lines.join("\n"),
    notes.map((note) => `Note: ${note}.`).join("\n"),
    steps.length === 0 || outcome?.failed !== undefined ? "" : printChanges(changes),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}
