// RFC 7240's grammar, and what clients make of it.
import { describe, expect, test } from "vitest";
import { parsePrefer } from "../../src/http/preference.js";

describe("Prefer", () => {
  test.each<[string, Record<string, string>]>([
    ["return=minimal", { return: "minimal" }],
    ["return=minimal, tx=rollback", { return: "minimal", tx: "rollback" }],
    [" Return = minimal ,TX=rollback,", { return: "minimal", tx: "rollback" }],
    ['return="minimal"', { return: "minimal" }],
    ['return="min\\imal", tx', { return: "minimal", tx: "" }],
    ["respond-async, wait=100", { "respond-async": "", wait: "100" }],
    ['foo; bar="a, return=minimal", tx=rollback', { foo: "", tx: "rollback" }],
    ['Foo="a;b, c" ; some-parameter, wait=1', { foo: "a;b, c", wait: "1" }],
    ["return=minimal, return=representation", { return: "minimal" }],
    ["max-affected=10", { "max-affected": "10" }],
    ['foo=""', { foo: "" }],
    ["", {}],
    [",,;=", {}],
    ['a="never closed, tx=rollback', { a: "" }],
  ])("%s", (header, expected) => expect(Object.fromEntries(parsePrefer(header))).toEqual(expected));

  test.each([",", '"', "a=", 'a="\\', ";", " ", "a,"])("64 KiB of %j in no time", (text) => {
    const before = performance.now();
    parsePrefer(text.repeat(65_536 / text.length));
    expect(performance.now() - before).toBeLessThan(500);
  });
});
