// A user's program as a child process, from its line `listening on http://…` until it is told to end.
import { type ChildProcess, spawn } from "node:child_process";

export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  /** `http://127.0.0.1:PORT` */
  readonly base: string;
  /** Asks it to end, by SIGTERM, and waits until it has. */
  stop(): Promise<Ended>;
}

export interface Surroundings {
  readonly cwd?: string;
  /** `undefined` takes one away that these tests set. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts `node …args` on a free port; rejects with what it said when it ends before it listens. */
export async function startProgram(args: readonly string[], around: Surroundings = {}): Promise<Program> {
  const { child, ended, stdout } = launch(process.execPath, args, around);
  const listening = new Promise<string>((resolve) => {
    child.stdout?.on("data", () => {
      const base = /^listening on (http:\S+)\n/m.exec(stdout())?.[1];
      if (base !== undefined) resolve(base);
    });
  });
  const early = ended.then(({ code, stderr }) => Promise.reject(new Error(`ended with ${code}: ${stderr}`)));
  early.catch(() => {});
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { base: await Promise.race([listening, early]), stop };
}

/** Runs a program to its end, whatever that is. */
export const runProgram = (command: string, args: readonly string[], around: Surroundings = {}): Promise<Ended> =>
  launch(command, args, around).ended;

function launch(command: string, args: readonly string[], { cwd, env }: Surroundings) {
  const child: ChildProcess = spawn(command, args, {
    cwd,
    env: { ...foreign(), PORT: "0", SAPWOOD_LOG_LEVEL: "warn", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const withRun = () => child.kill("SIGKILL");
  process.once("exit", withRun);
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("exit", withRun);
      resolve({ code, stdout, stderr });
    });
  });
  return { child, ended, stdout: () => stdout };
}

/** The environment without what this machine has set for sapwood, for Node, or for the npm that runs these tests. */
function foreign(): NodeJS.ProcessEnv {
  const ours = /^(SAPWOOD_|DATABASE_URL$|NODE_|npm_(package|lifecycle|command|config_local_prefix)|VITEST)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}
