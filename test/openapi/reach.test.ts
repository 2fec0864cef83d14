// How much of a large tree the document shows, and what it says of the rest.
import { expect, test } from "vitest";
import { toOpenApi } from "../../src/openapi/document.js";
import { buildRouteTree } from "../../src/routes/build.js";
import { routesOf } from "../../src/routes/tree.js";
import { largeSchema } from "../support/large-schema.js";

const tree = buildRouteTree(largeSchema(9), { depth: 3 });
const routes = routesOf(tree.root);
const within = (tables: number) => routes.filter(({ steps }) => steps.length <= tables).length;

const operationsOf = (maxOperations?: number) => {
  const { info, paths } = toOpenApi(tree, { ...(maxOperations && { maxOperations }) });
  const operations = Object.values(paths).reduce(
    (sum, { parameters: _, ...item }) => sum + Object.keys(item).length,
    0,
  );
  return { info, operations };
};

test("all of it, where there are no more operations than there may be", () => {
  for (const most of [undefined, routes.length]) {
    const { info, operations } = operationsOf(most);
    expect(operations).toBe(routes.length);
    expect(info).not.toHaveProperty("x-operations-left-out");
    expect(info.description).not.toContain("left out");
  }
});

test.each([
  [routes.length - 1, 2, "2 tables"],
  [within(2), 2, "2 tables"],
  [within(2) - 1, 1, "one table"],
  [1, 1, "one table"],
])("of at most %i operations: the longest paths are left out, and it says so", (most, tables, words) => {
  const { info, operations } = operationsOf(most);
  expect(operations).toBe(within(tables));
  expect(info["x-operations-left-out"]).toBe(routes.length - operations);
  expect(info.description).toContain(`those whose path names more than ${words}`);
  expect(info.description).toContain(`maxOperations is ${most.toLocaleString("en")}`);
});
