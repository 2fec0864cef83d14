// `sapwood reset <db>`: the tables of a database emptied, once whoever asks has said yes.
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { schemaFor } from "../api/build-snapshot.js";
import { openDatabase } from "../database/database.js";
import { reset } from "../seed/reset.js";
import { isDatabaseName } from "../server/database-names.js";
import { redact } from "../server/redact.js";
import { type Flags, withDatabase } from "./flags.js";
import { settleOne } from "./resolve-settings.js";
import { orExit } from "./run-command.js";

interface ResetFlags extends Flags {
  readonly yes?: boolean;
}

const examples = `
Examples:
  sapwood reset sqlite:test.db --yes
  sapwood reset postgres://app@localhost/shop_test --exclude countries

It deletes all rows of the tables that include and exclude leave, children before their parents, all or none; numbers begin anew. The
database is named here, and taken from no variable and no config file. A terminal is asked first; elsewhere --yes says that it is meant.`;

/** Adds the command `reset`. */
export function addReset(program: Command): void {
  withDatabase(program.command("reset").description("empty the tables of a database"))
    .option("--yes", "do not ask")
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: ResetFlags) =>
      orExit({}, async (note) => {
        const named = nameOf(argument, flags);
        const { db, options } = await settleOne(argument, flags, note);
        const database = openDatabase(db, options, { briefly: true });
        try {
          const { tables } = await schemaFor(database, options);
          const emptied = tables.filter(({ kind }) => kind === "table");
          if (!flags.yes) await ask(`Delete all rows of ${emptied.length} tables in ${redact(named)}?`);
          const done = await reset(database.knex, emptied, database.dialect);
          const lines = done.map(({ table, rows }) => `${table}: ${rows} row${rows === 1 ? "" : "s"} deleted`);
          process.stdout.write(`${lines.join("\n")}\n`);
        } finally {
          await database.close();
        }
      }),
    );
}

/** What is emptied stands in the command itself. Throws an `Error` of one line. */
function nameOf(argument: string | undefined, { db = [] }: ResetFlags): string {
  const [flag, ...others] = db;
  const named = argument ?? (others.length === 0 ? flag?.replace(/^[a-z][\w-]*=/i, "") : undefined);
  if (named === undefined || isDatabaseName(named))
    throw new Error("the database that is emptied is named in the command itself: sapwood reset sqlite:test.db");
  return named;
}

/** Throws an `Error` of one line for any answer but yes. */
async function ask(question: string): Promise<void> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) throw new Error("nobody can be asked here. Add --yes where it is meant.");
  const lines = createInterface({ input: stdin, output: stderr });
  lines.once("SIGINT", () => process.exit(130));
  try {
    if (!/^y(es)?$/i.test((await lines.question(`${question} (yes/no) `)).trim()))
      throw new Error("nothing was deleted.");
  } finally {
    lines.close();
  }
}
