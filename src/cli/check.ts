// `sapwood check <db>`: which grants look like mistakes, and what of the database is left out or limited, for people and for CI.
import type { Command } from "commander";
import type { Finding } from "../access/findings.js";
import type { Api } from "../api/api.js";
import { lastingNotes } from "../schema/lasting.js";
import { isNote, warningAsJson } from "../schema/warnings.js";
import { lackingAuthTables } from "./auth-tables.js";
import { type Flags, withDatabase } from "./flags.js";
import { orExit } from "./run-command.js";
import { withApi } from "./with-api.js";

interface CheckFlags extends Flags {
  readonly json?: boolean;
}

/** 1 is the command's own failure, as everywhere. */
const FOUND = 2;

const examples = `
Examples:
  sapwood check postgres://app@localhost/shop          # with the roles of sapwood.config.js
  sapwood check sqlite:shop.db --json | jq '.findings[].code'

The roles are those of the config file. It warns of writes for whoever has not signed in, columns that say whose a row is and
that clients may write, columns that look like secrets and are shown, rules on columns without an index, functions and
procedures that whoever has not signed in calls with their owner's rights, and grants that grant nothing. Of the database, with
roles or without, it tells what the API leaves out or limits, and why: what the connection has no right to, views that cannot be
run, foreign keys that lead to no key, tables whose writes are not rolled back; and which tables are missing that signing in
needs. The exit code is 0 where there is nothing to mend, 2 where there is, and 1 where the command itself failed.`;

/** Adds the command `check`. */
export function addCheck(program: Command): void {
  withDatabase(program.command("check").description("warn of grants and tables that look like mistakes"))
    .option("--json", "print JSON, stable for programs, instead of text")
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: CheckFlags) =>
      orExit({}, async (note) => {
        const { findings, warnings } = await withApi(argument, flags, note, async (api, _, { roles }) => {
          // Beside what is found, which a program may read.
          if (roles === undefined) process.stderr.write(`sapwood: ${noRoles}\n`);
          return { findings: roles === undefined ? [] : await api.checkRoles(), warnings: warningsOf(api) };
        });
        warnings.push(...(await lackingAuthTables(argument, flags, note)));
        const text = flags.json ? JSON.stringify({ findings, warnings }, null, 2) : print(findings, warnings);
        process.stdout.write(`${text}\n`);
        if (findings.length > 0 || warnings.some(({ note }) => !note)) process.exitCode = FOUND;
      }),
    );
}

export const noRoles =
  'there are no roles: everyone may do everything. Say them in the config file, as roles: { member: { "*": "read" } }.';

/** What is said of a table, whoever asks; `note` where there may well be nothing to mend. */
interface Warning {
  readonly code: string;
  readonly table: string;
  readonly message: string;
  readonly note: boolean;
}

function warningsOf({ schema, tree }: Api): Warning[] {
  const lasting = schema.tables.flatMap((table) =>
    lastingNotes(table).map((note) => ({ code: "no_transactions", table: table.id, message: `${table.id}: ${note}.` })),
  );
  return [
    ...(tree.warnings ?? []).map((warning) => ({ ...warningAsJson(warning), note: isNote(warning) })),
    ...lasting.map((warning) => ({ ...warning, note: false })),
  ];
}

function print(findings: readonly Finding[], warnings: readonly Warning[]): string {
  const lines = [
    ...findings.map(({ role, table = "routines", message }) => `${role} on ${table}: ${message}`),
    ...warnings.map(({ message }) => message),
  ];
  return lines.length === 0 ? "no grant looks like a mistake" : lines.join("\n");
}
