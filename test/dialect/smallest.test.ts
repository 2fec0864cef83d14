// The smallest dialect of src/dialect/README.md starts, and serves an API.
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import type { Api } from "../../src/index.js";
import { createApi } from "../../src/index.js";
import { askJson } from "../support/json-request.js";
import { smallest } from "./smallest.js";

// The one line by which a dialect is listed.
vi.mock(import("../../src/dialect/index.js"), async (original) => ({
  ...(await original()),
  dialectOfUrl: () => smallest,
}));

let api: Api;
beforeAll(async () => {
  const file = join(mkdtempSync(join(inject("files"), "smallest-")), "test.db");
  const database = new Database(file);
  database.exec(`
    CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL, author_id INTEGER REFERENCES authors (id));
    INSERT INTO authors VALUES (1, 'Ada'), (2, 'Grace');
    INSERT INTO books VALUES (1, 'Engines', 1), (2, 'Bugs', 2), (3, 'Notes', 1);`);
  database.close();
  api = await createApi(`smallest:${file}`);
});
afterAll(() => api.close());

const ask = (line: string, body?: unknown) => askJson(api, line, body);

test("GET /authors/1/books?order-by=title:asc", async () => {
  const { json } = await ask("GET /authors/1/books?order-by=title:asc&select=title");
  expect(json).toEqual([{ title: "Engines" }, { title: "Notes" }]);
});

test("GET /authors?select=name,books(title)&id=gt:1", async () => {
  const { json } = await ask("GET /authors?select=name,books(title)&id=gt:1");
  expect(json).toEqual([{ name: "Grace", books: [{ title: "Bugs" }] }]);
});

test("POST, PATCH and DELETE, and a key that is taken", async () => {
  const made = await ask("POST /authors/2/books", { title: "Compilers" });
  expect(made).toMatchObject({ status: 201, json: { title: "Compilers", author_id: 2 } });
  const path = `/books/${made.json.id}`;
  expect(await ask(`PATCH ${path}`, { title: "COBOL" })).toMatchObject({ status: 200, json: { title: "COBOL" } });
  expect((await ask("POST /books", { id: 1, title: "twice" })).status).toBe(409);
  expect((await ask(`DELETE ${path}`)).status).toBe(204);
  expect((await ask(`GET ${path}`)).status).toBe(404);
});

test("src/dialect/README.md names every part of the interface", () => {
  const read = (file: string) =>
    readFileSync(fileURLToPath(new URL(`../../src/dialect/${file}`, import.meta.url)), "utf8");
  const parts = [...read("dialect.ts").matchAll(/"\.\/parts\/(\w+)\.js"/g)].map(([, part]) => part);
  expect(parts.length).toBeGreaterThan(5);
  for (const part of parts) expect(read("README.md")).toContain(`\`parts/${part}.ts\``);
});
