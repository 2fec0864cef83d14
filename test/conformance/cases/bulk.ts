// POST of an array: all of its rows or none, answered in their order.
import { expect } from "vitest";
import { expected } from "../../fixtures/values.js";
import { samples } from "../../fixtures/values-rows.js";
import { type Case, changes, is, refuses } from "../case.js";

const person = (name: string, more: object = {}) => ({ name, email: `${name.toLowerCase()}@bulk.example`, ...more });

/** 201, these rows in this order, and each of them is found again. */
const posts = (title: string, body: readonly object[], rows: readonly object[], table?: string): Case =>
  changes(title, body, async (answer, api) => {
    is(201, answer);
    expect(answer.headers.location).toBeUndefined();
    expect(answer.headers.etag).toBeUndefined();
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.json).toHaveLength(rows.length);
    expect(answer.json).toMatchObject(rows);
    if (table === undefined) return;
    for (const row of answer.json) expect((await api.ask(`GET /${table}/${row.id}`)).json).toEqual(row);
  });

const made = [
  posts(
    "POST /members of rows with different columns",
    [
      person("One", { age: 1 }),
      person("Two"),
      person("Three", { age: 3 }),
      person("Four", { balance: "1.50", id: null }),
    ],
    [
      { name: "One", age: 1, balance: 0, joined: "2024-01-01" },
      { name: "Two", age: null, country_id: null },
      { name: "Three", age: 3 },
      { name: "Four", age: null, balance: 1.5 },
    ],
    "members",
  ),
  posts("POST /members of one row in an array", [person("Solo")], [{ name: "Solo" }], "members"),
  posts(
    "POST /members with names in another order",
    [
      { name: "A", email: "a@bulk.example" },
      { email: "b@bulk.example", name: "B" },
    ],
    [{ name: "A" }, { name: "B" }],
    "members",
  ),
  posts(
    "POST /countries/2/members of an array",
    [person("Un"), person("Deux", { country_id: 2 })],
    [
      { name: "Un", country_id: 2 },
      { name: "Deux", country_id: 2 },
    ],
    "countries/2/members",
  ),
  posts(
    "POST /stocks/north,bolt/stock_moves of an array",
    [{ delta: 1 }, { delta: 2 }],
    [
      { warehouse: "north", sku: "bolt", delta: 1 },
      { warehouse: "north", sku: "bolt", delta: 2 },
    ],
    "stock_moves",
  ),
  posts(
    "POST /employees of a row and one that refers to it",
    [
      { id: 100, name: "Boss" },
      { id: 101, name: "Report", manager_id: 100 },
    ],
    [{ id: 100 }, { manager_id: 100 }],
    "employees",
  ),
  posts(
    "POST /stocks by composite keys",
    [
      { warehouse: "x", sku: "b" },
      { warehouse: "x", sku: "a", quantity: 2 },
      { warehouse: "w", sku: "c" },
    ],
    [
      { warehouse: "x", sku: "b", quantity: 0 },
      { warehouse: "x", sku: "a", quantity: 2 },
      { warehouse: "w", sku: "c", quantity: 0 },
    ],
  ),
  posts(
    "POST /logs into a table without a key, of an array",
    [{ message: "z" }, { message: "y", level: "warn" }, { message: "x" }],
    [
      { message: "z", level: null },
      { message: "y", level: "warn" },
      { message: "x", level: null },
    ],
  ),
  posts(
    "POST /badges that say nothing, with keys that the database makes",
    [{}, {}, { name: "third" }, {}],
    [{ name: null }, { name: null }, { name: "third" }, { name: null }],
    "badges",
  ),
  changes("POST /members of an empty array", [], (answer) => expect([answer.status, answer.text]).toEqual([201, "[]"])),
];

const numbered: Case = {
  title: "POST /members of 1000 rows",
  writes: true,
  async run(api) {
    const body = Array.from({ length: 1000 }, (_, i) => person(`Bulk${i}`, { age: i % 100 }));
    const answer = await api.ask("POST /members", { body });
    is(201, answer);
    expect(answer.json.map(({ name }: { name: string }) => name)).toEqual(body.map(({ name }) => name));
    const ids = answer.json.map(({ id }: { id: number }) => id);
    expect(ids).toEqual([...ids].sort((one, other) => one - other));
    const last = await api.ask(`GET /members/${ids[999]}`);
    expect(last.json).toEqual(answer.json[999]);
    const { headers } = await api.ask("GET /members?email=endswith:@bulk.example&count=exact&limit=1");
    expect(headers["x-total-count"]).toBe("1000");
  },
};

