// Where a request comes from: whom too many requests, or too many failures, turn away.
import { describe, expect, test } from "vitest";
import { checkProxies, clientAddress, clientOf, proxiesAhead } from "../../src/http/client-address.js";

describe("whom an address stands for", () => {
  test.each([
    ["10.0.0.7", "10.0.0.7"],
    ["::ffff:10.0.0.7", "10.0.0.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8:1:2:ffff::1", "2001:db8:1:2"],
    ["2001:db8::6", "2001:db8:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["::1", "0:0:0:0"],
    ["no address", undefined],
    [undefined, undefined],
  ])("%s: %s", (near, expected) => {
    expect(clientOf(near, undefined, 0)).toBe(expected);
  });
});

describe("proxies", () => {
  test.each([
    ["192.0.2.1", 0, "127.0.0.1"],
    [undefined, 2, "127.0.0.1"],
    ["192.0.2.1", 1, "192.0.2.1"],
    ["192.0.2.9, 192.0.2.1", 1, "192.0.2.1"],
    ["192.0.2.9, 192.0.2.1", 2, "192.0.2.9"],
    ["192.0.2.8, 192.0.2.9, 192.0.2.1", 2, "192.0.2.9"],
    ["192.0.2.9", 5, "192.0.2.9"],
    ["192.0.2.1:4711", 1, "192.0.2.1"],
    ["[2001:db8:1:2:3::9]:4711", 1, "2001:db8:1:2"],
    ["nonsense", 1, "127.0.0.1"],
    ["", 1, "127.0.0.1"],
    // What a proxy did not understand makes nobody else's word good.
    ["192.0.2.9, unknown", 1, "127.0.0.1"],
    ["192.0.2.9, unknown, 192.0.2.1", 2, "192.0.2.1"],
  ])("%s behind %i: %s", (forwarded, proxies, expected) => {
    expect(clientOf("127.0.0.1", forwarded, proxies)).toBe(expected);
  });

  test("are none, until somebody trusts them", () => {
    expect([{}, { proxies: 2 }, { trustProxy: true }, { trustProxy: true, proxies: 2 }].map(proxiesAhead)).toEqual([
      0, 0, 1, 2,
    ]);
  });

  test.each([0, -1, 1.5, Number.NaN])("%d is no number of them", (proxies) => {
    expect(() => checkProxies({ proxies })).toThrow(/options\.proxies.*whole number from 1/);
  });
});

describe("hosts", () => {
  const request = (raw: unknown, forwarded?: string) => ({
    ...{ method: "POST", path: "/auth/token", query: "", prefix: "" },
    header: (name: string) => (name === "x-forwarded-for" ? forwarded : undefined),
    body: async () => ({ kind: "bytes", bytes: Buffer.alloc(0) }) as const,
    raw,
  });
  test.each([
    [{ socket: { remoteAddress: "10.0.0.7" } }, "10.0.0.7"],
    [{ ip: "10.0.0.8", socket: { remoteAddress: "10.0.0.7" } }, "10.0.0.8"],
    [{ ip: "no address", socket: { remoteAddress: "10.0.0.7" } }, "10.0.0.7"],
    [{ ip: "no address" }, undefined],
    [undefined, undefined],
  ])("%j is from %s", (raw, address) => {
    expect(clientAddress(request(raw), 0)).toBe(address);
  });

  test("behind proxies it is whom they heard", () => {
    const asked = request({ ip: "10.0.0.1" }, "203.0.113.9, 198.51.100.7");
    expect([0, 1, 2].map((proxies) => clientAddress(asked, proxies))).toEqual([
      "10.0.0.1",
      "198.51.100.7",
      "203.0.113.9",
    ]);
  });
});
