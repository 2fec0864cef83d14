// SQL Server's databases, logins and users (pages create-database, create-login, create-user, grant-object-permissions of
// https://learn.microsoft.com/sql/t-sql/statements).
import { type Administration, type NewDatabaseUser, type Said, SECRET_MASK } from "../parts/administration.js";
import { literal } from "../standard.js";
import { say } from "./driver.js";
import { quote } from "./write.js";

const named = (schema: string | null, table: string): string => `${quote(schema ?? "dbo")}.${quote(table)}`;

export const administration: Administration = {
  own: "SELECT DB_NAME() AS [database], ORIGINAL_LOGIN() AS [account]",
  databases: "SELECT name FROM sys.databases WHERE source_database_id IS NULL ORDER BY name",
  users: "SELECT name, NULL AS host FROM sys.sql_logins ORDER BY name",
  grants: `SELECT l.name AS [name], NULL AS [host], s.name AS [schema], o.name AS [table], p.permission_name AS [right]
    FROM sys.database_permissions p
    JOIN sys.database_principals u ON u.principal_id = p.grantee_principal_id
    JOIN sys.sql_logins l ON l.sid = u.sid
    JOIN sys.objects o ON o.object_id = p.major_id
    JOIN sys.schemas s ON s.schema_id = o.schema_id
    WHERE p.class = 1 AND p.minor_id = 0 AND p.state IN ('G', 'W')
      AND p.permission_name IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    ORDER BY l.name, s.name, o.name`,
  reserved: {
    databases: /^(master|tempdb|model|msdb|distribution|resource)$/i,
    users: /^(sa|dbo|guest|sys|public|information_schema)$/i,
  },
  longestUser: 60,
  hosts: false,
  createDatabase: (name) => `CREATE DATABASE ${quote(name)}`,
  dropDatabase: (name) => `DROP DATABASE ${quote(name)}`,
  holdsTables: (name) =>
    `SELECT TOP (1) name FROM ${quote(name)}.sys.objects WHERE type IN ('U', 'V') AND is_ms_shipped = 0`,
  createUser: async ({ name, password, grants }: NewDatabaseUser): Promise<Said[]> => {
    const create = (secret: string) => `CREATE LOGIN ${quote(name)} WITH PASSWORD = N${literal(secret)}`;
    return [
      // Traces and Extended Events leave out statements that have a password.
      { text: create(password), shown: create(SECRET_MASK) },
      { text: `CREATE USER ${quote(name)} FOR LOGIN ${quote(name)}` },
      ...grants.flatMap(({ schema, table, rights }) =>
        rights.map((right) => ({ text: `GRANT ${right} ON ${named(schema, table)} TO ${quote(name)}` })),
      ),
    ];
  },
  dropUser: async ({ name }) => [{ text: `DROP USER IF EXISTS ${quote(name)}` }, { text: `DROP LOGIN ${quote(name)}` }],
  together: {
    begin: "SET XACT_ABORT ON; BEGIN TRANSACTION",
    commit: "COMMIT TRANSACTION; SET XACT_ABORT OFF",
    rollback: "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION; SET XACT_ABORT OFF",
  },
  say,
  // https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
  faults: new Map([
    [1801, "exists"],
    [15025, "exists"],
    [15023, "exists"],
    [911, "missing"],
    [15151, "missing"],
    [3702, "in use"],
    [15138, "in use"],
    [15434, "in use"],
    [262, "not allowed"],
    [3701, "not allowed"],
    [15247, "not allowed"],
    [15116, "password"],
    [15117, "password"],
    [15118, "password"],
  ]),
};
