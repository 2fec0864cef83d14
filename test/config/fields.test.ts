// `fieldCase` and `keyField`: one spelling of names in everything that speaks JSON, on each database; and what clashes is said.
import { beforeAll, describe, expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import { type BuildOptions, buildRouteTree } from "../../src/routes/build.js";
import { routesOf } from "../../src/routes/tree.js";
import { overrideSchema } from "../../src/schema/config.js";
import { type FieldOptions, nameFields } from "../../src/schema/field-names.js";
import { fieldOf } from "../../src/schema/schema.js";
import { isProblem } from "../conformance/case.js";
import type { App } from "../support/apps.js";
import { schemaOf } from "../support/literal-schema.js";
import { onEveryDatabase } from "../support/matrix.js";

const tables = (quote: string): string => `
CREATE TABLE invoice_heads (head_id INTEGER NOT NULL PRIMARY KEY, customer_name VARCHAR(20) NOT NULL, total_net INTEGER);
CREATE TABLE invoice_lines (line_id INTEGER NOT NULL PRIMARY KEY, head_id INTEGER NOT NULL, unit_price INTEGER, FOREIGN KEY (head_id) REFERENCES invoice_heads (head_id));
CREATE TABLE price_lists (list_id INTEGER NOT NULL PRIMARY KEY, list_name VARCHAR(20));
CREATE TABLE line_lists (line_id INTEGER NOT NULL, list_id INTEGER NOT NULL, PRIMARY KEY (line_id, list_id),
  FOREIGN KEY (line_id) REFERENCES invoice_lines (line_id), FOREIGN KEY (list_id) REFERENCES price_lists (list_id));
CREATE TABLE clashes (clash_id INTEGER NOT NULL PRIMARY KEY, id INTEGER, first_name VARCHAR(9), ${quote}firstName${quote} VARCHAR(9), last_seen INTEGER);
INSERT INTO invoice_heads VALUES (1, 'Ada', 10), (2, 'Ben', 20), (3, 'Cy', NULL);
INSERT INTO invoice_lines VALUES (1, 1, 5), (2, 1, 6), (3, 2, 7);
INSERT INTO price_lists VALUES (1, 'new');
INSERT INTO line_lists VALUES (1, 1);
INSERT INTO clashes VALUES (7, 70, 'a', 'b', 1);
`;
const ddl = { sqlite: tables('"'), postgres: tables('"'), mariadb: tables("`") };

const seen: unknown[] = [];
const options: ApiOptions = {
  fieldCase: "camel",
  keyField: "id",
  overrides: [{ name: "clashes", columns: [{ name: "last_seen", as: "seen_at" }] }],
  hooks: {
    preSave: ({ table, body }) => {
      if (table === "invoice_heads") seen.push(Object.keys(body ?? {}));
    },
  },
};

const renamings = [
  {
    wanted: "clashes.firstName",
    given: "clashes.first_name",
    because: "clashes.firstName is called so",
  },
  { wanted: "clashes.id", given: "clashes.clashId", because: "clashes.id is called so" },
];

describe("camel case, and keys as id", () => {
  onEveryDatabase(ddl, (place) => {
    let app: App;
    beforeAll(async () => {
      app = await place.app(options);
    });
    const json = async (line: string, body?: unknown) => {
      const answer = await app.ask(line, body === undefined ? {} : { body });
      expect(answer.status, answer.text).toBeLessThan(300);
      return answer.json;
    };

    test("rows, select, filters, order and related rows", async () => {
      expect(await json("GET /invoice_heads/1")).toEqual({ id: 1, customerName: "Ada", totalNet: 10 });
      expect(await json("GET /invoice_heads?totalNet=gt:5&order-by=customerName:desc&select=id,customerName")).toEqual([
        { id: 2, customerName: "Ben" },
        { id: 1, customerName: "Ada" },
      ]);
      expect(
        await json("GET /invoice_heads?select=id,invoiceLines(unitPrice)&invoiceLines.order-by=id:asc&limit=1"),
      ).toEqual([{ id: 1, invoiceLines: [{ unitPrice: 5 }, { unitPrice: 6 }] }]);
      expect(await json("GET /invoice_lines/3?select=headId,head(customerName)")).toEqual({
        headId: 2,
        head: { customerName: "Ben" },
      });
      expect(await json("GET /invoice_heads?invoiceLines.unitPrice=eq:7&select=id")).toEqual([{ id: 2 }]);
      expect(await json("GET /invoice_heads/1/invoice_lines?select=id&order-by=unitPrice:desc&limit=1")).toEqual([
        { id: 2 },
      ]);
      expect(await json("GET /invoice_lines/1/price_lists")).toEqual([{ id: 1, listName: "new" }]);
      expect(await json("GET /invoice_lines?select=id,priceLists(listName)&id=eq:1")).toEqual([
        { id: 1, priceLists: [{ listName: "new" }] },
      ]);
    });

    test("cursors lead on", async () => {
      const first = await app.ask("GET /invoice_heads?order-by=totalNet:desc:nullslast&limit=2&select=id");
      expect(first.json).toEqual([{ id: 2 }, { id: 1 }]);
      const next = /<([^>]+)>; rel="next"/.exec(String(first.headers.link))?.[1] as string;
      const { pathname, search } = new URL(next, app.base);
      expect(await json(`GET ${pathname.replace(app.prefix, "")}${search}`)).toEqual([{ id: 3 }]);
    });

    test("bodies, their problems, and what hooks see", async () => {
      seen.length = 0;
      const made = await json("POST /invoice_heads", {
        id: 9,
        customerName: "Eve",
        totalNet: 1,
        invoiceLines: [{ id: 90, unitPrice: 3 }],
      });
      expect(made).toMatchObject({ id: 9, customerName: "Eve", invoiceLines: [{ id: 90, headId: 9, unitPrice: 3 }] });
      expect(seen).toEqual([["id", "customerName", "totalNet"]]);
      expect(await json("PATCH /invoice_heads/9", { totalNet: 2 })).toEqual({
        id: 9,
        customerName: "Eve",
        totalNet: 2,
      });
      const wrong = await app.ask("POST /invoice_heads", { body: { id: 10, customerName: null, totalNet: "y" } });
      isProblem(wrong, 422, "invalid_value");
      isProblem(await app.ask("POST /invoice_heads", { body: { id: 10, customer_name: "x" } }), 400, "unknown_column");
      expect(wrong.json.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
        "customerName",
        "totalNet",
      ]);
      const csv = await app.ask("GET /invoice_heads?id=eq:9", { headers: { accept: "text/csv" } });
      expect(csv.text.split(/\r?\n/)[0]).toBe("id,customerName,totalNet");
      const batch = await json("POST /batch", [
        { method: "POST", path: "/price_lists", body: { id: 5, listName: "b" } },
        { method: "PATCH", path: "/price_lists/5", body: { listName: "c" } },
      ]);
      expect(JSON.stringify(batch)).toContain('"listName":"c"');
      for (const line of ["DELETE /invoice_lines/90", "DELETE /invoice_heads/9", "DELETE /price_lists/5"])
        await app.ask(line);
    });

    test("the document and the metadata", async () => {
      const document = await json("GET /openapi.json");
      const fields = Object.values<{ properties?: object }>(document.components.schemas).flatMap(
        ({ properties = {} }) => Object.keys(properties),
      );
      const told = ["id", "customerName", "totalNet", "invoiceLines", "headId", "unitPrice", "head", "priceLists"];
      expect(fields).toEqual(expect.arrayContaining(told));
      const metadata = app.api.metadata();
      expect(metadata.tables.find(({ table }) => table === "invoice_lines")).toMatchObject({
        columns: [{ name: "id", column: "line_id" }, { name: "headId", column: "head_id" }, { name: "unitPrice" }],
        primaryKey: ["id"],
        foreignKeys: [{ columns: ["headId"], table: "invoice_heads", references: ["id"] }],
      });
      expect(metadata.renamings).toEqual(renamings);
      expect(JSON.stringify(document)).not.toMatch(/customer_name|head_id|unit_price/);
    });

    test("what clashes keeps its name, and it is said", async () => {
      expect(await json("GET /clashes/7")).toEqual({ clashId: 7, id: 70, first_name: "a", firstName: "b", seen_at: 1 });
      expect(await json("GET /clashes?clashId=eq:7&id=eq:70&select=clashId")).toEqual([{ clashId: 7 }]);
      expect(app.api.tree.renamings).toEqual(renamings);
    });
  });
});

