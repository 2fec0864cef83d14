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

describe("a parent is called after its column without what the key is called, or as its table is", () => {
  test.each<[column: string, parents: Tables, name: string]>([
    ["artist_id", { artists: "id" }, "artist"],
    ["artist", { artists: "id" }, "artist"],
    ["singer", { artists: "id" }, "singer"],
    ["SingerID", { artists: "id" }, "singer"],
    ["id_artist", { artists: "id" }, "artist"],
    ["artist_fk", { artists: "id" }, "artist"],
    ["fk_artist_id", { artists: "id" }, "artist"],
    ["productid", { product: { columns: "productid", key: "productid" } }, "product"],
    ["templateid", { hosts: { columns: "hostid", key: "hostid" } }, "template"],
    ["businessentityid", { person: { columns: "businessentityid", key: "businessentityid" } }, "person"],
    ["emp_no", { employees: { columns: "emp_no", key: "emp_no" } }, "employee"],
    ["manager_emp_no", { employees: { columns: "emp_no", key: "emp_no" } }, "manager"],
    ["boss_no", { employees: { columns: "emp_no", key: "emp_no" } }, "boss"],
    ["product_no", { products: { columns: "no", key: "no" } }, "product"],
    ["language_code", { languages: { columns: "code", key: "code" } }, "language"],
    ["home_country_code", { countries: { columns: "country_code", key: "country_code" } }, "home_country"],
    ["currency_code", { currencies: "id" }, "currency"],
    ["grid", { grids: "id" }, "grid"],
    ["code", { airports: { columns: "code", key: "code" } }, "airport"],
  ])("%s", (column, parents, name) => {
    const [parent] = Object.keys(parents);
    const tree = treeOf({ ...parents, rows: `id ${column} > ${parent}` });
    expect(tree.resources.at(-1)?.relations).toMatchObject([
      { name, ...(name === column ? { inPlace: true } : {}), join: { via: "parent" } },
    ]);
    expect(tree.renamings).toEqual([]);
  });

  test("a composite key leads to the parent's noun, a tenant's column says nothing", () => {
    const sales = { columns: "id model_name model_year", foreignKeys: ["model_name model_year > car_models"] };
    const orders = {
      columns: "tenant_id id billing_address_id shipping_address_id",
      foreignKeys: ["tenant_id billing_address_id > addresses", "tenant_id shipping_address_id > addresses"],
      key: "tenant_id id",
    };
    const tree = treeOf({
      car_models: { columns: "name year", key: "name year" },
      sales,
      addresses: { columns: "tenant_id id", key: "tenant_id id" },
      orders,
    });
    expect(relationsOf("sales", tree)).toEqual(["car_model → one car_models by model_name,model_year"]);
    expect(relationsOf("orders", tree)).toEqual([
      "billing_address → one addresses by tenant_id,billing_address_id",
      "shipping_address → one addresses by tenant_id,shipping_address_id",
    ]);
  });

  test("never like another column, nor like one of JSON", () => {
    const tree = treeOf({ artists: "id", albums: "id artist artist_id > artists", notes: "id artist:json > artists" });
    expect(relationsOf("albums", tree)[0]).toBe("artist_parent → one artists by artist_id");
    const [note] = tree.resources.at(-1)?.relations ?? [];
    expect(note).toMatchObject({ name: "artist_parent" });
    expect(note).not.toHaveProperty("inPlace");
  });

  test("children like a column give way, and it is said", () => {
    const tree = treeOf({ orders: "id items", items: "id order_id > orders" });
    expect(relationsOf("orders", tree)).toEqual(["order_items → items by order_id"]);
    expect(tree.renamings).toEqual([
      {
        wanted: "/orders/:id/items",
        given: "/orders/:id/order_items",
        because: "orders has a column items; this one is items.order_id",
      },
    ]);
  });
});

