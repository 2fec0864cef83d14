// Method and path → the route and its raw parameters.
import { describe, expect, test } from "vitest";
import { buildRouteTree } from "../../src/routes/build.js";
import { allowedMethods, type Matched, matchPath, namedParams, routeFor } from "../../src/routes/match.js";
import type { RouteNode, RouteTree } from "../../src/routes/tree.js";
import { schemaOf } from "../support/literal-schema.js";

const tree = buildRouteTree(
  schemaOf({
    users: "id",
    groups: "id",
    groups_users: { columns: "group_id > groups user_id > users", key: "group_id user_id" },
    posts: "id user_id > users",
    stocks: { columns: "place sku", key: "place sku" },
    totals: { columns: "id", view: true },
    größen: "id",
    catégories: "id user_id > users größe_id > größen",
    日本: "id user_id > users",
  }),
  { inflections: { größe: "größen" } },
);

const found = (path: string) => {
  const matched = matchPath(tree, path);
  return matched && [matched.node.pattern, ...matched.params];
};

describe("a path leads to", () => {
  test.each([
    ["/users", ["/users"]],
    ["/users/7", ["/users/:id", "7"]],
    ["/users/7/posts/8", ["/users/:id/posts/:postId", "7", "8"]],
    ["/users/7/groups/8/add", ["/users/:id/groups/:groupId/add", "7", "8"]],
    ["/users/add", ["/users/:id", "add"]],
    ["/users/7/groups/add", ["/users/:id/groups/:groupId", "7", "add"]],
  ])("%s", (path, place) => expect(found(path)).toEqual(place));

  test("the same with one slash at its end", () => {
    expect(found("/users/")).toEqual(["/users"]);
    expect(found("/users/7/posts/")).toEqual(["/users/:id/posts", "7"]);
  });

  test("parameters are ASCII, whatever the tables are called", () => {
    expect(found("/users/7/catégories/8")).toEqual(["/users/:id/catégories/:categoriesId", "7", "8"]);
    expect(found("/users/7/日本/8")).toEqual(["/users/:id/日本/:childId", "7", "8"]);
  });

  test("the same with encoded names", () => {
    expect(found("/%75sers/7/p%6Fsts")).toEqual(["/users/:id/posts", "7"]);
    expect(found("/gr%C3%B6%C3%9Fen")).toEqual(["/größen"]);
    expect(found("/größen")).toEqual(["/größen"]);
  });

  test.each([
    "",
    "/",
    "//",
    "/users//",
    "//users",
    "/users//posts",
    "/users/7/posts/8/9",
    "/Users",
    "/users/7/nope",
    "/%",
  ])("nothing: '%s'", (path) => expect(found(path)).toBeUndefined());

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("nothing for the name %s", (name) => {
    expect(found(`/${name}`)).toBeUndefined();
    expect(found(`/users/7/${name}`)).toBeUndefined();
    expect(found(`/users/${name}`)).toEqual(["/users/:id", name]);
  });
});

describe("parameters", () => {
  test("stay encoded, so that a composite key's comma is told from one in a value", () =>
    expect(found("/stocks/a%2Cb,c%2Fd")).toEqual(["/stocks/:id", "a%2Cb,c%2Fd"]));

  test("are decoded under their names for frameworks", () => {
    expect(namedParams(matchPath(tree, "/users/a%20b/posts/100%25") as Matched)).toEqual({ id: "a b", postId: "100%" });
    expect(namedParams(matchPath(tree, "/users/100%") as Matched)).toEqual({ id: "100%" });
  });

  test("are told from a table that is called like one", () => {
    const strange = buildRouteTree(schemaOf({ ":x": "id", "a/b": "id" }), { resourceCase: "preserve" });
    expect(namedParams(matchPath(strange, "/:x/1") as Matched)).toEqual({ id: "1" });
    expect(namedParams(matchPath(strange, "/a%2Fb/1") as Matched)).toEqual({ id: "1" });
    expect(matchPath(strange, "/a/b")).toBeUndefined();
  });
});

describe("methods", () => {
  const node = (path: string) => (matchPath(tree, path) as Matched).node;

  test.each([
    ["/users", "GET, HEAD, QUERY, POST, PATCH, DELETE, OPTIONS"],
    ["/users/7", "GET, HEAD, QUERY, PUT, PATCH, DELETE, OPTIONS"],
    ["/users/7/groups", "GET, HEAD, QUERY, PUT, PATCH, DELETE, OPTIONS"],
    ["/users/7/groups/8/add", "POST, OPTIONS"],
    ["/totals/1", "GET, HEAD, QUERY, OPTIONS"],
  ])("allowed at %s are %s", (path, allow) => expect(allowedMethods(node(path))).toBe(allow));

  test("HEAD is answered by GET's route; others only by their own", () => {
    expect(routeFor(node("/users"), "HEAD")?.id).toBe("GET /users");
    expect(routeFor(node("/users"), "POST")?.id).toBe("POST /users");
    expect(routeFor(node("/users/7/groups/8/add"), "HEAD")).toBeUndefined();
    expect(routeFor(node("/users"), "constructor")).toBeUndefined();
    expect(routeFor(node("/users"), "get")).toBeUndefined();
  });
});

/** So many tables, each of which leads to two of those before it. */
const treeOf = (count: number): RouteTree =>
  buildRouteTree(
    schemaOf(
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => {
          const [one, other] = [2, 3].map((part) => `table_${Math.floor(n / part)}s`);
          return [`table_${n}s`, `id one_id > ${one} other_id > ${other}`];
        }),
      ),
    ),
    {},
  );

/** The same tree; `looked` hears of every name that is looked up in it. */
function watched(tree: RouteTree, looked: (name: string) => void): RouteTree {
  const watch = (node: RouteNode): RouteNode => ({
    ...node,
    literals: new Proxy(node.literals, {
      get(literals, name: string) {
        looked(name);
        const next = literals[name];
        return next && watch(next);
      },
    }),
    ...(node.param === undefined ? {} : { param: { ...node.param, node: watch(node.param.node) } }),
  });
  return { ...tree, root: watch(tree.root) };
}

test("a path is looked up segment by segment, with 10 tables and with 1,000", () => {
  const path = "/table_1s/5/one_table_3s/7";
  const looked = [10, 1_000].map((count) => {
    const names: string[] = [];
    const tree = watched(treeOf(count), (name) => names.push(name));
    expect(matchPath(tree, path), path).toBeDefined();
    return names;
  });
  expect(new Set(looked[0])).toEqual(new Set(path.slice(1).split("/")));
  expect(looked[1]).toEqual(looked[0]);
});