describe("relations", () => {
  const schema = schemaOf({
    teams: "id home_game",
    home_games: "id team_id > teams",
    player_cards: "id team_id > teams",
  });
  const namesOf = (options: BuildOptions, of = schema) =>
    buildRouteTree(of, options).resources[0]?.relations.map(({ name, segment }) => [name, segment]);

  test("are spelt in JSON by fieldCase, and in paths by resourceCase", () => {
    const both = [
      ["homeGames", "home-games"],
      ["playerCards", "player-cards"],
    ];
    expect(namesOf({ fieldCase: "camel", resourceCase: "kebab" })).toEqual(both);
    const paths = routesOf(buildRouteTree(schema, { fieldCase: "camel", resourceCase: "kebab" }).root).map(
      ({ pattern }) => pattern,
    );
    expect(paths).toContain("/teams/:id/home-games/:homeGameId");
    expect(namesOf({ resourceCase: "kebab" })).toEqual([
      ["home-games", undefined],
      ["player-cards", undefined],
    ]);
  });

  test("are never like a column, as JSON has it", () => {
    const games = schemaOf({ teams: "id homeGames", home_games: "id team_id > teams" });
    expect(namesOf({}, games)).toEqual([["home_games", undefined]]);
    expect(namesOf({ fieldCase: "camel" }, games)).toEqual([["teamHomeGames", "team_home_games"]]);
  });

  test("keep the name that the config gives", () => {
    const said = overrideSchema(schema, [
      { name: "home_games", belongsTo: [{ table: "teams", column: "team_id", as: "The_Team" }] },
    ]);
    const tree = buildRouteTree(said, { fieldCase: "camel" });
    expect(tree.resources[1]?.relations).toMatchObject([{ name: "The_Team", segment: "the_team" }]);
  });
});

