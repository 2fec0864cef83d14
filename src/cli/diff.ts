// `sapwood diff <old.json> <db>`: what has changed for the API's clients since a schema was saved, for people and for CI.
import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { buildRouteTree } from "../routes/build.js";
import { type Change, type Severity, severities } from "../routes/change.js";
import { apiChanges, worst } from "../routes/diff.js";
import { nameFields } from "../schema/field-names.js";
import type { Schema } from "../schema/schema.js";
import { orExit } from "./run-command.js";
import { type Flags, withDatabase } from "./settings.js";
import { withApi } from "./with-api.js";

interface DiffFlags extends Flags {
  readonly json?: boolean;
  readonly failOn: string;
}

/** 1 is the command's own failure, as everywhere. */
const exitCodes: Readonly<Record<Severity, number>> = { breaking: 2, "may break": 3, new: 4 };

/** What `--fail-on` takes: the mildest change that is not 0. */
const failures: Readonly<Record<string, readonly Severity[]>> = {
  breaking: ["breaking"],
  "may-break": ["breaking", "may break"],
  new: severities,
  never: [],
};

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
    .addOption(
      new Option("--fail-on <severity>", "the mildest change whose exit code is not 0")
        .choices(Object.keys(failures))
        .default("may-break"),
    )
    .addHelpText("after", examples)
    .action((old: string, argument: string | undefined, flags: DiffFlags) =>
      orExit({}, async (note) => {
        const saved = await readSaved(old);
        const changes = await withApi(argument, flags, note, async ({ schema, tree }, _settings, options) => {
          const before = nameFields(saved, options);
          return apiChanges({ schema: before, tree: buildRouteTree(before, options) }, { schema, tree });
        });
        const severity = worst(changes);
        const text = flags.json ? JSON.stringify({ severity: severity ?? null, changes }, null, 2) : print(changes);
        process.stdout.write(`${text}\n`);
        if (severity !== undefined && failures[flags.failOn]?.includes(severity))
          process.exitCode = exitCodes[severity];
      }),
    );
}

async function readSaved(file: string): Promise<Schema> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`cannot read ${file} (${error.code}). Save a schema first: sapwood schema <db> > ${file}`);
  });
  const saved = parsed(text);
  if (!isSchema(saved))
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

/** As far as it is looked into before the tree is built. */
const isSchema = (value: unknown): value is Schema =>
  holdsList(value, "tables") &&
  value.tables.every(
    (table) =>
      holdsList(table, "columns") &&
      holdsList(table, "primaryKey") &&
      holdsList(table, "uniqueKeys") &&
      holdsList(table, "foreignKeys") &&
      typeof (table as { id?: unknown }).id === "string" &&
      table.columns.every((column) => typeof (column as { type?: { kind?: unknown } }).type?.kind === "string"),
  );

const holdsList = <K extends string>(value: unknown, key: K): value is Record<K, readonly unknown[]> =>
  typeof value === "object" && value !== null && Array.isArray((value as Record<string, unknown>)[key]);

const titles: Readonly<Record<Severity, string>> = {
  breaking: "Breaks clients",
  "may break": "May break some",
  new: "Is new",
};

function print(changes: readonly Change[]): string {
  if (changes.length === 0) return "Nothing has changed for the API's clients.";
  const width = Math.max(...changes.map(({ at }) => at.length));
  const parts = severities.flatMap((severity) => {
    const own = changes.filter((change) => change.severity === severity);
    if (own.length === 0) return [];
    return [
      [`${titles[severity]} (${own.length})`, ...own.map(({ at, text }) => `  ${at.padEnd(width)}  ${text}`)].join(
        "\n",
      ),
    ];
  });
  return parts.join("\n\n");
}
