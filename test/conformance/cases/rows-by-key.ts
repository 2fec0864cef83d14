// PATCH of an array: each row by the key that it holds, all of them or none.
import { expect } from "vitest";
import { expected } from "../../fixtures/values.js";
import { samples } from "../../fixtures/values-rows.js";
import { type Case, changes, is, refuses } from "../case.js";

type Fields = Record<string, unknown>;

/** 200, these rows in the body's order; each is read so, and no other has changed. */
const patches = (title: string, body: readonly Fields[], fields: readonly Fields[] = body): Case => ({
  title: `PATCH ${title}`,
  writes: true,
  async run(api) {
    const list = title.split(" ")[0] as string;
    const collection = list.replace(/^\/\w+\/[^/]+\//, "/");
    const before = (await api.ask(`GET ${collection}?limit=1000`)).json as Fields[];
    const answer = await api.ask(`PATCH ${title}`, { body });
    is(200, answer);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.headers["x-total-count"]).toBe(String(body.length));
    expect(answer.headers.etag).toBeUndefined();
    expect(answer.json).toHaveLength(body.length);
    expect(answer.json).toMatchObject(fields);
    const after = (await api.ask(`GET ${collection}?limit=1000`)).json as Fields[];
    for (const row of answer.json) expect(after).toContainEqual(row);
    const others = (rows: Fields[]) => rows.filter((row) => !body.some((said) => isOf(row, said)));
    expect(others(after)).toEqual(others(before));
  },
});

const isOf = (row: Fields, said: Fields): boolean =>
  ["id", "code", "warehouse", "sku"].every((name) => !(name in said) || String(said[name]) === String(row[name]));

const whole: Case = {
  title: "PATCH /members of whole rows as they are shown, changed",
  writes: true,
  async run(api) {
    const rows = (await api.ask("GET /members?order-by=name:asc")).json as Fields[];
    const body = rows.map((row, i) => ({ ...row, age: i, balance: i + 0.5 }));
    const answer = await api.ask("PATCH /members", { body });
    is(200, answer);
    expect(answer.json).toEqual(body);
    expect((await api.ask("GET /members?order-by=name:asc")).json).toEqual(body);
  },
};

const CSV = { "content-type": "text/csv" };
const NDJSON = { "content-type": "application/x-ndjson" };

const texts: Case = {
  title: "PATCH /members of CSV and of NDJSON",
  writes: true,
  async run(api) {
    const csv = await api.ask("PATCH /members", {
      body: 'id,name,age\n2,"Bob, the ""2nd""",\n1,Ada,40\n',
      headers: CSV,
    });
    is(200, csv);
    expect(csv.json).toMatchObject([
      { id: 2, name: 'Bob, the "2nd"', age: null },
      { id: 1, name: "Ada", age: 40 },
    ]);
    const before = (await api.ask("GET /members/3")).json;
    const lines = await api.ask("PATCH /members", { body: '{"id":3,"age":50}\n', headers: NDJSON });
    is(200, lines);
    expect(lines.json).toEqual([{ ...before, age: 50 }]);
    const within = await api.ask("PATCH /countries/1/members", { body: "id,age\n1,41", headers: CSV });
    is(200, within);
    expect(within.json).toMatchObject([{ id: 1, age: 41 }]);
  },
};

const badTexts: readonly Case[] = [
  refuses("PATCH /members of CSV without keys", 400, "invalid_body", { body: "name\nA", headers: CSV }),
  refuses("PATCH /members of CSV with a row that is not there", 404, "not_found", {
    body: "id,age\n1,5\n999,5",
    headers: CSV,
  }),
  refuses("PATCH /members of CSV with a column that is not there", 400, "unknown_column", {
    body: "id,aeg\n1,5",
    headers: CSV,
  }),
  refuses("PATCH /members of CSV with a name that goes", 422, "not_null_violation", {
    body: "id,name\n1,",
    headers: CSV,
  }),
  refuses("PATCH /members of NDJSON with a line that is none", 400, "malformed_json", {
    body: '{"id":1}\n{',
    headers: NDJSON,
  }),
];

