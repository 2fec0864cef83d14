// A depth that makes too many routes is a mistake that names its number, and is not built to be counted.
import { expect, test } from "vitest";
import { buildRouteTree } from "../../src/routes/build.js";
import { routesOf } from "../../src/routes/tree.js";
import { largeSchema } from "../support/large-schema.js";

const schema = largeSchema(12);

test("as many as maxRoutes are built, and one more is refused with their number", () => {
  const { length } = routesOf(buildRouteTree(schema, { depth: 3, batch: false }).root);
  const build = (maxRoutes: number) => buildRouteTree(schema, { depth: 3, batch: false, maxRoutes });
  expect(routesOf(build(length).root)).toHaveLength(length);
  const number = length.toLocaleString("en");
  for (const most of [length - 1, 10])
    expect(() => build(most)).toThrow(
      `options.depth: of 3 makes ${number} routes of these tables, and maxRoutes is ${most.toLocaleString("en")}. Set depth to 2, name fewer tables (include, exclude), or set maxRoutes.`,
    );
});

test("with a depth of 2 there are as many as tables and relations make", () =>
  expect(routesOf(buildRouteTree(schema, { depth: 2, maxRoutes: 1 }).root).length).toBeGreaterThan(100));

test(
  "a depth of 5 on 473 tables, which makes more than anyone can count, ends soon",
  () =>
    expect(() => buildRouteTree(largeSchema(473), { depth: 5 })).toThrow(
      /^options\.depth: of 5 makes more than 400,000 routes of these tables, and maxRoutes is 100,000\./,
    ),
  120_000,
);

test.each([0, 1.5, "many"])("maxRoutes: %j is refused", (maxRoutes) =>
  expect(() => buildRouteTree(schema, { depth: 3, maxRoutes: maxRoutes as number })).toThrow(
    /^options\.maxRoutes: is a whole number from 1 up/,
  ),
);
