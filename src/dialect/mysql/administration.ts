// The databases and users of MySQL and MariaDB (manual: create-user, grant, information-schema-table-privileges-table).
import { createHash } from "node:crypto";
import {
  type Administration,
  type DatabaseAccount,
  type Fault,
  type NewDatabaseUser,
  type Said,
  SECRET_MASK,
} from "../parts/administration.js";
import { say } from "./driver.js";

/** Only for names and passwords without a backslash, which is not the same in every mode of a session. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const quote = (name: string): string => `\`${name.replaceAll("`", "``")}\``;
const accountText = ({ name, host = "%" }: DatabaseAccount): string => `${literal(name)}@${literal(host)}`;

/** `'name'@'host'`, as information_schema writes it. */
const HOST = "SUBSTRING_INDEX(GRANTEE, '''@''', -1)";
const GRANTEE = `SUBSTRING(GRANTEE, 2, CHAR_LENGTH(GRANTEE) - CHAR_LENGTH(${HOST}) - 4) AS name,
      LEFT(${HOST}, CHAR_LENGTH(${HOST}) - 1) AS host`;
const RIGHTS = "PRIVILEGE_TYPE IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')";

/** `identified`: how a password is said. */
const administrationBy = (identified: (password: string) => string): Administration => ({
  own: `SELECT DATABASE() AS \`database\`,
    LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER()) - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1) AS account`,
  databases: "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME",
  // Roles of MariaDB have no host.
  users: "SELECT User AS name, Host AS host FROM mysql.user WHERE User <> '' AND Host <> '' ORDER BY User, Host",
  // A grant on a database names it by a pattern.
  grants: `SELECT ${GRANTEE}, NULL AS \`schema\`, TABLE_NAME AS \`table\`, PRIVILEGE_TYPE AS \`right\`
    FROM information_schema.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE() AND ${RIGHTS}
    UNION ALL
    SELECT ${GRANTEE}, NULL, NULL, PRIVILEGE_TYPE
    FROM information_schema.SCHEMA_PRIVILEGES WHERE DATABASE() LIKE TABLE_SCHEMA AND ${RIGHTS}`,
  reserved: {
    databases: /^(mysql|sys|information_schema|performance_schema|ndbinfo)$/i,
    users: /^(root|mysql|mariadb\.sys|mysql\..*|debian-sys-maint|public|none)$/i,
  },
  longestUser: 32,
  hosts: true,
  createDatabase: (name) => `CREATE DATABASE ${quote(name)} CHARACTER SET utf8mb4`,
  dropDatabase: (name) => `DROP DATABASE ${quote(name)}`,
  holdsTables: (name) =>
    `SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${literal(name)} LIMIT 1`,
  createUser: async (user: NewDatabaseUser, ask): Promise<Said[]> => {
    const account = accountText(user);
    const create = (secret: string) => `CREATE USER ${account} IDENTIFIED ${secret}`;
    const [row] = await ask("SELECT DATABASE() AS name");
    const database = quote(String(row?.name));
    return [
      { text: create(identified(user.password)), shown: create(`BY '${SECRET_MASK}'`) },
      ...user.grants.map(({ table, rights }) => ({
        text: `GRANT ${rights.join(", ")} ON ${database}.${quote(table)} TO ${account}`,
      })),
    ];
  },
  dropUser: async (account) => [{ text: `DROP USER ${accountText(account)}` }],
  say,
  faults,
});

/** https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html */
const faults: ReadonlyMap<unknown, Fault> = new Map<unknown, Fault>([
  [1007, "exists"],
  [1008, "missing"],
  // CREATE USER and DROP USER have one for both: whether there was one is looked at before.
  [1396, "exists"],
  [1044, "not allowed"],
  [1045, "not allowed"],
  [1142, "not allowed"],
  [1227, "not allowed"],
  [1819, "password"],
]);

/** The server leaves passwords out of its own logs (manual: password-logging). */
export const mysqlAdministration: Administration = administrationBy((password) => `BY ${literal(password)}`);

/** MariaDB writes them there, so that it gets what it would make of one itself (manual: authentication-plugin-mysql_native_password). */
export const mariadbAdministration: Administration = administrationBy((password) => {
  const once = createHash("sha1").update(password).digest();
  return `BY PASSWORD '*${createHash("sha1").update(once).digest("hex").toUpperCase()}'`;
});