const everyType: Case = {
  title: "POST /samples of every kind of value, and NULLs among them",
  writes: true,
  async run(api) {
    const rows = expected.map((row, i) => row.replace(/^{"id":\d+/, `{"id":${500 + i}`));
    const answer = await api.ask("POST /samples", { body: `[${rows.join(",")},{"id":${500 + samples.length}}]` });
    is(201, answer);
    const each = await Promise.all(rows.map((_, i) => api.ask(`GET /samples/${500 + i}`)));
    const standing = await Promise.all(rows.map((_, i) => api.ask(`GET /samples/${i + 1}`)));
    expect(each.map(({ text }) => text)).toEqual(
      standing.map(({ text }, i) => text.replace(/^{"id":\d+/, `{"id":${500 + i}`)),
    );
    expect(answer.text.startsWith(`[${each.map(({ text }) => text).join(",")},{`)).toBe(true);
  },
};

const minimal: Case = {
  title: "POST /members of an array with Prefer: return=minimal",
  writes: true,
  async run(api) {
    const headers = { prefer: "return=minimal" };
    const answer = await api.ask("POST /members", { body: [person("Uno"), person("Due")], headers });
    expect([answer.status, answer.text, answer.headers["preference-applied"]]).toEqual([201, "", "return=minimal"]);
    expect((await api.ask("GET /members?email=endswith:@bulk.example")).json).toHaveLength(2);
  },
};

const refused = [
  refuses("POST /members of rows with wrong values", 422, "invalid_value", {
    body: [person("Ok"), person("Old", { age: "old" }), person("Ok2"), person("No", { age: 1.5, joined: "never" })],
    fields: ["[1].age", "[3].age", "[3].joined"],
    says: /^\[1\]\.age is a whole number, not 'old'; \[3\]\.age/,
  }),
  refuses("POST /members of thirty wrong rows names twenty", 422, "invalid_value", {
    body: Array.from({ length: 30 }, (_, i) => person(`W${i}`, { age: "x" })),
    fields: Array.from({ length: 20 }, (_, i) => `[${i}].age`),
  }),
  refuses("POST /members of a row with an unknown column", 400, "unknown_column", {
    body: [person("Ok"), { nmae: "x" }],
    fields: ["[1].nmae"],
    says: "[1].nmae is no column of members. Perhaps you meant 'name'.",
  }),
  refuses("POST /members of a row with a taken e-mail", 409, "unique_violation", {
    body: [person("Ok"), person("Ok2", { age: 3 }), person("Taken", { email: "ada@example.org" })],
    fields: ["[2].email"],
  }),
  refuses("POST /members of two rows with one e-mail", 409, "unique_violation", {
    body: [person("Same"), person("Else"), person("Same")],
    fields: ["[2].email"],
  }),
  refuses("POST /stocks of rows that stand", 409, "unique_violation", {
    body: [
      { warehouse: "x", sku: "y" },
      { warehouse: "north", sku: "nut" },
      { warehouse: "north", sku: "bolt", quantity: 4 },
    ],
    fields: ["[1].warehouse", "[2].warehouse"],
  }),
  refuses("POST /members of rows that lead nowhere", 409, "foreign_key_violation", {
    body: [person("Ok", { country_id: 1 }), person("Lost", { country_id: 99 }), person("Gone", { country_id: 98 })],
    fields: ["[1].country_id", "[2].country_id"],
  }),
  refuses("POST /employees of a row that refers to none", 409, "foreign_key_violation", {
    body: [
      { id: 100, name: "Boss" },
      { id: 101, name: "Report", manager_id: 100 },
      { id: 102, name: "Lost", manager_id: 200 },
    ],
    fields: ["[2].manager_id"],
  }),
  refuses("POST /members of a row without a name", 422, "not_null_violation", {
    body: [person("Ok"), { email: "nobody@bulk.example" }],
    fields: ["[1].name"],
  }),
  refuses("POST /members of a row with NULL for a name", 422, "not_null_violation", {
    body: [person("Ok"), { name: null, email: "nobody@bulk.example" }],
    fields: ["[1].name"],
  }),
  refuses("POST /meetups of a row that breaks a CHECK", 422, "check_violation", {
    body: [
      { title: "x", group_id: 1 },
      { title: "y", group_id: 1, seats: -1 },
    ],
  }),
  refuses("POST /countries/1/members of a row of another country", 422, "invalid_value", {
    body: [person("Ok"), person("Other", { country_id: 2 })],
    fields: ["[1].country_id"],
  }),
  refuses("POST /countries/99/members of an array", 404, "parent_not_found", { body: [person("Ok")] }),
  refuses("POST /countries/99/members of an empty array", 404, "parent_not_found", { body: [] }),
  refuses("POST /members of numbers in an array", 400, "invalid_body", { body: [person("Ok"), 5], says: "[1] is 5" }),
  refuses("POST /members of arrays in an array", 400, "invalid_body", {
    body: [[person("Ok")]],
    says: "[0] is an array",
  }),
  refuses("POST /members of 1001 rows", 400, "too_complex", {
    body: Array.from({ length: 1001 }, (_, i) => person(`Many${i}`)),
    says: "1000",
  }),
];

export const bulk = [...made, numbered, everyType, minimal, ...refused];
