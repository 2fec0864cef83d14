// Commands that only look: the database is the same before and after, to the byte where it is a file.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onEveryDatabase } from "../support/matrix.js";
import { run } from "./cli.js";

const notes = `
  CREATE TABLE writers (id INTEGER PRIMARY KEY, name VARCHAR(50));
  CREATE TABLE notes (id INTEGER PRIMARY KEY, writer_id INTEGER, FOREIGN KEY (writer_id) REFERENCES writers (id));
  INSERT INTO writers VALUES (1, 'Ada');`;
const config = {
  roles: { admin: "*", member: { notes: "read" } },
  auth: { accounts: { create: true }, keys: { create: true } },
};

/** `%` is the database. */
const commands = [
  "routes % --as member",
  "openapi %",
  "types %",
  "schema %",
  "diagram % --format svg",
  "check %",
  "diff saved.json %",
  "keys list %",
  "users list %",
];
/** Those that once made tables, or look for them. */
const ofAccounts = ["openapi %", "keys list %", "users list %"];
/** They write, and there is nothing to remove. */
const inVain = ["keys remove % 3", "users remove % bob", "users password % bob"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sapwood-untouched-"));
  await writeFile(join(folder, "sapwood.config.json"), JSON.stringify(config));
  await writeFile(join(folder, "saved.json"), '{"tables":[]}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function sapwood(command: string, url: string, expected = 0): Promise<void> {
  const { code, stderr } = await run(command.replace("%", url).split(" "), {}, folder);
  expect(code, `${command}: ${stderr}`).toBe(expected);
}

/** A file in a folder of its own, as somebody left it, or has it open. */
async function fileWith(mode: "delete" | "wal", open: boolean) {
  const at = await mkdtemp(join(folder, "file-"));
  const path = join(at, "shop.db");
  const database = new Database(path);
  database.pragma(`journal_mode = ${mode}`);
  database.exec(notes);
  if (!open) database.close();
  const state = async () => {
    const names = (await readdir(at)).sort();
    // The index of the log is memory that those who have the file open share.
    const kept = names.filter((name) => !name.endsWith("-shm"));
    return { names, bytes: await Promise.all(kept.map((name) => readFile(join(at, name), "latin1"))) };
  };
  return { url: `sqlite:${path}`, state, close: () => database.close() };
}

describe.each([
  ["with a rollback journal", "delete", false, commands],
  ["with a write-ahead log, closed", "wal", false, ofAccounts],
  ["with a write-ahead log, open elsewhere", "wal", true, ofAccounts],
] as const)("a SQLite file %s", (_, mode, open, commands) => {
  test("is as it was", { timeout: 120_000 }, async () => {
    const file = await fileWith(mode, open);
    try {
      const before = await file.state();
      for (const command of commands) {
        await sapwood(command, file.url);
        expect(await file.state(), command).toEqual(before);
      }
    } finally {
      file.close();
    }
  });
});

test("who writes keys and users leaves a SQLite file in the form that it has", { timeout: 120_000 }, async () => {
  const file = await fileWith("delete", false);
  // https://sqlite.org/fileformat2.html, 1.3.3: 1 is a rollback journal.
  const form = async () => (await file.state()).bytes.map((bytes) => bytes.charCodeAt(18));
  await sapwood("keys add % --role member", file.url);
  await sapwood("keys remove % 1", file.url);
  for (const command of inVain) await sapwood(command, file.url, 1);
  expect([(await file.state()).names, await form()]).toEqual([["shop.db"], [1]]);
});

const ddl = { sqlite: notes, postgres: notes, mariadb: notes };
onEveryDatabase(ddl, (place) => {
  test("no tables are made", { timeout: 120_000 }, async () => {
    const { knex, url } = place.db();
    for (const command of ofAccounts) await sapwood(command, url);
    for (const command of inVain) await sapwood(command, url, 1);
    for (const table of own) expect(await knex.schema.hasTable(table), table).toBe(false);
  });
});

const own = ["sapwood_users", "sapwood_tokens", "sapwood_attempts", "sapwood_keys"];
