import { expect, test } from "vitest";
import { pictureOfTree } from "../../src/diagram/picture.js";
import { buildRouteTree } from "../../src/index.js";
import { schemaOf } from "../support/literal-schema.js";

const schema = schemaOf({
  countries: "id name",
  members: "id name country_id > countries",
  groups: "id name",
  groups_members: { columns: "group_id > groups member_id > members", key: "group_id member_id" },
  profiles: { columns: "id member_id > members", unique: ["member_id"] },
  employees: "id manager_id > employees",
  order_details: {
    columns: "group_id > groups member_id > members quantity:integer",
    key: "group_id member_id",
  },
  logs: { columns: "text", key: "" },
  adults: { columns: "id name", view: true },
});
const { tables, lines } = pictureOfTree(buildRouteTree(schema));
const table = (id: string) => tables.find((entry) => entry.table === id);
const linesTo = (id: string) => lines.filter(({ to }) => to === id);

test("a root brings its list and its rows; without a key, its list", () => {
  const root = { root: true, link: false, view: false };
  expect(table("members")).toEqual({
    table: "members",
    name: "members",
    ...root,
    routes: ["/members", "/members/:id"],
  });
  expect(table("logs")).toMatchObject({ ...root, routes: ["/logs"] });
  expect(table("adults")).toMatchObject({ ...root, view: true });
});

test("a link table is n-n, brings the paths between its two tables, and has a line to each", () => {
  expect(table("groups_members")).toEqual({
    table: "groups_members",
    name: "groups_members",
    root: false,
    link: true,
    view: false,
    routes: ["/members/:id/groups/:groupId add, delete", "/groups/:id/members/:memberId add, delete"],
  });
  expect(linesTo("groups_members")).toEqual([
    { from: "groups", to: "groups_members", type: "n-n", columns: ["group_id"], down: [], up: [] },
    { from: "members", to: "groups_members", type: "n-n", columns: ["member_id"], down: [], up: [] },
  ]);
});

test("a link table with columns of its own is n-n and a root; its lines are foreign keys, once each", () => {
  expect(table("order_details")).toMatchObject({ root: true, link: true });
  expect(table("order_details")?.routes).toEqual([
    "/order_details",
    "/order_details/:id",
    "/members/:id/order_details_groups/:orderDetailsGroupId add, delete",
    "/groups/:id/order_details_members/:orderDetailsMemberId add, delete",
  ]);
  expect(linesTo("order_details").map(({ from, type, up }) => ({ from, type, up }))).toEqual([
    { from: "groups", type: "1-n", up: ["/order_details/:id/group"] },
    { from: "members", type: "1-n", up: ["/order_details/:id/member"] },
  ]);
});

test("a foreign key is 1-n, and brings a path each way; a unique one is 1-1, and has two names", () => {
  expect(linesTo("members")).toEqual([
    {
      from: "countries",
      to: "members",
      type: "1-n",
      columns: ["country_id"],
      down: ["/countries/:id/members/:memberId"],
      up: ["/members/:id/country"],
    },
  ]);
  expect(linesTo("profiles")).toMatchObject([
    { type: "1-1", down: ["/members/:id/profiles/:profileId", "/members/:id/profile"], up: ["/profiles/:id/member"] },
  ]);
});

test("a table that refers to itself has one line, to itself", () => {
  expect(linesTo("employees")).toMatchObject([
    {
      from: "employees",
      type: "1-n",
      down: ["/employees/:id/employees/:employeeId"],
      up: ["/employees/:id/manager"],
    },
  ]);
});

test("depth 1 has the same tables and lines, and fewer routes", () => {
  const flat = pictureOfTree(buildRouteTree(schema, { depth: 1 }));
  expect(flat.lines).toEqual(lines.map((line) => ({ ...line, down: [], up: [] })));
  expect(flat.tables.flatMap(({ routes }) => routes).filter((route) => route.includes(":id/"))).toEqual([]);
});
