// PostgreSQL's databases and users (manual: sql-createdatabase, sql-createrole, ddl-priv).
import type { Client } from "pg";
import type { Ask } from "../connection.js";
import {
  type Administration,
  type NewDatabaseUser,
  type Said,
  SECRET_MASK,
  type TableGrant,
} from "../parts/administration.js";
import { literal, quote } from "../standard.js";
import { scramVerifier } from "./scram.js";

const SHOWN = "'r', 'p', 'v', 'm', 'f'";

export const administration: Administration = {
  own: "SELECT current_database()::text AS database, session_user::text AS account",
  databases: "SELECT datname::text AS name FROM pg_catalog.pg_database WHERE NOT datistemplate ORDER BY datname",
  // Who may do everything is the server's own.
  users: `SELECT rolname::text AS name, NULL AS host FROM pg_catalog.pg_roles WHERE rolcanlogin AND NOT rolsuper ORDER BY rolname`,
  // An owner's rights stand there once anybody was given some, and were not granted.
  grants: `SELECT r.rolname::text AS name, NULL AS host, n.nspname::text AS schema, c.relname::text AS "table", a.privilege_type AS right
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) a
    JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
    WHERE c.relkind IN (${SHOWN}) AND r.rolcanlogin AND a.grantee <> c.relowner
    ORDER BY 1, 3, 4`,
  reserved: { databases: /^(postgres|template\d+)$/i, users: /^(postgres|pg_.*|public|none)$/i },
  longestUser: 60,
  hosts: false,
  createDatabase: (name) => `CREATE DATABASE ${quote(name)} TEMPLATE template0 ENCODING 'UTF8'`,
  dropDatabase: (name) => `DROP DATABASE ${quote(name)}`,
  holdsTables: () => `SELECT c.relname::text FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN (${SHOWN}) AND n.nspname !~ '^(pg_|information_schema$)'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    LIMIT 1`,
  otherDatabase,
  createUser,
  // What else it has, or owns, refuses its end.
  dropUser: async ({ name }, ask) => {
    const given = await ask(GIVEN, [name]);
    const revoked = given.map(({ what }) => ({ text: `REVOKE ALL ON ${what} FROM ${quote(name)}` }));
    return [...revoked, { text: `DROP ROLE ${quote(name)}` }];
  },
  together: { begin: "BEGIN", commit: "COMMIT", rollback: "ROLLBACK" },
  say: async (connection, text) => void (await (connection as Client).query(text)),
  faults: new Map([
    ["42P04", "exists"],
    ["42710", "exists"],
    ["3D000", "missing"],
    ["42704", "missing"],
    ["55006", "in use"],
    ["2BP01", "in use"],
    ["42501", "not allowed"],
  ]),
};

/** A connection string says its database before all else that names one. */
function otherDatabase(settings: object, name: string): object {
  const { connectionString } = settings as { readonly connectionString?: string };
  if (connectionString === undefined) return Object.assign(Object.create(settings), { database: name });
  const url = new URL(connectionString);
  url.pathname = `/${encodeURI(name)}`;
  return { ...settings, connectionString: url.href };
}

/** What users get of a database and its schemas mostly stands open to all. */
async function createUser({ name, password, grants }: NewDatabaseUser, ask: Ask): Promise<Said[]> {
  const user = quote(name);
  const create = (secret: string) => `CREATE ROLE ${user} LOGIN PASSWORD ${literal(secret)}`;
  const needed = grants.length === 0 ? [] : await ask(NEEDED);
  const open = needed.filter(
    ({ schema }) => schema === null || grants.some((grant) => grant.schema === String(schema)),
  );
  const numbered = grants.some(({ rights }) => rights.includes("INSERT")) ? await ask(SEQUENCES) : [];
  return [
    { text: create(await scramVerifier(password)), shown: create(SECRET_MASK) },
    ...open.map(({ what }) => ({ text: `GRANT ${what} TO ${user}` })),
    ...grants.flatMap((grant) => granted(grant, user, numbered)),
  ];
}

function granted(
  { schema, table, rights }: TableGrant,
  user: string,
  numbered: readonly Record<string, unknown>[],
): Said[] {
  const place = `${quote(schema ?? "public")}.${quote(table)}`;
  const sequences = rights.includes("INSERT")
    ? numbered.filter((row) => row.schema === (schema ?? "public") && row.table === table)
    : [];
  return [
    { text: `GRANT ${rights.join(", ")} ON TABLE ${place} TO ${user}` },
    ...sequences.map(({ sequence }) => ({ text: `GRANT USAGE ON SEQUENCE ${sequence} TO ${user}` })),
  ];
}

/** Ways to tables that are not open to all: `schema` is NULL for the database itself. */
const NEEDED = `
  SELECT NULL AS schema, format('CONNECT ON DATABASE %I', current_database()) AS what
  WHERE NOT has_database_privilege('public', current_database(), 'CONNECT')
  UNION ALL
  SELECT nspname::text, format('USAGE ON SCHEMA %I', nspname) FROM pg_catalog.pg_namespace
  WHERE nspname !~ '^(pg_|information_schema$)' AND NOT has_schema_privilege('public', oid, 'USAGE')`;

/** Those that number the rows of a table. */
const SEQUENCES = `
  SELECT n.nspname::text AS schema, c.relname::text AS "table", s.oid::regclass::text AS sequence
  FROM pg_catalog.pg_depend d
  JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
  JOIN pg_catalog.pg_class c ON c.oid = d.refobjid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')`;

/** What a role was given in this database, as GRANT names it. */
const GIVEN = `
  WITH asked AS (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = ?)
  SELECT format('%s %I.%I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname) AS what
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE EXISTS (SELECT FROM pg_catalog.aclexplode(c.relacl) a JOIN asked ON asked.oid = a.grantee AND asked.oid <> c.relowner)
  UNION ALL
  SELECT format('SCHEMA %I', n.nspname) FROM pg_catalog.pg_namespace n
  WHERE EXISTS (SELECT FROM pg_catalog.aclexplode(n.nspacl) a JOIN asked ON asked.oid = a.grantee AND asked.oid <> n.nspowner)
  UNION ALL
  SELECT format('DATABASE %I', b.datname) FROM pg_catalog.pg_database b
  WHERE b.datname = current_database()
    AND EXISTS (SELECT FROM pg_catalog.aclexplode(b.datacl) a JOIN asked ON asked.oid = a.grantee AND asked.oid <> b.datdba)`;
