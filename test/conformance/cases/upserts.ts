// POST ?on-conflict: rows that stand already are changed or left as they are.

import { LosslessNumber, parse, stringify } from "lossless-json";
import { expect } from "vitest";
import { ada } from "../../fixtures/community.js";
import { expected } from "../../fixtures/values.js";
import { type Case, changes, is, refuses } from "../case.js";

const bolt = { warehouse: "north", sku: "bolt" };

/** This status and row, and the same row is read where it is said to be. */
const answers = (line: string, body: object, status: number, row: object, path: string): Case =>
  changes(`POST ${line} of ${JSON.stringify(body)}`, body, async (answer, api) => {
    is(status, answer);
    expect(answer.json).toMatchObject(row);
    const read = await api.ask(`GET ${path}`);
    expect(read.json).toEqual(answer.json);
    expect(answer.headers.etag).toBe(read.headers.etag);
    expect(answer.headers.location).toBe(status === 201 ? api.prefix + path : undefined);
  });

const answersAll = (title: string, body: readonly object[], status: number, rows: readonly object[]): Case =>
  changes(title, body, (answer) => {
    is(status, answer);
    expect(answer.json).toHaveLength(rows.length);
    expect(answer.json).toMatchObject(rows);
    expect(answer.headers.location).toBeUndefined();
  });

const merge = [
  answers("/members?on-conflict=merge", { ...ada, age: 37 }, 200, { ...ada, age: 37 }, "/members/1"),
  answers(
    "/members?on-conflict=merge",
    { id: 1, name: "Ada L.", email: "ada@example.org", age: null },
    200,
    { ...ada, name: "Ada L.", age: null },
    "/members/1",
  ),
  answers(
    "/members?on-conflict=merge",
    { id: 700, name: "New", email: "new@example.org" },
    200,
    { id: 700, balance: 0, joined: "2024-01-01" },
    "/members/700",
  ),
  answers(
    "/members?on-conflict=merge&conflict-columns=email",
    { name: "Ada again", email: "ada@example.org" },
    200,
    { ...ada, name: "Ada again" },
    "/members/1",
  ),
  answers("/stocks?on-conflict=merge", { ...bolt, quantity: 99 }, 200, { ...bolt, quantity: 99 }, "/stocks/north,bolt"),
  answers("/stocks?on-conflict=merge", bolt, 200, { ...bolt, quantity: 10 }, "/stocks/north,bolt"),
  answers(
    "/stocks?conflict-columns=sku,warehouse&on-conflict=merge",
    { ...bolt, quantity: 1 },
    200,
    { quantity: 1 },
    "/stocks/north,bolt",
  ),
  answers(
    "/countries/2/members?on-conflict=merge",
    { id: 1, name: "Ada", email: "ada@example.org" },
    200,
    { ...ada, country_id: 2 },
    "/countries/2/members/1",
  ),
  answers(
    "/meetups/1/meetups_members?on-conflict=merge",
    { member_id: 2, rsvp: "yes" },
    200,
    { meetup_id: 1, member_id: 2, rsvp: "yes" },
    "/meetups/1/meetups_members/1,2",
  ),
  changes(
    "POST /members?on-conflict=merge of a row without a key",
    { name: "Keyless", email: "keyless@example.org" },
    async (answer, api) => {
      is(200, answer);
      expect((await api.ask(`GET /members/${answer.json.id}`)).json).toEqual(answer.json);
    },
  ),
  answersAll(
    "POST /members?on-conflict=merge of rows that stand and rows that do not",
    [
      { id: 701, name: "A", email: "a@example.org" },
      { id: 1, name: "Ada", email: "ada@example.org", age: 90 },
      { name: "B", email: "b@example.org" },
      { id: 702, name: "C", email: "c@example.org", age: 3 },
      { id: 2, name: "Bee", email: "bjorn@example.org" },
    ],
    200,
    [
      { id: 701, age: null },
      { ...ada, age: 90 },
      { name: "B", age: null },
      { id: 702, age: 3 },
      { id: 2, name: "Bee", age: 41 },
    ],
  ),
  answersAll("POST /members?on-conflict=merge of an empty array", [], 200, []),
];

