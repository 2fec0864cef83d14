// `sapwood schema <db>`: the schema as it was read, for `sapwood diff` to compare with, and for `sapwood apply` to make elsewhere.
import type { Command } from "commander";
import type { Api } from "../api/api.js";
import { askOf } from "../database/database.js";
import { withDefinitions } from "../define/read-definition.js";
import type { Schema } from "../schema/schema.js";
import { type Flags, withDatabase } from "./flags.js";
import { orExit } from "./run-command.js";
import { withApi } from "./with-api.js";

const examples = `
Examples:
  sapwood schema sqlite:shop.db > schema.json
  sapwood schema sqlite:shop.db | jq '.tables[].name'

It is what the API is made of: tables, columns, keys and foreign keys, with include, exclude and the config file's overrides applied. Save
it with each release, and "sapwood diff" says what has changed for the API's clients since; "sapwood apply" makes the same tables elsewhere.`;

/** Adds the command `schema`. */
export function addSchema(program: Command): void {
  withDatabase(program.command("schema").description("print a database's schema as JSON, to be compared later"))
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: Flags) =>
      orExit({}, async (note) => {
        const schema = await withApi(argument, flags, note, savedSchema);
        process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
      }),
    );
}

/** With what the API itself has no use for, but another database that is made like it. */
async function savedSchema({ schema, dialect, knex }: Api): Promise<Schema> {
  return dialect.definition === undefined ? schema : withDefinitions(schema, askOf({ knex }), dialect.definition);
}
