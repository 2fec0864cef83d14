// What pages show of a document a part at a time: the same operations, called the same, as in the whole.
import { expect, test } from "vitest";
import { documentParts, toOpenApi } from "../../src/openapi/document.js";
import { buildRouteTree } from "../../src/routes/build.js";
import { schemaOf } from "../support/literal-schema.js";

// Two tables want the same names of operations: numbers behind them depend on all that came before.
const tree = buildRouteTree(
  schemaOf({
    größen: "id",
    grossen: "id",
    clubs: "id",
    members: "id club_id > clubs",
    clubs_members: { columns: "club_id > clubs member_id > members", key: "club_id member_id" },
  }),
);
const document = toOpenApi(tree);
const parts = documentParts(tree);

type Items = Readonly<
  Record<string, Readonly<Record<string, { readonly operationId: string; readonly summary: string }>>>
>;

const operationsOf = (paths: object) =>
  Object.entries(paths as Items).flatMap(([address, item]) =>
    Object.entries(item).flatMap(([method, { operationId, summary }]) =>
      method === "parameters" ? [] : [[address, method, operationId, summary]],
    ),
  );

test("the tags have all operations of the document between them", () => {
  const all = parts.outline().tags.flatMap(({ name }) => operationsOf(parts.tagAt(name) as object));
  expect(all).toEqual(operationsOf(document.paths));
  expect([...parts.outline().paths()]).toEqual([]);
});

test("a path is called the same by itself", () => {
  for (const [address, item] of Object.entries(document.paths)) {
    const alone = parts.pathAt(address)?.item as object;
    expect(operationsOf({ [address]: alone })).toEqual(operationsOf({ [address]: item }));
  }
});

test.each(["nothing", "__proto__", ""])("there is no tag %j", (tag) => expect(parts.tagAt(tag)).toBeUndefined());

test("tables lead to the first operation that lists them", () => {
  const link = { columns: "club_id > clubs member_id > members", key: "club_id member_id" };
  const lists = documentParts(buildRouteTree(schemaOf({ clubs: "id", members: "id", clubs_members: link }))).lists();
  expect(lists.get("clubs_members")).toEqual(["clubs", "listClubMembers"]);
  expect(lists.get("members")).toEqual(["members", "listMembers"]);
});

test("tags are found by the paths and names of their operations, in any case", () => {
  expect(parts.tagsHolding("CLUBS/{id}/mem")).toEqual(["clubs"]);
  expect(parts.tagsHolding("listmemberclubs")).toEqual(["members"]);
  expect(parts.tagsHolding("no such")).toEqual([]);
  expect(parts.tagsHolding("")).toEqual(parts.outline().tags.map(({ name }) => name));
});
