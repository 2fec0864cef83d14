// OpenLDAP's server for a test file, from the system's own packages: an empty directory dc=example,dc=org, plain and by TLS.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "ldapts";
import { chownToServer, endAll, freePort, scratch, startDaemon } from "./daemon.js";
import { installed } from "./installed.js";

export const slapdInstall = "apt-get install -y --no-install-recommends slapd";

export const suffix = "dc=example,dc=org";
export const rootDn = `cn=root,${suffix}`;
export const rootPassword = "root-secret";

export interface Slapd {
  /** `ldap://127.0.0.1:PORT` */
  readonly url: string;
  /** `ldaps://127.0.0.1:PORT` */
  readonly secureUrl: string;
  /** The certificate that it shows, which signs itself. */
  readonly caFile: string;
  /** Adds entries, as their administrator. */
  add(entries: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>): Promise<void>;
}

/** Where it is installed; Debian's folder is not on everybody's PATH. */
export const slapd = installed("slapd");

export async function startSlapd(): Promise<Slapd> {
  if (slapd === undefined) throw new Error(`slapd is not installed; bring it with: ${slapdInstall}`);
  const directory = scratch("slapd");
  const [port, securePort] = [await freePort(), await freePort()];
  const [key, caFile] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const subject = ["-subj", "/CN=directory", "-addext", "subjectAltName=IP:127.0.0.1"];
  const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  execFileSync("openssl", ["req", "-x509", ...made, "-keyout", key, "-out", caFile, ...subject], { stdio: "ignore" });
  const data = join(directory, "data");
  mkdirSync(data);
  const config = join(directory, "slapd.conf");
  writeFileSync(config, configOf(directory, data, key, caFile));
  chownToServer(key, data);
  const [url, secureUrl] = [`ldap://127.0.0.1:${port}`, `ldaps://127.0.0.1:${securePort}`];
  const asRoot = async (work: (client: Client) => Promise<void>) => {
    const client = new Client({ url, timeout: 5_000, connectTimeout: 5_000 });
    try {
      await client.bind(rootDn, rootPassword);
      await work(client);
    } finally {
      await client.unbind().catch(() => undefined);
    }
  };
  await startDaemon({
    command: slapd,
    // With a level of debugging it stays in the foreground.
    args: ["-f", config, "-h", `${url}/ ${secureUrl}/`, "-d", "0"],
    directory,
    signal: "SIGKILL",
    probe: () => asRoot(async () => {}),
  });
  const add: Slapd["add"] = (entries) =>
    asRoot(async (client) => {
      for (const [dn, entry] of Object.entries(entries)) await client.add(dn, { ...entry });
    });
  await add({ [suffix]: { objectClass: ["dcObject", "organization"], o: "Example", dc: "example" } });
  return { url, secureUrl, caFile, add };
}

export const stopSlapd = endAll;

const configOf = (directory: string, data: string, key: string, cert: string): string => `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile ${join(directory, "slapd.pid")}
TLSCertificateFile ${cert}
TLSCertificateKeyFile ${key}
database mdb
maxsize 16777216
suffix "${suffix}"
rootdn "${rootDn}"
rootpw ${rootPassword}
directory ${data}
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by users read by anonymous auth
`;
