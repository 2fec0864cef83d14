// PostgreSQL as several servers: one that is written to, and others that follow it by streaming replication (manual: "Making a base
// backup using the low level API").
import { chmodSync, cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { Cluster, Server } from "./cluster.js";
import { chownToServer, freePort, type Started, scratch, startDaemon } from "./daemon.js";
import { administrator, daemonOf, newPostgres } from "./postgres.js";

const settings: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  fsync: "off",
  wal_keep_size: "256MB",
  hot_standby_feedback: "on",
  // A replica tries again to reach the server that it follows.
  wal_retrieve_retry_interval: "200ms",
};

export async function startPostgresCluster(replicas: number): Promise<Cluster> {
  const { bin, directory, data } = await newPostgres();
  const primary = await serverOn({ bin, directory, data });
  const followers: Server[] = [];
  for (let i = 0; i < replicas; i++) followers.push(await replicaOf(primary, bin, data));
  return {
    primary,
    replicas: followers,
    pause: "SELECT pg_wal_replay_pause()",
    resume: "SELECT pg_wal_replay_resume()",
  };
}

async function replicaOf(primary: Server, bin: string, from: string): Promise<Server> {
  const directory = scratch("replica");
  const data = join(directory, "data");
  const client = new pg.Client(primary.url);
  await client.connect();
  try {
    // Whoever begins it ends it.
    await client.query("SELECT pg_backup_start('replica', true)");
    cpSync(from, data, { recursive: true, filter: (path) => !/postmaster\.(pid|opts)$/.test(path) });
    const { rows } = await client.query<{ labelfile: string }>("SELECT labelfile FROM pg_backup_stop(false)");
    writeFileSync(join(data, "backup_label"), rows[0]?.labelfile ?? "");
  } finally {
    await client.end();
  }
  const { hostname, port, username, password } = new URL(primary.url);
  const source = `host=${hostname} port=${port} user=${username} password=${password}`;
  writeFileSync(join(data, "postgresql.auto.conf"), `primary_conninfo = '${source}'\n`);
  writeFileSync(join(data, "standby.signal"), "");
  chmodSync(data, 0o700);
  chownAll(data);
  return serverOn({ bin, directory, data });
}

async function serverOn({ bin, directory, data }: { bin: string; directory: string; data: string }): Promise<Server> {
  const port = await freePort();
  const url = administrator(port);
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const launch = () => startDaemon(daemonOf({ bin, directory, data, port, options }));
  let running: Started = await launch();
  return {
    url,
    get pid() {
      return running.pid;
    },
    kill: () => running.end("SIGKILL"),
    async start() {
      running = await launch();
    },
    async ask(sql, values = []) {
      const client = new pg.Client(url);
      await client.connect();
      try {
        const { rows } = await client.query(sql, [...values]);
        return rows;
      } finally {
        await client.end();
      }
    },
  };
}

function chownAll(folder: string): void {
  chownToServer(folder, ...readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))));
}
