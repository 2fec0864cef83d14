// Names of tables and columns → words, nouns and path names.

import { describe, expect, test } from "vitest";
import { createNaming, type ResourceCase, wordsOf } from "../../src/base/naming.js";
import { fc } from "../support/any.js";

describe("a name is cut into words", () => {
  test.each([
    ["users", ["users"]],
    ["order_details", ["order", "details"]],
    ["InvoiceLine", ["invoice", "line"]],
    ["invoiceLineItems", ["invoice", "line", "items"]],
    ["TBL_KUNDE", ["tbl", "kunde"]],
    ["HTTPServer2", ["http", "server2"]],
    ["address2Line", ["address2", "line"]],
    ["albumID", ["album", "id"]],
    ["OAuthApp", ["oauth", "app"]],
    ["userGitHubName", ["user", "github", "name"]],
    ["GitHubber", ["git", "hubber"]],
    ["order-items and.more", ["order", "items", "and", "more"]],
    ["__a__b__", ["a", "b"]],
    ["größeEinheit", ["größe", "einheit"]],
    ["cafe\u0301_menus", ["cafe\u0301", "menus"]],
    ["हिन्दी_शब्द", ["हिन्दी", "शब्द"]],
    ["---", []],
    ["", []],
  ])("%s", (name, words) => expect(wordsOf(name)).toEqual(words));
});

describe("path names", () => {
  const naming = createNaming();

  test.each([
    ["InvoiceLine", "invoice_lines"],
    ["order_details", "order_details"],
    ["user", "users"],
    ["users", "users"],
    ["person", "people"],
    ["taxa", "taxa"],
    ["guide_taxon", "guide_taxa"],
    ["edit_datum", "edit_data"],
    ["people", "people"],
    ["category", "categories"],
    ["categories", "categories"],
    ["status", "status"],
    ["statuses", "statuses"],
    ["order_status", "order_status"],
    ["postmeta", "postmeta"],
    ["userinfo", "userinfo"],
    ["specimen", "specimens"],
    ["edit_data", "edit_data"],
    ["product_related", "product_related"],
    ["recently_viewed", "recently_viewed"],
    ["locked", "lockeds"],
    ["t1", "t1s"],
    ["projects_count_grouped_by", "projects_count_grouped_by"],
    ["searchindex", "searchindexes"],
    ["index", "indices"],
    ["seed", "seeds"],
    ["feedback", "feedback"],
    ["db_debug1", "db_debug1"],
    ["straße", "straße"],
    ["order_statuses", "order_statuses"],
    ["news", "news"],
    ["data", "data"],
    ["series", "series"],
    ["equipment", "equipment"],
  ])("are plural: %s is /%s", (table, path) => expect(naming.resource(table)).toBe(path));

  test("are singular on demand", () => {
    const singular = createNaming({ resourcePathPlural: false });
    const tables = ["users", "InvoiceLine", "people", "categories", "news", "order_statuses"];
    const paths = ["user", "invoice_line", "person", "category", "news", "order_status"];
    expect(tables.map(singular.resource)).toEqual(paths);
  });

  test.each<[ResourceCase, string, string]>([
    ["snake", "invoice_lines", "origin_flight"],
    ["kebab", "invoice-lines", "origin-flight"],
    ["camel", "invoiceLines", "originFlight"],
    ["preserve", "InvoiceLine", "origin_flight"],
  ])("%s joins the words of InvoiceLine as %s", (resourceCase, table, path) => {
    const spelt = createNaming({ resourceCase });
    expect(spelt.resource("InvoiceLine")).toBe(table);
    expect(spelt.path(["origin", "flights"], "one")).toBe(path);
  });
});

test("inflect: false leaves words as they are, but for those that are said", () => {
  const plain = createNaming({ inflect: false, inflections: { kunde: "kunden" } });
  expect(["user", "users", "kunde"].map(plain.resource)).toEqual(["user", "users", "kunden"]);
});

test("what is one row of data, meta or specimens", () => {
  const { singular } = createNaming();
  expect(["rtdata", "metadata", "postmeta", "specimens", "axis", "status", "canvas"].map(singular)).toEqual([
    "rtdata",
    "metadata",
    "postmeta",
    "specimen",
    "axis",
    "status",
    "canvas",
  ]);
});

test("one noun stands behind every spelling of a table", () => {
  const { noun } = createNaming();
  const nouns = (names: string[]) => new Set(names.map((name) => noun(wordsOf(name))));
  expect(nouns(["InvoiceLine", "invoice_lines", "INVOICE_LINE", "invoice-Lines"])).toEqual(new Set(["invoice_line"]));
  expect(nouns(["people", "person", "People"])).toEqual(new Set(["person"]));
});

describe("inflections", () => {
  const naming = createNaming({ inflections: { kunde: "kunden", Bestellung: "Bestellungen", data: "data" } });

  test("win over the English rules, in both directions and whatever their case", () => {
    expect(["kunde", "kunden", "TBL_KUNDE", "bestellung"].map(naming.resource)).toEqual([
      "kunden",
      "kunden",
      "tbl_kunden",
      "bestellungen",
    ]);
    expect(["kunden", "bestellungen", "data"].map(naming.singular)).toEqual(["kunde", "bestellung", "data"]);
  });

  test("leave other words alone", () => expect(naming.resource("person")).toBe("people"));
});

test("a name is never left empty by its singular", () => {
  const naming = createNaming({ resourcePathPlural: false });
  expect(["s", "S", "tbl_s"].map(naming.resource)).toEqual(["s", "s", "tbl_s"]);
});

test("naming takes any text, and makes path names of letters, digits and the joint alone", () => {
  const styles = ["snake", "kebab", "camel"] as const;
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.constantFrom(...styles), fc.boolean(), (name, resourceCase, many) => {
      const path = createNaming({ resourceCase, resourcePathPlural: many }).resource(name);
      expect(path).toMatch(/^[\p{L}\p{M}\p{N}_-]*$/u);
      expect(path === "").toBe(wordsOf(name).length === 0);
    }),
  );
});
