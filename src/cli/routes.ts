// `sapwood routes <db>`: what the API would look like, for people and for programs.
import type { Command } from "commander";
import { printGrants } from "../access/print.js";
import type { Api, ShownApi } from "../api/api.js";
import type { ApiOptions } from "../api/options.js";
import { didYouMean } from "../base/suggest.js";
import { printRoutes, routesAsJson } from "../routes/print.js";
import { noRoles } from "./check.js";
import { type Flags, withDatabase } from "./flags.js";
import { orExit } from "./run-command.js";
import { withApi } from "./with-api.js";

interface RoutesFlags extends Flags {
  readonly why?: boolean;
  readonly json?: boolean;
  readonly as?: string;
}

const examples = `
Examples:
  sapwood routes sqlite:shop.db
  sapwood routes sqlite:shop.db --why          # why is this table a link table?
  sapwood routes sqlite:shop.db --json | jq '.routes[].path'
  sapwood routes sqlite:shop.db --as member    # what may a role of the config file use, and which columns and rows?

Nothing is written and nothing is served: the schema is read, and the command ends. --json always tells why.`;

/** Adds the command `routes`. */
export function addRoutes(program: Command): void {
  withDatabase(program.command("routes").description("print the routes that a database's schema makes"))
    .option("--why", "also print what every table was taken for, and by which evidence")
    .option("--json", "print JSON, stable for programs, instead of text")
    .option("--as <role>", "only what this role of the config file may use, and what it may do there")
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: RoutesFlags) =>
      orExit({}, async (note) => {
        const { why, json, as } = flags;
        const text = await withApi(argument, flags, note, async (api, _, { roles }) => {
          const { tree, grants } = as === undefined ? { tree: api.tree } : shownAs(as, api, roles);
          // Beside the routes, which a program may read.
          if (api.emptiness !== undefined) process.stderr.write(`sapwood: ${api.emptiness.text}\n`);
          if (json) return JSON.stringify({ ...routesAsJson(tree), ...(grants && { role: as, grants }) }, null, 2);
          return [printRoutes(tree, { why }), ...(grants ? [printGrants(grants)] : [])].join("\n\n");
        });
        process.stdout.write(`${text}\n`);
      }),
    );
}

function shownAs(role: string, api: Api, roles: ApiOptions["roles"]): ShownApi {
  if (roles === undefined) throw new Error(noRoles);
  const names = Object.keys(roles);
  if (names.includes(role)) return api.as({ role, claims: {} });
  throw new Error(`there is no role '${role}'.${didYouMean(role, names)} The roles are ${names.join(", ")}.`);
}
