// What a database keeps for itself is never shown: accounts and their hashes, settings, statistics.
import { describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { dialectOfClient } from "../../src/dialect/index.js";
import { run } from "../cli/cli.js";
import type { DatabaseName } from "../support/databases.js";
import { onEveryDatabase } from "../support/matrix.js";

const clubs = "CREATE TABLE clubs (id INTEGER PRIMARY KEY);";
const ddl = { sqlite: clubs, postgres: `${clubs} CREATE TABLE pg_clubs (id INTEGER PRIMARY KEY);`, mariadb: clubs };

const schemas: Readonly<Record<DatabaseName, readonly string[]>> = {
  sqlite: [],
  postgres: ["pg_catalog", "information_schema", "pg_toast", "pg_temp_3"],
  mariadb: ["mysql", "sys", "performance_schema", "information_schema", "MYSQL"],
};
const tables: Readonly<Record<DatabaseName, readonly string[]>> = {
  sqlite: ["sqlite_master", "sqlite_schema", "SQLITE_SEQUENCE", "main.sqlite_master", "pragma_table_list", "dbstat"],
  postgres: ["pg_authid", "pg_catalog.pg_authid", "pg_catalog.pg_shadow.passwd", "information_schema.tables"],
  mariadb: ["mysql.user", "mysql.global_priv", "information_schema.TABLES", "performance_schema.accounts"],
};
const message = /is the database's own, and no API shows it\.$/;

onEveryDatabase(ddl, (place) => {
  const refused = async (options: object) => {
    const error = await createApi(place.db().url, options).then(
      (api) => api.close().then(() => undefined),
      (error: Error) => error,
    );
    expect(error?.name, JSON.stringify(options)).toBe("ConfigError");
    expect(error?.message).toMatch(message);
  };

  test.skipIf(schemas[place.name].length === 0)("schema", async () => {
    for (const schema of schemas[place.name]) {
      await refused({ schema });
      await refused({ schema: ["public", schema] });
    }
  });

  test("include", async () => {
    for (const name of tables[place.name]) await refused({ include: ["clubs", name] });
  });

  test("tables by hand", async () => {
    for (const name of tables[place.name].filter((name) => !name.endsWith(".passwd")))
      await refused({ tables: [{ name, columns: [{ name: "a" }] }] });
  });

  test("none is there by itself", async () => {
    const api = await createApi(place.db().url);
    expect(api.schema.tables.map(({ name }) => name).filter((name) => !name.endsWith("clubs"))).toEqual([]);
    await api.close();
  });

  test("the program says it in one line", async () => {
    const { code, stderr } = await run(["routes", place.db().url, "--include", tables[place.name][0] as string]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^sapwood: options\.include\[0\]: [^\n]* is the database's own, and no API shows it\.\n$/);
  });
});

onEveryDatabase(
  ddl,
  (place) => {
    test("a table of yours may begin with pg_", async () => {
      const api = await createApi(place.db().url, { include: ["pg_clubs"] });
      expect(api.schema.tables.map(({ name }) => name)).toEqual(["pg_clubs"]);
      await api.close();
    });
  },
  ["postgres"],
);

onEveryDatabase(
  ddl,
  (place) => {
    test.each(schemas.mariadb.slice(0, 4))("a connection to %s", async (name) => {
      const url = new URL(place.db().url);
      url.pathname = `/${name}`;
      await expect(createApi(url.href)).rejects.toThrow(`database: ${name} is the server's own, and no API shows it`);
    });
  },
  ["mariadb"],
);

describe("SQL Server", () => {
  const { system } = dialectOfClient("mssql");
  test.each(["sys", "SYS", "INFORMATION_SCHEMA"])("%s is its own schema", (name) =>
    expect(system.schemas.test(name)).toBe(true),
  );
  test.each(["sysobjects", "syslogins"])("%s is its own view", (name) => expect(system.tables.test(name)).toBe(true));
  test.each(["dbo", "system_a"])("%s is not", (name) => {
    expect([system.schemas.test(name), system.tables.test(name)]).toEqual([false, false]);
  });
});
