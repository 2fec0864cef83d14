// haproxy for a test file, from the system's own packages: a load balancer before several servers (its manual: "configuration.txt").
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chownToServer, freePort, scratch, startDaemon } from "./daemon.js";
import { installed } from "./installed.js";

export const haproxyInstall = "apt-get install -y --no-install-recommends haproxy";

export const haproxy = installed("haproxy");

if (haproxy === undefined)
  process.stderr.write(
    `SKIPPED: what needs a load balancer. haproxy is not installed; bring it with: ${haproxyInstall}\n`,
  );

/** Answers with its address. It asks whoever is ready by `/health/ready`, in turn; what only reads is asked again of another one. */
export async function startHaproxy(servers: readonly string[]): Promise<string> {
  if (haproxy === undefined) throw new Error(`haproxy is not installed; bring it with: ${haproxyInstall}`);
  const directory = scratch("haproxy");
  const port = await freePort();
  const file = join(directory, "haproxy.cfg");
  const lines = [
    "global",
    "  maxconn 200",
    "defaults",
    "  mode http",
    "  timeout connect 2s",
    "  timeout client 60s",
    "  timeout server 60s",
    "  retries 3",
    "  option redispatch 1",
    "  retry-on conn-failure empty-response response-timeout",
    "frontend clients",
    `  bind 127.0.0.1:${port}`,
    "  default_backend sapwood",
    "backend sapwood",
    "  balance roundrobin",
    "  option forwardfor",
    "  option httpchk GET /health/ready",
    "  http-check expect status 200",
    // What writes may have been done before its answer was lost: its client sends it again, with its key.
    "  http-request disable-l7-retry unless METH_GET",
    // One that is gone is left at once, as nobody takes its connections; one that is only slow to say how it is stays.
    "  timeout check 20s",
    "  default-server check inter 500ms fall 3 rise 1",
    ...servers.map((url, i) => `  server sapwood${i + 1} ${new URL(url).host}`),
    "",
  ];
  writeFileSync(file, lines.join("\n"));
  chownToServer(file);
  const base = `http://127.0.0.1:${port}`;
  await startDaemon({
    command: haproxy,
    args: ["-db", "-f", file],
    directory,
    signal: "SIGKILL",
    async probe() {
      const answer = await fetch(`${base}/health/ready`);
      if (answer.status !== 200) throw new Error(`it answers ${answer.status}`);
    },
  });
  return base;
}
