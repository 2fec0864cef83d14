// Whom a request comes from, as far as the network tells.
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { clientIn } from "../auth/address.js";

/**
 * The client's address; of IPv6 its network. `proxies` of them stand in front, and each has added whom it heard at the right end
 * of X-Forwarded-For: what stands further left is anybody's word.
 */
export function clientOf({ headers, socket }: IncomingMessage, proxies: number): string {
  const near = socket.remoteAddress ?? "";
  if (proxies === 0) return clientIn(near);
  const told = [headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
  const chain = [...told.map(withoutPort).filter((address) => isIP(address) !== 0), near];
  return clientIn(chain[Math.max(0, chain.length - 1 - proxies)] as string);
}

/** Some proxies add the port. */
function withoutPort(text: string): string {
  const address = text.trim();
  return /^\[(.*)\](:\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}
