// Which tables are the link of an N-to-N, and what `classifyBy` and the config's own word change (contract 2.1).
import { describe, expect, test } from "vitest";
import { type RelateOptions, relate } from "../../src/routes/relations.js";
import { schemaOf, type TableWords } from "../support/literal-schema.js";

/** The types of one table's relations, with the evidence of its link: `["root", "n-n by key", "one-n", "one-n"]`. */
function typesOf(table: string, words: string | TableWords, options?: RelateOptions): string[] {
  const schema = schemaOf({ users: "id", groups: "id", [table]: words });
  return relate(schema, options).flatMap((relation) => {
    if (relation.table !== table) return [];
    return [relation.type === "n-n" ? `n-n by ${relation.evidence.by}` : relation.type];
  });
}
const both = "user_id > users group_id > groups";
const children = ["one-n", "one-n"];

describe("a table that only links has no root", () => {
  test("by its primary key", () =>
    expect(typesOf("memberships", { columns: both, key: "user_id group_id" })).toEqual(["n-n by key"]));
  test("by a unique key in any order", () =>
    expect(typesOf("memberships", { columns: both, unique: ["group_id user_id"] })).toEqual(["n-n by key"]));
  test.each(["users_groups", "groups_users", "user_group", "users_group", "UserGroup", "USER_GROUPS"])(
    "by the name %s",
    (name) => expect(typesOf(name, both)).toEqual(["n-n by name"]),
  );
  test("by name with foreign keys that are themselves only names", () =>
    expect(typesOf("users_groups", "user_id group_id")).toEqual(["n-n by name"]));
  test("of composed nouns", () => {
    const schema = schemaOf({ order_items: "id", users: "id", order_item_users: "order_item_id user_id" });
    expect(relate(schema).at(-1)).toMatchObject({
      type: "n-n",
      sides: [{ table: "order_items" }, { table: "users" }],
    });
  });
  test("with composite foreign keys", () => {
    const schema = schemaOf({
      stocks: { columns: "place sku", key: "place sku" },
      users: "id",
      watches: {
        columns: "place sku user_id > users",
        key: "user_id place sku",
        foreignKeys: ["place sku > stocks"],
      },
    });
    expect(relate(schema).at(-1)).toMatchObject({ type: "n-n", evidence: { by: "key" } });
  });
  test("of a table with itself", () => {
    const follows = { columns: "follower_id > users followed_id > users", key: "follower_id followed_id" };
    expect(typesOf("follows", follows)).toEqual(["n-n by key"]);
  });
});

describe("a link with more than its two foreign keys is a root and a child as well", () => {
  const whole = (link: string) => ["root", link, ...children];
  test("with further columns", () =>
    expect(typesOf("memberships", { columns: `${both} role`, key: "user_id group_id" })).toEqual(whole("n-n by key")));
  test("with a key of its own", () => {
    expect(typesOf("memberships", { columns: `id ${both}`, unique: ["user_id group_id"] })).toEqual(
      whole("n-n by key"),
    );
    expect(typesOf("users_groups", `id ${both}`)).toEqual(whole("n-n by name"));
  });
  test("and its root says which columns", () => {
    const schema = schemaOf({ users: "id", groups: "id", users_groups: `id ${both} role` });
    expect(relate(schema)[2]?.evidence.detail).toBe("a link with columns of its own: id, role");
  });
});

describe("no link", () => {
  test("order_details, as there is no table of details", () => {
    const schema = schemaOf({ orders: "id", products: "id", order_details: "id order_id product_id quantity" });
    expect(relate(schema).filter(({ type }) => type === "n-n")).toEqual([]);
  });
  test("order_details by its key is one", () => {
    const order_details = { columns: "order_id product_id quantity", key: "order_id product_id" };
    const schema = schemaOf({ orders: "id", products: "id", order_details });
    expect(relate(schema).slice(2)).toMatchObject([{ type: "root" }, { type: "n-n" }, {}, {}]);
  });
  test.each([
    ["two foreign keys without a key over them", "memberships", { columns: both }],
    ["a key over more than two foreign keys", "memberships", { columns: `${both} day`, key: "user_id group_id day" }],
    ["a key over one foreign key and a column", "seats", { columns: "user_id > users row", key: "user_id row" }],
    ["the name alone, with a foreign key to one side only", "users_groups", { columns: "id user_id" }],
  ])("%s", (_, table, words) => expect(typesOf(table, words)).not.toContainEqual(expect.stringContaining("n-n")));
});

describe("classifyBy", () => {
  const keyed = { columns: both, key: "user_id group_id" };
  test("constraints: names are no evidence", () => {
    const options = { classifyBy: "constraints" } as const;
    expect(typesOf("users_groups", "user_id group_id", options)).toEqual(["root"]);
    expect(typesOf("users_groups", `id ${both}`, options)).toEqual(["root", ...children]);
    expect(typesOf("memberships", keyed, options)).toEqual(["n-n by key"]);
  });
  test("names: constraints are no evidence", () => {
    const options = { classifyBy: "names" } as const;
    expect(typesOf("memberships", keyed, options)).toEqual(["root", ...children]);
    expect(typesOf("posts", "id author > users", options)).toEqual(["root"]);
    expect(typesOf("users_groups", both, options)).toEqual(["n-n by name"]);
  });
});

describe("the config's own word comes first", () => {
  test.each([
    [["root"], ["root"]],
    [["one-n"], children],
    [
      ["root", "one-n"],
      ["root", ...children],
    ],
    [["n-n"], ["n-n by config"]],
  ] as const)("relationTypes %j", (relationTypes, types) =>
    expect(typesOf("users_groups", { columns: both, key: "user_id group_id", relationTypes })).toEqual(types),
  );
  test("n-n without two foreign keys is a mistake that names its place", () =>
    expect(() => typesOf("posts", { columns: "id user_id", relationTypes: ["n-n"] })).toThrow(
      /^tables\.posts\.relationTypes: "n-n" needs two foreign keys, and posts has 1/,
    ));
});
