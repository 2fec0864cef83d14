// `sapwood serve <db>`: the API over HTTP until a signal ends it.
import type { Command } from "commander";
import { exposureWarning } from "../server/exposure.js";
import { type LogLevel, programLogLevel } from "../server/log.js";
import { type RunningServer, serve, serveTogether } from "../server/serve.js";
import { explain } from "./failure.js";
import { type Flags, withDatabase, withServer } from "./flags.js";
import { type Settled, settleSettings } from "./resolve-settings.js";
import { orExit } from "./run-command.js";
import { reportListening, superviseWorkers, teamHere, workersOf } from "./run-workers.js";
import { summaryOf } from "./summary.js";

export const examples = `
Examples:
  sapwood serve sqlite:shop.db
  sapwood serve postgres://app@localhost/shop --port 8080 --prefix /v1
  sapwood serve postgres://app@localhost/shop --schema public,audit
  sapwood serve --db main=postgres://app@localhost/shop --db legacy=sqlite:old.db     # /api/main/…, /api/legacy/…
  DATABASE_URL=mysql://app:secret@db.example/shop SAPWOOD_PORT=8080 sapwood serve

It prints one line, "listening on http://127.0.0.1:3000", when it is ready. Beside the resources it answers
/ (what there is) and /health (is the database there?). SIGTERM and SIGINT end the requests in flight first.
Flags win over SAPWOOD_* environment variables, and these over sapwood.config.js or .json (sapwood init writes one).
A password is safer in DATABASE_URL than on the command line.`;

/** Adds the command `serve`. */
export function addServe(program: Command): void {
  withServer(withDatabase(program.command("serve").description("serve a database as a REST API")))
    .addHelpText("after", examples)
    .action((argument: string | undefined, flags: Flags) =>
      orExit({}, async (note) => {
        await runServer(await settleSettings(argument, flags, note));
      }),
    );
}

interface Running {
  /** Runs last. */
  readonly cleanUp?: () => void;
  /** Where no setting says otherwise. */
  readonly logLevel?: LogLevel;
  /** The database is made up and goes with the server: there is nothing to warn of. */
  readonly fleeting?: boolean;
}

/** Serves, says so, and stays until a signal comes. */
export async function runServer(settled: Settled, running: Running = {}): Promise<void> {
  const { logLevel = programLogLevel } = running;
  const workers = workersOf(settled.settings);
  if (workers === undefined) await runAlone(settled, running);
  else await superviseWorkers(workers, settled.settings.logLevel ?? logLevel, endOnSignal);
}

/** The same without others beside it, or as one of them. */
export async function runAlone(
  { db, settings }: Settled,
  { cleanUp, logLevel = programLogLevel, fleeting = false }: Running = {},
): Promise<RunningServer> {
  const team = teamHere();
  const all = { logLevel, logFormat: "auto" as const, ...settings };
  const server = await (team === undefined ? serve(db, all) : serveTogether(db, all, team));
  endOnSignal(async () => {
    await server.close();
    cleanUp?.();
  });
  renewOnSignal(server);
  const warning = exposureWarning(server.guarded || fleeting, settings.readOnly === true, server.url);
  if (team !== undefined) {
    reportListening(server, warning);
    return server;
  }
  if (warning !== undefined) process.stderr.write(warning);
  process.stdout.write(`listening on ${server.url}\n`);
  // What programs read is that one line.
  if (process.stdout.isTTY) process.stdout.write(summaryOf(server));
  return server;
}

/** Certificates are renewed while the server runs: SIGHUP reads them again, and keeps those before where they are no good. */
function renewOnSignal({ url, renewTls }: RunningServer): void {
  // Without one, SIGHUP ends the process, as a terminal that is closed does.
  if (!url.startsWith("https:")) return;
  process.on("SIGHUP", () => {
    try {
      renewTls();
    } catch (error) {
      process.stderr.write(`sapwood: ${explain(error)} The certificate before stays.\n`);
    }
  });
}

/** A second signal finds no handler any more, and ends the process at once. */
function endOnSignal(end: () => Promise<void>): void {
  const onSignal = () => {
    process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
    orExit({}, async () => {
      await end();
      process.exit(0);
    });
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
}
