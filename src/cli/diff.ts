// `sapwood diff <old.json> <db>`: what has changed for the API's clients since a schema was saved, for people and for CI.
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { isSavedSchema } from "../define/saved-schema.js";
import { buildRouteTree } from "../routes/build.js";
import { apiChanges, worst } from "../routes/diff.js";
import { nameFields } from "../schema/field-names.js";
import type { Schema } from "../schema/schema.js";
import { exitCodeOf, failOn, printChanges } from "./changes.js";
import { type Flags, withDatabase } from "./flags.js";
import { orExit } from "./run-command.js";
import { withApi } from "./with-api.js";

interface DiffFlags extends Flags {
  readonly json?: boolean;
  readonly failOn: string;
}

const examples = `
Examples:
  sapwood schema sqlite:shop.db > schema.json          # with each release
  sapwood diff schema.json sqlite:shop.db              # in CI, after the migrations
  sapwood diff schema.json sqlite:shop.db --fail-on breaking
  sapwood diff schema.json sqlite:shop.db --json | jq '.changes[] | select(.severity == "breaking")'

Both schemas are looked at as the API shows them, with the same config file and flags. The exit code says how bad the worst change is:
  0  nothing has changed, or what is new only
  1  the command itself failed: no such file, no database
  2  something breaks clients: a route, a field or a value that is gone, another type or key, a field that must be sent now
  3  something may break some: null or longer values in answers, another default, a key that is unique now
  4  something is new (with --fail-on new)`;

/** Adds the command `diff`. */
export function addDiff(program: Command): void {
  const command = program
    .command("diff")
    .description("compare a saved schema with the database's, as the API's clients see them")
    .argument("<old>", 'the file that "sapwood schema" wrote');
  withDatabase(command)
    .option("--json", "print JSON, stable for programs, instead of text")
    .addOption(failOn())
    .addHelpText("after", examples)
    .action((old: string, argument: string | undefined, flags: DiffFlags) =>
      orExit({}, async (note) => {
        const saved = await readSaved(old);
        const changes = await withApi(argument, flags, note, async ({ schema, tree }, _settings, options) => {
          const before = nameFields(saved, options);
          return apiChanges({ schema: before, tree: buildRouteTree(before, options) }, { schema, tree });
        });
        const severity = worst(changes);
        const text = flags.json
          ? JSON.stringify({ severity: severity ?? null, changes }, null, 2)
          : printChanges(changes);
        process.stdout.write(`${text}\n`);
        process.exitCode = exitCodeOf(severity, flags.failOn);
      }),
    );
}

async function readSaved(file: string): Promise<Schema> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`cannot read ${file} (${error.code}). Save a schema first: sapwood schema <db> > ${file}`);
  });
  const saved = parsed(text);
  if (!isSavedSchema(saved))
    throw new Error(`${file} is not a saved schema. Save one with: sapwood schema <db> > schema.json`);
  return saved;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
