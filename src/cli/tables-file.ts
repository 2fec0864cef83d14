// The file that `sapwood apply` is given → what is wanted: a config map's tables, or a schema that `sapwood schema` wrote. I/O: reads it.
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { NamingOptions } from "../base/naming.js";
import { isSavedSchema } from "../define/saved-schema.js";
import { type Wanted, wantedFromEntries, wantedFromSchema } from "../define/wanted.js";
import type { TableEntry } from "../schema/config.js";

/** Throws an `Error` of one line, or a `ConfigError`. */
export async function readTables(path: string, naming: NamingOptions): Promise<Wanted> {
  const given = await load(path);
  if (isSavedSchema(given)) return wantedFromSchema(given);
  const entries = Array.isArray(given) ? given : (given as { tables?: unknown } | null | undefined)?.tables;
  if (Array.isArray(entries)) return wantedFromEntries(entries as readonly TableEntry[], naming);
  throw new Error(
    `${basename(path)}: it holds a list of tables, { "tables": [{ "name": "albums", "columns": [...] }] }, or what "sapwood schema" has written.`,
  );
}

async function load(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`cannot read ${path} (${error.code}).`);
  });
  if (/\.[cm]?js$/.test(path))
    return ((await import(pathToFileURL(resolve(path)).href)) as { default?: unknown }).default;
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${basename(path)}: this is not valid JSON.`);
  }
}
