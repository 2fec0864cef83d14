// A knex config of a SQLite file → the same for who only reads: the file, its journal mode and its folder stay as they are.
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import type Database from "better-sqlite3";
import type { Knex } from "knex";
import { afterConnect } from "../prepare.js";

export function untouched(config: Knex.Config): Knex.Config {
  const connection = config.connection as { filename: string; options?: object };
  const { filename } = connection;
  // What is in memory is another database on each connection, and would have nothing in it.
  if (filename === ":memory:") return config;
  if (!isClosedLog(filename))
    return { ...config, connection: { ...connection, options: { ...connection.options, readonly: true } } };
  // A connection that can only read makes the log's two files and cannot remove them (https://sqlite.org/wal.html, «Read-Only
  // Databases»). One that could write removes them with the last connection, and changes nothing of a file without a log.
  return afterConnect<Database.Database>(config, async (opened) => void opened.pragma("query_only = ON"));
}

/** Has the file a write-ahead log when it is open (https://sqlite.org/fileformat2.html, 1.3.3), and is nobody there who has it open? */
function isClosedLog(filename: string): boolean {
  if (existsSync(`${filename}-wal`) || !existsSync(filename)) return false;
  const header = Buffer.alloc(20);
  const file = openSync(filename, "r");
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  return header[18] === 2;
}
