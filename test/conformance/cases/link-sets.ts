// PUT on an N-to-N list: the whole set of links at once.
import { expect } from "vitest";
import { asks, type Case, is, isProblem, refuses } from "../case.js";
import type { Subject } from "../subject.js";

const members = async (api: Subject, group: number): Promise<number[]> =>
  (await api.knex("groups_members").where({ group_id: group }).orderBy("member_id").pluck("member_id")).map(Number);

/** 200 and the list as GET shows it, which is what is kept. */
const sets = (title: string, body: unknown, expected: readonly number[], more?: (api: Subject) => unknown): Case => ({
  title: `${title} of ${JSON.stringify(body)}`,
  writes: true,
  async run(api) {
    const path = title.split(" ")[1];
    const before = await api.rows();
    const answer = await api.ask(title, { body });
    is(200, answer);
    expect(answer.json.map(({ id }: { id: number }) => id)).toEqual(expected);
    const read = await api.ask(`GET ${path}`);
    expect([answer.text, answer.headers["content-type"]]).toEqual([read.text, read.headers["content-type"]]);
    expect((await api.ask(title, { body })).text).toBe(answer.text);
    const after = await api.rows();
    const changed = Object.keys(after).filter((table) => after[table]?.join() !== before[table]?.join());
    expect(["", "groups_members", "meetups_members"]).toContain(changed.join());
    await more?.(api);
  },
});

const rsvps = async (api: Subject) => {
  const rows = await api
    .knex("meetups_members")
    .where({ meetup_id: 1 })
    .orderBy("member_id")
    .select("member_id", "rsvp");
  expect(rows.map(({ member_id, rsvp }) => `${member_id} ${rsvp}`)).toEqual(["2 no", "3 maybe", "9 yes"]);
};

const many: Case = {
  title: "PUT /groups/5/members of as many as there are, and of none",
  writes: true,
  async run(api) {
    const added = Array.from({ length: 300 }, (_, i) => ({ name: `m${i}`, email: `m${i}@example.org` }));
    for (let i = 0; i < added.length; i += 50) await api.knex("members").insert(added.slice(i, i + 50));
    const ids: number[] = (await api.knex("members").orderBy("id").pluck("id")).map(Number);
    const answer = await api.ask("PUT /groups/5/members", { body: ids });
    is(200, answer);
    // As GET: the default limit.
    expect(answer.json.map(({ id }: { id: number }) => id)).toEqual(ids.slice(0, 100));
    expect(await members(api, 5)).toEqual(ids);
    const half = ids.filter((id) => id % 2 === 0);
    is(200, await api.ask("PUT /groups/5/members", { body: half.toReversed() }));
    expect(await members(api, 5)).toEqual(half);
    expect((await api.ask("PUT /groups/5/members", { body: [] })).json).toEqual([]);
    expect(await members(api, 5)).toEqual([]);
  },
};

const preferences: Case = {
  title: "PUT /groups/5/members with preferences",
  writes: true,
  async run(api) {
    const before = await api.rows();
    const tried = await api.ask("PUT /groups/5/members", { body: [1, 2], headers: { prefer: "tx=rollback" } });
    expect([tried.status, tried.json.length, tried.headers["preference-applied"]]).toEqual([200, 2, "tx=rollback"]);
    expect(await api.rows()).toEqual(before);
    const minimal = await api.ask("PUT /groups/5/members", { body: [1, 2], headers: { prefer: "return=minimal" } });
    expect([minimal.status, minimal.text]).toEqual([204, ""]);
    const range = await api.ask("PUT /groups/5/members", { body: [1, 2], headers: { range: "items=0-0" } });
    expect([range.status, range.json.length]).toEqual([200, 2]);
    expect(await members(api, 5)).toEqual([1, 2]);
  },
};

const batched: Case = {
  title: "POST /batch with PUT /groups/:id/members",
  writes: true,
  async run(api) {
    const body = [
      { method: "POST", path: "/groups", body: { name: "New" } },
      { method: "POST", path: "/members", body: { name: "N", email: "n@example.org" } },
      { method: "PUT", path: "/groups/$0.id/members", body: ["$1.id", 2, { id: 3 }] },
    ];
    const answer = await api.ask("POST /batch", { body });
    is(200, answer);
    expect(answer.json[2].body.map(({ id }: { id: number }) => id)).toEqual([2, 3, answer.json[1].body.id]);
    const failed = await api.ask("POST /batch", {
      body: [{ method: "PUT", path: "/groups/5/members", body: [1, 99] }],
    });
    isProblem(failed, 422, "invalid_value");
    expect(await members(api, 5)).toEqual([]);
  },
};

