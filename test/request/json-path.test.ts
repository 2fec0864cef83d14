// A name with `->` in it → the name before the first one, and the steps behind.
import { describe, expect, test } from "vitest";
import { beforeArrows, pathSteps } from "../../src/request/json-path.js";

describe("a path into JSON", () => {
  test.each<[string, string, (string | number)[]]>([
    ["address->city", "address", ["city"]],
    ["address->geo->0->lat", "address", ["geo", 0, "lat"]],
    ["address->>city", "address", ["city"]],
    ['c->"2024"', "c", ["2024"]],
    ['c->"a->b"->"say \\"hi\\" \\\\"', "c", ["a->b", 'say "hi" \\']],
    ['c->""', "c", [""]],
    ["c->1234567890", "c", ["1234567890"]],
    ["c->-1", "c", ["-1"]],
    ["c->a.b c", "c", ["a.b c"]],
    ["c->a-b>c", "c", ["a-b>c"]],
    ["c->\n", "c", ["\n"]],
  ])("%s", (name, before, steps) => {
    expect(beforeArrows(name)).toBe(before);
    expect(pathSteps(name)).toEqual(steps);
  });

  test.each(["c->", "c->->a", "c->a->", 'c->"a', 'c->a"', 'c->"a"b', 'c->"a\\"', "c->\0"])("%j is none", (name) =>
    expect(() => pathSteps(name)).toThrow(),
  );

  test("is read once, however long it is", () => {
    const begun = performance.now();
    expect(() => pathSteps(`c->"${'\\"'.repeat(100_000)}`)).toThrow(/at most 500 characters/);
    expect(performance.now() - begun).toBeLessThan(100);
  });
});
