// MariaDB and MySQL as several servers, which follow by global transaction identifiers.
import mysql from "mysql2/promise";
import type { Cluster, Server } from "./cluster.js";
import { startDaemon } from "./daemon.js";
import { type Prepared, prepareMariadb } from "./mariadb.js";
import { prepareMysql } from "./mysql.js";

/** The administrator that each server makes when it starts is not made once more by what comes from the other one. */
const common = ["--log-bin=log", "--binlog-format=ROW"];

export async function startMariadbCluster(replicas: number): Promise<Cluster> {
  const start = (id: number) => started(prepareMariadb(...common, `--server-id=${id}`, "--slave-skip-errors=1396"));
  const follow = ({ host, port }: Address) => [
    `CHANGE MASTER TO MASTER_HOST='${host}', MASTER_PORT=${port}, MASTER_USER='sapwood', MASTER_PASSWORD='sapwood',
      MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1`,
    "START SLAVE",
  ];
  return clusterOf(replicas, start, follow, { pause: "STOP SLAVE SQL_THREAD", resume: "START SLAVE SQL_THREAD" });
}

export async function startMysqlCluster(replicas: number): Promise<Cluster> {
  const gtids = ["--gtid-mode=ON", "--enforce-gtid-consistency=ON", "--replica-skip-errors=1396"];
  const start = (id: number) => started(prepareMysql(...common, ...gtids, `--server-id=${id}`));
  const follow = ({ host, port }: Address) => [
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST='${host}', SOURCE_PORT=${port}, SOURCE_USER='sapwood', SOURCE_PASSWORD='sapwood',
      SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1, SOURCE_CONNECT_RETRY=1`,
    "START REPLICA",
  ];
  return clusterOf(replicas, start, follow, { pause: "STOP REPLICA SQL_THREAD", resume: "START REPLICA SQL_THREAD" });
}

interface Address {
  readonly host: string;
  readonly port: string;
}

async function clusterOf(
  count: number,
  start: (id: number) => Promise<Server>,
  follow: (address: Address) => readonly string[],
  words: Pick<Cluster, "pause" | "resume">,
): Promise<Cluster> {
  const [primary, ...replicas] = await Promise.all(Array.from({ length: count + 1 }, (_, i) => start(i + 1)));
  if (primary === undefined) throw new Error("There is one.");
  const { hostname: host, port } = new URL(primary.url);
  for (const replica of replicas) for (const statement of follow({ host, port })) await replica.ask(statement);
  return { primary, replicas, ...words };
}

const started = async (preparing: Promise<Prepared | undefined>): Promise<Server> => startedServer(await preparing);

/** `once` are flags for its first start only. */
export async function startedServer(prepared: Prepared | undefined, once: readonly string[] = []): Promise<Server> {
  if (prepared === undefined) throw new Error("The server is not installed.");
  const { url, daemon } = prepared;
  let running = await startDaemon({ ...daemon, args: [...daemon.args, ...once] });
  return {
    url,
    get pid() {
      return running.pid;
    },
    kill: () => running.end("SIGKILL"),
    async start() {
      running = await startDaemon(daemon);
    },
    async ask(sql, values = []) {
      const client = await mysql.createConnection(url);
      try {
        const [rows] = await client.query(sql, [...values]);
        return rows as Record<string, unknown>[];
      } finally {
        await client.end();
      }
    },
  };
}
