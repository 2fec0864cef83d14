// MariaDB as a Galera cluster: every node takes writes, and a commit is answered when all have it (https://mariadb.com/kb/en/galera-cluster/).
import { accessSync } from "node:fs";
import type { Server } from "./cluster.js";
import { freePort } from "./daemon.js";
import { prepareMariadb } from "./mariadb.js";
import { startedServer } from "./mysql-cluster.js";

/** It comes with Debian's package of the server. */
const PROVIDER = "/usr/lib/galera/libgalera_smm.so";

export function hasGalera(): boolean {
  try {
    accessSync(PROVIDER);
    return true;
  } catch {
    return false;
  }
}

interface Ports {
  readonly group: number;
  readonly incremental: number;
  readonly whole: number;
}

/** So many nodes on loopback, all of them ready. */
export async function startGalera(count: number): Promise<readonly Server[]> {
  const ports: Ports[] = [];
  for (let i = 0; i < count; i++)
    ports.push({ group: await freePort(), incremental: await freePort(), whole: await freePort() });
  const address = `gcomm://${ports.map(({ group }) => `127.0.0.1:${group}`).join(",")}`;
  const nodes: Server[] = [];
  // One after the other: each takes the data of one that has it.
  for (const own of ports) {
    const first = nodes.length === 0;
    const flags = [
      ...["--wsrep-on=ON", `--wsrep-provider=${PROVIDER}`, "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2"],
      ...[`--wsrep-cluster-address=${address}`, "--wsrep-node-address=127.0.0.1", "--wsrep-sst-method=rsync"],
      `--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:${own.group};ist.recv_addr=127.0.0.1:${own.incremental};gcache.size=16M`,
      `--wsrep-sst-receive-address=127.0.0.1:${own.whole}`,
    ];
    const prepared = await prepareMariadb(...flags);
    if (prepared === undefined) throw new Error("MariaDB is not installed.");
    const daemon = { ...prepared.daemon, patience: 120_000 };
    nodes.push(await startedServer({ ...prepared, daemon }, first ? ["--wsrep-new-cluster"] : []));
  }
  return nodes;
}
