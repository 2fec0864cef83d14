// Runs throw-away server processes: a command line in, a server that answers out. What it started it ends, by process id,
// and what it put on disk it removes, however the run ends.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const idOf = (flag: string): number => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));

export interface ProcessUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** Database servers refuse to run as root: there they run as `nobody`, who exists everywhere. */
export const identity: ProcessUser = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};

/** May everybody walk to this folder? Not below /root, for one. */
export function isOpen(folder: string): boolean {
  const up = dirname(folder);
  return (statSync(folder).mode & 0o001) !== 0 && (up === folder || isOpen(up));
}

interface Running {
  readonly child: ChildProcess;
  /** The signal that ends it at once; its data is thrown away. */
  readonly signal: NodeJS.Signals;
  readonly ended: Promise<void>;
  log(): string;
}

/** As it was when the run began: what is started later has its folder beside those that were started first. */
const temporary = tmpdir();
const running = new Set<Running>();
const directories = new Set<string>();

/** A folder of its own for a server, below the system's temporary one. */
export function scratch(name: string): string {
  const directory = mkdtempSync(join(temporary, `sapwood-${name}-`));
  directories.add(directory);
  chmodSync(directory, 0o755);
  chownToServer(directory);
  return directory;
}

/** Files that were made here, for a server to read and write. */
export function chownToServer(...paths: readonly string[]): void {
  const { uid, gid } = identity;
  if (uid !== undefined && gid !== undefined) for (const path of paths) chownSync(path, uid, gid);
}

/** Below the range that systems hand out to outgoing connections, so that none of those can take it first. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const probe = createServer().listen(port, "127.0.0.1");
    const free = await once(probe, "listening").then(
      () => true,
      () => false,
    );
    await new Promise((done) => probe.close(done));
    if (free) return port;
  }
}

/** A program that prepares something and ends. */
export async function runOnce(command: string, args: readonly string[], cwd: string, user = identity): Promise<void> {
  const { child, ended, log } = launch({ command, args, directory: cwd, signal: "SIGKILL", user });
  await ended;
  if (child.exitCode !== 0) throw new Error(`${command} ended with ${child.exitCode ?? child.signalCode}:\n${log()}`);
}

export interface Daemon {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly signal: NodeJS.Signals;
  /** Whose process it is: `identity` when left out. */
  readonly user?: ProcessUser;
  /** Milliseconds that it may take to start: 30,000 when left out. */
  readonly patience?: number;
  /** Resolves when the server answers, rejects while it does not yet. */
  probe(): Promise<void>;
}

/** A server that is running. */
export interface Started {
  readonly pid: number;
  /** By its signal, or another one. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

export async function startDaemon({ probe, patience = 30_000, ...daemon }: Daemon): Promise<Started> {
  const { command } = daemon;
  const started = launch(daemon);
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      await probe();
      return { pid: started.child.pid ?? 0, end: (signal = daemon.signal) => end({ ...started, signal }) };
    } catch (error) {
      if (Date.now() > deadline || !running.has(started)) {
        throw new Error(`${command} did not start: ${error}\n${started.log()}`);
      }
      await sleep(40);
    }
  }
}

export async function endAll(): Promise<void> {
  await Promise.all([...running].map(end));
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  directories.clear();
}

async function end(one: Running): Promise<void> {
  signalGroup(one, one.signal);
  const timer = setTimeout(() => signalGroup(one, "SIGKILL"), 5000);
  await one.ended;
  clearTimeout(timer);
}

/** A run that is broken off takes its servers with it. Answers with what takes this back. */
export function endAllOnExit(): () => void {
  const interrupted = () => process.exit(130);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  // Vitest leaves at once on a signal: nothing here can be awaited.
  const exiting = () => {
    for (const one of running) signalGroup(one, one.signal);
    for (const directory of directories) removeFromDying(directory);
  };
  process.once("exit", exiting);
  for (const signal of signals) process.once(signal, interrupted);
  return () => {
    process.off("exit", exiting);
    for (const signal of signals) process.off(signal, interrupted);
  };
}

/** What is dying may still write into the folder while it is being emptied. */
function removeFromDying(directory: string): void {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      rmSync(directory, { recursive: true, force: true });
      return;
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** The process and those that it started: `mariadb-install-db` is a shell script. */
function signalGroup({ child }: Running, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended by itself.
  }
}

function launch({ command, args, directory, signal, user = identity }: Omit<Daemon, "probe" | "patience">): Running {
  // A process group of its own: the terminal's Ctrl-C reaches the run, and the run ends its servers.
  const child = spawn(command, args, { ...user, cwd: directory, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  const collect = (chunk: unknown) => {
    text = (text + chunk).slice(-4000);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  child.on("error", collect);
  const ended = new Promise<void>((done) => {
    child.once("close", () => {
      running.delete(started);
      done();
    });
  });
  const started: Running = { child, signal, ended, log: () => text };
  running.add(started);
  return started;
}
