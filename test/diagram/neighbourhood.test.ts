import { describe, expect, test } from "vitest";
import { neighbourhoodOf } from "../../src/diagram/neighbourhood.js";
import { isLarge, pictureOfTree } from "../../src/diagram/picture.js";
import { buildRouteTree } from "../../src/index.js";
import { largeSchema } from "../support/large-schema.js";
import { schemaOf } from "../support/literal-schema.js";

const picture = pictureOfTree(
  buildRouteTree(
    schemaOf({
      countries: "id",
      towns: "id country_id > countries",
      clubs: "id town_id > towns parent_id > clubs",
      members: "id club_id > clubs",
      stones: "id",
    }),
  ),
);

test.each([
  ["clubs", 1, ["clubs", "members", "towns"]],
  ["clubs", 2, ["clubs", "countries", "members", "towns"]],
  ["stones", 2, ["stones"]],
] as const)("around %s, steps: %i", (centre, steps, tables) => {
  const { picture: near, leftOut } = neighbourhoodOf(picture, centre, steps);
  expect(near.tables.map(({ table }) => table).sort()).toEqual(tables);
  expect(leftOut).toEqual([]);
});

test("lines between its tables are in it, and a table's lines to itself", () => {
  const { lines } = neighbourhoodOf(picture, "clubs", 1).picture;
  expect(lines.map(({ from, to }) => `${from} ${to}`).sort()).toEqual(["clubs clubs", "clubs members", "towns clubs"]);
});

describe.each([40, 200, 500, 2_000])("around one that %i tables refer to", (count) => {
  const leaves = Array.from({ length: count }, (_, i) => [`leaves_${i}`, "id tree_id > trees"]);
  const trees = schemaOf({ trees: "id", ...Object.fromEntries(leaves) });
  const { picture: near, leftOut } = neighbourhoodOf(pictureOfTree(buildRouteTree(trees)), "trees", 1);

  test("the picture is no larger than one that shows routes, and what it leaves out is told", () => {
    expect(isLarge(near)).toBe(false);
    expect(near.tables.map(({ table }) => table)).toContain("trees");
    expect([near.tables.length, leftOut.length]).toEqual([40, count - 39]);
  });
});

test("a table's own neighbours come before those of a hub", () => {
  const { picture: near } = neighbourhoodOf(pictureOfTree(buildRouteTree(largeSchema(500))), "things_9", 2);
  expect(near.tables.map(({ table }) => table)).toEqual(expect.arrayContaining(["things_0", "things_1", "things_2"]));
});
