// SQL Server's rules that others do not have, in the statements that a request becomes: what its texts say, and what they bind. The
// rules are those of Microsoft's manual; a trial on a server that speaks T-SQL showed where they were broken.

import { beforeEach, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import { tsqlMistakes } from "../sql/grammar.js";
import { jsonRequest } from "../support/json-request.js";
import { columnRow, referenceRow } from "../support/tds/catalogue.js";
import { closing, serve } from "../support/tds/connect.js";
import type { Answer, Heard, TdsServer } from "../support/tds/server.js";
import type { Row } from "../support/tds/tokens.js";

const BIN = "COLLATE Latin1_General_100_BIN2";

const key = (table: string, id: number, name: string): Row => ({
  ...{ schema: "dbo", table, id, name: `${table}_${id}`, primary: id === 1 ? 1 : 0, column: name },
});

const catalogue: readonly (readonly [string, readonly Row[]])[] = [
  ["HASHBYTES", [{ columns: "A", keys: "B", references: "C" }]],
  [
    "FROM sys.objects o",
    [
      columnRow("members", "id", "int", { identity: 1, nullable: 0 }),
      columnRow("members", "name", "nvarchar", { length: -1 }),
      columnRow("members", "email", "varchar", { length: 80, collation: "Turkish_CI_AS" }),
      columnRow("members", "score", "bigint"),
      columnRow("members", "city_id", "int"),
      columnRow("members", "notes", "ntext"),
      columnRow("members", "photo", "image"),
      columnRow("members", "doc", "json"),
      columnRow("venues", "id", "int", { nullable: 0 }),
      columnRow("venues", "capacity", "int"),
      columnRow("venues", "city_id", "int"),
      columnRow("cities", "id", "int", { nullable: 0 }),
    ],
  ],
  [
    "FROM sys.indexes i",
    [key("members", 1, "id"), key("members", 2, "email"), key("venues", 1, "id"), key("cities", 1, "id")],
  ],
  [
    "FROM sys.foreign_keys f",
    [referenceRow("members", "city_id", "cities"), referenceRow("venues", "city_id", "cities")],
  ],
];

let server: TdsServer;
let api: Api;
let rows: readonly Row[] = [];
beforeEach(async () => {
  rows = [];
  server = await serve((text): Answer => {
    const known = catalogue.find(([part]) => text.includes(part));
    return { rows: known === undefined ? rows : known[1] };
  });
  api = await createApi(server.url());
  closing(api.close);
  server.forget();
});

async function ask(method: string, address: string, body?: unknown) {
  const response = await api.handle(jsonRequest(method, address, body));
  const statements = server.heard.filter((one): one is Heard & { kind: "sql" } => one.kind === "sql");
  const [last] = statements.slice(-1);
  const text = last?.text ?? "";
  expect(tsqlMistakes(text), text).toEqual([]);
  return { response, text, values: last?.parameters.map(({ value }) => value) };
}

describe("a document's place in an order", () => {
  test("is kept as a text, and looked for as one", async () => {
    rows = [
      { "": '{"id":1}', place: '{"0":"{\\"a\\":1}","1":1}' },
      { "": '{"id":2}', place: '{"0":"{\\"a\\":2}","1":2}' },
    ];
    const { response, text } = await ask("GET", "/members?select=id&order-by=doc:asc&limit=1");
    expect(text).toContain(
      `N'{"0":' AS nvarchar(max)), ISNULL(N'"' + STRING_ESCAPE(CAST([members].[doc] AS nvarchar(max)), 'json')`,
    );
    const next = /<([^>]+)>; rel="next"/.exec(String(response?.headers.link))?.[1] ?? "";
    expect(next).not.toBe("");
    rows = [];
    const second = await ask("GET", next);
    expect(second.response?.status).toBe(200);
    expect(second.text).toContain("CAST([members].[doc] AS nvarchar(max)) > @p2");
    expect(second.values).toContain('{"a":1}');
  });
});

describe("a text in JSON", () => {
  const exact = (text: string) => `(CAST(${text} AS nvarchar(max)) + NCHAR(1)) ${BIN}`;

  test.each([
    ["Oslo", `IN (${exact("@p3")})`],
    ["gt:Oslo", `> ${exact("@p3")}`],
    ["not.in:Oslo,Rome", exact("@p3")],
  ])("that ends in spaces is another one: doc->city=%s", async (filter, compared) => {
    const { text } = await ask("GET", `/members?select=id&doc->city=${filter}`);
    expect(text).toContain(compared);
    // No text is compared without what stands behind its spaces.
    expect(text.match(/(IN \(|[<>=] )@p[3-9]/g)).toBeNull();
  });

  test("is sorted by its spaces too", async () => {
    const { text } = await ask("GET", "/members?select=id&order-by=doc->city:asc");
    expect(text).toMatch(
      /ORDER BY .*\(CAST\(\(SELECT TOP 1 j\.\[value\] FROM .* AS nvarchar\(max\)\) \+ NCHAR\(1\)\) COLLATE/,
    );
  });

  test("has one COLLATE, outside of its subquery", async () => {
    const { text } = await ask("GET", "/members?select=id&doc->city=like:O*");
    expect(text).toMatch(/WHERE CAST\(\(SELECT TOP 1 j\.\[value\] FROM [^)]*/);
    expect(text.match(/COLLATE/g)).toHaveLength(1);
  });
});

test("a number in JSON is bound with all its digits, and rounded where its column's side is", async () => {
  const { text, values } = await ask("GET", "/members?select=id&doc->pi=3.141592653589793");
  expect(values).toContain("3.141592653589793");
  expect(text).toContain("AS decimal(38, 10))");
});

test("HAVING takes sums past 2^63", async () => {
  const { response, values } = await ask("GET", "/members?select=sum:score.sum()&having=sum=9232379236109516800");
  expect(response?.status).toBe(200);
  expect(values).toContain("9232379236109516800");
});

describe("an upsert", () => {
  const row = '{"id":1,"email":"a@b"}';

  test("by another key sets no column that numbers itself, and takes a row that stands only by its own number", async () => {
    rows = [{ "": row }];
    const { response, text } = await ask("POST", "/members?on-conflict=merge&conflict-columns=email", {
      ...{ id: 1, name: "Ada", email: "a@b" },
    });
    expect(response?.status).toBeLessThan(300);
    expect(text).toMatch(
      / ON \[members\]\.\[email\] = \[given row\]\.\[c\d\] COLLATE Turkish_CI_AS AND \[members\]\.\[id\] = \[given row\]\.\[c\d\] WHEN/,
    );
    expect(text).toMatch(/WHEN MATCHED THEN UPDATE SET \[name\] = \[given row\]\.\[c\d\] OUTPUT/);
  });

  test("of long texts is not cut at 4,000 characters by a shorter one beside them", async () => {
    rows = [{ "": row }, { "": row }];
    const { text } = await ask("POST", "/members", [{ name: "a".repeat(5000) }, { name: null }]);
    expect(text).toContain("(0, CAST(@p1 AS nvarchar(max))), (1, CAST(@p2 AS nvarchar(max)))");
  });
});

describe("text, ntext and image", () => {
  test.each([
    ["notes.count()", "count(CAST([members].[notes] AS nvarchar(max)))"],
    ["notes.max()", "max(CAST([members].[notes] AS nvarchar(max)))"],
    ["photo.count()", "count(CAST([members].[photo] AS varbinary(max)))"],
    ["distinct.notes", "GROUP BY CAST([members].[notes] AS nvarchar(max))"],
  ])("are cast where they are counted, compared and grouped: %s", async (select, said) => {
    expect((await ask("GET", `/members?select=${select}`)).text).toContain(said);
  });
});

test("the case of a pattern is left out by the rules of its text, not of the database's language", async () => {
  const { text } = await ask("GET", "/members?select=id&name=ilike:I*");
  expect(text).toContain(`LIKE LOWER(@p1 ${BIN})`);
});

test("embedded lists are put together whatever the collations of their columns", async () => {
  const { text } = await ask("GET", "/cities?select=id,venues(id,capacity),members(id,name)");
  expect(text.match(/N'\[\]'\) COLLATE Latin1_General_100_BIN2/g)).toHaveLength(2);
});

test("limit=0 stays within what the server can add up", async () => {
  const { text } = await ask("GET", "/members?select=id&limit=0");
  expect(text).toContain("OFFSET CAST(4611686018427387904 AS bigint) ROWS FETCH NEXT 1 ROWS ONLY");
});
