// The command line as a whole. Each command stands in its own file.
import { createRequire } from "node:module";
import { styleText } from "node:util";
import { Command, Help } from "commander";
import { redact } from "../server/redact.js";
import { addApply } from "./apply.js";
import { addCheck } from "./check.js";
import { addCompletion } from "./completion.js";
import { addDiagram } from "./diagram.js";
import { addDiff } from "./diff.js";
import { oneLine } from "./failure.js";
import { groups } from "./flags.js";
import { addInit } from "./init.js";
import { addKeys } from "./keys.js";
import { addMcp } from "./mcp.js";
import { addOpenApi } from "./openapi.js";
import { addReset } from "./reset.js";
import { addRoutes } from "./routes.js";
import { addSchema } from "./schema.js";
import { addSeed } from "./seed.js";
import { addServe } from "./serve.js";
import { addDemo, addStart } from "./start.js";
import { addUsers } from "./users.js";
import { addWebhooks } from "./webhooks.js";

const help = `
Examples:
  sapwood demo                                        # a made-up database, to try things on
  sapwood serve sqlite:shop.db                        # http://127.0.0.1:3000/api/…
  sapwood serve postgres://app@localhost/shop --port 0
  sapwood routes mysql://app@localhost/shop --why
  sapwood diagram sqlite:shop.db --format svg > shop.svg

<db> is sqlite:path.db, postgres://user:password@host:port/name, mysql://… (MariaDB too) or mssql://… in the same form;
left out, DATABASE_URL names it. Each flag has an environment variable, shown in the command's help, and a key of the same name in
sapwood.config.js, .ts or .json, which "sapwood init" writes:
  sapwood serve --help
  sapwood routes --help
  sapwood diagram --help`;

/** The program, ready to parse arguments. */
export function createProgram(): Command {
  const { version } = createRequire(import.meta.url)("sapwood/package.json") as { version: string };
  const program = new Command("sapwood")
    .description("REST APIs that follow a database's relationships: a schema in, nested routes out.")
    .version(version)
    .addHelpText("after", help)
    .configureHelp({
      styleTitle: (text) => styleText("bold", text),
      // A command's own flags first, wherever they were added.
      groupItems(...said) {
        const grouped = Help.prototype.groupItems.apply(this, said as never) as Map<string, never[]>;
        const order = Object.values(groups) as readonly string[];
        const place = ([name]: readonly [string, unknown]) => order.indexOf(name);
        return new Map([...grouped].sort((a, b) => place(a) - place(b)));
      },
    })
    .configureOutput({
      outputError: (text, write) => write(`${oneLine(redact(text)).replace(/^error: /, "sapwood: ")}\n`),
    });
  addServe(program);
  addDemo(program);
  addRoutes(program);
  addCheck(program);
  addDiagram(program);
  addOpenApi(program);
  addSchema(program);
  addDiff(program);
  addApply(program);
  addSeed(program);
  addReset(program);
  addInit(program);
  addUsers(program);
  addKeys(program);
  addWebhooks(program);
  addMcp(program);
  addCompletion(program);
  addStart(program);
  return program;
}
