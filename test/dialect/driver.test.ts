// What is refused before a driver is loaded.
import { expect, test } from "vitest";
import { openDatabase } from "../../src/database/database.js";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";

test.each([
  ["13.0.0", "20.20.2", /needs Node\.js 22 or newer.*npm install better-sqlite3@12/],
  ["13.2.0", "22.12.0", undefined],
  ["12.11.1", "20.20.2", undefined],
])("better-sqlite3 %s on Node.js %s", (driver, node, said) => {
  const why = sqlite.driverProblem?.(driver, node);
  if (said === undefined) expect(why).toBeUndefined();
  else expect(why).toMatch(said);
});

test.each([undefined, null, ""])("a database that is %j", (db) => {
  expect(() => openDatabase(db as never)).toThrow(
    /^the database: a connection string .* is needed, and this is (undefined|null|an empty text)\. .*DATABASE_URL, set that\.$/,
  );
});