describe("names of columns", () => {
  const fieldsOf = (columns: string, options: FieldOptions, key = "") => {
    const { tables, renamings } = nameFields(schemaOf({ t: { columns, key } }), options);
    return [tables[0]?.columns.map(fieldOf).join(" "), renamings?.map(({ wanted, given }) => `${wanted} is ${given}`)];
  };
  test.each<[string, FieldOptions, string, string[]]>([
    ["CustomerID orderDate ISBN13", { fieldCase: "snake" }, "customer_id order_date isbn13", []],
    ["customer_id ORDER_DATE _rev größe_cm", { fieldCase: "camel" }, "customerId orderDate rev größeCm", []],
    ["a_b aB", { fieldCase: "camel" }, "a_b aB", ["t.aB is t.a_b"]],
    ["aB a_b", { fieldCase: "camel" }, "aB a_b", ["t.aB is t.a_b"]],
    ["AB_c a_bC ABC", { fieldCase: "camel" }, "abC aBC abc", []],
    ["a-b a.b a_b", { fieldCase: "snake" }, "a-b a.b a_b", ["t.a_b is t.a-b", "t.a_b is t.a.b"]],
    ["€ name", { fieldCase: "camel" }, "€ name", []],
  ])("%s, %o", (columns, options, fields, renamings) => {
    expect(fieldsOf(columns, options)).toEqual([fields, renamings]);
  });

  test("a composite key stays, and so does a key beside a column that is called so", () => {
    expect(fieldsOf("a b", { keyField: "id" }, "a b")).toEqual(["a b", []]);
    expect(fieldsOf("ID name", { keyField: "id" }, "ID")).toEqual(["id name", []]);
    expect(fieldsOf("nr Id", { keyField: "id", fieldCase: "snake" }, "nr")).toEqual(["nr id", ["t.id is t.nr"]]);
  });

  test("a schema that was named before stays, and what is not named has no trace of it", () => {
    const once = nameFields(schemaOf({ t: "id a_b aB" }), { fieldCase: "camel" });
    expect(nameFields(once, { fieldCase: "snake" })).toBe(once);
    expect(nameFields(schemaOf({ t: "id a_b" }), {})).not.toHaveProperty("renamings");
  });

  test.each<[FieldOptions, string]>([
    [{ fieldCase: "Camel" as "camel" }, "options.fieldCase"],
    [{ keyField: "" }, "options.keyField"],
    [{ keyField: "a.b" }, "options.keyField"],
    [{ keyField: 1 as unknown as string }, "options.keyField"],
  ])("%o is a mistake", (options, place) => {
    expect(() => nameFields(schemaOf({ t: "id" }), options)).toThrow(place);
  });
});
