// A redis-server of a test's own, in memory, on loopback. Debian's service is not asked for.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./daemon.js";

export interface RedisServer {
  /** With its password. */
  readonly url: string;
  /** Its contents are gone with it. */
  stop(): Promise<void>;
}

export const redisPassword = "hunter2-of-redis";

/** On a port that was chosen before, or a free one. Rejects where `redis-server` is not installed. */
export async function startRedis(port?: number, ...flags: readonly string[]): Promise<RedisServer> {
  const at = port ?? (await freePort());
  const args = ["--port", String(at), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", [...args, "--requirepass", redisPassword, "--dir", tmpdir(), ...flags], {
    stdio: "ignore",
  });
  const ended = once(child, "close");
  const withRun = () => child.kill("SIGKILL");
  process.once("exit", withRun);
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    process.off("exit", withRun);
  };
  await once(child, "spawn");
  while (!(await answers(at))) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
    await sleep(20);
  }
  return { url: `redis://:${redisPassword}@127.0.0.1:${at}`, stop };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
