// N-to-N from both sides: list, fetch, add, delete.
import { expect } from "vitest";
import { asks, type Case, changes, is, isProblem, lists, refuses } from "../case.js";

const pair = { group_id: 5, member_id: 11 };

/** `add` twice from one side and once from the other, `delete` from both. */
const comesAndGoes = (there: string, back: string): Case =>
  changes(`POST ${there}/add`, undefined, async (answer, api) => {
    is(201, answer);
    expect(answer.json).toEqual(pair);
    const again = await api.ask(`POST ${there}/add`);
    is(200, again);
    expect(again.json).toEqual(pair);
    is(200, await api.ask(`POST ${back}/add`));
    is(200, await api.ask(`GET ${there}`));
    is(200, await api.ask(`GET ${back}`));
    const gone = await api.ask(`POST ${back}/delete`);
    is(204, gone);
    expect(gone.text).toBe("");
    isProblem(await api.ask(`POST ${there}/delete`), 404, "link_not_found");
    isProblem(await api.ask(`GET ${there}`), 404, "not_found");
    expect(await api.knex("groups_members").where({ group_id: 5 })).toEqual([]);
    // The ends stay.
    is(200, await api.ask("GET /groups/5"));
    is(200, await api.ask("GET /members/11"));
  });

export const linking = [
  lists("GET /groups/1/members", [1, 2, 3, 4, 5, 6]),
  lists("GET /members/2/groups", [1, 2]),
  lists("GET /groups/5/members", []),
  lists("GET /members/11/groups", []),
  lists("GET /groups/1/members?name=like:%25a&order-by=id:desc", [6, 1]),
  lists("GET /groups/2/members?limit=2&offset=1", [7, 8]),
  lists("GET /meetups/1/members", [1, 2, 3]),
  lists("GET /members/1/meetups", [1, 2]),
  asks("GET /groups/1/members/2", ({ json }) => expect(json).toMatchObject({ id: 2, name: "Bjørn" })),
  asks("GET /members/2/groups/1", ({ json }) => expect(json).toMatchObject({ id: 1, name: "Readers" })),
  refuses("GET /groups/1/members/9 who is in another group", 404, "not_found"),
  refuses("GET /groups/1/members/99", 404, "not_found"),
  refuses("GET /groups/99/members", 404, "parent_not_found"),
  refuses("GET /groups/99/members/1", 404, "parent_not_found"),
  refuses("GET /groups/abc/members", 404, "not_found"),
  comesAndGoes("/groups/5/members/11", "/members/11/groups/5"),
  comesAndGoes("/members/11/groups/5", "/groups/5/members/11"),
  changes("POST /groups/5/members/11/add while others delete it", undefined, async (answer, api) => {
    is(201, answer);
    const turns = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? "delete" : "add"));
    const answers = await Promise.all(turns.map((turn) => api.ask(`POST /groups/5/members/11/${turn}`)));
    for (const [i, one] of answers.entries()) {
      if (turns[i] === "add") expect([200, 201], one.text).toContain(one.status);
      else if (one.status !== 204) isProblem(one, 404, "link_not_found");
    }
  }),
  changes("POST /groups/5/members/1/add with an empty object", {}, (answer) => is(201, answer)),
  changes("POST /meetups/2/members/5/add with a further column", { rsvp: "maybe" }, async (answer, api) => {
    is(201, answer);
    expect(answer.json).toEqual({ meetup_id: 2, member_id: 5, rsvp: "maybe" });
    const again = await api.ask("POST /meetups/2/members/5/add", { body: { rsvp: "maybe" } });
    is(200, again);
    expect(again.json).toEqual({ meetup_id: 2, member_id: 5, rsvp: "maybe" });
    is(204, await api.ask("POST /members/5/meetups/2/delete"));
  }),
  changes("POST /members/5/meetups/2/add without its further column", undefined, (answer) => {
    is(201, answer);
    expect(answer.json).toEqual({ meetup_id: 2, member_id: 5, rsvp: "yes" });
  }),
  changes("POST /groups/5/members/1/add by ten at once", undefined, async (_, api) => {
    await api.ask("POST /groups/5/members/1/delete");
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.ask("POST /groups/5/members/1/add")));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 201]);
  }),
  refuses("POST /groups/1/members/99/add", 404, "not_found"),
  refuses("POST /groups/99/members/1/add", 404, "parent_not_found"),
  refuses("POST /groups/99/members/99/add", 404, "parent_not_found"),
  refuses("POST /groups/abc/members/1/add", 404, "not_found"),
  refuses("POST /groups/1/members/x/add", 404, "not_found"),
  refuses("POST /groups/1/members/7/add with a column it has not", 400, "unknown_column", { body: { rsvp: "yes" } }),
  refuses("POST /meetups/2/members/5/add with a misspelt column", 400, "unknown_column", {
    body: { rsvpp: "yes" },
    says: "'rsvp'",
  }),
  refuses("POST /meetups/2/members/5/add with a column of the address", 400, "invalid_body", {
    body: { member_id: 6 },
  }),
  refuses("POST /meetups/2/members/5/add with NULL", 422, "not_null_violation", { body: { rsvp: null } }),
  refuses("POST /meetups/2/members/5/add too long", 422, "invalid_value", { body: { rsvp: "perhaps maybe" } }),
  refuses("POST /groups/1/members/9/delete", 404, "link_not_found"),
  refuses("POST /groups/1/members/99/delete", 404, "link_not_found"),
  refuses("POST /groups/99/members/1/delete", 404, "parent_not_found"),
  asks("POST /groups/1/members of an N-to-N", (answer) => {
    isProblem(answer, 405, "method_not_allowed");
    expect(answer.headers.allow).toBe("GET, HEAD, QUERY, PUT, PATCH, DELETE, OPTIONS");
  }),
  asks("GET /groups/1/members/1/add", (answer) => {
    isProblem(answer, 405, "method_not_allowed");
    expect(answer.headers.allow).toBe("POST, OPTIONS");
  }),
  asks("DELETE /groups/1/members/1", (answer) => {
    isProblem(answer, 405, "method_not_allowed");
    expect(answer.headers.allow).toBe("GET, HEAD, QUERY, OPTIONS");
  }),
];
