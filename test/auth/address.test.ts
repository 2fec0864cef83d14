// Where a request comes from: whom too many failures turn away.
import { expect, test } from "vitest";
import { addressOf } from "../../src/auth/address.js";

const request = (raw: unknown, forwarded?: string) => ({
  ...{ method: "POST", path: "/auth/token", query: "", prefix: "" },
  header: (name: string) => (name === "x-forwarded-for" ? forwarded : undefined),
  body: async () => ({ kind: "bytes", bytes: Buffer.alloc(0) }) as const,
  raw,
});

test.each([
  [{ socket: { remoteAddress: "10.0.0.7" } }, "10.0.0.7"],
  [{ ip: "10.0.0.8", socket: { remoteAddress: "10.0.0.7" } }, "10.0.0.8"],
  [{ ip: "::ffff:10.0.0.7" }, "10.0.0.7"],
  [{ ip: "2001:db8:1:2:3:4:5:6" }, "2001:db8:1:2"],
  [{ ip: "2001:db8::6" }, "2001:db8:0:0"],
  [{ ip: "fe80::1%eth0" }, "fe80:0:0:0"],
  [{ ip: "::1" }, "0:0:0:0"],
  [{ ip: "no address" }, undefined],
  [undefined, undefined],
])("%j is from %s", (raw, address) => {
  expect(addressOf(request(raw), false)).toBe(address);
});

test("a trusted proxy says whom it saw, and the others of its list are hearsay", () => {
  const asked = request({ ip: "10.0.0.1" }, "203.0.113.9, 198.51.100.7");
  expect(addressOf(asked, true)).toBe("198.51.100.7");
  expect(addressOf(asked, false)).toBe("10.0.0.1");
  expect(addressOf(request({ ip: "10.0.0.1" }, "unknown"), true)).toBe("10.0.0.1");
});
