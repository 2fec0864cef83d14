// `sapwood serve` as users start it, in a process of its own that ends with its parent.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { file } from "./processes.js";

/** Where the API answers: `http://127.0.0.1:PORT/api`. */
export interface Command {
  readonly child: ChildProcess;
  readonly base: string;
}

/** `flags` are its own, `execArgv` Node's. */
export async function startCommand(
  url: string,
  flags: readonly string[] = [],
  execArgv: readonly string[] = [],
): Promise<Command> {
  const child = fork(file("../../src/cli/main.js"), ["serve", url, "--port", "0", ...flags], {
    execArgv: [...execArgv],
    stdio: ["ignore", "pipe", "ignore", "ipc"],
  });
  for await (const said of child.stdout ?? []) {
    const at = /^listening on (\S+)/m.exec(String(said))?.[1];
    if (at !== undefined) return { child, base: `${at.replace(/\/$/, "").replace(/\/api$/, "")}/api` };
  }
  throw new Error(`sapwood serve ${flags.join(" ")} did not start on ${url}`);
}

export async function endCommand({ child }: Pick<Command, "child">, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}