/** Each set from both sides, ten writers at once: what stands is what one of them wanted, and nobody saw an error of the server. */
const race: Case = {
  title: "PUT /groups/1/members by twelve at once",
  writes: true,
  async run(api) {
    const wanted = [[1, 2, 3], [7, 8, 9], [], [3, 7, 11]];
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, i) => api.ask("PUT /groups/1/members", { body: wanted[i % 4] })),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
      for (const [i, { json }] of answers.entries())
        expect(json.map(({ id }: { id: number }) => id)).toEqual(wanted[i % 4]);
      expect(wanted).toContainEqual(await members(api, 1));
    }
  },
};

const crossing: Case = {
  title: "PUT /groups/:id/members and PUT /members/:id/groups at once",
  writes: true,
  async run(api) {
    for (let round = 0; round < 4; round++) {
      const answers = await Promise.all([
        ...[1, 2, 3, 4, 5].map((id) => api.ask(`PUT /groups/${id}/members`, { body: [1, 2, 3] })),
        ...[1, 2, 3].map((id) => api.ask(`PUT /members/${id}/groups`, { body: [1, 2, 3, 4, 5] })),
      ]);
      for (const answer of answers) if (answer.status !== 200) isProblem(answer, 409, "conflict");
      for (const id of [1, 2, 3, 4, 5]) await api.ask(`PUT /groups/${id}/members`, { body: [] });
    }
  },
};

export const linkSets = [
  sets("PUT /groups/5/members", [3, 1], [1, 3]),
  sets("PUT /groups/1/members", [2, 3, 9], [2, 3, 9]),
  sets("PUT /groups/1/members", [], []),
  sets("PUT /groups/1/members", [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]),
  sets("PUT /groups/5/members", [3, 1, 3, "1", "3", { id: 1 }, [3]], [1, 3]),
  sets("PUT /groups/5/members", [{ id: 4, name: "Dee 🌲" }, { id: "5" }], [4, 5]),
  sets("PUT /members/11/groups", [5, 1], [1, 5]),
  sets("PUT /members/2/groups", [2], [2]),
  sets("PUT /meetups/1/members", [2, 3, 9], [2, 3, 9], rsvps),
  many,
  preferences,
  batched,
  race,
  crossing,
  refuses("PUT /groups/99/members", 404, "parent_not_found", { body: [1] }),
  refuses("PUT /groups/99/members of nothing", 404, "parent_not_found", { body: [] }),
  refuses("PUT /groups/abc/members", 404, "not_found", { body: [1] }),
  refuses("PUT /groups/1/members of rows that are not there", 422, "invalid_value", {
    body: [1, 98, 2, 99],
    says: /^There are no such rows of members: 98; 99\.$/,
    fields: ["98", "99"],
  }),
  refuses("PUT /groups/1/members of very many rows that are not there", 422, "invalid_value", {
    body: Array.from({ length: 15 }, (_, i) => 100 + i),
    says: /100; 101; .*109 and 5 more\.$/,
  }),
  refuses("PUT /groups/1/members of values that are no ids", 422, "invalid_value", {
    body: [1, "x", 1.5, 9e99],
    fields: ["[1]", "[2]", "[3]"],
  }),
  refuses("PUT /groups/1/members of one object", 400, "invalid_body", { body: { id: 1 } }),
  refuses("PUT /groups/1/members of no body", 400, "invalid_body"),
  refuses("PUT /groups/1/members of null", 400, "invalid_body", { body: [null], says: "[0] is an id, not null" }),
  refuses("PUT /groups/1/members of NULL in a row", 422, "invalid_value", { body: [{ id: null }] }),
  refuses("PUT /groups/1/members of pairs", 400, "invalid_body", { body: [[1, 2]], says: "[0] has 2 values" }),
  refuses("PUT /groups/1/members of rows without an id", 400, "invalid_body", {
    body: [{ name: "Ada" }],
    says: "[0] has no id",
  }),
  refuses("PUT /groups/1/members of rows with a misspelt column", 400, "unknown_column", {
    body: [{ id: 1, nmae: "Ada" }],
    says: "'name'",
  }),
  refuses("PUT /groups/1/members of too many", 400, "too_complex", { body: Array.from({ length: 1001 }, (_, i) => i) }),
  refuses("PUT /groups/1/members?limit=1", 400, "unknown_parameter", { body: [] }),
  refuses("PUT /groups/1/members of text", 415, "unsupported_media_type", {
    body: "[1]",
    headers: { "content-type": "text/plain" },
  }),
  refuses('PUT /groups/1/members of ["1); DELETE FROM members; --"]', 422, "invalid_value", {
    body: ["1); DELETE FROM members; --"],
  }),
  asks("PUT /groups/1/venues", (answer) => is(404, answer)),
  asks("PUT /countries/1/venues", (answer) => isProblem(answer, 405, "method_not_allowed")),
];
