// Connection strings as other tools spell them.
import { expect, test } from "vitest";
import { plainConnectionString } from "../../src/database/connection-string.js";
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
] as const;

for (const [given, plain] of spellings)
  test(given, () => {
    expect(plainConnectionString(given)).toBe(plain);
    const db = namedDatabase(given);
    const dialect = dialectFor(db);
    // SQLite looks for its file.
    if (dialect.name !== "sqlite") expect(() => dialect.configure(String(db))).not.toThrow();
  });

for (const own of [
  "sqlite:shop.db",
  "sqlite:///srv/shop.db",
  "sqlite::memory:",
  "postgres://a:b+c:d@db/x+y:z",
  "mssql://sa@db/shop",
])
  test(`${own} stays as it is`, () => expect(plainConnectionString(own)).toBe(own));
