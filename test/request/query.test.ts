// A query string → what was asked for (contract 3.1).

import { describe, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import { splitList } from "../../src/request/filter.js";
import { operators } from "../../src/request/operators.js";
import { parseQuery, type Query } from "../../src/request/query.js";
import { fc } from "../support/any.js";

const LIMITS = { maxFilters: 50, maxValues: 9, maxEmbedDepth: 5, maxEmbeds: 20 };
const parse = (text: string): Query => parseQuery(text, LIMITS);

/** What a refusal says: its status, code and detail. */
function refusal(text: string, most = 50): string {
  try {
    parseQuery(text, { ...LIMITS, maxFilters: most });
  } catch (error) {
    if (error instanceof HttpError) return `${error.status} ${error.code} ${error.message}`;
    throw error;
  }
  return "no refusal";
}

test("nothing asked is nothing but empty lists", () => {
  expect(parse("")).toEqual({ filters: [], order: [], embedded: new Map(), said: [] });
  expect(parse("&&")).toEqual({ filters: [], order: [], embedded: new Map(), said: [] });
});

test("filters are kept as they were written, those of relations with their names", () =>
  expect(
    parse("select=id,tracks(id,artist(id))&a=in:1%2c2&tracks.b=+x&limit=1&tracks.artist.c=ne:1&or=(a=1)").said,
  ).toEqual([
    ["a", "in:1,2"],
    ["or", "(a=1)"],
    ["tracks.b", " x"],
    ["tracks.artist.c", "ne:1"],
  ]));

describe("a filter", () => {
  const filter = (text: string) => parse(text).filters[0];

  test("means eq when the operator is left out", () =>
    expect(filter("name=AC/DC")).toMatchObject({ name: "name", operator: "eq", values: ["AC/DC"] }));

  test.each(operators.filter((word) => !["in", "nin", "between"].includes(word)))("%s takes one value", (operator) => {
    expect(filter(`id=${operator}:a,b`)).toMatchObject({ name: "id", operator, values: ["a,b"] });
    expect(filter(`id=${operator}:`)).toMatchObject({ name: "id", operator, values: [""] });
  });

  test("le and ge are lte and gte", () =>
    expect([filter("a=le:1"), filter("a=ge:1")]).toMatchObject([{ operator: "lte" }, { operator: "gte" }]));

  test("in and nin take a list, which may be empty", () => {
    expect(filter("id=in:1,2,3")).toMatchObject({ name: "id", operator: "in", values: ["1", "2", "3"] });
    expect(filter("id=nin:")).toMatchObject({ name: "id", operator: "nin", values: [] });
  });

  test("between takes two values", () => {
    expect(filter("id=between:1,9")).toMatchObject({ name: "id", operator: "between", values: ["1", "9"] });
    expect(filter('d=between:"a,b",c')).toMatchObject({ values: ["a,b", "c"] });
    expect(refusal("id=between:1")).toMatch(/^400 malformed_query 'id' needs two values/);
    expect(refusal("id=between:1,2,3")).toMatch(/^400 malformed_query/);
  });

  test("behind eq: everything is the value", () =>
    expect(filter("name=eq:lt:100")).toMatchObject({ values: ["lt:100"] }));

  test("with a word that is no operator keeps the whole text, and remembers the word", () => {
    expect(filter("url=http://x")).toMatchObject({ operator: "eq", values: ["http://x"], notOperator: "http" });
    expect(filter("id=foo:5")).toMatchObject({ operator: "eq", values: ["foo:5"], notOperator: "foo" });
    for (const value of ["12:30", ":x", "a b:c"]) {
      expect(filter(`s=${value}`)).toMatchObject({ operator: "eq", values: [value] });
      expect(filter(`s=${value}`)).not.toHaveProperty("notOperator");
    }
  });

  test("is repeated as often as it is written, in that order", () =>
    expect(parse("id=gt:1&name=x&id=lt:9").filters).toMatchObject([
      { name: "id", operator: "gt" },
      { name: "name", operator: "eq" },
      { name: "id", operator: "lt" },
    ]));

  test("is decoded in its name and its value; + is a space, and only the first = cuts", () => {
    expect(filter("na%6De=a%26b%3Dc+d%2B")).toMatchObject({ name: "name", values: ["a&b=c d+"] });
    expect(filter("x=a=b")).toMatchObject({ name: "x", values: ["a=b"] });
    expect(filter("%E2%82%AC=%F0%9F%98%80")).toMatchObject({ name: "€", values: ["😀"] });
  });

  test.each(["__proto__", "constructor", "LIMIT", "page"])("may be called %s", (name) =>
    expect(filter(`${name}=1`)).toMatchObject({ name }),
  );
});

describe("order-by", () => {
  test.each([
    ["name", [{ name: "name", descending: true }]],
    ["name:asc", [{ name: "name", descending: false }]],
    ["name:desc:nullslast", [{ name: "name", descending: true, nulls: "last" }]],
    ["name:nullsfirst", [{ name: "name", descending: true, nulls: "first" }]],
    [
      "last_name:asc,id:desc",
      [
        { name: "last_name", descending: false },
        { name: "id", descending: true },
      ],
    ],
  ])("%s", (text, order) => expect(parse(`order-by=${text}`).order).toEqual(order));

  test("may be repeated", () =>
    expect(parse("order-by=a&order-by=b:asc").order.map(({ name }) => name)).toEqual(["a", "b"]));

  test.each(["", ",", "a,", ":asc", "a:asc:desc", "a:nullsfirst:asc", "a:nullsfirst:nullslast", "a:", "a:asc:"])(
    "'%s' is refused",
    (text) => expect(refusal(`order-by=${text}`)).toMatch(/^400 malformed_query order-by/),
  );

  test("a slip comes with the nearest word", () =>
    expect(refusal("order-by=name:acs")).toMatch(/Perhaps you meant 'asc'\.$/));
});

describe("limit and offset", () => {
  test("are whole numbers, each for itself", () => {
    expect(parse("limit=20&offset=40")).toMatchObject({ limit: 20, offset: 40 });
    expect(parse("offset=0")).toEqual({ filters: [], order: [], embedded: new Map(), said: [], offset: 0 });
    expect(parse("limit=0").limit).toBe(0);
  });

  test.each(["-1", "1.5", "1e3", "", "ten", "+5", " 5", "0x10", "٣", "null"])("limit=%s is refused", (text) =>
    expect(refusal(`limit=${text}`)).toMatch(/^400 malformed_query limit is a whole number from 0 up/),
  );

  test("stand once", () => expect(refusal("limit=1&limit=2")).toBe("400 malformed_query limit stands twice."));
});

test("count is exact or estimated", () => {
  expect(parse("count=exact").count).toBe("exact");
  expect(parse("count=estimated").count).toBe("estimated");
  expect(refusal("count=some")).toBe("400 malformed_query count is exact or estimated, not 'some'.");
});

describe("refused with 400", () => {
  test.each(["a=%", "a=%zz", "%E0%A4%A=1", "a=%FF", "a=%C3%28", "limit=%", "a=%ED%A0%80"])("%s", (text) =>
    expect(refusal(text)).toMatch(/^400 malformed_query .* is not percent-encoded UTF-8: write % as %25\.$/),
  );

  test("a name without a value", () =>
    expect(refusal("name")).toBe("400 malformed_query 'name' has no value: write name=value."));

  test("more filters or sorting columns than the limit", () => {
    expect(refusal("a=1&b=2", 2)).toBe("no refusal");
    expect(refusal("a=1&b=2&c=3", 2)).toMatch(/^400 too_complex/);
    expect(refusal("order-by=a,b,c", 2)).toMatch(/^400 too_complex/);
    expect(refusal("order-by=a&order-by=b&order-by=c", 2)).toMatch(/^400 too_complex/);
  });

  test("what is over the limit by its length is not read to the end", () => {
    // What stands behind would be refused for its form.
    expect(refusal("and=(a=1,b=2,c=3,(", 2)).toMatch(/^400 too_complex/);
    expect(refusal("a=b&having=and(a=1,or(b=2,c=3,(", 2)).toMatch(/^400 too_complex/);
    expect(refusal(`order-by=${"a,".repeat(100_000)}`)).toMatch(/^400 too_complex/);
    expect(refusal(`${"a=1&".repeat(100_000)}b`)).toMatch(/^400 too_complex/);
    expect(refusal(`${"order-by=a&".repeat(100_000)}b`)).toMatch(/^400 too_complex/);
    const relations = Array.from({ length: 20 }, (_, i) => `r${i}`);
    const each = relations.map((name) => `${name}.limit=5&${name}.offset=5`).join("&");
    const filters = Array.from({ length: 50 }, (_, i) => `f${i}=1&order-by=f${i}`).join("&");
    expect(refusal(`select=${relations.map((name) => `${name}(*)`)}&limit=5&${each}&${filters}`)).toBe("no refusal");
  });
});

describe("a list", () => {
  test.each([
    ["", []],
    ["a", ["a"]],
    ["a,,b", ["a", "", "b"]],
    [",", ["", ""]],
    ['""', [""]],
    ['"a,b",c', ["a,b", "c"]],
    ['"a\\"b","c\\\\d"', ['a"b', "c\\d"]],
    ['a"b,c', ['a"b', "c"]],
    [" a , b ", [" a ", " b "]],
    ['"a",', ["a", ""]],
  ])("%s", (text, values) => expect(splitList(text, 100)).toEqual(values));

  test.each(['"a', '"a"b', '"a\\', '"'])("%s is refused", (text) =>
    expect(() => splitList(text, 100)).toThrow(HttpError),
  );

  test("is read to the first value that is too many", () =>
    expect(splitList('1,2,3,"what is behind it', 2)).toEqual(["1", "2", "3"]));

  test("gives back whatever was quoted", () =>
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (values) => {
        const text = values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(",");
        expect(splitList(text, 100)).toEqual(values);
      }),
    ));
});

test("any text is understood, or refused with 400", () => {
  const words = 'a = & % %2 in: between: " , order-by= or=( and( ) not. limit= : \\ \0'.split(" ");
  const part = fc.constantFrom(...words);
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(part).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (query) => {
      expect(refusal(query)).toMatch(/^(no refusal$|400 )/);
    }),
    { numRuns: 2000 },
  );
});
