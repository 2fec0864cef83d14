// What a file of tables may say wrongly: the place, what is wrong, and the nearest right word. And nothing of it becomes SQL.
import { describe, expect, test } from "vitest";
import { definitionPlan, sideOf } from "../../src/define/definition-plan.js";
import type { Maker } from "../../src/define/statements.js";
import { wantedFromEntries } from "../../src/define/wanted.js";
import { dialects } from "../../src/dialect/index.js";
import type { TableEntry } from "../../src/schema/config.js";
import { tables } from "./tables.js";

const planOn = (dialect: Maker, entries: readonly TableEntry[]) =>
  definitionPlan({ tables: [] }, wantedFromEntries(entries), dialect, (schema) => sideOf(schema, {}), false);

const column = { name: "id", type: "increments" };
const refersTo = (onDelete: string) => [{ table: "a", column: "id", onDelete }];

describe.each(dialects as readonly Maker[])("$name", (dialect) => {
  test.each([
    [
      "a type's slip",
      { columns: [{ name: "b", type: "strng(80)" }] },
      /columns\[0\]\.type: there is no type 'strng\(80\)'\. Perhaps you meant 'string'/,
    ],
    ["SQL for a type", { columns: [{ name: "b", type: "text); DROP TABLE a; --" }] }, /there is no type/],
    ["no type", { columns: [{ name: "b" }] }, /b needs its type: one of text/],
    ["SQL for a name", { name: 'a"; DROP TABLE b; --', columns: [column] }, /is no name/],
    ["two names", { name: "a as b", columns: [column] }, /is no name/],
    ["a column of SQL", { columns: [{ name: "b` int", type: "text" }] }, /columns\[0\]\.name: .* is no name/],
    ["a long name", { name: "a".repeat(61), columns: [column] }, /too long/],
    ["a backslash in a comment", { columns: [column], comment: "\\' ; DROP" }, /has no backslash/],
    ["an action's slip", { columns: [column], belongsTo: refersTo("casade") }, /Perhaps you meant 'cascade'/],
    [
      "an unknown column in a key",
      { columns: [column], unique: ["di"] },
      /unique\[0\]: a has no column 'di'\. Perhaps you meant 'id'/,
    ],
  ])("%s", (_, entry, message) => {
    expect(() => planOn(dialect, [{ name: "a", ...entry } as unknown as TableEntry])).toThrow(message);
  });

  test("quotes in defaults and comments stay within their quotes", () => {
    const text = "'' it's ''' \" ` ?";
    const b = { name: "b", type: "string(40)", default: text, comment: text };
    const { statements } = planOn(dialect, [{ name: "a", comment: text, columns: [{ ...column, comment: text }, b] }]);
    for (const { sql } of statements.flat()) expect(withoutTexts(sql)).not.toMatch(/\bit\b|'/);
  });

  test("all of a map's tables", () => {
    const { statements, notes } = planOn(dialect, tables);
    expect(notes).toEqual([]);
    expect(statements.flat().map(({ sql }) => sql)).toMatchSnapshot();
  });
});

/** What stands between quotes is gone, MySQL's `\'` within them too. */
const withoutTexts = (sql: string): string => sql.replace(/[NE]?'(?:[^'\\]|''|\\.)*'/g, "");
