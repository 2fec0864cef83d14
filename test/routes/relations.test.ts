// Schema → relations, each with its evidence (contract 2.1).
import { describe, expect, test } from "vitest";
import { type BuildOptions, buildRouteTree } from "../../src/routes/build.js";
import { type RelateOptions, type Relation, relate, relateAll } from "../../src/routes/relations.js";
import type { Table } from "../../src/schema/schema.js";
import { column, schemaOf, type TableWords } from "../support/literal-schema.js";

type Tables = Readonly<Record<string, string | TableWords>>;

/** What `table` was taken for, a line a decision: `root`, `1-n artists(id) by constraint`, `n-n users posts by key`. */
function decided(table: string, tables: Tables, options?: RelateOptions): string[] {
  return relate(schemaOf(tables), options).flatMap((relation) => (relation.table === table ? [said(relation)] : []));
}

function said(relation: Relation): string {
  const by = `by ${relation.evidence.by}`;
  if (relation.type === "root") return "root";
  if (relation.type === "n-n") return `n-n ${relation.sides.map((side) => side.table).join(" ")} ${by}`;
  const { table, references } = relation.parent;
  return `${relation.unique ? "1-1" : "1-n"} ${table}(${references.join(",")}) ${by}`;
}

const evidence = (table: string, tables: Tables) =>
  relate(schemaOf(tables)).flatMap((r) => (r.table === table ? [r.evidence.detail] : []));

describe("1-to-N", () => {
  test("by a declared constraint, whatever the column is called", () =>
    expect(decided("albums", { artists: "id", albums: "id singer > artists" })).toEqual([
      "root",
      "1-n artists(id) by constraint",
    ]));

  test.each(["artist_id", "artistId", "ArtistId", "ARTIST_ID", "artists_id"])("by the name %s", (name) =>
    expect(decided("albums", { artists: "id", albums: `id ${name}` })).toEqual(["root", "1-n artists(id) by name"]),
  );

  test.each(["artist", "artists", "Artist"])("by name to the table %s, singular or plural", (parent) =>
    expect(decided("albums", { [parent]: "id", albums: "id artist_id" })).toContain(`1-n ${parent}(id) by name`),
  );

  test("to irregular and composed nouns", () => {
    const tables = { people: "id", OrderDetails: "id", notes: "id person_id order_detail_id" };
    expect(decided("notes", tables)).toEqual(["root", "1-n people(id) by name", "1-n OrderDetails(id) by name"]);
  });

  test("a declared constraint beats the name of its column", () => {
    const tables = { users: "id", accounts: "id", posts: "id user_id > accounts" };
    expect(decided("posts", tables)).toEqual(["root", "1-n accounts(id) by constraint"]);
  });

  test("to a table whose key is not called id", () =>
    expect(
      decided("flights", {
        airports: { columns: "code", key: "code" },
        flights: "id airport_id:text",
      }),
    ).toContain("1-n airports(code) by name"));

  test("two and three to one parent", () => {
    const parents = ["root", "1-n airports(id) by constraint", "1-n airports(id) by constraint"];
    const flights = "id origin_id > airports destination_id > airports";
    expect(decided("flights", { airports: "id", flights })).toEqual(parents);
    expect(decided("flights", { airports: "id", flights: `${flights} airport_id` })).toEqual([
      ...parents,
      "1-n airports(id) by name",
    ]);
  });

  test("over composite keys, pair by pair", () => {
    const [, child] = relate(
      schemaOf({
        moves: { columns: "id sku warehouse", foreignKeys: ["warehouse sku > stocks(place code)"] },
        stocks: { columns: "place code", key: "place code" },
      }),
    );
    expect(child).toMatchObject({ parent: { columns: ["warehouse", "sku"], references: ["place", "code"] } });
  });

  test("of a table with itself", () =>
    expect(decided("employees", { employees: "id manager_id > employees" })).toContain(
      "1-n employees(id) by constraint",
    ));
});

test("how many versions there are is no version, and flags are no flag", () => {
  const notes = { columns: "id version:integer flags:integer" };
  const tables = { notes, note_versions: "id note_id", note_flags: "id name" };
  expect(decided("notes", tables)).toEqual(["root"]);
});

test("the administrators are the people, where there are no others", () =>
  expect(decided("petitions", { admin_users: "id", petitions: "id moderated_by_id" })).toContain(
    "1-n admin_users(id) by name",
  ));

