// A table that is not shown, and views that have its key: one takes its place; of several none does, and that is said.
import { expect, test } from "vitest";
import { buildRouteTree } from "../../src/routes/build.js";
import { printRoutes } from "../../src/routes/print.js";
import type { Schema, Table } from "../../src/schema/schema.js";
import { visibleSchema } from "../../src/schema/visible.js";
import { schemaOf } from "../support/literal-schema.js";

const { tables } = schemaOf({
  members: "id name",
  posts: "id member_id > members",
  active_members: { columns: "id name", view: true },
  all_members: { columns: "id name", view: true },
});
const passing = (view: Table): Table => ({
  ...view,
  primaryKey: ["id"],
  columns: view.columns.map((column) => ({ ...column, origin: { table: "members", column: column.name } })),
});
const schema: Schema = { tables: tables.map((table) => (table.kind === "view" ? passing(table) : table)) };
const treeWithout = (...exclude: readonly string[]) => buildRouteTree(visibleSchema(schema, { exclude }));
const parentOf = (tree: ReturnType<typeof treeWithout>) =>
  tree.resources.find(({ table }) => table === "posts")?.relations.map(({ table }) => table);

test("one takes its place", () => {
  const tree = treeWithout("members", "all_members");
  expect(parentOf(tree)).toEqual(["active_members"]);
  expect(tree.warnings).toBeUndefined();
});

test("of several none does, and it is said which there are", () => {
  const tree = treeWithout("members");
  expect(parentOf(tree)).toEqual([]);
  const about = "active_members, all_members";
  expect(tree.warnings).toEqual([
    { code: "foreign_key_of_several_views", table: "posts", columns: ["member_id"], about },
  ]);
  expect(printRoutes(tree, { why: true })).toContain(
    `posts has no relation by member_id: its foreign key leads to what is not shown, and several views have that key: ${about}.`,
  );
});
