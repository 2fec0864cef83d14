// Prefer: tx=rollback does everything, answers as if it had, and keeps nothing.
import { expect } from "vitest";
import { asks, type Case, isProblem } from "../case.js";
import type { Subject } from "../subject.js";

const tried = { prefer: "tx=rollback" };

/** Tried first, then done: the same answer, but for what the database numbers. */
const rehearses = (title: string, status: number, body?: unknown): Case => ({
  title: `${title} with Prefer: tx=rollback`,
  writes: true,
  async run(api) {
    const parts = body === undefined ? {} : { body };
    const before = await api.rows();
    const trial = await api.ask(title, { ...parts, headers: tried });
    expect(trial.status, trial.text).toBe(status);
    expect(trial.headers["preference-applied"]).toBe("tx=rollback");
    expect(await api.rows()).toEqual(before);
    const { status: done, ...real } = await api.ask(title, parts);
    expect(done).toBe(status);
    expect(real.headers["preference-applied"]).toBeUndefined();
    if (status === 201 && trial.json.id !== undefined) {
      expect({ ...real.json, id: 0 }).toEqual({ ...trial.json, id: 0 });
      expect(trial.headers.location).toBe(`${api.prefix}${title.split(" ")[1]}/${trial.json.id}`);
    } else {
      expect(real.text).toBe(trial.text);
      expect(real.headers.etag).toBe(trial.headers.etag);
    }
    expect(await api.rows()).not.toEqual(before);
  },
});

const refusesTried = (title: string, status: number, code: string, body?: unknown): Case => ({
  title: `${title} with Prefer: tx=rollback`,
  async run(api) {
    const before = await api.rows();
    const parts = body === undefined ? {} : { body };
    const answer = await api.ask(title, { ...parts, headers: tried });
    isProblem(answer, status, code, title);
    expect(answer.text).toBe((await api.ask(title, parts)).text);
    expect(await api.rows()).toEqual(before);
  },
});

const both = async (api: Subject, prefer: string) => {
  const before = await api.rows();
  const answer = await api.ask("PATCH /members/1", { body: { age: 99 }, headers: { prefer } });
  expect(await api.rows()).toEqual(before);
  return answer;
};

const combined: Case = {
  title: "PATCH /members/1 with several preferences",
  async run(api) {
    for (const prefer of [
      "return=minimal, tx=rollback",
      'TX="rollback",return=minimal',
      "wait=5, tx=rollback, return=minimal",
    ]) {
      const answer = await both(api, prefer);
      expect([answer.status, answer.text]).toEqual([204, ""]);
      expect(answer.headers["preference-applied"]).toBe("return=minimal, tx=rollback");
    }
    const shown = await both(api, "return=representation, tx=rollback");
    expect([shown.status, shown.json.age]).toEqual([200, 99]);
    expect(shown.headers["preference-applied"]).toBe("return=representation, tx=rollback");
  },
};

const unique: Case = {
  title: "POST /groups with Prefer: tx=rollback leaves the connection as it was",
  writes: true,
  async run(api) {
    for (let i = 0; i < 30; i++)
      expect((await api.ask("POST /groups", { body: { name: "Trial" }, headers: tried })).status).toBe(201);
    const made = await api.ask("POST /groups", { body: { name: "Real" } });
    expect((await api.ask(`GET /groups/${made.json.id}`)).json.name).toBe("Real");
  },
};

export const rehearsals = [
  rehearses("POST /members", 201, { name: "Nina", email: "nina@example.org" }),
  rehearses("POST /countries/1/venues", 201, { name: "Barn" }),
  rehearses("PUT /members/1", 200, { name: "Ada", email: "ada@example.org" }),
  rehearses("PATCH /members/1", 200, { age: 77 }),
  rehearses("DELETE /flights/1", 204),
  rehearses("POST /groups/5/members/1/add", 201),
  rehearses("POST /groups/1/members/1/delete", 204),
  refusesTried("POST /members", 409, "unique_violation", { name: "Ada", email: "ada@example.org" }),
  refusesTried("POST /members", 409, "foreign_key_violation", { name: "N", email: "n@example.org", country_id: 999 }),
  refusesTried("POST /countries/999/venues", 404, "parent_not_found", { name: "Barn" }),
  refusesTried("POST /countries/1/members", 409, "unique_violation", { name: "Ada", email: "ada@example.org" }),
  refusesTried("PATCH /members/999", 404, "not_found", { age: 1 }),
  refusesTried("DELETE /countries/1", 409, "foreign_key_violation"),
  refusesTried("POST /groups/1/members/999/add", 404, "not_found"),
  refusesTried("PATCH /meetups/1", 422, "check_violation", { seats: -1 }),
  combined,
  unique,
  asks(
    "GET /members/1 with preferences for writes",
    ({ status, headers }) => expect([status, headers["preference-applied"]]).toEqual([200, undefined]),
    { headers: { prefer: "tx=rollback, return=minimal" } },
  ),
];
