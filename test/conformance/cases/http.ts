// Methods, their Allow, and what else HTTP asks for.
import { expect } from "vitest";
import { asks, type Case, changes, is, isProblem, refuses } from "../case.js";

const allowed: readonly (readonly [path: string, allow: string])[] = [
  ["/members", "GET, HEAD, QUERY, POST, PATCH, DELETE, OPTIONS"],
  ["/members/", "GET, HEAD, QUERY, POST, PATCH, DELETE, OPTIONS"],
  ["/members/1", "GET, HEAD, QUERY, PUT, PATCH, DELETE, OPTIONS"],
  ["/members/99", "GET, HEAD, QUERY, PUT, PATCH, DELETE, OPTIONS"],
  ["/countries/1/members", "GET, HEAD, QUERY, POST, PATCH, DELETE, OPTIONS"],
  ["/countries/1/members/1", "GET, HEAD, QUERY, PUT, PATCH, DELETE, OPTIONS"],
  ["/groups/1/members", "GET, HEAD, QUERY, PUT, PATCH, DELETE, OPTIONS"],
  ["/groups/1/members/1", "GET, HEAD, QUERY, OPTIONS"],
  ["/groups/1/members/1/add", "POST, OPTIONS"],
  ["/groups/1/members/1/delete", "POST, OPTIONS"],
  ["/members/1/country", "GET, HEAD, QUERY, OPTIONS"],
  ["/group_sizes", "GET, HEAD, QUERY, OPTIONS"],
  ["/logs", "GET, HEAD, QUERY, POST, OPTIONS"],
];

const options = allowed.map(([path, allow]) =>
  asks(`OPTIONS ${path}`, (answer) => {
    is(204, answer);
    expect(answer.headers.allow).toBe(allow);
    expect(answer.text).toBe("");
  }),
);

/** Every method that a place does not list is refused with its list. */
const refused: Case[] = allowed.flatMap(([path, allow]) =>
  ["GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"]
    .filter((method) => !allow.split(", ").includes(method))
    .map((method) =>
      asks(`${method} ${path}`, async (answer) => {
        isProblem(answer, 405, "method_not_allowed", `${method} ${path}`);
        expect(answer.headers.allow).toBe(allow);
      }),
    ),
);

/** HEAD is GET without its body: status and headers are the same. */
const heads = [
  "/members",
  "/members?age=36",
  "/members/1",
  "/members/99",
  "/members?agee=1",
  "/countries/1/members",
  "/countries/99/members",
  "/groups/1/members/2",
  "/samples/4",
  "/logs",
].map((path) =>
  asks(`HEAD ${path}`, async (answer, api) => {
    const get = await api.ask(`GET ${path}`);
    is(get.status, answer);
    expect(answer.text).toBe("");
    // Each request has a moment and a name of its own.
    const { date: _, "x-request-id": __, ...headers } = get.headers;
    expect(answer.headers).toMatchObject(headers);
  }),
);

const accepted = ["*/*", "application/json", "application/*;q=0.8", "text/html,application/xhtml+xml,*/*;q=0.8", ""];

/** The closest range holds (RFC 9110, 12.5.1), and a weight of 0 is a no. */
const notAccepted = ["*/*;q=0", "*/*; q=0.0", "application/json;q=0, */*", "application/*;q=0, */*;q=0.5", "text/html"];

export const http = [
  ...options,
  ...refused,
  ...heads,
  ...accepted.map((accept) =>
    asks(`GET /countries/1 for '${accept}'`, (answer) => is(200, answer), { headers: { accept } }),
  ),
  asks("GET /countries/1 for 'application/json, */*;q=0'", (answer) => is(200, answer), {
    headers: { accept: "application/json, */*;q=0" },
  }),
  ...notAccepted.map((accept) => ({
    ...refuses("GET /countries/1", 406, "not_acceptable", {
      headers: { accept },
      says: /^Answers are application\/json:/,
    }),
    title: `GET /countries/1 for '${accept}'`,
  })),
  ...["application/json; charset=utf-8", "APPLICATION/JSON", "application/merge-patch+json"].map(
    (type): Case => ({
      ...asks(`PATCH /members/1 as ${type}`, (answer) => is(200, answer), {
        body: '{"age":1}',
        headers: { "content-type": type },
      }),
      writes: true,
    }),
  ),
  {
    ...asks("PATCH /members/1 in chunks", (answer) => is(200, answer), {
      body: '{"age":1}',
      headers: { "transfer-encoding": "chunked" },
    }),
    writes: true,
  },
  changes("DELETE /members/12 with a body nobody asked for", { any: "thing" }, async (answer, api) => {
    is(204, answer);
    is(404, await api.ask("GET /members/12"));
  }),
  asks("GET /countries?", (answer) => is(200, answer)),
  asks("GET /countries?&&", (answer) => is(200, answer)),
];
