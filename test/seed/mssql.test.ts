// `seed` and `reset` on SQL Server, over a real socket: what is said to it, in order, and that it is T-SQL to a foreign grammar.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, inject, test } from "vitest";
import { schemaFor } from "../../src/api/build-snapshot.js";
import { reset } from "../../src/seed/reset.js";
import { seed } from "../../src/seed/seed.js";
import { tsqlMistakes } from "../sql/grammar.js";
import { columnRow, referenceRow } from "../support/tds/catalogue.js";
import { connect, serve, texts } from "../support/tds/connect.js";
import type { Answer } from "../support/tds/server.js";
import type { Row } from "../support/tds/tokens.js";

const key = (table: string): Row => ({ schema: "dbo", table, id: 1, name: `PK_${table}`, primary: 1, column: "id" });

/** `crews` and `people` refer to each other; a boat is of a crew. */
const catalogue: readonly (readonly [string, readonly Row[]])[] = [
  ["HASHBYTES", [{ columns: "A", keys: "B", references: "C" }]],
  [
    "FROM sys.objects o",
    [
      columnRow("boats", "id", "int", { identity: 1, nullable: 0 }),
      columnRow("boats", "crew_id", "int", { nullable: 0 }),
      columnRow("boats", "built", "date"),
      columnRow("crews", "id", "int", { identity: 1, nullable: 0 }),
      columnRow("crews", "name", "nvarchar"),
      columnRow("crews", "captain_id", "int"),
      columnRow("people", "id", "int", { nullable: 0 }),
      columnRow("people", "crew_id", "int"),
    ],
  ],
  ["FROM sys.indexes i", [key("boats"), key("crews"), key("people")]],
  [
    "FROM sys.foreign_keys f",
    [
      referenceRow("boats", "crew_id", "crews"),
      referenceRow("crews", "captain_id", "people"),
      referenceRow("people", "crew_id", "crews"),
    ],
  ],
  ["FROM sys.sql_modules m", []],
];

const folder = mkdtempSync(join(inject("files"), "seed-mssql-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "boats.csv"), "crew_id,built\n1,1999-01-02\n1,\n");
writeFileSync(join(folder, "crews.json"), '[{"id":1,"name":"Ada","captain_id":9}]');
writeFileSync(join(folder, "people.ndjson"), '{"id":9,"crew_id":1}\n');

/** What is said of tables' rows, as far as `keep` is not asked for by the catalogue. */
async function started(said: (text: string) => Answer) {
  const server = await serve((text) => {
    const known = catalogue.find(([part]) => text.includes(part));
    return known === undefined ? said(text) : { rows: known[1] };
  });
  const database = connect(server.url());
  const spoken = () => texts(server.heard).filter((text) => !catalogue.some(([part]) => text.includes(part)));
  return { server, database, spoken };
}

/** As many rows as are written. */
function written(text: string): Answer {
  if (/^select top/i.test(text)) return { rows: [], columns: ["found"] };
  const row = { "": '{"id":1}' };
  return { rows: text.includes("[boats]") ? [row, row] : [row] };
}

const expectGrammar = (said: readonly string[]) => {
  for (const text of said.filter((text) => /\s/.test(text))) expect(tsqlMistakes(text), text).toEqual([]);
};

describe("seed", () => {
  test("writes parents first, closes circles at the end, in one transaction", async () => {
    const { database, spoken } = await started(written);
    const done = await database.knex.transaction((trx) => seed(trx, folder, { options: {} }));
    expect(done.map(({ table, rows }) => [table, rows])).toEqual([
      ["people", 1],
      ["crews", 1],
      ["boats", 2],
    ]);
    const looksFor = (table: string) => `select top (@p0) 1 AS found from [dbo].[${table}]`;
    expect(spoken()).toEqual([
      "begin",
      ...[looksFor("people"), "save", expect.stringContaining("INSERT INTO [dbo].[people] ([id]) ")],
      ...[looksFor("crews"), "save"],
      // The file says the number, which the server would make itself.
      expect.stringMatching(
        /SET IDENTITY_INSERT \[dbo\]\.\[crews\] ON; INSERT INTO \[dbo\]\.\[crews\] \(\[id\], \[name\], \[captain_id\]\) .*SET IDENTITY_INSERT \[dbo\]\.\[crews\] OFF/,
      ),
      ...[looksFor("boats"), "save", expect.stringContaining("MERGE INTO [dbo].[boats] ")],
      expect.stringContaining("UPDATE [dbo].[people] SET [crew_id] = @p1 "),
      "commit",
    ]);
    expectGrammar(spoken());
  });

  test("takes all back where the server refuses a row", async () => {
    const full = { errors: [{ number: 2627, message: "Violation of PRIMARY KEY constraint 'PK_crews'." }] };
    const { database, spoken } = await started((text) =>
      text.includes("INSERT INTO [dbo].[crews]") ? full : written(text),
    );
    const sown = database.knex.transaction((trx) => seed(trx, folder, { options: {} }));
    await expect(sown).rejects.toThrow(/^crews\.json: row 1: /);
    expect(spoken().filter((text) => /^(begin|save|rollback|commit)/.test(text))).toEqual([
      ...["begin", "save", "save", "rollback to", "rollback"],
    ]);
    expect(spoken().join()).not.toContain("[boats]");
  });
});

describe("reset", () => {
  test("cuts circles, deletes children before their parents, and begins numbers anew", async () => {
    const { database, spoken } = await started((text) =>
      /@@rowcount/i.test(text) ? { rows: [{ "": 2 }] } : undefined,
    );
    const { tables } = await schemaFor(database, {});
    const emptied = await reset(database.knex, tables, database.dialect);
    expect(emptied.map(({ table }) => table)).toEqual(["boats", "crews", "people"]);
    const said = spoken();
    const starts = (table: string) => expect.stringContaining(`DBCC CHECKIDENT (N'[dbo].[${table}]', RESEED, 0)`);
    expect(said).toEqual([
      "begin",
      "update [dbo].[people] set [crew_id] = @p0;select @@rowcount",
      ...["boats", "crews", "people"].map((table) => `delete from [dbo].[${table}];select @@rowcount`),
      "commit",
      ...[starts("crews"), starts("boats")],
    ]);
    expectGrammar(said);
  });
});
