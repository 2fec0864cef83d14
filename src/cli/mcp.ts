// `sapwood mcp <db>`: the database's tools for an agent on this machine, by the Model Context Protocol over stdin and stdout.
import { createRequire } from "node:module";
import type { Command } from "commander";
import { createApi } from "../api/create.js";
import { talkOverStdio } from "../mcp/server.js";
import { createLog } from "../server/log.js";
import { authOf } from "../server/token-settings.js";
import { type Flags, withDatabase } from "./flags.js";
import { settleOne } from "./resolve-settings.js";
import { orExit } from "./run-command.js";

interface McpFlags extends Flags {
  readonly write?: boolean;
}

const examples = `
Examples:
  sapwood mcp sqlite:shop.db
  sapwood mcp postgres://reader@localhost/shop --read-only

In an agent's configuration: { "command": "npx", "args": ["sapwood", "mcp", "sqlite:shop.db"] }. Without --write there is no tool
that changes anything. Where callers sign in, SAPWOOD_TOKEN holds the token of the one who asks. sapwood serve --mcp read offers
the same at /mcp. It needs the package @modelcontextprotocol/sdk: npm install @modelcontextprotocol/sdk`;

/** Adds the command `mcp`. */
export function addMcp(program: Command): void {
  withDatabase(
    program.command("mcp").description("offer a database's tables to an agent as tools (MCP, on stdin and stdout)"),
  )
    .option("--write", "let the agent make, change and delete rows, and call what writes")
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: McpFlags) =>
      orExit({}, async (note) => {
        const { db, options, settings, reach } = await settleOne(argument, flags, note);
        const auth = authOf({ ...settings, auth: options.auth });
        // stdout is the agent's.
        const logger = createLog("warn", [], "auto");
        const api = await reach(() => createApi(db, { ...options, auth, logger }));
        try {
          const { SAPWOOD_TOKEN: token } = process.env;
          const header = (name: string) => (name === "authorization" && token ? `Bearer ${token}` : undefined);
          const { version } = createRequire(import.meta.url)("sapwood/package.json") as { version: string };
          await talkOverStdio({ api, writes: flags.write === true, header, logger }, version);
        } finally {
          await api.close();
        }
      }),
    );
}
