// SQL Server's functions and procedures: what the catalogue's rows become, the statements that call them, and their answers over a
// real socket.
import { describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { routinesFrom, routinesSql } from "../../src/dialect/mssql/routines.js";
import type { Routine } from "../../src/schema/routine.js";
import { tsqlMistakes } from "../sql/grammar.js";
import { jsonRequest } from "../support/json-request.js";
import { closing, serve, texts } from "../support/tds/connect.js";
import type { Answer, TdsServer } from "../support/tds/server.js";
import type { Row } from "../support/tds/tokens.js";

interface Part {
  readonly part: "routine" | "returns" | "argument" | "column";
  readonly name?: string;
  readonly type?: string;
  readonly output?: number;
  readonly length?: number;
  readonly scale?: number;
}

const rowsOf = (
  routine: string,
  kind: string,
  definition: string | null,
  parts: readonly Part[],
  schema = "dbo",
): Row[] =>
  [{ part: "routine" as const }, ...parts].map((part, position) => ({
    ...{ schema, defaultSchema: "dbo", routine, kind, definition, definer: 0, comment: null, position },
    ...{ name: null, output: 0, type: null, length: 4, precision: 10, scale: 0, clr: null, ...part },
  }));
const argument = (name: string, type = "int", more: Partial<Part> = {}): Part => ({
  part: "argument",
  name,
  type,
  ...more,
});

const catalogue: readonly Row[] = [
  ...rowsOf(
    "add_tax",
    "FN",
    "CREATE FUNCTION add_tax(@price decimal(10,2), @rate float = 0.2) RETURNS decimal(10,2) …",
    [
      { part: "returns", type: "decimal", scale: 2 },
      argument("@price", "decimal", { scale: 2 }),
      argument("@rate", "float"),
    ],
  ),
  ...rowsOf("tracks_of", "IF", "CREATE FUNCTION tracks_of(@album_id int) RETURNS TABLE AS RETURN …", [
    argument("@album_id"),
    { part: "column", name: "no", type: "int" },
    { part: "column", name: "title", type: "nvarchar", length: 80 },
  ]),
  ...rowsOf(
    "transfer",
    "P",
    `CREATE PROCEDURE transfer @from AS int, -- @to int = 7,
      @to int, @note nvarchar(40) = N'it''s', @amount decimal(10,2) OUTPUT AS
      BEGIN TRAN; IF @from = 3 SELECT 1; COMMIT; RETURN 5`,
    [
      argument("@from"),
      argument("@to"),
      argument("@note", "nvarchar", { length: 80 }),
      argument("@amount", "decimal", { output: 1, scale: 2 }),
    ],
  ),
  ...rowsOf("touch", "P", "CREATE PROC touch AS UPDATE albums SET title = title", [], "audit"),
  ...rowsOf("ends", "P", "CREATE PROC ends AS COMMIT", []),
  ...rowsOf("hidden", "P", null, []),
];

describe("the catalogue's rows become routines", () => {
  const routines = new Map(routinesFrom(catalogue).map((routine) => [routine.name, routine]));
  const of = (name: string) => routines.get(name) as Routine;

  test("functions read, and answer a value or rows of their columns", () => {
    expect(of("add_tax")).toMatchObject({
      ...{ id: "add_tax(decimal(10,2),float)", kind: "function", reads: true, schema: "dbo" },
      returns: { type: "value", many: false, of: { kind: "decimal", scale: 2 } },
      arguments: [{ name: "price" }, { name: "rate", default: "0.2" }],
    });
    expect(of("tracks_of").returns).toMatchObject({
      ...{ type: "columns", many: true, columns: [{ name: "no" }, { name: "title" }] },
    });
  });

  test("procedures may write; their defaults stand in their text, comments aside", () => {
    expect(of("transfer")).toMatchObject({ kind: "procedure", reads: false, returns: { type: "results" } });
    expect(of("transfer").commits).toBeUndefined();
    expect(of("transfer").arguments.map((one) => [one.name, one.mode, one.default])).toEqual([
      ["from", "in", undefined],
      ["to", "in", undefined],
      ["note", "in", "N'it''s'"],
      ["amount", "inout", "NULL"],
    ]);
    expect(of("touch").id).toBe("audit.touch()");
    expect([of("ends").commits, of("hidden").commits]).toEqual([true, "unknown"]);
  });

  test.each([undefined, ["dbo", "it's"]])("the question for schemas %j is T-SQL", (schemas) => {
    const text = routinesSql(schemas);
    expect(tsqlMistakes(text)).toEqual([]);
    expect(text).not.toContain("?");
  });
});

describe("the API's calls", () => {
  let server: TdsServer;
  const answer = (text: string): Answer => {
    if (text.includes("HASHBYTES")) return { rows: [{ columns: "A" }] };
    if (text.includes("'FN', 'IF'")) return { rows: catalogue };
    if (/FROM sys\./.test(text)) return { rows: [] };
    if (text.startsWith("DECLARE @return") && text.includes("transfer"))
      return {
        results: [
          [
            { id: 1, name: "Ada" },
            { id: 2, name: "Bob" },
          ],
          [{ n: 1 }],
          [{ out: '{"amount":1.50}', return: 5 }],
        ],
      };
    if (text.startsWith("DECLARE @return")) return { results: [[{ out: null, return: 0 }]] };
    if (text.includes("tracks_of")) return { rows: [{ "": '{"no":1,"title":"So"}' }] };
    return { rows: [{ "": '{"value":12.50}' }] };
  };
  let handle: (
    method: string,
    address: string,
    body?: unknown,
  ) => Promise<{ status: number; body: unknown } | undefined>;
  const said = () => texts(server.heard).filter((text) => /\[dbo\]\.\[\w+\]|\[audit\]\.\[touch\]/.test(text));

  const start = async () => {
    server = await serve(answer);
    const api = await createApi(server.url(), { schema: ["dbo", "audit"] });
    closing(api.close);
    server.forget();
    handle = async (method, address, body) => {
      const found = await api.handle(jsonRequest(method, address, body));
      return found && { status: found.status, body: found.body };
    };
  };

  test("a function of a value stands in FROM, with DEFAULT for what is left out", async () => {
    await start();
    expect(await handle("GET", "/rpc/add_tax?price=10.5")).toEqual({ status: 200, body: "12.50" });
    const [text = ""] = said();
    expect(text).toContain("FROM (SELECT [dbo].[add_tax](CAST(@p1 AS decimal(38, 12)), DEFAULT) AS [value]) [add_tax]");
    expect(tsqlMistakes(text)).toEqual([]);
  });

  test("a function of rows takes filters, order and slices", async () => {
    await start();
    const found = await handle("GET", "/rpc/tracks_of?album_id=1&no=gt:0&order-by=title:asc&limit=2");
    expect(found).toEqual({ status: 200, body: '[{"no":1,"title":"So"}]' });
    const [text = ""] = said();
    expect(text).toMatch(
      /FROM \[dbo\]\.\[tracks_of\]\(@p\d\) \[tracks_of\] WHERE .*\[no\] > @p\d.* ORDER BY .*\[title\] ASC/s,
    );
    expect(tsqlMistakes(text)).toEqual([]);
  });

  test("a procedure's results, its OUTPUT arguments and what it returns", async () => {
    await start();
    const body = { from: 1, to: 2, amount: 1.5 };
    expect(await handle("POST", "/rpc/transfer", body)).toEqual({
      ...{ status: 200, body: '[{"id":1,"name":"Ada"},{"id":2,"name":"Bob"}]' },
    });
    const text = said().find((one) => one.includes("EXEC")) ?? "";
    expect(text).toMatch(
      /^DECLARE @return int, @a1 int = @p1, @a2 int = @p2, @a4 decimal\(10,2\) = CAST\(@p3 AS decimal\(38, 12\)\); EXEC @return = \[dbo\]\.\[transfer\] @from = @a1, @to = @a2, @amount = @a4 OUTPUT; SELECT .* AS \[out\], @return AS \[return\]$/,
    );
    expect(tsqlMistakes(text)).toEqual([]);
    expect((await handle("POST", "/rpc/transfer?results=all", body))?.body).toBe(
      '{"results":[[{"id":1,"name":"Ada"},{"id":2,"name":"Bob"}],[{"n":1}]],"out":{"amount":1.50},"return":5}',
    );
    expect((await handle("POST", "/rpc/transfer", { from: 1 }))?.status).toBe(422);
  });

  test("a procedure without a result is a 204, in a transaction of its own", async () => {
    await start();
    expect(await handle("POST", "/rpc/audit.touch", {})).toMatchObject({ status: 204 });
    expect(texts(server.heard).join("; ")).toMatch(/begin.*EXEC @return = \[audit\]\.\[touch\];.*commit/is);
    expect((await handle("GET", "/rpc/audit.touch"))?.status).toBe(405);
  });
});
