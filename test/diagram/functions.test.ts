// Functions and procedures in the picture: with the table that they belong to, or in a box of their own.
import { expect, test } from "vitest";
import { toGraph } from "../../src/diagram/graph.js";
import { toMermaid } from "../../src/diagram/mermaid.js";
import { pictureOfTree } from "../../src/diagram/picture.js";
import { toSvg } from "../../src/diagram/svg.js";
import { buildRouteTree } from "../../src/index.js";
import type { Schema } from "../../src/schema/schema.js";
import { schemaOf } from "../support/literal-schema.js";

const integer = { kind: "integer", native: "integer" } as const;
const called = (name: string, argument: string) => ({
  ...{ id: `${name}(${argument})`, name, schema: null, kind: "function", reads: false },
  arguments: [{ name: argument, mode: "in", type: integer }],
  returns: { type: "value", of: integer, many: false },
});
const pictured = (routines: readonly ReturnType<typeof called>[]) =>
  pictureOfTree(buildRouteTree({ ...schemaOf({ members: "id:integer name" }), routines } as unknown as Schema));

const some = pictured([called("promote_member", "member_id"), called("add", "n"), called("add", "m")]);

test("a table's own stand with it, those of no table beside the tables; overloads are one path", () => {
  expect(some.tables.map(({ routes }) => routes)).toEqual([["/members", "/members/:id", "/members/:id/promote"]]);
  expect(some.functions).toEqual(["/rpc/add"]);
});

test("Mermaid and SVG show both", async () => {
  expect(toMermaid(some).split("\n").slice(1)).toEqual([
    '  t0["<b>members</b><br/>/members<br/>/members/:id<br/>/members/:id/promote"]',
    '  functions(["<b>functions</b><br/>/rpc/add"])',
  ]);
  const svg = await toSvg(toGraph(some));
  for (const text of ["/members/:id/promote", "functions", "/rpc/add"]) expect(svg).toContain(`>${text}<`);
});

test("a box names twelve, and says how many more there are", () => {
  const { functions } = pictured(Array.from({ length: 30 }, (_, i) => called(`work_${i + 10}`, "n")));
  expect(functions).toHaveLength(13);
  expect(functions.at(-1)).toBe("18 more functions");
});
