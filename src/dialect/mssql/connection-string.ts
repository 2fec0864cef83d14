// A connection string of SQL Server → what knex and tedious are given.
import type { EventEmitter } from "node:events";
import type { Knex } from "knex";
import type { Connection } from "tedious";
import type { Dialect } from "../dialect.js";

/** `Dialect.configure`. Throws an `Error` of one line. */
export function configure(connectionString: string): ReturnType<Dialect["configure"]> {
  if (!/^mssql:\/\//i.test(connectionString) || !URL.canParse(connectionString)) {
    throw new Error("A SQL Server connection string looks like mssql://user:password@host:1433/database.");
  }
  const url = new URL(connectionString);
  const settings = Object.fromEntries([...url.searchParams].map(([name, value]) => [name, setting(value)]));
  const database = decoded(url.pathname.slice(1));
  return {
    client: "mssql",
    connection: {
      // knex looks for some of them here (`domain`, `type`), and hands `options` to tedious as they are.
      ...settings,
      server: url.hostname.replace(/^\[(.*)\]$/, "$1") || "localhost",
      ...(url.username ? { user: decoded(url.username) } : {}),
      ...(url.password ? { password: decoded(url.password) } : {}),
      ...(database ? { database } : {}),
      options: { encrypt: true, ...settings, ...(url.port ? { port: Number(url.port) } : {}) },
    } as Knex.MsSqlConnectionConfig,
    pool: {
      // knex closes a connection that broke once more and waits for its second end: five seconds, which there is none of.
      afterCreate(connection: Connection, done: (error: Error | null) => void) {
        connection.once("end", () => {
          connection.close = () => void (connection as EventEmitter).emit("end");
        });
        done(null);
      },
    },
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error('A SQL Server connection string writes a "%" in names and passwords as "%25".');
  }
}

/** `?encrypt=false`, `?requestTimeout=5000`: JSON where it is JSON. */
function setting(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
