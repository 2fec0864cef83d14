// Where a request comes from, as far as its host knows.
import type { IncomingMessage } from "node:http";
import { isIP, isIPv6 } from "node:net";
import type { ApiRequest } from "../api/message.js";

interface Host {
  /** Koa's context, Express' and Fastify's request: they believe a proxy where they were told to. */
  readonly ip?: unknown;
  readonly socket?: IncomingMessage["socket"];
}

/**
 * Of IPv6 the network: whoever has one address there has 2^64 (RFC 4291, 2.5.4). `undefined` where nobody knows. What a trusted
 * proxy says comes first, and of its list the last: that is whom it saw itself, the others are hearsay.
 */
export function addressOf({ raw, header }: ApiRequest, trustProxy: boolean): string | undefined {
  const { ip, socket } = (raw ?? {}) as Host;
  const told = trustProxy ? header("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
  const address = [told, ip, socket?.remoteAddress].find((text) => typeof text === "string" && isIP(text) !== 0);
  return typeof address === "string" ? clientIn(address) : undefined;
}

/** Whom an address stands for: of IPv6 its network, and IPv4 is IPv4 however it is written. */
export function clientIn(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(address) ? networkOf(address) : address;
}

/** The first four of its eight groups. */
function networkOf(address: string): string {
  const [front = "", back] = (address.split("%", 1)[0] as string).split("::");
  const [before, behind] = [front, back ?? ""].map((part) => (part === "" ? [] : part.split(":"))) as [
    string[],
    string[],
  ];
  const zeros = back === undefined ? 0 : 8 - before.length - behind.length;
  return [...before, ...Array<string>(Math.max(0, zeros)).fill("0"), ...behind].slice(0, 4).join(":");
}