describe("1-to-1", () => {
  test.each([
    ["a unique foreign key", { columns: "id user_id > users", unique: ["user_id"] }],
    ["a shared primary key", { columns: "user_id > users", key: "user_id" }],
    ["a shared key called id", { columns: "id > users" }],
    ["a key within a composite foreign key", { columns: "id zone", foreignKeys: ["id zone > users(id zone)"] }],
  ])("%s", (_, profiles) => {
    const relations = decided("profiles", { users: "id zone", profiles });
    expect(relations.at(-1)).toMatch(/^1-1 users/);
  });

  test("is not half a unique key", () => {
    const tables = { users: "id", seats: { columns: "id user_id > users row", unique: ["user_id row"] } };
    expect(decided("seats", tables)).toContain("1-n users(id) by constraint");
  });
});

describe("a name without its cut", () => {
  test.each<[string, Tables, string]>([
    ["userid", { users: "id" }, "1-n users(id) by name"],
    ["modifierid", { users: "id" }, "1-n users(id) by name"],
    ["parentid", {}, "1-n posts(id) by name"],
    ["write_uid", { users: "id" }, "1-n users(id) by name"],
    ["author_id", { users: "id", members: "id user_id" }, "1-n users(id) by name"],
  ])("%s", (column, tables, relation) =>
    expect(decided("posts", { ...tables, posts: `id ${column}` })).toContain(relation),
  );
});

describe("no relation is", () => {
  test.each<[string, Tables]>([
    ["a name that leads nowhere", { posts: "id stripe_id" }],
    ["a word that only ends in id", { users: "id", posts: "id valid paid grid userids" }],
    ["a name without its cut, with a type beside it", { users: "id", posts: "id userid usertype" }],
    ["what else a row is called", { projects: "id", boards: "id project_ref" }],
    ["a link that holds such a key itself", { deleted_visits: "id visit_id", visit_notes: "id", posts: "id visit_id" }],
    ["the end of a name in another part", { payment_options: "id", cart_products: "id", posts: "id option_id" }],
    ["what a machine has locked", { users: "id", posts: "id locked_by:integer" }],
    ["an account of somebody else", { accounts: "id", logins: "id provider:text provider_account_id" }],
    ["the table's own key", { albums: { columns: "album_id title", key: "album_id" }, posts: "id" }],
    ["a role of people where there are two tables of them", { persons: "id", employees: "id", posts: "id author_id" }],
    ["what a machine has done", { users: "id", pipelines: "id auto_canceled_by_id" }],
    [
      "a role behind a noun that may be a thing of its own",
      { orders: "id", posts: "id order_status_id order_invoice_id" },
    ],
    ["one end of a link", { issues: "id", issue_links: "id source_id" }],
    [
      "ends of a link with types beside them",
      { issues: "id", issue_links: "id source_id source_type target_id target_type" },
    ],
    ["an entity in a table that says no owner", { nodes: "id", comments: "id entity_id" }],
    ["a role of people that is a truth", { users: "id", posts: "id is_author:integer" }],
    ["somebody by name", { users: "id", posts: "id created_by:text" }],
    ["a role with a type beside it", { users: "id", posts: "id owner_id owner_type" }],
    ["what another system calls a row", { jobs: "id job_id" }],
    ["a paper that says who somebody is", { tokens: "id", accounts: "id id_token" }],
    [
      "a text that is a key elsewhere",
      { reset_links: { columns: "token:text", key: "token" }, posts: "id token:text" },
    ],
    ["a number that things have done", { users: "id", posts: "id sorted_by:integer" }],
    ["a name for which two tables stand", { user: "id", users: "id", posts: "id user_id" }],
    ["a name that leads to a view", { users: { columns: "id", view: true }, posts: "id user_id" }],
    ["a name that leads to a table without a key", { users: { columns: "name", key: "" }, posts: "id user_id" }],
    ["a name that leads to a composite key", { users: { columns: "a b", key: "a b" }, posts: "id user_id" }],
    ["a text named after a table with numbers for keys", { users: "id", posts: "id user_id:text" }],
  ])("%s", (_, tables) =>
    expect(relate(schemaOf(tables)).flatMap((relation) => (relation.type === "root" ? [] : [said(relation)]))).toEqual(
      [],
    ),
  );
});

