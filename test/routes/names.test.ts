// Names in paths: two foreign keys to one parent, and collisions, which are renamed and reported.
import { describe, expect, test } from "vitest";
import { type BuildOptions, buildRouteTree } from "../../src/routes/build.js";
import type { RouteTree } from "../../src/routes/tree.js";
import { schemaOf } from "../support/literal-schema.js";

type Tables = Parameters<typeof schemaOf>[0];
const treeOf = (tables: Tables, options?: BuildOptions): RouteTree => buildRouteTree(schemaOf(tables), options);

/** What hangs on one table's rows: `name → table by columns`. */
function relationsOf(table: string, tree: RouteTree): string[] {
  const resource = tree.resources.find((entry) => entry.table === table);
  return (resource?.relations ?? []).map(({ name, table, join, many }) => {
    const columns = join.via === "link" ? [join.link, ...join.far.columns] : join.columns;
    return `${name} → ${many ? "" : "one "}${table} by ${columns.join(",")}`;
  });
}
const renamings = ({ renamings }: RouteTree) => renamings.map(({ wanted, given }) => `${wanted} is ${given}`);

describe("more foreign keys than one to a parent", () => {
  test("each child is named after its column", () => {
    const tree = treeOf({ airports: "id", flights: "id origin_id > airports destination_id > airports" });
    expect(relationsOf("airports", tree)).toEqual([
      "origin_flights → flights by origin_id",
      "destination_flights → flights by destination_id",
    ]);
    expect(relationsOf("flights", tree)).toEqual([
      "origin → one airports by origin_id",
      "destination → one airports by destination_id",
    ]);
    expect(tree.renamings).toEqual([]);
  });

  test("a table's own too, and each unique one has its row", () => {
    const tasks = { columns: "id before_id > tasks after_id > tasks", unique: ["before_id"] };
    expect(relationsOf("tasks", treeOf({ tasks }))).toEqual([
      "before_tasks → tasks by before_id",
      "after_tasks → tasks by after_id",
      "before → one tasks by before_id",
      "after → one tasks by after_id",
      "before_task → one tasks by before_id",
    ]);
  });

  test("an N-to-N of a table with itself is named after the far columns", () => {
    const follows = { columns: "follower_id > users followed_id > users", key: "follower_id followed_id" };
    const tree = treeOf({ users: "id", follows });
    expect(relationsOf("users", tree)).toEqual([
      "followeds → users by follows,followed_id",
      "followers → users by follows,follower_id",
    ]);
  });
});

describe("a collision is renamed and reported", () => {
  test("tables that make one path", () => {
    const tree = treeOf({ User: "id", users: "id", "auth.users": "id" });
    expect(tree.resources.map(({ name }) => name)).toEqual(["user", "users", "auth_users"]);
    expect(renamings(tree)).toEqual(["/users is /user", "/users is /auth_users"]);
    expect(tree.renamings[0]?.because).toBe("another table is /users already; this is User");
  });

  test("a path from the config keeps its name", () => {
    const tree = treeOf({ customers: "id", TBL_KUNDE: { columns: "id", resource: "customers" } });
    expect(tree.resources.map(({ name }) => name)).toEqual(["customers_table", "customers"]);
  });

  test("children and an N-to-N of one table", () => {
    const likes = { columns: "user_id > users post_id > posts", key: "user_id post_id" };
    const tree = treeOf({ users: "id", posts: "id user_id > users", likes });
    expect(relationsOf("users", tree)).toEqual(["posts → posts by user_id", "likes_posts → posts by likes,post_id"]);
    expect(renamings(tree)).toEqual(["/users/:id/posts is /users/:id/likes_posts"]);
  });

  test("two link tables between the same two", () => {
    const link = { columns: "user_id > users group_id > groups", key: "user_id group_id" };
    const tree = treeOf({ users: "id", groups: "id", memberships: link, bans: link });
    expect(relationsOf("users", tree)).toEqual([
      "groups → groups by bans,group_id",
      "memberships_groups → groups by memberships,group_id",
    ]);
  });

  test("a parent that is called like a child", () => {
    const tree = treeOf({ users: "id comments_id > threads", threads: "id", comments: "id user_id > users" });
    expect(renamings(tree)).toEqual(["/users/:id/comments is /users/:id/comments_thread"]);
  });

  test("the one row of a 1-to-1 that is called like a parent", () => {
    const profiles = { columns: "id user_id > users", unique: ["user_id"] };
    const tree = treeOf({ users: "id profile_id > profiles", profiles });
    expect(relationsOf("users", tree)).toContain("profile → one profiles by profile_id");
    expect(relationsOf("users", tree)).toContain("user_profile → one profiles by user_id");
    expect(renamings(tree)).toEqual(["/users/:id/profile is /users/:id/user_profile"]);
  });

  test("names without a letter or digit", () => {
    const tree = treeOf({ "---": "id % > ---" });
    expect(tree.resources[0]?.name).toBe("table");
    expect(tree.renamings[0]).toEqual({
      wanted: "/",
      given: "/table",
      because: "a path has letters or digits, and there are none in ---",
    });
  });
});
