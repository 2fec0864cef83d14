// `envelope=true`: every list within an object that says what it is a part of.
import { expect } from "vitest";
import type { Answer } from "../../support/http.js";
import { linkOf } from "../../support/links.js";
import { asks, type Case, is, lists, refuses, shows } from "../case.js";
import type { Subject } from "../subject.js";

const fields = ["table", "total", "limit", "offset", "filters", "items"];

interface Envelope {
  readonly table: string;
  readonly total: number;
  readonly limit?: number;
  readonly offset?: number | null;
  readonly filters?: Readonly<Record<string, readonly string[]>>;
  /** The items' ids. */
  readonly ids: readonly unknown[];
}

function holds(answer: Answer, { ids, ...expected }: Envelope, status = 200): void {
  is(status, answer);
  expect(Object.keys(answer.json)).toEqual(fields);
  const { items, ...head } = answer.json;
  expect(head).toEqual({ limit: 100, offset: 0, filters: {}, ...expected });
  expect(items.map(({ id }: { id: unknown }) => id)).toEqual(ids);
}

const enveloped = (title: string, expected: Envelope): Case => asks(title, (answer) => holds(answer, expected));

const all = Array.from({ length: 12 }, (_, i) => i + 1);

export const envelopes: readonly Case[] = [
  enveloped("GET /members?envelope=true", { table: "members", total: 12, ids: all }),
  enveloped("GET /members?envelope=true&limit=2&offset=3", {
    ...{ table: "members", total: 12, limit: 2, offset: 3 },
    ids: [4, 5],
  }),
  enveloped("GET /members?envelope=true&limit=5000&id=lte:2", {
    ...{ table: "members", total: 2, limit: 1000, filters: { id: ["lte:2"] } },
    ids: [1, 2],
  }),
  enveloped("GET /members?id=gt:1&envelope=true&id=lt:9&or=(id=2,name=%22a%22)&country.name=like:%25a%25&limit=1", {
    table: "members",
    total: 1,
    limit: 1,
    filters: {
      id: ["gt:1", "lt:9"],
      or: ['(id=2,name="a")'],
      "country.name": ["like:%a%"],
    },
    ids: [2],
  }),
  enveloped("GET /members?envelope=true&limit=0", { table: "members", total: 12, limit: 0, ids: [] }),
  enveloped("GET /members?envelope=true&offset=50", { table: "members", total: 12, offset: 50, ids: [] }),
  enveloped("GET /members?envelope=true&id=in:", { table: "members", total: 0, filters: { id: ["in:"] }, ids: [] }),
  enveloped("GET /countries/1/members?envelope=true&limit=1", { table: "members", total: 5, limit: 1, ids: [1] }),
  enveloped("GET /groups/1/members?envelope=true&limit=2&order-by=id:asc", {
    ...{ table: "members", total: 6, limit: 2 },
    ids: [1, 2],
  }),
  enveloped("GET /members?envelope=true&select=id,groups(name)&groups.name=ne:x&groups.limit=1&limit=1", {
    ...{ table: "members", total: 12, limit: 1, filters: { "groups.name": ["ne:x"] } },
    ids: [1],
  }),
  shows("GET /countries/3/members?envelope=true&id=0", {
    ...{ table: "members", total: 0, limit: 100, offset: 0, filters: { id: ["0"] }, items: [] },
  }),
  shows("GET /members?select=count()&envelope=true", {
    ...{ table: "members", total: 1, limit: 100, offset: 0, filters: {}, items: [{ count: 12 }] },
  }),
  asks(
    "GET /members?envelope=true of a range",
    (answer) => {
      holds(answer, { table: "members", total: 12, limit: 3, offset: 2, ids: [3, 4, 5] }, 206);
      expect(answer.headers["content-range"]).toBe("items 2-4/12");
    },
    { headers: { range: "items=2-4" } },
  ),
  asks("GET /members?envelope=true&limit=5 and its next page", async (answer, api) => {
    const next = linkOf(answer, "next")?.slice(api.prefix.length);
    holds(await api.ask(`GET ${next}`), { table: "members", total: 12, limit: 5, offset: null, ids: [6, 7, 8, 9, 10] });
  }),
  {
    title: "GET /members?envelope=true&limit=50 with maxLimit 5",
    run: async (api: Subject) =>
      holds(await api.askSmall("GET /members?envelope=true&limit=50"), {
        ...{ table: "members", total: 12, limit: 5 },
        ids: [1, 2, 3, 4, 5],
      }),
  },
  asks("GET /members?envelope=true&limit=1 with its headers", ({ headers }) =>
    expect(headers).toMatchObject({ "x-total-count": "12", "content-range": "items 0-0/12" }),
  ),
  asks("HEAD /members?envelope=true&limit=1", async (answer, api) => {
    is(200, answer);
    const { text } = await api.ask("GET /members?envelope=true&limit=1");
    expect(answer.headers["content-length"]).toBe(String(Buffer.byteLength(text)));
  }),
  lists("GET /members?envelope=false&limit=1", [1]),
  refuses("GET /members?envelope=yes", 400, "malformed_query", { says: /true or false/ }),
  refuses("GET /members?envelope=", 400, "malformed_query"),
  refuses("GET /members/1?envelope=true", 400, "unknown_parameter"),
  refuses("GET /members/1?after=eyJvZiI6IngifQ", 400, "unknown_parameter"),
  refuses("GET /countries/99/members?envelope=true", 404, "parent_not_found"),
  refuses("GET /members?select=id,groups(*)&groups.envelope=true", 400, "unknown_column"),
];