describe("the purest gets the plain name", () => {
  test("a link without columns of its own, then one that is named after both", () => {
    const both = (more = "") => ({
      columns: `article_id > articles store_id > stores ${more}`,
      key: "article_id store_id",
    });
    const tree = treeOf({ articles: "id", stores: "id", article_layout: both("layout"), article_to_store: both() });
    const links = relationsOf("articles", tree).filter((line) => line.includes("by article_to_store,"));
    expect(links).toEqual(["stores → stores by article_to_store,store_id"]);
  });

  test("the foreign key that is called like its parent", () => {
    const tree = treeOf({ languages: "id", films: "id language_id > languages original_language_id > languages" });
    expect(relationsOf("languages", tree)).toEqual([
      "films → films by language_id",
      "original_language_films → films by original_language_id",
    ]);
  });

  test("roles name the far end of a link", () => {
    const subscribed = {
      columns: "subscriber_id > users changeset_id > changesets",
      key: "subscriber_id changeset_id",
    };
    const tree = treeOf({ users: "id", changesets: "id user_id > users", changesets_subscribers: subscribed });
    expect(relationsOf("changesets", tree)[0]).toBe("subscribers → users by changesets_subscribers,subscriber_id");
    expect(relationsOf("users", tree)).toEqual([
      "changesets → changesets by user_id",
      "subscriber_changesets → changesets by changesets_subscribers,changeset_id",
    ]);
  });

  test("an abbreviation is no role", () => {
    const link = { columns: "grp_id > groups category_id > product_categories", key: "grp_id category_id" };
    const tree = treeOf({ groups: "id", product_categories: "id", links: link });
    expect(relationsOf("product_categories", tree)).toEqual(["groups → groups by links,grp_id"]);
    expect(relationsOf("groups", tree)).toEqual(["product_categories → product_categories by links,category_id"]);
  });

  test("a participle beside the table's own noun is an adjective", () => {
    const related = { columns: "product_id > products related_id > products", key: "product_id related_id" };
    expect(relationsOf("products", treeOf({ products: "id", product_related: related }))).toEqual([
      "related_products → products by product_related,related_id",
      "products → products by product_related,product_id",
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
      "bans_groups → groups by bans,group_id",
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

describe("a link and a foreign key that want one name", () => {
  const groups = { users: "id main_group_id > groups", groups: "id" };
  const link = { columns: "group_id > groups user_id > users", key: "group_id user_id" };

  test("a foreign key with a role leaves it to the link", () => {
    const tree = treeOf({ ...groups, group_users: link });
    expect(relationsOf("groups", tree)).toEqual([
      "main_group_users → users by main_group_id",
      "users → users by group_users,user_id",
    ]);
    expect(tree.renamings).toEqual([]);
  });

  test("one that is called like the table keeps it", () => {
    const tree = treeOf({ ...groups, users: "id group_id > groups", group_users: link });
    expect(relationsOf("groups", tree)[0]).toBe("users → users by group_id");
    expect(renamings(tree)).toEqual(["/groups/:id/users is /groups/:id/group_users_users"]);
  });
});

describe("the words of a link", () => {
  const pair = (one: string, other: string, key = `${one} ${other}`) => ({
    columns: `${one} > issues ${other} > users`,
    key,
  });

  test("say what people are to a thing", () => {
    const tree = treeOf({
      ...{ users: "id", issues: "id author_id > users" },
      issue_assignees: pair("issue_id", "user_id"),
      issue_watchers: pair("issue_id", "user_id"),
      issues_users: pair("issue_id", "user_id"),
    });
    expect(relationsOf("issues", tree).slice(0, 3)).toEqual([
      "users → users by issues_users,user_id",
      "assignees → users by issue_assignees,user_id",
      "watchers → users by issue_watchers,user_id",
    ]);
  });

  test("A and B, as mappers call its ends, say nothing", () => {
    const _PostToTag = { columns: "A > Post B > Tag", key: "A B" };
    const _UserFollows = { columns: "A > User B > User", key: "A B" };
    const tree = treeOf({ Post: "id", Tag: "id", User: "id", _PostToTag, _UserFollows });
    expect(relationsOf("Post", tree)).toEqual(["tags → Tag by _PostToTag,B"]);
    expect(relationsOf("Tag", tree)).toEqual(["posts → Post by _PostToTag,A"]);
    expect(relationsOf("User", tree)).toEqual([
      "user_follows_b → User by _UserFollows,B",
      "user_follows_a → User by _UserFollows,A",
    ]);
  });
});

test("a key that is short for its table says the table's name", () => {
  const publishers = { columns: "pub_id:text name", key: "pub_id" };
  const tree = treeOf({ publishers, titles: "id pub_id:text > publishers" });
  expect(relationsOf("titles", tree)).toEqual(["publisher → one publishers by pub_id"]);
});

test("a user's id at the end of a column is the user", () => {
  const tree = treeOf({ res_users: "id", notes: "id create_uid > res_users" });
  expect(relationsOf("notes", tree)).toEqual(["create_user → one res_users by create_uid"]);
  expect(relationsOf("res_users", tree)).toEqual(["notes → notes by create_uid"]);
});

describe("languages that make no plural by an s", () => {
  const paths = (tables: Tables, options?: BuildOptions) => treeOf(tables, options).resources.map(({ name }) => name);
  const german = {
    Kunden: { columns: "KundenNr Ort", key: "KundenNr" },
    Artikel: { columns: "ArtikelNr Bezeichnung", key: "ArtikelNr" },
    Rechnungen: { columns: "RechnungsNr Betrag KundenNr > Kunden", key: "RechnungsNr" },
  };

  test("keep what their tables are called", () => {
    expect(paths(german)).toEqual(["kunden", "artikel", "rechnungen"]);
    expect(paths({ klant: "id woonplaats", product: "id prijs", bestelling: "id bedrag" })).toEqual([
      "klant",
      "product",
      "bestelling",
    ]);
    expect(paths({ cliente: "id cognome", prodotti: "id prezzo", fatture: "id importo" })).toContain("prodotti");
  });

  test("inflections win", () => {
    expect(paths({ ...german, Kunde: "id" }, { inflections: { kunde: "kundschaft" } })).toContain("kundschaft");
  });

  test("a word or two do not make a schema German", () => {
    const english = { customer: "id ort", invoice: "id betrag", user: "id", product: "id", shelf: "id", box: "id" };
    expect(paths(english)).toEqual(["customers", "invoices", "users", "products", "shelves", "boxes"]);
    expect(paths({ customer: "nr", invoice: "nr part_nr", product: "nr" })).toEqual([
      "customers",
      "invoices",
      "products",
    ]);
  });
});
