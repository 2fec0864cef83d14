// The route tree as text and as data.
import { describe, expect, test } from "vitest";
import { buildRouteTree } from "../../src/routes/build.js";
import { printRoutes, routesAsJson } from "../../src/routes/print.js";
import { schemaOf } from "../support/literal-schema.js";

const tree = buildRouteTree(
  schemaOf({
    users: "id",
    User: "id",
    posts: "id user_id > users",
    totals: { columns: "id", view: true },
    follows: { columns: "follower_id > users followed_id > users", key: "follower_id followed_id" },
  }),
);

test("a line a path with its methods, and below what was renamed", () =>
  expect(printRoutes(tree)).toMatchInlineSnapshot(`
    "/users                                   GET POST PATCH DELETE
    /users/:id                               GET PUT PATCH DELETE
    /users/:id/posts                         GET POST PATCH DELETE
    /users/:id/posts/:postId                 GET PUT PATCH DELETE
    /users/:id/followeds                     GET PUT PATCH DELETE
    /users/:id/followeds/:followedId         GET
    /users/:id/followeds/:followedId/add     POST
    /users/:id/followeds/:followedId/delete  POST
    /users/:id/followers                     GET PUT PATCH DELETE
    /users/:id/followers/:followerId         GET
    /users/:id/followers/:followerId/add     POST
    /users/:id/followers/:followerId/delete  POST
    /user                                    GET POST PATCH DELETE
    /user/:id                                GET PUT PATCH DELETE
    /posts                                   GET POST PATCH DELETE
    /posts/:id                               GET PUT PATCH DELETE
    /posts/:id/user                          GET
    /totals                                  GET
    /totals/:id                              GET
    /batch                                   POST

    renamed:
      /users is /user: another table is /users already; this is User"
  `));

test("why adds what each table was taken for", () => {
  const why = printRoutes(tree, { why: true });
  expect(why.startsWith(`${printRoutes(tree).split("\n\n")[0]}\n\n`)).toBe(true);
  expect(why.split("\n\n")[1]).toMatchInlineSnapshot(`
    "users (/users)
      root — default: not a link between two tables
    User (/user)
      root — default: not a link between two tables
    posts (/posts)
      root — default: not a link between two tables
      1-n users → posts — constraint: foreign key: posts(user_id) references users(id)
    totals (/totals)
      root — default: a view
    follows
      n-n users ↔ users — key: the primary key (follower_id, followed_id) is exactly two foreign keys, to users and users"
  `);
});

test("why says where rows have no addresses, and what to do about it", () => {
  const tree = buildRouteTree(
    schemaOf({ logs: { columns: "at", key: "" }, totals: { columns: "n", key: "", view: true }, users: "id" }),
  );
  const lines = printRoutes(tree, { why: true }).split("\n");
  expect(lines.filter((line) => line.includes("/:id —"))).toEqual([
    "  no /logs/:id — the table has no primary key: an entry of overrides may name a primaryKey",
    "  no /totals/:id — no key is known of the view: an entry of overrides may name a primaryKey",
  ]);
});

test("nothing to print is an empty text", () => expect(printRoutes(buildRouteTree({ tables: [] }))).toBe(""));

describe("as JSON", () => {
  const { routes, tables, renamings } = routesAsJson(tree) as Record<string, Record<string, unknown>[]>;

  test("each route with its path, operation, relation and table", () =>
    expect(routes).toContainEqual({
      method: "POST",
      path: "/users/:id/posts",
      operation: "create",
      relation: "one-n",
      table: "posts",
    }));

  test("each table with its path, relations and evidence; a link table has no path", () => {
    expect(tables?.map(({ table, path }) => `${table} ${path}`)).toEqual([
      "users /users",
      "User /user",
      "posts /posts",
      "totals /totals",
      "follows null",
    ]);
    expect(tables?.[2]).toEqual({
      table: "posts",
      path: "/posts",
      root: true,
      relations: [
        {
          name: "user",
          relation: "parent",
          table: "users",
          evidence: { by: "constraint", detail: "foreign key: posts(user_id) references users(id)" },
        },
      ],
      decisions: [
        { type: "root", evidence: { by: "default", detail: "not a link between two tables" } },
        { type: "one-n", evidence: { by: "constraint", detail: "foreign key: posts(user_id) references users(id)" } },
      ],
    });
  });

  test("what was renamed, and why", () =>
    expect(renamings).toEqual([
      { wanted: "/users", given: "/user", because: "another table is /users already; this is User" },
    ]));
});
