// Schema → the route tree: every line of contract 2.2's table.
import { describe, expect, test } from "vitest";
import { type BuildOptions, buildRouteTree } from "../../src/routes/build.js";
import { routesOf } from "../../src/routes/tree.js";
import { schemaOf } from "../support/literal-schema.js";

type Tables = Parameters<typeof schemaOf>[0];

/** Path → its methods, below `prefix`. */
function paths(tables: Tables, prefix = "", options?: BuildOptions): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { method, pattern } of routesOf(buildRouteTree(schemaOf(tables), { batch: false, ...options }).root))
    if (pattern.startsWith(prefix)) found[pattern] = found[pattern] ? `${found[pattern]} ${method}` : method;
  return found;
}

const COLLECTION = "GET POST PATCH DELETE";
const ROW = "GET PUT PATCH DELETE";

test("a root has a collection and rows", () =>
  expect(paths({ InvoiceLine: { columns: "line_no", key: "line_no" } })).toEqual({
    "/invoice_lines": COLLECTION,
    "/invoice_lines/:id": ROW,
  }));

test("a child hangs on its parent, and leads back to it", () =>
  expect(paths({ albums: "id", tracks: "id album_id > albums" })).toEqual({
    "/albums": COLLECTION,
    "/albums/:id": ROW,
    "/albums/:id/tracks": COLLECTION,
    "/albums/:id/tracks/:trackId": ROW,
    "/tracks": COLLECTION,
    "/tracks/:id": ROW,
    "/tracks/:id/album": "GET",
  }));

test("an N-to-N leads both ways, and its table has no path of its own", () => {
  const groups_members = { columns: "group_id > groups member_id > members", key: "group_id member_id" };
  expect(paths({ groups: "id", members: "id", groups_members })).toEqual({
    "/groups": COLLECTION,
    "/groups/:id": ROW,
    "/groups/:id/members": "GET PUT PATCH DELETE",
    "/groups/:id/members/:memberId": "GET",
    "/groups/:id/members/:memberId/add": "POST",
    "/groups/:id/members/:memberId/delete": "POST",
    "/members": COLLECTION,
    "/members/:id": ROW,
    "/members/:id/groups": "GET PUT PATCH DELETE",
    "/members/:id/groups/:groupId": "GET",
    "/members/:id/groups/:groupId/add": "POST",
    "/members/:id/groups/:groupId/delete": "POST",
  });
});

test("a link with further columns is a root and a child too", () => {
  const order_details = { columns: "order_id > orders product_id > products quantity", key: "order_id product_id" };
  const found = paths({ orders: "id", products: "id", order_details }, "/order");
  expect(Object.keys(found)).toEqual(
    expect.arrayContaining([
      "/orders/:id/order_details/:orderDetailId",
      "/orders/:id/products/:productId/add",
      "/order_details/:id",
      "/order_details/:id/product",
    ]),
  );
});

describe("a 1-to-1 is also one row under a singular name", () => {
  const tables = { users: "id", profiles: { columns: "id user_id > users", unique: ["user_id"] } };
  test("/users/:id/profile", () =>
    expect(paths(tables, "/users/:id/")).toEqual({
      "/users/:id/profiles": COLLECTION,
      "/users/:id/profiles/:profileId": ROW,
      "/users/:id/profile": ROW,
    }));
  test("a shared key called id leads to its parent by the parent's noun", () =>
    expect(paths({ users: "id", admins: "id > users" })).toMatchObject({
      "/users/:id/admin": ROW,
      "/admins/:id/user": "GET",
    }));
});

test("a self reference makes /employees/:id/employees, and leads up by its column's name", () =>
  expect(paths({ employees: "id manager_id > employees" }, "/employees/:id/")).toEqual({
    "/employees/:id/employees": COLLECTION,
    "/employees/:id/employees/:employeeId": ROW,
    "/employees/:id/manager": "GET",
  }));

test("a parent is named after the column without its id, whatever its spelling", () => {
  const tables = { Artist: "id", Employee: "id ReportsTo > Employee SupportRepId > Employee ArtistId > Artist" };
  expect(Object.keys(paths(tables, "/employees/:id/")).filter((path) => !path.includes("employees/:id/e"))).toEqual(
    expect.arrayContaining(["/employees/:id/reports_to", "/employees/:id/support_rep", "/employees/:id/artist"]),
  );
});