describe("found by name", () => {
  const key = (columns: string) => ({ columns, key: columns.split(/[ :]/)[0] as string });
  test.each<[what: string, table: string, tables: Tables, found: string]>([
    [
      "a table's own key that is another's",
      "customer_affiliates",
      { customers: "id", customer_affiliates: key("customer_id name") },
      "1-1 customers(id)",
    ],
    [
      "what it is a part of",
      "order_items",
      { orders: "id", order_items: "id parent_id", posts: "id" },
      "1-n orders(id)",
    ],
    [
      "the table itself, where another column says what it is a part of",
      "order_items",
      { orders: "id", order_items: "id order_id parent_id" },
      "1-n order_items(id)",
    ],
    ["a row that another is made of", "posts", { posts: "id repost_of_id" }, "1-n posts(id)"],
    [
      "an account, where there are employees too",
      "posts",
      { users: "id", employees: "id", posts: "id created_by_id" },
      "1-n users(id)",
    ],
    ["who has done it", "posts", { users: "id", posts: "id approved_by:integer" }, "1-n users(id)"],
    ["a word behind the table's own", "bands", { bands: "id type:integer?", band_types: "id" }, "1-n band_types(id)"],
    ["a role before a noun", "bands", { places: "id", bands: "id begin_place:integer?" }, "1-n places(id)"],
    ["a noun twice", "pairs", { tags: "id", pairs: "id tag1:integer tag2:integer" }, "1-n tags(id)"],
    [
      "both ends, in the order of the table's name",
      "_posts_tags",
      { posts: "id", tags: "id", _posts_tags: "a:integer b:integer link:integer" },
      "1-n tags(id)",
    ],
    [
      "all columns of a key, where the others are there by name",
      "lines",
      {
        tenants: "id",
        orders: { columns: "tenant_id id", key: "tenant_id id" },
        lines: "id tenant_id order_id",
      },
      "1-n orders(tenant_id,id)",
    ],
    [
      "its own version, and not another's",
      "way_nodes",
      {
        ways: { columns: "way_id:integer version:integer", key: "way_id version" },
        nodes: { columns: "node_id:integer version:integer", key: "node_id version" },
        way_nodes: "id way_id:integer version:integer node_id:integer",
      },
      "1-n ways(way_id,version)",
    ],
    ["words cut otherwise", "tasks", { procdefs: "id", tasks: "id proc_def_id" }, "1-n procdefs(id)"],
    ["a main table", "grants", { modules_master: "id", grants: "id module_id" }, "1-n modules_master(id)"],
    [
      "a key's name behind a role, without a cut",
      "orders",
      { address: key("addressid:integer city"), orders: "id shiptoaddressid:integer" },
      "1-n address(addressid)",
    ],
    [
      "a key that is short for its table, and another's too",
      "titles",
      { publishers: key("pub_id:text name"), pub_info: key("pub_id:text logo"), titles: "id pub_id:text" },
      "1-n publishers(pub_id)",
    ],
    [
      "a number beside a key of another type",
      "lines",
      { accounts: { columns: "accno:text id:integer", key: "accno", unique: ["id"] }, lines: "id account_id:integer" },
      "1-n accounts(id)",
    ],
    ["the table itself", "categories", { categories: "id parent_id? name" }, "1-n categories(id)"],
    ["the table itself, by its noun", "posts", { posts: "id post_parent:integer? name" }, "1-n posts(id)"],
    ["a person among people", "employees", { employees: "id manager_id? name" }, "1-n employees(id)"],
    ["an answer", "comments", { comments: "id reply_to_id? name" }, "1-n comments(id)"],
    ["a role behind the noun", "moves", { locations: "id", moves: "id location_dest_id" }, "1-n locations(id)"],
    [
      "a use behind the noun, beside it",
      "orders",
      { partners: "id", orders: "id partner_id partner_invoice_id" },
      "1-n partners(id)",
    ],
    ["the ends of a link", "issue_links", { issues: "id", issue_links: "id source_id target_id" }, "1-n issues(id)"],
    [
      "an entity by its table",
      "node__body",
      { node: key("nid:integer title"), node__body: "id entity_id:integer" },
      "1-n node(nid)",
    ],
    ["a role before the noun", "orders", { countries: "id", orders: "id shipping_country_id" }, "1-n countries(id)"],
    [
      "a role before two words",
      "orders",
      { order_items: "id", orders: "id first_order_item_id" },
      "1-n order_items(id)",
    ],
    ["a noun of the key's type", "links", { books: "id", links: "id book:integer" }, "1-n books(id)"],
    [
      "id in front",
      "orders",
      { customer: key("id_customer:integer name"), orders: "id id_customer:integer" },
      "1-n customer(id_customer)",
    ],
    [
      "ID behind",
      "orders",
      { Customers: key("CustomerID:integer Name"), orders: "id CustomerID:integer" },
      "1-n Customers(CustomerID)",
    ],
    ["_fk behind", "orders", { customers: "id", orders: "id customer_fk:integer" }, "1-n customers(id)"],
    [
      "_no, as the key is",
      "salaries",
      { employees: key("emp_no:integer name"), salaries: "id emp_no:integer" },
      "1-n employees(emp_no)",
    ],
    [
      "_code, as the key is",
      "books",
      { languages: key("code name"), books: "id language_code" },
      "1-n languages(code)",
    ],
    [
      "a role before a key's name",
      "reviews",
      { employees: key("emp_no:integer name"), reviews: "id boss_emp_no:integer" },
      "1-n employees(emp_no)",
    ],
    ["an ending of another language", "rechnungen", { kunden: "id", rechnungen: "id kunde_id" }, "1-n kunden(id)"],
    [
      "a module's table",
      "shop_cart",
      { auth_user: "id", auth_group: "id", shop_cart: "id user_id", shop_line: "id" },
      "1-n auth_user(id)",
    ],
  ])("%s", (_, table, tables, found) => expect(decided(table, tables)).toContain(`${found} by name`));

  test.each<[what: string, table: string, tables: Tables]>([
    ["a number that sorts", "lines", { orders: "id", lines: "id order:integer" }],
    ["how many there are", "users", { posts: "id", users: "id posts:integer" }],
    ["one of several tables", "notes", { notes: "id parent_id parent_type" }],
    ["another system's key", "payments", { customers: "id", payments: "id stripe_customer_id" }],
    ["a manager of what is no person", "stores", { stores: "id manager_id" }],
    ["a code of what has another key", "shops", { languages: "id", shops: "id language_code" }],
    [
      "a noun beside declared foreign keys",
      "books",
      { users: "id", years: "id", books: "id user_id > users year:integer" },
    ],
    [
      "what a child inherits",
      "payment_2007",
      { payment: key("payment_id:integer on:date"), payment_2007: { columns: "payment_id:integer on:date", key: "" } },
    ],
    [
      "its own key that others have too",
      "events",
      { events: key("eventid:integer source"), problem: key("eventid:integer clock") },
    ],
  ])("not %s", (_, table, tables) =>
    expect(decided(table, tables).filter((line) => line.endsWith("by name"))).toEqual([]),
  );

  test("not what the other sign, kind or collation keeps from it, and it is said", () => {
    const typed = (type: object) => ({ type: { kind: "integer", native: "int unsigned", min: "0", ...type } }) as const;
    const schema = schemaOf({ users: "id", posts: "id user_id other_user_id:text" });
    const [users, posts] = schema.tables as [Table, Table];
    const unsigned = { ...users, columns: [column("id", "integer", typed({}))] };
    const signed = { type: { kind: "integer", native: "int", min: "-128" } } as const;
    const changed = {
      ...posts,
      columns: [column("id", "integer"), column("user_id", "integer", signed), ...posts.columns.slice(2)],
    };
    const { relations, unrelated } = relateAll({ tables: [unsigned, changed] });
    expect(relations.filter(({ type }) => type !== "root")).toEqual([]);
    expect(unrelated.get("posts")).toEqual([
      { column: "user_id", why: "is named after users, but the key is unsigned, and it is not (users.id)" },
      {
        column: "other_user_id",
        why: "is named after users, as its other, but it is text, and the key is int unsigned (users.id)",
      },
    ]);
  });
});

