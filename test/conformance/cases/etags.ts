// Entity tags: 304 for what is known, 412 for what has changed, and no lost update when writers race.
import { expect } from "vitest";
import { asks, type Case } from "../case.js";
import type { Subject } from "../subject.js";

const tagOf = async (api: Subject, path: string): Promise<string> => {
  const { headers } = await api.ask(`GET ${path}`);
  expect(headers.etag).toMatch(/^"[\w-]{20,}"$/);
  return headers.etag as string;
};

const known: Case = {
  title: "GET /members/1 with If-None-Match",
  async run(api) {
    const tag = await tagOf(api, "/members/1");
    for (const header of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
      const answer = await api.ask("GET /members/1", { headers: { "if-none-match": header } });
      expect([answer.status, answer.text, answer.headers.etag]).toEqual([304, "", tag]);
    }
    const other = await api.ask("GET /members/1", { headers: { "if-none-match": '"other"' } });
    expect(other.status).toBe(200);
    expect((await api.ask("HEAD /members/1", { headers: { "if-none-match": tag } })).status).toBe(304);
  },
};

const changed: Case = {
  title: "PATCH /members/1 with If-Match",
  writes: true,
  async run(api) {
    const tag = await tagOf(api, "/members/1");
    const first = await api.ask("PATCH /members/1", { body: { age: 37 }, headers: { "if-match": tag } });
    expect(first.status, first.text).toBe(200);
    expect(first.headers.etag).toBe(await tagOf(api, "/members/1"));
    const late = await api.ask("PATCH /members/1", { body: { age: 38 }, headers: { "if-match": tag } });
    expect([late.status, late.json.code]).toEqual([412, "precondition_failed"]);
    expect((await api.ask("GET /members/1")).json.age).toBe(37);
    const put = { name: "Ada", email: "ada@example.org" };
    expect((await api.ask("PUT /members/1", { body: put, headers: { "if-match": tag } })).status).toBe(412);
    // A weak tag never matches where the comparison is strong, and an empty list names none (RFC 9110, 13.1.1).
    const now = await tagOf(api, "/members/1");
    for (const header of [`W/${now}`, `"other", W/${now}`, "", " ", ","]) {
      const refused = await api.ask("PATCH /members/1", { body: { age: 39 }, headers: { "if-match": header } });
      expect([refused.status, refused.json.code], header).toEqual([412, "precondition_failed"]);
    }
    expect((await api.ask("GET /members/1")).json.age).toBe(37);
    for (const header of [`W/${now}, ${now}`, "*", ` ${now} `])
      expect((await api.ask("PATCH /members/1", { body: { age: 37 }, headers: { "if-match": header } })).status).toBe(
        200,
      );
    expect((await api.ask("DELETE /logs", { headers: { "if-match": tag } })).status).toBe(405);
    expect((await api.ask("PATCH /members/999", { body: { age: 1 }, headers: { "if-match": tag } })).status).toBe(404);
  },
};

const removed: Case = {
  title: "DELETE /employees/:id with If-Match",
  writes: true,
  async run(api) {
    const made = await api.ask("POST /employees", { body: { name: "Zed" } });
    expect(made.status, made.text).toBe(201);
    const path = `/employees/${made.json.id}`;
    expect(made.headers.etag).toBe(await tagOf(api, path));
    expect((await api.ask(`DELETE ${path}`, { headers: { "if-match": '"other"' } })).status).toBe(412);
    expect((await api.ask(`DELETE ${path}`, { headers: { "if-match": made.headers.etag as string } })).status).toBe(
      204,
    );
  },
};

const race: Case = {
  title: "PATCH /members/2 by ten at once with one If-Match",
  writes: true,
  async run(api) {
    const tag = await tagOf(api, "/members/2");
    const ages = Array.from({ length: 10 }, (_, i) => 50 + i);
    const answers = await Promise.all(
      ages.map((age) => api.ask("PATCH /members/2", { body: { age }, headers: { "if-match": tag } })),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
    expect((await api.ask("GET /members/2")).json).toEqual(won[0]?.json);
  },
};

export const etags = [
  known,
  changed,
  removed,
  race,
  asks("GET /members", ({ headers }) => expect(headers.etag).toBeUndefined()),
];