const ignore = [
  answers("/members?on-conflict=ignore", { id: 1, name: "Other", email: "o@example.org" }, 200, ada, "/members/1"),
  answers(
    "/members?on-conflict=ignore&conflict-columns=email",
    { name: "Other", email: "ada@example.org" },
    200,
    ada,
    "/members/1",
  ),
  answers(
    "/members?on-conflict=ignore",
    { id: 700, name: "New", email: "new@example.org" },
    201,
    { id: 700, name: "New" },
    "/members/700",
  ),
  answersAll(
    "POST /members?on-conflict=ignore answers what was written",
    [
      { id: 1, name: "x", email: "x@example.org" },
      { id: 703, name: "New", email: "new@example.org" },
      { id: 2, name: "y", email: "y@example.org", age: 1 },
      { id: 704, name: "Newer", email: "newer@example.org", age: 4 },
      { name: "Unnumbered", email: "u@example.org" },
    ],
    201,
    [{ id: 703 }, { id: 704, age: 4 }, { name: "Unnumbered" }],
  ),
  answersAll(
    "POST /stocks?on-conflict=ignore of rows that all stand",
    [bolt, { ...bolt, sku: "nut", quantity: 4 }],
    200,
    [],
  ),
  answersAll(
    "POST /stocks?on-conflict=ignore of composite keys",
    [bolt, { warehouse: "x", sku: "b" }, { warehouse: "south", sku: "bolt" }, { warehouse: "x", sku: "a" }],
    201,
    [
      { warehouse: "x", sku: "b", quantity: 0 },
      { warehouse: "x", sku: "a", quantity: 0 },
    ],
  ),
];

const many: Case = {
  title: "POST /stocks?on-conflict=merge of 1000 rows, twice",
  writes: true,
  async run(api) {
    const body = (quantity: number) =>
      Array.from({ length: 1000 }, (_, i) => ({ warehouse: "bulk", sku: `s${i}`, quantity: quantity + i }));
    for (const quantity of [0, 5000]) {
      const answer = await api.ask("POST /stocks?on-conflict=merge", { body: body(quantity) });
      is(200, answer);
      expect(answer.json).toEqual(body(quantity));
    }
    const ignored = await api.ask("POST /stocks?on-conflict=ignore", { body: body(1) });
    expect([ignored.status, ignored.json]).toEqual([200, []]);
    const { headers, json } = await api.ask("GET /stocks?warehouse=bulk&count=exact&order-by=quantity:asc&limit=1");
    expect([headers["x-total-count"], json[0].quantity]).toEqual(["1000", 5000]);
  },
};

const everyType: Case = {
  title: "POST /samples?on-conflict=merge of each kind of value",
  writes: true,
  async run(api) {
    is(201, await api.ask("POST /samples", { body: { id: 600 } }));
    for (const row of expected) {
      for (const [field, value] of Object.entries(parse(row) as Record<string, unknown>)) {
        if (field === "id") continue;
        const body = stringify({ id: 600, [field]: value }) as string;
        const answer = await api.ask("POST /samples?on-conflict=merge", { body });
        is(200, answer);
        expect(parse(answer.text)).toMatchObject({ [field]: value });
      }
    }
    expect(parse((await api.ask("GET /samples/600")).text)).toEqual({
      ...(parse(expected.at(-1) as string) as object),
      id: new LosslessNumber("600"),
    });
  },
};

const race = (action: string): Case => ({
  title: `POST /stocks?on-conflict=${action} by twenty at once with one key`,
  writes: true,
  async run(api) {
    const each = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        api.ask(`POST /stocks?on-conflict=${action}`, { body: { warehouse: "race", sku: "one", quantity: i + 1 } }),
      ),
    );
    const statuses = each.map(({ status }) => status);
    expect(statuses.filter((status) => status >= 300)).toEqual([]);
    expect(statuses.filter((status) => status === 201)).toHaveLength(action === "ignore" ? 1 : 0);
    const { json } = await api.ask("GET /stocks?warehouse=race");
    expect(json).toHaveLength(1);
    const written = each.filter(({ json: row }) => row.quantity === json[0].quantity);
    expect(written.length).toBe(action === "ignore" ? 20 : 1);
  },
});

