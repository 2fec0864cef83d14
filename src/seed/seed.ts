// Files of rows → rows of their tables: parents first, in parts, all of them or none. I/O: reads the files, writes to the database.
import type { Knex } from "knex";
import type { Api } from "../api/api.js";
import { createApi } from "../api/create.js";
import type { ApiOptions } from "../api/options.js";
import { connectionOptionNames } from "../database/connection-options.js";
import { askOf } from "../database/database.js";
import { HttpError } from "../http/problem.js";
import type { Body } from "../request/body.js";
import { lookupOf, type TableLookup, tableOf } from "../schema/lookup.js";
import { type ForeignKey, fieldOf, type Table } from "../schema/schema.js";
import { SeedFailure } from "./failure.js";
import { type SeedFile, seedFiles } from "./files.js";
import { laterKeys, seedOrder } from "./order.js";
import { sendTo } from "./request.js";
import { rowsOf } from "./rows.js";

export interface SeedOptions {
  readonly options: ApiOptions;
  /** What becomes of rows that are there by their key. Left out, tables must be empty. */
  readonly onConflict?: "merge" | "ignore";
  /** Called from time to time. */
  progress?(table: string, rows: number): void;
}

/** What was done with one file. */
export interface Seeded {
  readonly table: string;
  readonly file: string;
  readonly rows: number;
}

/** Rows of one statement, about. */
const PART = 250;
/** Characters of one part, about. */
const PART_LENGTH = 4_000_000;

/** On a connection that a transaction is on; `place` is a folder or a file. Throws `SeedFailure`. */
export async function seed(trx: Knex, place: string, asked: SeedOptions): Promise<Seeded[]> {
  const api = await openedFor(trx, asked.options);
  const named = api.schema.tables.filter(({ kind }) => kind === "table").map(({ id }) => id);
  const files = await seedFiles(place, named);
  const lookup = lookupOf(api.schema);
  const tables = files.map(({ table }) => tableOf(lookup, table).table);
  const sorted = seedOrder(tables);
  const done: Seeded[] = [];
  const each = sorted.map((table) => ({
    entry: tableOf(lookup, table.id),
    file: files.find((file) => file.table === table.id) as SeedFile,
    later: laterKeys(table, sorted),
  }));
  for (const one of each) {
    if (asked.onConflict === undefined) await refuseRows(trx, one.entry.table);
    const rows = await inFile(one.file, () => insertAll(one, api, asked));
    done.push({ table: one.file.table, file: one.file.name, rows });
  }
  for (const one of each) if (one.later.length > 0) await inFile(one.file, () => linkAll(one, api));
  for (const { entry } of each) await renumber(trx, entry.table, api);
  return done;
}

interface Seeding {
  readonly entry: TableLookup;
  readonly file: SeedFile;
  /** Foreign keys to rows that come later: they are NULL first. */
  readonly later: readonly ForeignKey[];
}

/** The connection has its own already. */
const leftOut: ReadonlySet<string> = new Set([...connectionOptionNames, "hooks", "roles", "auth", "readOnly"]);

/** Each table has a path of its own; no hooks, no rights, no answers that are kept. */
async function openedFor(trx: Knex, options: ApiOptions): Promise<Api> {
  const kept = Object.entries(options).filter(([name]) => !leftOut.has(name));
  const plain: ApiOptions = {
    ...Object.fromEntries(kept),
    listenForChanges: false,
    schemaPoll: 0,
    retries: 0,
    logger: undefined,
  };
  const seen = await createApi(trx, plain);
  const links = seen.tree.resources.filter(({ root }) => !root).map(({ table }) => table);
  if (links.length === 0) return seen;
  const roots = links.map((name) => ({ name, relationTypes: ["root" as const] }));
  return createApi(trx, { ...plain, overrides: [...(options.overrides ?? []), ...roots] });
}

async function refuseRows(trx: Knex, { id, name, schema }: Table): Promise<void> {
  const rows = schema === null ? trx(name) : trx(name).withSchema(schema);
  if ((await rows.first(trx.raw("1 AS found"))) === undefined) return;
  throw new SeedFailure(
    `${id} holds rows already. Was it seeded before? With --on-conflict ignore rows that are there stay, with merge they become as the file says; sapwood reset empties tables.`,
  );
}

async function inFile<T>({ name }: SeedFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SeedFailure || error instanceof HttpError)
      throw new SeedFailure(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function insertAll(
  { entry, file, later }: Seeding,
  api: Api,
  { onConflict, progress }: SeedOptions,
): Promise<number> {
  const empty = later
    .flatMap(({ columns }) => columns)
    .flatMap((name) => entry.columns.get(name) ?? [])
    .map(fieldOf);
  const path = pathOf(entry, api);
  const query = onConflict === undefined ? "" : `on-conflict=${onConflict}`;
  let count = 0;
  for await (const part of partsOf(rowsOf(file.path, file.format, entry))) {
    const bodies = empty.length === 0 ? part : part.map((row) => without(row, empty));
    await sendTo(api, { method: "POST", path, query, body: bodies, first: count + 1 });
    count += part.length;
    progress?.(entry.table.id, count);
  }
  return count;
}

/** The rows that come later are there now. */
async function linkAll({ entry, file, later }: Seeding, api: Api): Promise<void> {
  const fields = later
    .flatMap(({ columns }) => columns)
    .flatMap((name) => entry.columns.get(name) ?? [])
    .map(fieldOf);
  const key = entry.table.primaryKey.flatMap((name) => entry.columns.get(name) ?? []).map(fieldOf);
  let at = 0;
  for await (const row of rowsOf(file.path, file.format, entry)) {
    at++;
    const said = fields.filter((field) => (row[field] ?? null) !== null);
    if (said.length === 0) continue;
    const values = key.map((field) => row[field]);
    if (key.length === 0 || values.some((value) => (value ?? null) === null))
      throw new SeedFailure(
        `row ${at}: ${said.join(", ")} refers to rows that come later, so that the row needs its key (${key.join(", ") || "there is none"}).`,
      );
    const path = `${pathOf(entry, api)}/${values.map((value) => encodeURIComponent(String(value))).join(",")}`;
    const body = Object.fromEntries(said.map((field) => [field, row[field]]));
    await sendTo(api, { method: "PATCH", path, query: "", body, first: at });
  }
}

function pathOf({ table }: TableLookup, { tree }: Api): string {
  const resource = tree.resources.find((other) => other.table === table.id && other.root);
  if (resource === undefined || resource.readOnly)
    throw new SeedFailure(`${table.id} is a view, or cannot be written.`);
  return `/${resource.name}`;
}

const without = (row: Body, fields: readonly string[]): Body =>
  Object.fromEntries(Object.entries(row).filter(([field]) => !fields.includes(field)));

async function* partsOf(rows: AsyncIterable<Body>): AsyncGenerator<Body[]> {
  let part: Body[] = [];
  let length = 0;
  for await (const row of rows) {
    part.push(row);
    length += lengthOf(row);
    if (part.length < PART && length < PART_LENGTH) continue;
    yield part;
    part = [];
    length = 0;
  }
  if (part.length > 0) yield part;
}

const lengthOf = (row: Body): number =>
  Object.values(row).reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 8), 0);

/** Rows that say their numbers leave the database's count where it was (PostgreSQL). */
async function renumber(trx: Knex, { name, schema, columns }: Table, { dialect }: Api): Promise<void> {
  const { numbering } = dialect.definition ?? {};
  for (const column of columns.filter(({ identity }) => identity))
    await numbering?.continue?.(askOf({ knex: trx }), { name, schema }, column.name);
}
