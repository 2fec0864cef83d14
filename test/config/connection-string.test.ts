// Connection strings as other tools spell them.
import { expect, test } from "vitest";
import { plainConnectionString } from "../../src/database/connection-string.js";
import { hostsIn } from "../../src/database/hosts.js";
import { dialectFor, namedDatabase } from "../../src/database/open-knex.js";

const spellings = [
  [
    "postgresql+psycopg://app:p%2Bw@db:5432/shop?sslmode=require",
    "postgresql://app:p%2Bw@db:5432/shop?sslmode=require",
  ],
  ["postgresql+asyncpg://db/shop", "postgresql://db/shop"],
  ["mysql+pymysql://app@db/shop?charset=utf8mb4", "mysql://app@db/shop?charset=utf8mb4"],
  ["mariadb+mariadbconnector://app@db/shop", "mariadb://app@db/shop"],
  ["mssql+pyodbc://sa@db/shop?driver=ODBC+Driver+18+for+SQL+Server&encrypt=false", "mssql://sa@db/shop?encrypt=false"],
  ["sqlite:///./data/shop.db", "sqlite:./data/shop.db"],
  ["sqlite:///../shop.db", "sqlite:../shop.db"],
  ["sqlite+pysqlite:///./shop.db", "sqlite:./shop.db"],
  // An absolute path, here as there.
  ["sqlite:////srv/shop.db", "sqlite:////srv/shop.db"],
  [
    "postgres://app@/shop?host=/run/postgresql&sslmode=disable",
    "postgres://app@%2Frun%2Fpostgresql/shop?sslmode=disable",
  ],
  ["postgresql:///shop?host=/run/postgresql&port=5433", "postgresql://%2Frun%2Fpostgresql:5433/shop"],
  ["postgres:///shop?host=one,two&port=5432,5433", "postgres://one:5432,two:5433/shop"],
  ["postgres:///shop?host=::1", "postgres://[::1]/shop"],
  ["postgresql://%2Frun%2Fpostgresql/shop", "postgresql://%2Frun%2Fpostgresql/shop"],
  ["postgres://app@/shop", "postgres://app@localhost/shop"],
  ["postgres:", "postgres://localhost"],
  [
    "mysql://app@/shop?unix_socket=/run/mysqld/a.sock",
    "mysql://app@localhost/shop?socketPath=%2Frun%2Fmysqld%2Fa.sock",
  ],
  [
    "mysql://app@%2Frun%2Fmysqld%2Fa.sock/shop?ssl=1",
    "mysql://app@localhost/shop?ssl=1&socketPath=%2Frun%2Fmysqld%2Fa.sock",
  ],
  ["mysql://app@/shop?socketPath=/run/mysqld/a.sock", "mysql://app@localhost/shop?socketPath=/run/mysqld/a.sock"],
] as const;

/** What stands in the variables, and what becomes of a connection string that leaves something out. */
const variables = { PGHOST: "db.example", PGPORT: "6543", MYSQL_HOST: "sql.example", MYSQL_TCP_PORT: "3307" };
const filled = [
  ["postgres://app@/shop", "postgres://app@db.example:6543/shop"],
  ["postgresql+psycopg://", "postgresql://db.example:6543"],
  // The driver reads the port.
  ["postgres://other/shop", "postgres://other/shop"],
  ["postgres:///shop?host=one", "postgres://one:6543/shop"],
  ["mysql:", "mysql://sql.example:3307"],
  ["mysql://one,two:1/shop", "mysql://one:3307,two:1/shop"],
  ["mysql://app@/shop?unix_socket=/run/mysqld/s", "mysql://app@localhost/shop?socketPath=%2Frun%2Fmysqld%2Fs"],
] as const;

for (const [given, plain] of filled)
  test(`${given} with variables`, () => expect(plainConnectionString(given, variables)).toBe(plain));

test("a host comes before a socket, and empty variables are none", () => {
  const socket = { MYSQL_UNIX_PORT: "/run/mysqld/s" };
  expect(plainConnectionString("mysql:///shop", socket)).toBe("mysql://localhost/shop?socketPath=%2Frun%2Fmysqld%2Fs");
  expect(plainConnectionString("mysql://db/shop", socket)).toBe("mysql://db/shop");
  expect(plainConnectionString("mysql:///shop", { ...socket, MYSQL_HOST: "::1" })).toBe("mysql://[::1]/shop");
  expect(plainConnectionString("postgres:", { PGHOST: "", PGPORT: "" })).toBe("postgres://localhost");
});

for (const [given, plain] of spellings)
  test(given, () => {
    expect(plainConnectionString(given, {})).toBe(plain);
    const db = namedDatabase(given);
    const dialect = dialectFor(db);
    // One of a file looks for it.
    if (!plain.startsWith("sqlite:")) expect(() => hostsIn(String(db)).map(dialect.configure)).not.toThrow();
  });

for (const own of [
  "sqlite:shop.db",
  "sqlite:///srv/shop.db",
  "sqlite::memory:",
  "postgres://a:b+c:d@db/x+y:z",
  "postgres:/app:word@host/shop",
  "postgres://app:wo/rd@host/shop",
  "mysql:app:word@host",
  "mssql://sa@db/shop",
])
  test(`${own} stays as it is`, () => expect(plainConnectionString(own, {})).toBe(own));
