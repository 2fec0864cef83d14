import { describe, expect, test } from "vitest";
import { clustersOf } from "../../src/diagram/clusters.js";
import { pictureOfTree } from "../../src/diagram/picture.js";
import { buildRouteTree } from "../../src/index.js";
import { largeSchema } from "../support/large-schema.js";
import { schemaOf } from "../support/literal-schema.js";

const clusters = (tables: Parameters<typeof schemaOf>[0]) =>
  clustersOf(pictureOfTree(buildRouteTree(schemaOf(tables))));

/** Tables that all refer to users, in a shop and in a forum. */
const twoParts = {
  users: "id",
  orders: "id user_id > users",
  lines: "id order_id > orders",
  refunds: "id order_id > orders user_id > users",
  parcels: "id order_id > orders",
  posts: "id user_id > users",
  comments: "id post_id > posts user_id > users",
  likes: { columns: "post_id > posts user_id > users", key: "post_id user_id" },
  pins: "id post_id > posts",
};

test("tables belong together by the relations that few tables have, and are called by the one that has most", () => {
  const padding = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`logs_${i}`, "id user_id > users"]));
  const found = clusters({ ...twoParts, ...padding });
  const of = (table: string) => found.find(({ tables }) => tables.includes(table));
  for (const table of ["lines", "refunds", "parcels"]) expect(of(table)).toBe(of("orders"));
  for (const table of ["comments", "likes", "pins"]) expect(of(table)).toBe(of("posts"));
});

test("small groups are gathered: by the table that they refer to, or as those apart", () => {
  const leaves = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`leaves_${i}`, "id tree_id > trees"]));
  const found = clusters({ trees: "id", ...leaves, stones: "id", clouds: "id", winds: "id cloud_id > clouds" });
  expect(found.map(({ centre, by, hub, tables }) => [centre, by, hub, tables.length])).toEqual([
    ["trees", "related", undefined, 24],
    ["leaves_23", "hub", "trees", 7],
    ["clouds", "apart", undefined, 3],
  ]);
});

describe.each([40, 200, 500, 2_000])("%i tables", (count) => {
  const picture = pictureOfTree(buildRouteTree(largeSchema(count)));

  test("each is in one cluster, none of which is larger than can be read", () => {
    const found = clustersOf(picture);
    expect(found.flatMap(({ tables }) => tables).sort()).toEqual(picture.tables.map(({ table }) => table).sort());
    for (const { tables, centre } of found) {
      expect(tables.length).toBeLessThanOrEqual(24);
      expect(tables).toContain(centre);
    }
    expect(found.length).toBeLessThanOrEqual(count / 24 + 4);
  });
});
