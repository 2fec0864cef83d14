// Which connections the wire code takes: those of the installed drivers, and none that lacks a part which it uses.
import { describe, expect, test } from "vitest";
import { fits as fitsMysql } from "../../src/dialect/mysql/wire/fits.js";
import { fits as fitsPostgres } from "../../src/dialect/postgres/wire/fits.js";
import { type DatabaseName, databases } from "../support/databases.js";

const looks: readonly (readonly [DatabaseName, typeof fitsMysql, readonly string[]])[] = [
  [
    "postgres",
    fitsPostgres,
    ["connection.parsedStatements", "connection.parse", "connection.stream.cork", "connection"],
  ],
  [
    "mariadb",
    fitsMysql,
    ["addCommand", "_bumpSequenceId", "serverCapabilityFlags", "config.clientFlags", "stream.destroy"],
  ],
];

for (const [name, fits, parts] of looks) {
  const database = databases.find((one) => one.name === name);
  describe.skipIf(database?.skip)(name, () => {
    test("the installed driver's connection is one, and none is that lacks a part", async () => {
      const db = await database?.create("");
      const connection = (await db?.knex.client.acquireConnection()) as object;
      try {
        expect(fits(connection)).toBe(true);
        for (const part of parts) expect(fits(without(connection, part.split("."))), part).toBe(false);
      } finally {
        await db?.knex.client.releaseConnection(connection);
        await db?.drop();
      }
    });
  });
}

/** The same object, but for one part of it. */
function without(whole: object, [name = "", ...rest]: readonly string[]): object {
  const part = (whole as Record<string, unknown>)[name];
  const value = rest.length === 0 ? undefined : without(part as object, rest);
  return Object.create(whole, { [name]: { value } });
}
