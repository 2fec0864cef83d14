// A folder or a file, and the tables that there are → which file holds rows of which table. I/O: lists the folder.
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { didYouMean } from "../base/suggest.js";
import { SeedFailure } from "./failure.js";
import { type Format, formats } from "./rows.js";

export interface SeedFile {
  readonly path: string;
  /** As messages name it. */
  readonly name: string;
  readonly format: Format;
  /** The table's id. */
  readonly table: string;
}

/** Files of other kinds in a folder are passed over. Throws `SeedFailure`. */
export async function seedFiles(place: string, tables: readonly string[]): Promise<SeedFile[]> {
  const paths = await pathsIn(place);
  const files = paths.flatMap((path) => fileAt(path, tables) ?? []);
  const twice = files.find((file, i) => files.findIndex(({ table }) => table === file.table) < i);
  if (twice !== undefined) throw new SeedFailure(`two files hold rows of ${twice.table}: ${twice.name} is one.`);
  if (files.length === 0)
    throw new SeedFailure(
      `${place}: there is no file of rows. They end in ${formats.map((end) => `.${end}`).join(", ")}.`,
    );
  return files;
}

async function pathsIn(place: string): Promise<string[]> {
  const found = await stat(place).catch((error: NodeJS.ErrnoException) => {
    throw new SeedFailure(`cannot read ${place} (${error.code}).`);
  });
  if (!found.isDirectory()) return [place];
  const names = (await readdir(place, { withFileTypes: true })).filter((entry) => !entry.isDirectory());
  return names.map(({ name }) => join(place, name)).sort();
}

function fileAt(path: string, tables: readonly string[]): SeedFile | undefined {
  const name = basename(path);
  const [, stem = "", end = ""] = /^(.+)\.([^.]+)$/.exec(name) ?? [];
  const format = formats.find((known) => known === end.toLowerCase());
  if (format === undefined) return undefined;
  const table = tables.find((id) => id === stem) ?? tables.find((id) => id.toLowerCase() === stem.toLowerCase());
  if (table !== undefined) return { path, name, format, table };
  throw new SeedFailure(`${name}: there is no table '${stem}'.${didYouMean(stem, tables)}`);
}
