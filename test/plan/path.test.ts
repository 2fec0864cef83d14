// A route's steps and the values in its path → the conditions that its rows meet.

import { describe, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import { pathConditions, planPath } from "../../src/plan/path.js";
import type { Condition, Value } from "../../src/plan/terms.js";
import { Values } from "../../src/plan/values.js";
import { buildRouteTree } from "../../src/routes/build.js";
import { type Matched, matchPath, routeFor } from "../../src/routes/match.js";
import type { Route, RouteTree } from "../../src/routes/tree.js";
import { lookupOf } from "../../src/schema/lookup.js";
import { schemaOf } from "../support/literal-schema.js";

const schema = schemaOf({
  albums: "id",
  tracks: "id album_id > albums disc_id",
  discs: { columns: "id code", unique: ["code"] },
  labels: { columns: "id disc_code:text", foreignKeys: ["disc_code > discs(code)"] },
  tags: { columns: "name", key: "name" },
  tags_tracks: { columns: "tag:text > tags track_id > tracks", key: "tag track_id" },
  stocks: { columns: "place n:integer", key: "place n" },
  moves: { columns: "id n:integer place", foreignKeys: ["n place > stocks(n place)"] },
  tokens: { columns: "id:uuid" },
});
const tree = buildRouteTree(schema);
const lookup = lookupOf(schema);

function routeAt(tree: RouteTree, path: string): { matched: Matched; route: Route } {
  const matched = matchPath(tree, path);
  const route = matched && routeFor(matched.node, "GET");
  if (matched === undefined || route === undefined || route.table === null) throw new Error(`no route ${path}`);
  return { matched, route };
}

/** The conditions of GET `path`, as a person would write them. */
function where(path: string): string {
  const { matched, route } = routeAt(tree, path);
  const values = new Values();
  const planned = planPath(route, matched.params, { lookup }, values);
  return spelt(pathConditions(route, planned, lookup), values.all);
}

const spelt = (conditions: readonly Condition[], values: readonly Value[]): string =>
  conditions.map((condition) => speltOne(condition, values)).join(" and ");

function speltOne(condition: Condition, values: readonly Value[]): string {
  if (condition.type === "compare") return `${condition.column} = ${JSON.stringify(values[condition.value]?.value)}`;
  if (condition.type !== "within") return condition.type;
  const { columns, select, table } = condition;
  return `${columns} in (${select} of ${table} where ${spelt(condition.where, values)})`;
}

function refusal(path: string): string {
  try {
    return where(path);
  } catch (error) {
    if (error instanceof HttpError) return `${error.status} ${error.code} ${error.message}`;
    throw error;
  }
}

describe("the rows of", () => {
  test.each([
    ["/albums", ""],
    ["/albums/7", "id = 7"],
    ["/tags/a%20b%2Fc%25", 'name = "a b/c%"'],
    ["/tags/a,b", 'name = "a,b"'],
    // A foreign key that the database holds: the path's value will do.
    ["/albums/7/tracks", "album_id = 7"],
    ["/albums/7/tracks/8", "album_id = 7 and id = 8"],
    // One that only a name tells of: the parent must be there.
    ["/discs/7/tracks", "disc_id in (id of discs where id = 7)"],
    // One that refers to another column than the key.
    ["/discs/7/labels", "disc_code in (code of discs where id = 7)"],
    ["/tracks/8/album", "id in (album_id of tracks where id = 8)"],
    ["/tracks/8/tags", "name in (tag of tags_tracks where track_id = 8)"],
    ["/tracks/8/tags/x", 'name in (tag of tags_tracks where track_id = 8) and name = "x"'],
    ["/stocks/a%2Cb,5", 'place = "a,b" and n = 5'],
    ["/stocks/,5", 'place = "" and n = 5'],
    ["/stocks/a,5/moves", 'n = 5 and place = "a"'],
  ])("%s", (path, conditions) => expect(where(path)).toBe(conditions));

  test("a deeper path hold to the whole chain", () => {
    const deep = buildRouteTree(schema, { depth: 3 });
    const { matched, route } = routeAt(deep, "/albums/7/tracks/8/tags");
    const values = new Values();
    const path = planPath(route, matched.params, { lookup }, values);
    expect(spelt(pathConditions(route, path, lookup), values.all)).toBe(
      "name in (tag of tags_tracks where track_id in (id of tracks where album_id = 7 and id = 8))",
    );
    expect(spelt(pathConditions(route, path, lookup, 1), values.all)).toBe("album_id = 7 and id = 8");
    expect(spelt(pathConditions(route, path, lookup, 0), values.all)).toBe("id = 7");
  });
});

describe("an address that no row can have is not found", () => {
  test.each([
    ["/albums/x", /^404 not_found No row of albums can have this address: id is a whole number, not 'x'\.$/],
    ["/albums/1.5", /^404 not_found/],
    ["/tokens/123", /^404 not_found .* id is a UUID/],
    ["/tags/a%00", /^404 not_found .* cannot hold a NUL/],
    ["/stocks/a", /^404 not_found A row of stocks is named by 2 values in this order: place,n\. The address has 1\.$/],
    ["/stocks/a,5,6", /The address has 3\.$/],
    ["/stocks/a,", /^404 not_found .* n is a whole number, not ''/],
    ["/albums/7/tracks/x", /^404 not_found No row of tracks/],
  ])("%s", (path, expected) => expect(refusal(path)).toMatch(expected));

  test.each(["/tags/%", "/tags/%zz", "/tags/%FF", "/stocks/a,%"])("%s cannot be read: 400", (path) =>
    expect(refusal(path)).toMatch(/^400 malformed_path .* is not percent-encoded UTF-8/),
  );
});
