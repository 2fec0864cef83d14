// Which addresses belong to the internet. A name's address is checked, and the connection goes to this checked address: a name that has
// another address the second time (DNS rebinding) changes nothing. The ranges are those of IANA's special-purpose registries
// (RFC 6890), and the forms of IPv6 that hold an address of IPv4.
import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { BlockList, isIP, isIPv6 } from "node:net";
import { Undelivered } from "./destination.js";

const special = new BlockList();
const ranges4 = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"],
  ...["224.0.0.0/4", "240.0.0.0/4"],
];
/** In addition to all that is no global unicast address (2000::/3). */
const ranges6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];
for (const range of ranges4) special.addSubnet(...subnet(range), "ipv4");
for (const range of ranges6) special.addSubnet(...subnet(range), "ipv6");
const global6 = new BlockList();
global6.addSubnet("2000::", 3, "ipv6");

function subnet(range: string): [string, number] {
  const [address = "", bits] = range.split("/");
  return [address, Number(bits)];
}

export function isPublic(address: string): boolean {
  if (isIPv6(address)) return global6.check(address, "ipv6") && !special.check(address, "ipv6");
  return isIP(address) === 4 && !special.check(address, "ipv4");
}

type Answer = (error: Error | null, address?: string | LookupAddress[], family?: number) => void;

/** `lookup` for a connection that may only lead to the internet. */
export function publicLookup(name: string, options: LookupOptions, answer: Answer): void {
  dnsLookup(name, { ...options, all: true }, (error, found) => {
    if (error !== null) return answer(error);
    const [first] = found;
    if (first === undefined || found.some(({ address }) => !isPublic(address))) return answer(new PrivateAddress());
    return options.all ? answer(null, found) : answer(null, first.address, first.family);
  });
}

export class PrivateAddress extends Undelivered {
  constructor() {
    super("leads to an address that is not of the internet (allowPrivate is off)");
  }
}
