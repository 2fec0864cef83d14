// `sapwood seed <db> <folder|file>`: rows of files, written to the tables that the files are called by.
import { type Command, Option } from "commander";
import { openDatabase } from "../database/database.js";
import { seed } from "../seed/seed.js";
import { type Flags, withDatabase } from "./flags.js";
import { withProgress } from "./progress.js";
import { settleOne } from "./resolve-settings.js";
import { orExit } from "./run-command.js";
import { parted } from "./with-store.js";

interface SeedFlags extends Flags {
  readonly onConflict?: "merge" | "ignore";
}

const examples = `
Examples:
  sapwood seed sqlite:shop.db rows                   # rows/albums.csv, rows/artists.ndjson …
  sapwood seed postgres://app@localhost/shop albums.json --on-conflict merge

Each file is called by its table, and ends in .csv (the first line names the columns; nothing between two commas is NULL), .json (a list of
objects) or .ndjson (an object a line). Parents are written before their children. All of it is written, or nothing. A foreign key to a row
that comes later is NULL first, and set at the end: the row needs its key in the file then.
Tables must be empty, so that rows are not written twice; with --on-conflict rows that are there by their key stay (ignore), or become as
the file says (merge).`;

/** Adds the command `seed`. */
export function addSeed(program: Command): void {
  const command = program
    .command("seed")
    .description("write rows of CSV, JSON or NDJSON files to the tables that they are called by");
  withDatabase(command)
    .argument("[files]", "a folder of files, or one file")
    .addOption(new Option("--on-conflict <what>", "what becomes of rows that are there").choices(["merge", "ignore"]))
    .addHelpText("after", examples)
    .action((first: string | undefined, second: string | undefined, flags: SeedFlags) =>
      orExit({}, async (note) => {
        const missing = "no files were given. Name a folder or a file: sapwood seed sqlite:shop.db rows";
        const { db: named, word: place } = parted([first, second], missing);
        const { db, options } = await settleOne(named, flags, note);
        const database = openDatabase(db, options, { briefly: true });
        try {
          const done = await withProgress(({ at }) => {
            const progress = (table: string, rows: number) => at(`${table}: ${rows} rows`);
            const asked = { options, onConflict: flags.onConflict, progress };
            return database.knex.transaction((trx) => seed(trx, place, asked));
          });
          const lines = done.map(({ table, file, rows }) => `${table}: ${rows} row${rows === 1 ? "" : "s"} of ${file}`);
          process.stdout.write(`${lines.join("\n")}\n`);
        } finally {
          await database.close();
        }
      }),
    );
}