test("a composite key is one segment, a composite foreign key one relation", () =>
  expect(
    Object.keys(
      paths({
        stocks: { columns: "place sku", key: "place sku" },
        moves: { columns: "id place sku", foreignKeys: ["place sku > stocks"] },
      }),
    ),
  ).toEqual([
    "/stocks",
    "/stocks/:id",
    "/stocks/:id/moves",
    "/stocks/:id/moves/:moveId",
    "/moves",
    "/moves/:id",
    "/moves/:id/stock",
  ]));

test("a table without a key has the collection routes only, as a child too", () =>
  expect(paths({ users: "id", logs: { columns: "user_id > users text", key: "" } })).toEqual({
    "/users": COLLECTION,
    "/users/:id": ROW,
    "/users/:id/logs": "GET POST",
    "/logs": "GET POST",
  }));

test("a view is a root that is only read", () =>
  expect(paths({ totals: { columns: "id", view: true }, sums: { columns: "x", view: true, key: "" } })).toEqual({
    "/totals": "GET",
    "/totals/:id": "GET",
    "/sums": "GET",
  }));

test("path names follow resourcePathPlural, resourceCase, inflections and the table's own resource", () => {
  const tables = { Person: "id", OrderItem: "id PersonId > Person" };
  const roots = (options: BuildOptions) => Object.keys(paths(tables, "", options));
  expect(roots({ resourcePathPlural: false })).toContain("/person/:id/order_item/:orderItemId");
  expect(roots({ resourceCase: "kebab" })).toContain("/people/:id/order-items");
  expect(roots({ resourceCase: "camel" })).toContain("/people/:id/orderItems");
  expect(roots({ resourceCase: "preserve" })).toContain("/Person/:id/OrderItem");
  expect(roots({ inflections: { person: "persons", item: "itemz" } })).toContain(
    "/persons/:id/order_itemz/:orderItemId",
  );
  expect(Object.keys(paths({ TBL_KUNDE: { columns: "id", resource: "customers" } }))).toContain("/customers/:id");
});

test("the steps of a route carry how its rows hang together", () => {
  const schema = schemaOf({ albums: "id", tracks: "id album_id > albums" });
  const route = routesOf(buildRouteTree(schema).root).find(({ id }) => id === "GET /albums/:id/tracks/:trackId");
  expect(route).toMatchObject({
    operation: "read",
    relation: "one-n",
    table: "tracks",
    steps: [
      { table: "albums", param: "id" },
      { table: "tracks", param: "trackId", join: { via: "child", columns: ["album_id"], references: ["id"] } },
    ],
  });
});

test("the tree is plain data: JSON keeps all of it", () => {
  const tree = buildRouteTree(schemaOf({ users: "id", posts: "id user_id > users" }));
  expect(JSON.parse(JSON.stringify(tree))).toEqual(tree);
});

describe("the route for many requests", () => {
  test("stands beside the tables, and has none", () => {
    const tree = buildRouteTree(schemaOf({ users: "id" }));
    expect(routesOf(tree.root).at(-1)).toEqual({
      id: "POST /batch",
      method: "POST",
      pattern: "/batch",
      operation: "batch",
      relation: null,
      table: null,
      steps: [],
    });
    expect(tree.renamings).toEqual([]);
  });

  test.each([
    ["snake", "/batch_requests"],
    ["kebab", "/batch-requests"],
    ["camel", "/batchRequests"],
  ] as const)("gives way to a table that is called so (%s)", (resourceCase, given) => {
    const options = { batch: true, resourcePathPlural: false, resourceCase };
    expect(paths({ batch: "id" }, "", options)).toEqual({ "/batch": COLLECTION, "/batch/:id": ROW, [given]: "POST" });
    expect(buildRouteTree(schemaOf({ batch: "id" }), options).renamings).toEqual([
      { wanted: "/batch", given, because: "a table is /batch; this is the route for many requests at once" },
    ]);
  });

  test("and to the next one", () =>
    expect(
      Object.keys(paths({ batch: "id", batch_request: "id" }, "", { batch: true })).filter((path) =>
        /^[^:]*$/.test(path),
      ),
    ).toEqual(["/batches", "/batch_requests", "/batch"]));

  test("is left out where it is not wanted", () =>
    expect(paths({ users: "id" }, "/batch", { batch: false })).toEqual({}));
});
