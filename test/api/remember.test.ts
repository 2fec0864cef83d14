// What an API remembers of the statements it compiled is bounded, by number and by size.
import { describe, expect, test } from "vitest";
import { BoundedCache } from "../../src/base/bounded-cache.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import type { Plan } from "../../src/plan/plan.js";
import { statementCache } from "../../src/run/statements.js";
import { lookupOf } from "../../src/schema/lookup.js";
import { schemaOf } from "../support/literal-schema.js";

describe("Recent", () => {
  test("20,000 keys of all sizes leave the bounds as they are", () => {
    const recent = new BoundedCache<number>(1_000, 500_000);
    for (let i = 0; i < 20_000; i += 1) {
      recent.set(`key ${i}`, i, (i * 31) % 5_000);
      expect(recent.size).toBeLessThanOrEqual(1_000);
      expect(recent.length).toBeLessThanOrEqual(500_000);
    }
    expect(recent.get("key 19999")).toBe(19_999);
    expect(recent.get("key 0")).toBeUndefined();
  });

  test("what is asked for again and again stays", () => {
    const recent = new BoundedCache<string>(100, 1_000_000);
    recent.set("busy", "here", 10);
    for (let i = 0; i < 20_000; i += 1) {
      recent.set(`key ${i}`, "passing", 100);
      if (i % 40 === 0) expect(recent.get("busy")).toBe("here");
    }
  });
});

describe("statements", () => {
  const compile = statementCache(lookupOf(schemaOf({ things: "id:integer name:text" })), postgres);
  const inList = (length: number): Plan => ({
    kind: "list",
    table: "things",
    where: [{ type: "in", column: "id", values: Array.from({ length }, (_, i) => i), negated: false }],
    order: [],
  });

  test("a shape is compiled once", () => {
    expect(compile(inList(3))).toBe(compile(inList(3)));
    expect(compile(inList(3))).not.toBe(compile(inList(4)));
    expect(compile(inList(1_000))).toBe(compile(inList(1_000)));
  });

  test("a giant is compiled each time", () => {
    const giant = compile(inList(10_000));
    expect(compile(inList(10_000))).not.toBe(giant);
    expect(compile(inList(10_000))).toEqual(giant);
  });
});
