// `sapwood check <db>`: which grants look like mistakes, for people and for CI.
import type { Command } from "commander";
import type { Finding } from "../access/findings.js";
import { orExit } from "./run-command.js";
import { type Flags, withDatabase } from "./settings.js";
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
that clients may write, columns that look like secrets and are shown, rules on columns without an index, and grants that
grant nothing. The exit code is 0 where there is nothing to say, 2 where there is, and 1 where the command itself failed.`;

/** Adds the command `check`. */
export function addCheck(program: Command): void {
  withDatabase(program.command("check").description("warn of grants that look like mistakes"))
    .option("--json", "print JSON, stable for programs, instead of text")
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: CheckFlags) =>
      orExit({}, async (note) => {
        const findings = await withApi(argument, flags, note, async (api, _, { roles }) => {
          if (roles === undefined) throw new Error(noRoles);
          return api.checkRoles();
        });
        process.stdout.write(`${flags.json ? JSON.stringify({ findings }, null, 2) : print(findings)}\n`);
        if (findings.length > 0) process.exitCode = FOUND;
      }),
    );
}

export const noRoles =
  'there are no roles: everyone may do everything. Say them in the config file, as roles: { member: { "*": "read" } }.';

function print(findings: readonly Finding[]): string {
  if (findings.length === 0) return "no grant looks like a mistake";
  return findings.map(({ role, table, message }) => `${role} on ${table}: ${message}`).join("\n");
}
