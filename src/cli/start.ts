// `sapwood demo`: a small database that is made up. `npm start`: the same when no database is named, else `sapwood serve`.
import type { Command } from "commander";
import type { RunningServer } from "../server/serve.js";
import { type Flags, withDatabase, withServer } from "./flags.js";
import { type Note, settleSettings } from "./resolve-settings.js";
import { orExit } from "./run-command.js";
import { examples, runAlone, runServer } from "./serve.js";

/** Adds the command `demo`. */
export function addDemo(program: Command): void {
  const command = program.command("demo").description("serve a small database that is made up, to try things on");
  withServer(command).action((flags: Flags) =>
    orExit({ before: "npx sapwood demo " }, (note) => startDemo(flags, note, "npx sapwood serve")),
  );
}

/** Adds the command `start`, which `npm start` runs; the help does not list it. */
export function addStart(program: Command): void {
  const command = program
    .command("start", { hidden: true })
    .description("serve a database, or a demo when none is named");
  withServer(withDatabase(command))
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: Flags) =>
      orExit({ before: "npm start -- " }, async (note) => {
        // Whatever may be set for other programs: without an argument it is the demo.
        if (argument === undefined && flags.db === undefined && flags.config === undefined)
          await startDemo(flags, note, "npm start --");
        else await runServer(await settleSettings(argument, flags, note));
      }),
    );
}

/** `own` is the command that serves a database of one's own. */
async function startDemo(flags: Flags, note: Note, own: string): Promise<void> {
  const { makeDemo } = await import("./demo.js");
  const demo = makeDemo();
  try {
    const settled = await settleSettings(demo.db, flags, note);
    // A line for each request would bury those that invite to send one.
    const { docs, explore, api } = await runAlone(settled, {
      cleanUp: demo.remove,
      logLevel: "warn",
      fleeting: true,
    });
    process.stdout.write(invitation(api, { docs, explore }, own));
  } catch (error) {
    demo.remove();
    throw error;
  }
}

function invitation(api: string, { docs, explore }: Pick<RunningServer, "docs" | "explore">, own: string): string {
  return `
This is a demo on a fresh SQLite file. It has members, groups, meetups, venues and countries. Try:

  curl '${api}/members/1/groups'
  curl '${api}/groups/1/meetups?order-by=starts_at:asc&limit=3'
  curl '${api}/countries/4/venues'
  curl '${api}/meetups?seats=gte:60&order-by=seats:desc'
  curl -X POST '${api}/members/1/groups/8/add'

${docs ? `In a browser: ${explore} is a page to look around in and to change rows, ${docs} has all requests to try out.\n\n` : ""}Your own database: ${own} sqlite:path.db   (or postgres://…, mysql://…, mssql://…)
`;
}
