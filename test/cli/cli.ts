// The built command line as child processes: to their end, or until they listen.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

export type Environment = Readonly<Record<string, string>>;

export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  /** All but the warning. */
  readonly stderr: string;
  /** That there is no access control; empty where it was not said. */
  readonly warning: string;
}

const WARNING = /^sapwood: WARNING: there is no access control.*\n.*\n/m;

export interface Running {
  readonly url: string;
  readonly pid: number;
  /** What it printed so far. */
  stdout(): string;
  /** Sends a signal. */
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** Runs `sapwood …args` to its end; `input` is its stdin. */
export function run(args: readonly string[], env: Environment = {}, cwd?: string, input = ""): Promise<Ended> {
  const { child, ended } = launch(args, env, cwd);
  child.stdin?.on("error", () => {}).end(input);
  return ended;
}

/** Starts `sapwood …args` and waits for its line; rejects with what it said when it ends before. */
export async function start(args: readonly string[], env: Environment = {}, cwd?: string): Promise<Running> {
  const { child, ended, stdout } = launch(args, env, cwd);
  const listening = new Promise<string>((resolve) => {
    child.stdout?.on("data", () => {
      const url = /^listening on (\S+)\n/.exec(stdout())?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  const early = ended.then(({ code, stderr }) => Promise.reject(new Error(`ended with ${code}: ${stderr}`)));
  const url = await Promise.race([listening, early]);
  early.catch(() => {});
  return { url, pid: child.pid as number, stdout, signal: (name) => child.kill(name), ended };
}

/** Starts `sapwood …args`, to be killed maybe. */
export function launch(args: readonly string[], env: Environment = {}, cwd?: string) {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], {
    cwd,
    // Whatever comes out then is a warning, or worse.
    env: { ...clean(), SAPWOOD_LOG_LEVEL: "warn", ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) =>
      resolve({ code, stdout, stderr: stderr.replace(WARNING, ""), warning: WARNING.exec(stderr)?.[0] ?? "" }),
    );
  });
  return { child, ended, stdout: () => stdout };
}

/** The environment without settings that this machine may have for sapwood or its databases. */
function clean(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(SAPWOOD_|DATABASE_URL$|NODE_OPTIONS$|PG|MYSQL_)/.test(name),
  );
  return Object.fromEntries(kept);
}