const refused = [
  refuses("POST /members?on-conflict=merge of another's e-mail", 409, "unique_violation", {
    body: { id: 2, name: "Bee", email: "ada@example.org" },
  }),
  refuses("POST /members?on-conflict=merge of a new id and a taken e-mail", 409, "unique_violation", {
    body: { id: 900, name: "Bee", email: "ada@example.org" },
  }),
  refuses("POST /members?on-conflict=merge&conflict-columns=email of another's id", 409, "unique_violation", {
    body: { id: 2, name: "Bee", email: "ada@example.org" },
  }),
  refuses("POST /members?on-conflict=merge&conflict-columns=email of a taken id", 409, "unique_violation", {
    body: { id: 2, name: "Bee", email: "nobody@example.org" },
  }),
  refuses("POST /members?on-conflict=ignore of a new id and a taken e-mail", 409, "unique_violation", {
    body: [
      { id: 899, name: "Ok", email: "ok@example.org" },
      { id: 900, name: "Bee", email: "ada@example.org" },
    ],
  }),
  refuses("POST /members?on-conflict=merge of one row twice", 400, "invalid_body", {
    body: [
      { id: 1, name: "a", email: "a@example.org" },
      { id: 2, name: "b", email: "b@example.org" },
      { id: 1, name: "c", email: "c@example.org", age: 1 },
    ],
    says: /^\[0\] and \[2\] are the same row by id/,
    fields: ["[2].id"],
  }),
  refuses("POST /stocks?on-conflict=ignore of one row twice", 400, "invalid_body", {
    body: [bolt, bolt],
    fields: ["[1].warehouse", "[1].sku"],
  }),
  refuses("POST /members?on-conflict=merge of a country that is not there", 409, "foreign_key_violation", {
    body: [
      { id: 1, name: "a", email: "a@example.org" },
      { id: 2, name: "b", email: "b@example.org", country_id: 99 },
    ],
    fields: ["[1].country_id"],
  }),
  refuses("POST /members?on-conflict=merge of NULL", 422, "not_null_violation", {
    body: { id: 1, name: null, email: "a@example.org" },
    fields: ["name"],
  }),
  refuses("POST /members?on-conflict=merge of a wrong value", 422, "invalid_value", {
    body: [{ id: 1, name: "a", email: "a@example.org", age: "x" }],
    fields: ["[0].age"],
  }),
  refuses("POST /meetups?on-conflict=merge that breaks a CHECK", 422, "check_violation", {
    body: { id: 1, title: "x", group_id: 1, seats: -1 },
  }),
  refuses("POST /countries/99/members?on-conflict=merge", 404, "parent_not_found", {
    body: { id: 1, name: "a", email: "a@example.org" },
  }),
  refuses("POST /members?on-conflict=replace", 400, "malformed_query", { body: ada, says: "merge or ignore" }),
  refuses("POST /members?on-conflict=ignor", 400, "malformed_query", { body: ada, says: "'ignore'" }),
  refuses("POST /members?on-conflit=merge", 400, "unknown_parameter", { body: ada, says: "'on-conflict'" }),
  refuses("POST /members?on-conflict=merge&limit=1", 400, "unknown_parameter", { body: ada, says: "'limit'" }),
  refuses("POST /members?on-conflict=merge&on-conflict=ignore", 400, "malformed_query", { body: ada, says: "twice" }),
  refuses("POST /members?conflict-columns=email", 400, "malformed_query", { body: ada, says: "on-conflict=merge" }),
  refuses("POST /members?on-conflict=merge&conflict-columns=emial", 400, "unknown_column", {
    body: ada,
    says: "'email'",
  }),
  refuses("POST /members?on-conflict=merge&conflict-columns=name", 400, "malformed_query", {
    body: ada,
    says: "conflict-columns=id, or conflict-columns=email",
  }),
  refuses("POST /members?on-conflict=merge&conflict-columns=id,email", 400, "malformed_query", { body: ada }),
  refuses("POST /stocks?on-conflict=merge&conflict-columns=sku", 400, "malformed_query", {
    body: bolt,
    says: "conflict-columns=warehouse,sku",
  }),
  refuses("POST /logs?on-conflict=merge", 400, "malformed_query", { body: { message: "x" }, says: "no key" }),
];

export const upserts = [...merge, ...ignore, many, everyType, race("merge"), race("ignore"), ...refused];
