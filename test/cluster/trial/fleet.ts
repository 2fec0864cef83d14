// Several processes with workers, each on a port of its own, with the same config: one can be killed and started again.
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { type Running, run, start } from "../../cli/cli.js";
import { freePort } from "../../support/daemon.js";
import { ask } from "./ask.js";

export interface Member {
  readonly url: string;
  /** With its workers: as a machine that loses its power. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface Fleet {
  readonly members: readonly Member[];
  /** A token of somebody who may do everything. */
  readonly admin: string;
  close(): Promise<void>;
}

interface Config {
  readonly db: string;
  readonly [option: string]: unknown;
}

const password = "correct horse battery";

/** `config` is a config file's; with `auth.accounts`, so that there is an admin. */
export async function startFleet(processes: number, workers: number, config: Config): Promise<Fleet> {
  const folder = mkdtempSync(join(inject("files"), "fleet-"));
  const file = join(folder, "sapwood.config.json");
  writeFileSync(file, JSON.stringify(config));
  const added = await run(["users", "add", config.db, "ada", "--role", "admin"], {}, folder, password);
  if (added.code !== 0) throw new Error(added.stderr);
  const members: Member[] = [];
  for (let i = 0; i < processes; i++) members.push(await memberOf(file, workers));
  const [first] = members as [Member];
  const signedIn = await ask(
    `${first.url}/auth/token`,
    "POST",
    {},
    { grant_type: "password", username: "ada", password },
  );
  return {
    members,
    admin: JSON.parse(signedIn.text).access_token,
    async close() {
      await Promise.all(members.map((member) => member.kill()));
    },
  };
}

async function memberOf(file: string, workers: number): Promise<Member> {
  const port = await freePort();
  const launch = () => start(["serve", "--config", file, "--workers", String(workers), "--port", String(port)]);
  let running: Running = await launch();
  return {
    url: `http://127.0.0.1:${port}`,
    async kill() {
      running.signal("SIGKILL");
      await running.ended;
    },
    async start() {
      running = await launch();
    },
  };
}
