// `sapwood routes <db>`: what the API would look like, for people and for programs.
import type { Command } from "commander";
import { printRoutes, routesAsJson } from "../routes/print.js";
import { orExit } from "./exit.js";
import { withApi } from "./one.js";
import { type Flags, withDatabase } from "./settings.js";

interface RoutesFlags extends Flags {
  readonly why?: boolean;
  readonly json?: boolean;
}

const examples = `
Examples:
  sapwood routes sqlite:shop.db
  sapwood routes sqlite:shop.db --why          # why is this table a link table?
  sapwood routes sqlite:shop.db --json | jq '.routes[].path'

Nothing is written and nothing is served: the schema is read, and the command ends. --json always tells why.`;

/** Adds the command `routes`. */
export function addRoutes(program: Command): void {
  withDatabase(program.command("routes").description("print the routes that a database's schema makes"))
    .option("--why", "also print what every table was taken for, and by which evidence")
    .option("--json", "print JSON, stable for programs, instead of text")
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: RoutesFlags) =>
      orExit({}, async (note) => {
        const { why, json } = flags;
        const text = await withApi(argument, flags, note, async ({ tree }) =>
          json ? JSON.stringify(routesAsJson(tree), null, 2) : printRoutes(tree, { why }),
        );
        process.stdout.write(`${text}\n`);
      }),
    );
}
