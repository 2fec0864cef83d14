// Where a request comes from, as far as its host, and the proxies before it, know.
import type { IncomingMessage } from "node:http";
import { isIP, isIPv6 } from "node:net";
import { ConfigError, checkBoolean } from "../base/config-error.js";
import type { ApiRequest } from "./message.js";

export interface ProxyOptions {
  /**
   * Is there a proxy before this that sets `X-Forwarded-Host`, `-Proto`, `-Prefix` and `-For`? Then addresses in answers and in
   * the OpenAPI document are those that the proxy's clients see. Anyone can send these headers: `true` only behind one.
   * Default `false`.
   */
  readonly trustProxy?: boolean;
  /** With `trustProxy`: how many proxies stand in front, each of which adds to `X-Forwarded-For`. Default 1. */
  readonly proxies?: number;
}

export const PROXIES = 1;

export function checkProxies({ trustProxy, proxies = PROXIES }: ProxyOptions): void {
  checkBoolean(trustProxy, "options.trustProxy");
  if (!Number.isSafeInteger(proxies) || proxies < 1)
    throw new ConfigError("options.proxies", `is a whole number from 1 on, not ${JSON.stringify(proxies)}.`);
}

/** Those whose word counts. */
export const proxiesAhead = ({ trustProxy, proxies = PROXIES }: ProxyOptions): number => (trustProxy ? proxies : 0);

interface Host {
  /** Koa's context, Express' and Fastify's request: they believe a proxy where they were told to. */
  readonly ip?: unknown;
  readonly socket?: IncomingMessage["socket"];
}

/** `clientOf` a request in whatever framework. `undefined` where nobody knows. */
export function clientAddress({ raw, header }: ApiRequest, proxies: number): string | undefined {
  const { ip, socket } = (raw ?? {}) as Host;
  const near = typeof ip === "string" && isIP(ip) !== 0 ? ip : socket?.remoteAddress;
  return clientOf(near, header("x-forwarded-for"), proxies);
}

/**
 * Whom an address stands for: of IPv6 its network, as whoever has one address there has 2^64 (RFC 4291, 2.5.4), and IPv4 is IPv4
 * however it is written. Each of the `proxies` has added whom it heard at the right end of `forwarded`: what stands further left
 * is anybody's word.
 *
 * @param near whom the request came from.
 * @param forwarded its X-Forwarded-For.
 */
export function clientOf(near: string | undefined, forwarded: string | undefined, proxies: number): string | undefined {
  const told = proxies > 0 && forwarded !== undefined ? forwarded.split(",").map(withoutPort) : [];
  const chain = [...told, near ?? ""];
  const client = chain.slice(Math.max(0, chain.length - 1 - proxies)).find((address) => isIP(address) !== 0);
  if (client === undefined) return undefined;
  const mapped = /^::ffff:([\d.]+)$/i.exec(client)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(client) ? networkOf(client) : client;
}

/** Some proxies add the port. */
function withoutPort(text: string): string {
  const address = text.trim();
  return /^\[(.*)\](:\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
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
