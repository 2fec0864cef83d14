// Who can reach the server, when nobody needs to sign in: this machine alone, unless somebody says otherwise.
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { type Db, type NamedDatabases, settingsOfEach } from "./mount.js";

export interface ExposureSettings {
  /** Listens beyond this machine though nobody needs to sign in. Default false. */
  readonly open?: boolean;
}

/** What decides whether callers sign in: of the server, or of one of its databases. */
interface Guards {
  readonly auth?: unknown;
  readonly user?: unknown;
  readonly open?: unknown;
}

/** Does each database ask who its callers are? */
export function isGuarded(db: Db | NamedDatabases, settings: Guards): boolean {
  return settingsOfEach(db, settings).every(({ auth, user }) => auth !== undefined || user !== undefined);
}

/** Throws where anybody on the network could read and write, and nobody has said that this is meant. */
export async function refuseExposure(
  host: string,
  guarded: boolean,
  { open = false }: ExposureSettings,
): Promise<void> {
  if (guarded || open || (await isLoopback(host))) return;
  throw new Error(
    `without access control it listens on this machine only, and ${host === "" ? "every address" : host} is reached from elsewhere: ` +
      "whoever reaches it could read and change everything. Set auth in the config file, try --host 127.0.0.1, or say --open if this is meant.",
  );
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Is an address, without a port, one that only this machine reaches? */
export function isLoopbackAddress(address: string): boolean {
  const [bare = ""] = address.replace(/^\[(.*)\]$/, "$1").split("%", 1);
  const version = isIP(bare);
  if (version === 0) return false;
  // Covers `::ffff:127.0.0.1` as well.
  return loopback.check(bare, version === 6 ? "ipv6" : "ipv4");
}

/** A name is one where all its addresses are; one that nobody knows is for `listen` to refuse. */
async function isLoopback(host: string): Promise<boolean> {
  if (host === "") return false;
  if (isIP(host) !== 0) return isLoopbackAddress(host);
  const addresses = await lookup(host, { all: true }).catch(() => undefined);
  return addresses === undefined || addresses.every(({ address }) => isLoopbackAddress(address));
}

/** What the operator must know before anything else; nothing where callers sign in. */
export function exposureWarning(guarded: boolean, readOnly: boolean, url: string): string | undefined {
  if (guarded) return undefined;
  const all = readOnly ? "read everything" : "read and change everything";
  return (
    `sapwood: WARNING: there is no access control. Whoever can reach ${url} can ${all} in the database.\n` +
    "         Set auth in the config file to say who may do what.\n"
  );
}