describe("no N-to-N", () => {
  const link = "id team_id > teams user_id > users pos";
  test("where one end is unique", () =>
    expect(
      decided("teams_users", { teams: "id", users: "id", teams_users: { columns: link, unique: ["user_id"] } }),
    ).toEqual(["root", "1-n teams(id) by constraint", "1-1 users(id) by constraint"]));
  test("nor by the key where one end is unique", () => {
    const colors = { columns: "set_id > sets color_id > colors", key: "set_id color_id", unique: ["color_id"] };
    expect(decided("set_colors", { sets: "id", colors: "id", set_colors: colors })).not.toContainEqual(
      expect.stringMatching(/^n-n/),
    );
  });
  test("by name where two keys lead to one side", () =>
    expect(
      decided("concept_relationship", {
        concept: "id",
        relationship: "id",
        concept_relationship: { columns: "concept_id_1:integer concept_id_2:integer relationship_id x", key: "" },
      }),
    ).toEqual(["root", "1-n concept(id) by name", "1-n concept(id) by name", "1-n relationship(id) by name"]));
});

describe("a table prefix", () => {
  const shop: Tables = {
    oc_customer: { columns: "customer_id", key: "customer_id" },
    oc_order: { columns: "order_id customer_id", key: "order_id" },
    oc_product: { columns: "product_id", key: "product_id" },
    oc_order_product: { columns: "order_id product_id", key: "order_id product_id" },
  };
  const paths = (tables: Tables, options?: BuildOptions) =>
    buildRouteTree(schemaOf(tables), options).resources.map(({ name }) => name);

  test("is found where most tables share it, and is no part of nouns and paths", () => {
    expect(decided("oc_order", shop)).toEqual(["root", "1-n oc_customer(customer_id) by name"]);
    expect(decided("oc_order_product", shop)).toEqual(["n-n oc_order oc_product by key"]);
    expect(paths(shop)).toEqual(["customers", "orders", "products", "order_products"]);
    expect(paths(shop, { tablePrefix: false })[0]).toBe("oc_customers");
  });
  test("is said, alone or with others", () => {
    const tables = { a_users: "id", b_posts: "id user_id" };
    expect(decided("b_posts", tables)).toEqual(["root"]);
    const options = { tablePrefix: ["a_", "b_"] };
    expect(decided("b_posts", tables, options)).toContain("1-n a_users(id) by name");
    expect(paths(tables, options)).toEqual(["users", "posts"]);
  });
  test("with a number is that of one of many blogs", () => {
    const blogs = {
      wp_users: "id",
      wp_posts: "id user_id",
      wp_metas: "id post_id",
      wp_2_posts: "id user_id",
      wp_2_metas: "id post_id",
    };
    expect(
      relate(schemaOf(blogs)).flatMap((one) => (one.type === "one-n" ? [`${one.table} → ${one.parent.table}`] : [])),
    ).toEqual(["wp_posts → wp_users", "wp_metas → wp_posts", "wp_2_posts → wp_users", "wp_2_metas → wp_2_posts"]);
    expect(paths(blogs)).toContain("2_posts");
  });
  test("is written small, capital or in front of a capital", () => {
    expect(paths({ tblCustomers: "id", tblOrders: "id CustomerID:integer" })).toEqual(["customers", "orders"]);
    expect(paths({ tblCustomers: "id", tblOrders: "id" }, { resourceCase: "preserve" })).toEqual([
      "Customers",
      "Orders",
    ]);
  });
  test("is no table's name", () => {
    expect(paths({ orders: "id", order_items: "id", order_notes: "id", order_logs: "id" })).toContain("order_items");
    expect(paths({ user_roles: "id", user_logs: "id user_role_id", user_notes: "id" })).toContain("user_roles");
  });
});

test("a view is a root, and a link too where its key is two foreign keys", () => {
  const tables = { users: "id", tags: "id", latest: { columns: "user_id tag_id", key: "user_id tag_id", view: true } };
  expect(decided("latest", tables)).toEqual([
    "root",
    "n-n users tags by key",
    "1-n users(id) by name",
    "1-n tags(id) by name",
  ]);
});

describe("tableNamePlural narrows which names are evidence", () => {
  const posts = (parent: string, tableNamePlural: boolean) =>
    decided("posts", { [parent]: "id", posts: "id user_id" }, { tableNamePlural }).length;
  test("true: users, not user", () => expect([posts("users", true), posts("user", true)]).toEqual([2, 1]));
  test("false: user, not users", () => expect([posts("users", false), posts("user", false)]).toEqual([1, 2]));
});

test("every decision says why in words that a person can check", () => {
  const tables = { users: "id", tags: "id", posts: "id author > users tag_id", logs: { columns: "x", view: true } };
  expect(evidence("posts", tables)).toEqual([
    "not a link between two tables",
    "foreign key: posts(author) references users(id)",
    "the column posts.tag_id is named after tags",
  ]);
  expect(evidence("logs", tables)).toEqual(["a view"]);
});