/** The values of each row go to another one, and none is rounded or cut. */
const everyType: Case = {
  title: "PATCH /samples of every kind of value, and NULLs among them",
  writes: true,
  async run(api) {
    const count = samples.length;
    const named = (row: string, id: number) => row.replace(/^{"id":\d+/, `{"id":${id}`);
    const standing = await Promise.all(samples.map((_, i) => api.ask(`GET /samples/${i + 1}`)));
    is(201, await api.ask("POST /samples", { body: `[${expected.map((row, i) => named(row, 500 + i)).join(",")}]` }));
    // Each takes the values of the one before.
    const idAfter = (i: number) => 500 + ((i + 1) % count);
    const answer = await api.ask("PATCH /samples", {
      body: `[${expected.map((row, i) => named(row, idAfter(i))).join(",")}]`,
    });
    is(200, answer);
    const after = standing.map(({ text }, i) => named(text, idAfter(i)));
    expect(answer.text).toBe(`[${after.join(",")}]`);
    const each = await Promise.all(samples.map((_, i) => api.ask(`GET /samples/${idAfter(i)}`)));
    expect(each.map(({ text }) => text)).toEqual(after);
  },
};

const thousand: Case = {
  title: "PATCH /stocks of 1000 rows with composite keys, each to a number of its own",
  writes: true,
  async run(api) {
    const body = Array.from({ length: 1000 }, (_, i) => ({ warehouse: "bulk", sku: `s${i}`, quantity: 1 }));
    is(201, await api.ask("POST /stocks", { body }));
    const changed = body.map((row, i) => ({ ...row, quantity: i % 2 === 0 ? i : { increment: i } })).reverse();
    const answer = await api.ask("PATCH /stocks", { body: changed });
    is(200, answer);
    expect(answer.json.map(({ sku }: Fields) => sku)).toEqual(changed.map(({ sku }) => sku));
    for (const { sku, quantity } of answer.json) {
      const i = Number(sku.slice(1));
      expect(quantity).toBe(i % 2 === 0 ? i : i + 1);
    }
  },
};

const nested: Case = changes(
  "PATCH /groups of rows with related rows in them",
  [
    { id: 2, name: "Ropes", meetups: [{ title: "Third climb", seats: 3 }] },
    { id: 1, description: "Two books a month" },
  ],
  async (answer, api) => {
    is(200, answer);
    expect(answer.json).toMatchObject([
      { id: 2, name: "Ropes", meetups: [{ title: "Third climb", group_id: 2 }] },
      { id: 1, name: "Readers", description: "Two books a month" },
    ]);
    expect((await api.ask("GET /groups/2/meetups?title=Third%20climb")).json).toHaveLength(1);
  },
);

const prefers = (prefer: string, status: number, kept: boolean): Case => ({
  title: `PATCH /members of an array with Prefer: ${prefer}`,
  writes: true,
  async run(api) {
    const before = await api.rows();
    const body = [
      { id: 1, age: 1 },
      { id: 2, age: 2 },
    ];
    const answer = await api.ask("PATCH /members", { body, headers: { prefer } });
    is(status, answer);
    expect([answer.headers["preference-applied"], answer.headers["x-total-count"]]).toEqual([prefer, "2"]);
    expect(JSON.stringify(await api.rows()) !== JSON.stringify(before)).toBe(kept);
  },
});

const inBatch: Case = changes(
  "POST /batch with an array of rows by keys of rows before",
  [
    { method: "POST", path: "/members", body: { name: "New", email: "new@example.org" } },
    {
      method: "PATCH",
      path: "/members",
      body: [
        { id: "$0.id", age: 7 },
        { id: 1, age: 8 },
      ],
    },
  ],
  (answer) => {
    is(200, answer);
    expect(answer.json[1].body).toMatchObject([
      { name: "New", age: 7 },
      { id: 1, age: 8 },
    ]);
  },
);

const two = [
  { id: 1, age: 1 },
  { id: 2, age: 2 },
];

export const rowsByKey: readonly Case[] = [
  texts,
  ...badTexts,
  patches("/members of two rows in another order", [
    { id: 4, age: 1, name: "Four" },
    { id: 2, age: 2, name: "Two" },
  ]),
  patches("/members of rows with different columns", [
    { id: 1, age: 1 },
    { id: 2, name: "Two", age: null },
    { id: 3, balance: 1.25 },
    { id: 4, age: 4 },
    { id: 5 },
    { id: 6, country_id: null },
  ]),
  patches(
    "/members of increments, each its own",
    [
      { id: 1, age: { increment: 1 }, balance: { increment: 0.25 } },
      { id: 2, age: { increment: -1 }, balance: { increment: 10 } },
      { id: 5, age: { increment: 5 } },
    ],
    [
      { id: 1, age: 37, balance: 10.75 },
      { id: 2, age: 40, balance: 10 },
      { id: 5, age: null },
    ],
  ),
  patches("/members of keys as text", [{ id: "3", name: "Three" }], [{ id: 3, name: "Three" }]),
  patches("/members of one row", [{ id: 3, name: "Three" }]),
  patches("/stocks of composite keys, and one that a path must encode", [
    { warehouse: "a,b", sku: "50%/c", quantity: 1 },
    { warehouse: "north", sku: "nut", quantity: 2 },
  ]),
  patches("/airports of keys in text", [
    { code: "A/B, 1%", name: "A" },
    { code: "lt:5", name: "B" },
  ]),
  patches("/countries/1/members of an array", [
    { id: 1, age: 1 },
    { id: 12, age: 2 },
  ]),
  patches("/countries/1/members of an array that moves them", [
    { id: 1, country_id: 2 },
    { id: 12, country_id: 3 },
  ]),
  patches("/groups/1/members of an array", [
    { id: 6, age: 6 },
    { id: 5, age: 5 },
  ]),
  changes("PATCH /members of an empty array", [], (answer) =>
    expect([answer.status, answer.text]).toEqual([200, "[]"]),
  ),
  whole,
  everyType,
  thousand,
  nested,
  inBatch,
  prefers("return=minimal", 204, true),
  prefers("tx=rollback", 200, false),
  prefers("max-affected=2", 200, true),
  refuses("PATCH /members of a row that is not there", 404, "not_found", {
    body: [...two, { id: 999, age: 3 }],
    says: /^\[2\]/,
  }),
  refuses("PATCH /countries/1/members of another country's", 404, "not_found", {
    body: [
      { id: 1, age: 1 },
      { id: 3, age: 1 },
    ],
    says: /^\[1\]/,
  }),
  refuses("PATCH /countries/999/members of an array", 404, "parent_not_found", { body: two }),
  refuses("PATCH /countries/999/members of an empty array", 404, "parent_not_found", { body: [] }),
  refuses("PATCH /members of the same row twice", 422, "invalid_value", {
    body: [...two, { id: "1", age: 3 }],
    fields: ["[2]"],
  }),
  refuses("PATCH /members of rows without a key", 400, "invalid_body", {
    body: [{ id: 1 }, { age: 2 }],
    says: /\[1\] has no id/,
  }),
  refuses("PATCH /stocks of half a key", 400, "invalid_body", {
    body: [{ warehouse: "north", quantity: 1 }],
    says: /no sku/,
  }),
  refuses("PATCH /members of a key that is none", 422, "invalid_value", {
    body: [{ id: 1 }, { id: "x" }, { id: null }],
    fields: ["[1]", "[2]"],
  }),
  refuses("PATCH /members of an array of no rows", 400, "invalid_body", { body: [{ id: 1 }, 2], says: /\[1\]/ }),
  refuses("PATCH /members?age=36 of an array", 400, "unknown_parameter", { body: two, says: /no filter/ }),
  refuses("PATCH /members of an array with If-Match", 412, "precondition_failed", {
    body: two,
    headers: { "if-match": '"x"' },
  }),
  refuses("PATCH /members of an array with Prefer: max-affected=1", 400, "too_many_rows", {
    body: two,
    headers: { prefer: "max-affected=1" },
  }),
  refuses("PATCH /members of 1001 rows", 400, "too_complex", {
    body: Array.from({ length: 1001 }, (_, i) => ({ id: i, age: 1 })),
  }),
  refuses("PATCH /members of a column that is not there, in an array", 400, "unknown_column", {
    body: [...two, { id: 3, agee: 1 }],
    fields: ["[2].agee"],
  }),
  refuses("PATCH /members of two values that do not fit", 422, "invalid_value", {
    body: [
      { id: 1, age: "old" },
      { id: 2, age: 2 },
      { id: 3, joined: "never" },
    ],
    fields: ["[0].age", "[2].joined"],
  }),
  refuses("PATCH /members of an email that is taken, in an array", 409, "unique_violation", {
    body: [
      { id: 1, email: "ada@example.org" },
      { id: 2, email: "chiara@example.org" },
    ],
    fields: ["[1].email"],
  }),
  refuses("PATCH /members of a country that is not there, in an array", 409, "foreign_key_violation", {
    body: [
      { id: 1, country_id: 2 },
      { id: 2, country_id: 999 },
    ],
    fields: ["[1].country_id"],
  }),
  refuses("PATCH /meetups of fewer seats than there are, in an array", 422, "check_violation", {
    body: [
      { id: 1, seats: { increment: 1 } },
      { id: 5, seats: { increment: -1 } },
    ],
  }),
];
