// `sapwood schema <db>`: the schema as it was read, for `sapwood diff` to compare with a later one.
import type { Command } from "commander";
import { orExit } from "./run-command.js";
import { type Flags, withDatabase } from "./settings.js";
import { withApi } from "./with-api.js";

const examples = `
Examples:
  sapwood schema sqlite:shop.db > schema.json
  sapwood schema sqlite:shop.db | jq '.tables[].name'

It is what the API is made of: tables, columns, keys and foreign keys, with include, exclude and the config file's overrides applied. Save
it with each release, and "sapwood diff" says what has changed for the API's clients since.`;

/** Adds the command `schema`. */
export function addSchema(program: Command): void {
  withDatabase(program.command("schema").description("print a database's schema as JSON, to be compared later"))
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: Flags) =>
      orExit({}, async (note) => {
        const text = await withApi(argument, flags, note, async ({ schema }) => JSON.stringify(schema, null, 2));
        process.stdout.write(`${text}\n`);
      }),
    );
}
