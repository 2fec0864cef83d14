// The questions about schemas that no server here answers: SQL Server's, by a grammar.
import { expect, test } from "vitest";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { tsqlMistakes } from "../sql/grammar.js";

test("SQL Server's questions are T-SQL", () => {
  const { all, behindViews } = mssql.schemas ?? { all: "", behindViews: "" };
  expect(all).toContain("sys.schemas");
  for (const text of [all, behindViews.replace("?", "@p0")]) expect(tsqlMistakes(text), text).toEqual([]);
});
