// Schema → relations, each with its evidence (contract 2.1).
import { describe, expect, test } from "vitest";
import { type RelateOptions, type Relation, relate } from "../../src/routes/relations.js";
import { schemaOf, type TableWords } from "../support/literal-schema.js";

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

describe("no relation is", () => {
  test.each<[string, Tables]>([
    ["a name that leads nowhere", { posts: "id stripe_id" }],
    ["a name without its cut", { users: "id", posts: "id userid" }],
    ["the table's own key", { albums: { columns: "album_id title", key: "album_id" }, posts: "id" }],
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

test("a view is a root with no relations", () =>
  expect(decided("latest", { users: "id", latest: { columns: "id user_id", view: true } })).toEqual(["root"]));

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
  expect(evidence("logs", tables)).toEqual(["a view: a read-only root"]);
});
