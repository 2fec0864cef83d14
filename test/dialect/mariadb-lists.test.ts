// Lists within a row on MariaDB: one statement makes them, and whatever it could cut comes whole all the same.
import knex, { type Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { embedMany, isCut, sortsInGroupConcat } from "../../src/dialect/mysql/lists.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { type App, anyFramework } from "../support/apps.js";
import { endAll } from "../support/daemon.js";
import { databases } from "../support/databases.js";
import { startMariadb } from "../support/mariadb.js";

describe("what a list's text says of itself", () => {
  test.each(["€".repeat(350_000), "e".repeat(1_048_573), "😀".repeat(262_143), null, '{"a":[\u001e]}'])(
    "a cut one is seen (%#)",
    (json) => expect(isCut(json)).toBe(true),
  );
  test("a short one is not", () => expect(isCut('{"a":[]}')).toBe(false));
  test("more rows are sorted than shown, unless they have rows of their own", () => {
    const list = { limit: 5, offset: false, grouped: false, copies: 1 };
    const text = (nests: boolean) => embedMany("j", " FROM t", " ORDER BY id", " LIMIT 5", { ...list, nests });
    expect(text(false)).toContain("(SELECT 1 FROM t LIMIT 1 OFFSET 1000)");
    expect(text(true)).toContain("(SELECT 1 FROM t LIMIT 1 OFFSET 5)");
  });
});

test("only servers that can sort and cut within GROUP_CONCAT are asked to", () => {
  const able = [
    "10.5.0-MariaDB",
    "5.5.5-10.11.6-MariaDB-0+deb12u1",
    "11.4.2-MariaDB-ubu2404",
    "10.6.19-15-MariaDB-enterprise",
  ];
  expect(able.filter(sortsInGroupConcat)).toEqual(able);
  expect(["10.4.34-MariaDB", "10.2.44-MariaDB-log", "8.4.3", "8.0.35-27", ""].filter(sortsInGroupConcat)).toEqual([]);
  expect(mysql.forServer?.("8.4.3").embedMany).toBeUndefined();
  expect(mysql.forServer?.("10.4.34-MariaDB").embedMany).toBeUndefined();
  expect(mysql.forServer?.("10.11.6-MariaDB").embedMany).toBeDefined();
});

const ddl = [
  "CREATE TABLE shelves (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL)",
  "CREATE TABLE books (id INT PRIMARY KEY, shelf_id INT NOT NULL REFERENCES shelves (id), title LONGTEXT NOT NULL, place INT)",
  "CREATE TABLE pages (id INT PRIMARY KEY, book_id INT NOT NULL REFERENCES books (id), text LONGTEXT NOT NULL)",
];
interface Book {
  readonly id: number;
  readonly shelf_id: number;
  readonly title: string;
  readonly place: number | null;
}
/** Those of one shelf, from a number on. The last are the first by place, but for those that have none. */
const booksOf = (shelf_id: number, from: number, count: number, title: string): Book[] =>
  Array.from({ length: count }, (_, i) => ({
    id: from + i,
    shelf_id,
    title: `${i}${title}`,
    place: i % 5 === 0 ? null : count - i,
  }));
const inOrder = (books: readonly Book[]) =>
  books.toSorted((a, b) => (a.place ?? 1e9) - (b.place ?? 1e9) || a.id - b.id).map(({ id, title }) => ({ id, title }));
const short = booksOf(1, 1, 7, '"quoted" \\ and ünïcödé\n');
/** Over 64 KiB, over 1 MiB, and more than are sorted. */
const shelves = [
  short,
  booksOf(2, 100, 12, "€".repeat(3_000)),
  booksOf(3, 200, 90, "x".repeat(20_000)),
  booksOf(4, 1_000, 1_400, "y"),
];
const long = "z".repeat(40_000);
const query = "select=name,books(id,title)&books.order-by=place:asc:nullslast,id:asc";
const listed = (path: string) => `GET ${path}${path.includes("?") ? "&" : "?"}${query}`;
const row = (shelf: number, limit = 100) => ({
  name: `shelf ${shelf}`,
  books: inOrder(shelves[shelf - 1] as Book[]).slice(0, limit),
});

const [, , mariadb] = databases;
describe.skipIf(mariadb?.skip)("on a server", () => {
  const servers: Readonly<Record<string, readonly string[]>> = {
    "as it comes": [],
    "whose packets are small": ["--max-allowed-packet=65536"],
    "whose group_concat_max_len is small": ["--group-concat-max-len=200"],
  };
  describe.each(Object.entries(servers))("%s", (_, flags) => {
    let db: Knex;
    let app: App;
    beforeAll(async () => {
      const url = (await startMariadb(...flags)) as string;
      db = knex({ client: "mysql2", connection: url.replace(/mysql$/, "test_shop"), pool: { min: 0, max: 1 } });
      const admin = knex({ client: "mysql2", connection: url });
      await admin.raw("CREATE DATABASE test_shop CHARACTER SET utf8mb4");
      await admin.destroy();
      for (const table of ddl) await db.raw(table);
      await db("shelves").insert([1, 2, 3, 4, 5].map((id) => ({ id, name: `shelf ${id}` })));
      const books = shelves.flat();
      for (let at = 0; at < books.length; at += 2) await db("books").insert(books.slice(at, at + 2));
      // Neither is too long for a small packet, but both together are.
      await db("shelves").insert({ id: 6, name: "shelf 6" });
      await db("books").insert({ id: 3_000, shelf_id: 6, title: long, place: null });
      await db("pages").insert({ id: 3_000, book_id: 3_000, text: long });
      await db("pages").insert([1, 2, 200, 201].map((id) => ({ id, book_id: id, text: `page ${id}` })));
      app = await anyFramework.start(db);
    }, 120_000);
    afterAll(async () => {
      await app?.close();
      await db?.destroy();
    });
    const json = async (line: string) => {
      const answer = await app.ask(line);
      expect(answer.status, answer.text.slice(0, 300)).toBe(200);
      return answer.json;
    };

    test.each([1, 2, 3, 4])("shelf %i comes whole, alone and among others", async (shelf) => {
      expect(await json(listed(`/shelves/${shelf}`))).toEqual(row(shelf));
      expect(await json(listed(`/shelves?id=in:1,${shelf},5`))).toEqual([
        ...(shelf === 1 ? [] : [row(1)]),
        row(shelf),
        { name: "shelf 5", books: [] },
      ]);
    });

    test("all of them at once, and slices of them", async () => {
      expect(await json(listed("/shelves?id=lt:6"))).toEqual([
        row(1),
        row(2),
        row(3),
        row(4),
        { name: "shelf 5", books: [] },
      ]);
      expect(await json(`${listed("/shelves/4")}&books.limit=1000`)).toEqual(row(4, 1_000));
      expect(await json(`${listed("/shelves/3")}&books.limit=2`)).toEqual(row(3, 2));
      const { name, books } = row(4, 14);
      expect(await json(`${listed("/shelves/4")}&books.limit=4&books.offset=10`)).toEqual({
        name,
        books: books.slice(10),
      });
    });

    test("lists within long lists", async () => {
      const [, , third = []] = shelves;
      expect(await json("GET /shelves/3?select=books(title,pages(text))")).toEqual({
        books: third.map(({ id, title }) => ({ title, pages: id < 202 ? [{ text: `page ${id}` }] : [] })),
      });
      expect(await json("GET /shelves/6?select=name,books(title,pages(text))")).toEqual({
        name: "shelf 6",
        books: [{ title: long, pages: [{ text: long }] }],
      });
      expect(await json("GET /pages/3000?select=id,book(title,pages(text))")).toEqual({
        id: 3_000,
        book: { title: long, pages: [{ text: long }] },
      });
      expect(await json("GET /pages/200?select=book(shelf(books(id)))&book.shelf.books.limit=2")).toEqual({
        book: { shelf: { books: [{ id: 200 }, { id: 201 }] } },
      });
    });
  });
  afterAll(endAll);
});

describe.skipIf(mariadb?.skip)("how many statements it takes", () => {
  let db: Knex;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const created = await mariadb?.create(ddl.join(";\n"));
    if (created === undefined) throw new Error("no MariaDB");
    db = knex({ client: "mysql2", connection: created.url, pool: { min: 1, max: 1 } });
    drop = async () => {
      await db.destroy();
      await created.drop();
    };
    await db("shelves").insert([1, 2, 3, 4].map((id) => ({ id, name: `shelf ${id}` })));
    for (const books of shelves) await db("books").insert(books);
  });
  afterAll(() => drop?.());

  test("one, and those of the levels for the next requests after one that had to have them", async () => {
    const api = await createApi(db);
    const executed = async () => {
      const [[{ Value }]] = await db.raw("SHOW SESSION STATUS LIKE 'Com_stmt_execute'");
      return Number(Value);
    };
    const counts = async (shelf: number, times: number) => {
      const before = await executed();
      const counted: number[] = [];
      for (let i = 0, last = before; i < times; i += 1) {
        const answer = await api.handle({
          ...{ method: "GET", path: `/shelves/${shelf}`, query, prefix: "", raw: null },
          header: () => undefined,
          body: async () => ({ kind: "bytes", bytes: Buffer.alloc(0) }),
        });
        expect([answer?.status, JSON.parse(String(answer?.body))]).toEqual([200, row(shelf)]);
        const now = await executed();
        counted.push(now - last);
        last = now;
      }
      return counted;
    };
    // The first on a connection asks what is spoken there.
    expect(await counts(1, 4)).toEqual([2, 1, 1, 1]);
    expect(await counts(3, 1)).toEqual([3]);
    expect(await counts(1, 17)).toEqual([...Array(15).fill(2), 1, 1]);
    await api.close();
  });
});
