// PUT on a row that is not there, with and without `Prefer: resolution=upsert`.
import { expect } from "vitest";
import { type Case, enc, is, isProblem, refuses } from "../case.js";
import type { Subject } from "../subject.js";

const prefer = "resolution=upsert";
const headers = { prefer };
const nina = { name: "Nina", email: "nina@example.org" };

/** 201 where the row is told to be, then 200 for the same request: the row is read as it was answered, each time. */
const makes = (path: string, body: object, row: object): Case => ({
  title: `PUT ${path} with Prefer: ${prefer} makes the row, then replaces it`,
  writes: true,
  async run(api) {
    for (const status of [201, 200]) {
      const answer = await api.ask(`PUT ${path}`, { body, headers });
      is(status, answer);
      expect(answer.json).toMatchObject(row);
      expect(answer.headers["preference-applied"]).toBe(prefer);
      expect(answer.headers.location).toBe(status === 201 ? api.prefix + path : undefined);
      const read = await api.ask(`GET ${path}`);
      expect([read.json, read.headers.etag]).toEqual([answer.json, answer.headers.etag]);
    }
  },
});

const replaces: Case = {
  title: `PUT /members/1 with Prefer: ${prefer} replaces the row that stands`,
  writes: true,
  async run(api) {
    const answer = await api.ask("PUT /members/1", { body: nina, headers });
    is(200, answer);
    expect(answer.json).toMatchObject({ id: 1, ...nina, age: null, balance: 0 });
  },
};

const conditional: Case = {
  title: `PUT /members/700 with Prefer: ${prefer} and If-Match or If-None-Match`,
  writes: true,
  async run(api) {
    const put = (path: string, more: Record<string, string>) =>
      api.ask(`PUT ${path}`, { body: nina, headers: { ...headers, ...more } });
    for (const tag of ["*", '"seen"']) {
      isProblem(await put("/members/700", { "if-match": tag }), 412, "precondition_failed");
    }
    isProblem(await put("/members/1", { "if-none-match": "*" }), 412, "precondition_failed");
    is(404, await api.ask("GET /members/700"));
    is(201, await put("/members/700", { "if-none-match": "*" }));
    isProblem(await put("/members/700", { "if-none-match": "*" }), 412, "precondition_failed");
    is(200, await put("/members/700", { "if-match": "*" }));
  },
};

const nestedBody: Case = {
  title: `PUT /groups/700 with Prefer: ${prefer} of a row with related rows`,
  writes: true,
  async run(api) {
    const body = { name: "Made", meetups: [{ title: "First" }], members: [{ id: 1 }] };
    const answer = await api.ask("PUT /groups/700", { body, headers });
    is(201, answer);
    expect(answer.json).toMatchObject({ id: 700, meetups: [{ group_id: 700, title: "First" }] });
    expect((await api.ask("GET /groups/700/members")).json).toMatchObject([{ id: 1 }]);
  },
};

const inBatch: Case = {
  title: `POST /batch of PUTs with Prefer: ${prefer}`,
  writes: true,
  async run(api) {
    const entry = { method: "PUT", path: "/members/700", body: nina, headers: { Prefer: prefer } };
    const answer = await api.ask("POST /batch", { body: [entry, entry] });
    is(200, answer);
    expect(answer.json.map(({ status }: { status: number }) => status)).toEqual([201, 200]);
  },
};

const bare: Case = {
  title: `PUT /members/700 with Prefer: ${prefer}, return=minimal`,
  writes: true,
  async run(api) {
    const answer = await api.ask("PUT /members/700", { body: nina, headers: { prefer: `${prefer}, return=minimal` } });
    expect([answer.status, answer.text, answer.headers.location]).toEqual([201, "", `${api.prefix}/members/700`]);
    expect(answer.headers["preference-applied"]).toBe(`${prefer}, return=minimal`);
    const tried = await api.ask("PUT /members/701", {
      body: { ...nina, email: "other@example.org" },
      headers: { prefer: `${prefer}, tx=rollback` },
    });
    is(201, tried);
    is(404, await api.ask("GET /members/701"));
  },
};

/** One makes the row and the others replace it, or are told that another write came in between. */
const race = (path: string, bodyOf: (i: number) => object): Case => ({
  title: `PUT ${path} with Prefer: ${prefer} by ten at once`,
  writes: true,
  async run(api: Subject) {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => api.ask(`PUT ${path}`, { body: bodyOf(i), headers })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(
      statuses.filter((status) => status === 201),
      String(statuses),
    ).toHaveLength(1);
    expect(statuses.filter((status) => ![200, 201, 409].includes(status))).toEqual([]);
    const { json } = await api.ask(`GET ${path}`);
    expect(answers.filter(({ status }) => status < 300).map((answer) => answer.json)).toContainEqual(json);
  },
});

export const puttingNew = [
  makes("/members/700", nina, { id: 700, ...nina, age: null, country_id: null, joined: "2024-01-01", balance: 0 }),
  makes("/members/700", { ...nina, id: 700, age: 3 }, { id: 700, age: 3 }),
  makes("/countries/2/members/700", nina, { id: 700, ...nina, country_id: 2 }),
  makes("/stocks/west,bolt", { quantity: 4 }, { warehouse: "west", sku: "bolt", quantity: 4 }),
  makes(`/airports/${enc("X/Y, 2%")}`, { name: "New" }, { code: "X/Y, 2%", name: "New" }),
  makes("/meetups/2/meetups_members/2,5", {}, { meetup_id: 2, member_id: 5, rsvp: "yes" }),
  replaces,
  conditional,
  nestedBody,
  inBatch,
  bare,
  race("/members/700", (i) => ({ ...nina, age: i })),
  race("/stocks/race,bolt", (i) => ({ quantity: i })),
  refuses("PUT /members/700", 404, "not_found", { body: nina }),
  refuses("PUT /members/700 that prefers something else", 404, "not_found", {
    body: nina,
    headers: { prefer: "resolution=merge-duplicates" },
  }),
  refuses("PUT /countries/999/members/700", 404, "parent_not_found", { body: nina, headers }),
  refuses("PUT /countries/2/members/1", 409, "unique_violation", { body: nina, headers }),
  refuses("PUT /countries/2/members/700", 422, "invalid_value", { body: { ...nina, country_id: 1 }, headers }),
  refuses("PUT /members/700 of another key", 422, "invalid_value", { body: { ...nina, id: 701 }, headers }),
  refuses("PUT /members/700 of a row that lacks its email", 422, "not_null_violation", {
    body: { name: "Nina" },
    headers,
  }),
  refuses("PUT /members/700 of a taken email", 409, "unique_violation", {
    body: { ...nina, email: "ada@example.org" },
    headers,
    fields: ["email"],
  }),
  refuses("PUT /members/abc", 404, "not_found", { body: nina, headers }),
];
