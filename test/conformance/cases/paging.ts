// Cursors and the links that carry them: whatever the order, the pages one after the other are the list.
import { expect } from "vitest";
import { samples } from "../../fixtures/values-rows.js";
import type { Answer } from "../../support/http.js";
import { linkOf, walk } from "../../support/links.js";
import { asks, type Case, enc, is, refuses } from "../case.js";
import type { Subject } from "../subject.js";

/** A link's address as a case's title has it. */
function below(api: Subject, address: string): string {
  expect(address.startsWith(`${api.prefix}/`), `${address} begins with ${api.prefix}`).toBe(true);
  return address.slice(api.prefix.length);
}

const get = (api: Subject) => (address: string) => api.ask(`GET ${below(api, address)}`);

/** The list in pages of one and of two, forward and back again: each time it is the list. */
const walks = (list: string): Case =>
  asks(`GET ${list} in pages`, async (whole, api) => {
    is(200, whole);
    const rows = (answer: Answer) => {
      is(200, answer);
      return answer.json as unknown[];
    };
    for (const size of [1, 2]) {
      const first = `${api.prefix}${list}${list.includes("?") ? "&" : "?"}limit=${size}`;
      const forward = await walk(get(api), first);
      expect(forward.flatMap(rows)).toEqual(whole.json);
      expect(forward.slice(0, -1).every((page) => page.json.length === size)).toBe(true);
      const last = forward.length === 1 ? first : (linkOf(forward.at(-2) as Answer, "next") as string);
      const backward = await walk(get(api), last, "prev");
      expect(backward.toReversed().flatMap(rows)).toEqual(whole.json);
    }
  });

const columns = Object.keys(samples[0] as object);
const orders = ["asc", "desc", "asc:nullslast", "desc:nullsfirst"];

/** A page, and the one behind it after something has changed. */
const turns = (title: string, change: string, expected: readonly number[]): Case => ({
  title: `${title}, ${change}, then its next page`,
  writes: true,
  async run(api) {
    const page = await api.ask(title);
    is(200, page);
    expect((await api.ask(change, change.startsWith("POST") ? { body: newcomer } : {})).status).toBeLessThan(300);
    const next = await get(api)(linkOf(page, "next") as string);
    is(200, next);
    expect(next.json.map(({ id }: { id: number }) => id)).toEqual(expected);
  },
});

const newcomer = { name: "Aaron", email: "aaron@example.org", age: 0 };

const links = (title: string, expected: Readonly<Record<string, string | undefined>>): Case =>
  asks(title, (answer, api) => {
    is(200, answer);
    for (const [relation, address] of Object.entries(expected)) {
      const link = linkOf(answer, relation);
      const opaque = link?.replace(/(after|before)=[\w-]+(?:\.\d+)?/, "$1=…");
      expect(opaque, relation).toBe(address && `${api.prefix}${address}`);
    }
  });

/** The cursor of the page behind the first row. */
async function cursorIn(api: Subject, list: string): Promise<string> {
  const address = linkOf(await api.ask(`GET ${list}`), "next");
  return /[?&]after=([^&]+)/.exec(address ?? "")?.[1] ?? expect.fail(`no next page in ${list}`);
}

/** A cursor out of one list, asked for in another request. */
const refusesCursor = (title: string, list: string, asked: (cursor: string) => string, says: RegExp): Case => ({
  title,
  run: async (api) => {
    const line = `GET ${asked(await cursorIn(api, list))}`;
    await refuses(line, 400, "malformed_query", { says }).run(api);
  },
});

const coded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The cursor with other values in it. */
const forged = (at: unknown) => (cursor: string) => {
  const { of } = JSON.parse(Buffer.from(cursor, "base64url").toString());
  return `after=${coded({ of, at })}`;
};

const noCursor = /is no cursor/;
const one = "/members?limit=1";

export const paging: readonly Case[] = [
  ...columns.flatMap((column) => orders.map((order) => walks(`/samples?order-by=${column}:${order}`))),
  walks("/members"),
  walks("/members?order-by=country_id:asc,age:desc"),
  walks("/members?order-by=country_id:desc:nullsfirst,age:asc:nullslast,name:desc"),
  walks("/members?order-by=age:asc,id:desc"),
  walks("/members?order-by=age:asc,age:desc,name"),
  walks("/members?order-by=country.name"),
  walks("/members?order-by=country.name:asc:nullslast,age"),
  walks("/members?order-by=country.name:desc:nullsfirst&id=ne:3&or=(age=gt:20,age=is:null)"),
  walks("/meetups?order-by=venue.country.code,start_at"),
  walks("/employees?order-by=manager.name:asc:nullslast"),
  walks("/members?order-by=groups.count()"),
  walks("/members?order-by=country.members.count():asc,groups.count():desc"),
  walks("/groups/1/members?order-by=groups.count():asc&groups.count()=gt:0"),
  walks("/stocks"),
  walks("/stocks?order-by=quantity,sku:asc"),
  walks("/airports"),
  walks("/airports?order-by=name"),
  walks("/groups?order-by=is_open,description:asc"),
  walks("/countries/1/members?order-by=age"),
  walks("/groups/1/members?order-by=country.name,name:asc"),
  walks("/members/1/groups"),
  walks("/meetups_members?order-by=rsvp:asc"),
  walks("/members?select=name,country(name)&order-by=age"),
  walks("/members?select=id,groups(name)&groups.limit=1"),
  walks("/members?select=nr:id,name"),
  walks("/members?select=name"),
  walks("/members?select=name,id&order-by=name:asc"),
  walks("/groups/1/members?select=name,groups(name)&order-by=country.name"),
  ...orders.map((order) => walks(`/places?order-by=address->rank:${order}`)),
  ...orders.map((order) => walks(`/places?order-by=address->city:${order},name&id=gt:1`)),
  walks('/places?select=name&order-by=address->"2024"->sum:asc:nullslast,address->tags->0'),
  walks("/visits?order-by=place.address->city:asc:nullslast"),
  // Groups and rows without a key have no order that cursors could follow: their links count.
  walks("/members?select=country_id,count()"),
  walks("/members?select=age,count()&order-by=count,age:asc&having=count=gt:0"),
  walks("/group_sizes?order-by=size:asc,id:asc"),

  turns("GET /members?limit=3", "DELETE /members/3", [4, 5, 6]),
  turns("GET /members?order-by=age:asc&limit=4", "DELETE /members/12", [3, 8, 11, 1]),
  turns("GET /members?order-by=age:asc&limit=4", "POST /members", [3, 8, 11, 1]),
  turns("GET /groups/1/members?limit=2", "POST /groups/1/members/2/delete", [3, 4]),

  links("GET /members?limit=2", {
    next: "/members?limit=2&after=…",
    prev: undefined,
    first: "/members?limit=2",
  }),
  links("GET /members", { next: undefined, prev: undefined, first: "/members" }),
  links("GET /members?limit=12", { next: undefined, prev: undefined, first: "/members?limit=12" }),
  links("GET /members?limit=11", { next: "/members?limit=11&after=…", prev: undefined }),
  links("GET /members?offset=2&limit=2&id=gt:1&id=lt:9&name=ne:A%20b%2c+%22c%22", {
    next: "/members?limit=2&id=gt:1&id=lt:9&name=ne:A%20b%2c+%22c%22&after=…",
    prev: "/members?limit=2&id=gt:1&id=lt:9&name=ne:A%20b%2c+%22c%22&before=…",
    first: "/members?limit=2&id=gt:1&id=lt:9&name=ne:A%20b%2c+%22c%22",
  }),
  links('GET /members?limit=1&name=ne:<a>"b"&&o%66fset=1', {
    next: "/members?limit=1&name=ne:%3Ca%3E%22b%22&after=…",
    prev: "/members?limit=1&name=ne:%3Ca%3E%22b%22&before=…",
  }),
  links("GET /countries/1/members?limit=1", { next: "/countries/1/members?limit=1&after=…" }),
  links("GET /group_sizes?order-by=id:asc&limit=2&offset=1", {
    next: "/group_sizes?order-by=id:asc&limit=2&offset=3",
    prev: "/group_sizes?order-by=id:asc&limit=2&offset=0",
    first: "/group_sizes?order-by=id:asc&limit=2",
  }),
  links("GET /members?limit=0", { next: undefined, prev: undefined, first: undefined }),
  links("GET /members?id=0", { next: undefined, prev: undefined, first: "/members?id=0" }),
  links("HEAD /members?limit=2", { next: "/members?limit=2&after=…" }),
  {
    title: "GET /members?offset=4&limit=3, then its previous page",
    async run(api) {
      const page = await get(api)(linkOf(await api.ask("GET /members?offset=4&limit=3"), "prev") as string);
      expect(page.json.map(({ id }: { id: number }) => id)).toEqual([2, 3, 4]);
      expect(linkOf(page, "prev")).toBeDefined();
      expect(linkOf(page, "next")).toBeDefined();
    },
  },
  {
    title: "GET /members with defaultLimit 3 and maxLimit 5 in pages",
    async run(api) {
      for (const list of ["/members", "/members?limit=50"]) {
        const pages = await walk((address) => api.askSmall(`GET ${below(api, address)}`), `${api.prefix}${list}`);
        expect(pages.flatMap(({ json }) => json.map(({ id }: { id: number }) => id))).toEqual(
          Array.from({ length: 12 }, (_, i) => i + 1),
        );
      }
    },
  },
  {
    title: "GET /members?count=exact&limit=5 behind a cursor",
    async run(api) {
      const answer = await get(api)(linkOf(await api.ask("GET /members?count=exact&limit=5"), "next") as string);
      expect(answer.headers["x-total-count"]).toBe("12");
      expect(answer.headers).not.toHaveProperty("content-range");
    },
  },
  // Behind some hundred characters MariaDB's ORDER BY looks no further; behind some thousand there is no room in a URL.
  ...[600, 2_000].map((length) => longTexts(length)),
  {
    title: "GET /members?limit=1&name=ne:… of a query too long to be said twice in a header",
    async run(api) {
      const long = await api.ask(`GET /members?limit=1&name=ne:${"a".repeat(4_000)}`);
      expect([linkOf(long, "next") !== undefined, linkOf(long, "first")]).toEqual([true, undefined]);
      const longest = await api.ask(`GET /members?limit=1&name=ne:${"a".repeat(8_000)}`);
      is(200, longest);
      expect(longest.headers).not.toHaveProperty("link");
    },
  },

  refuses("GET /members?after=", 400, "malformed_query", { says: noCursor }),
  refuses("GET /members?after=1", 400, "malformed_query", { says: noCursor }),
  refuses("GET /members?after=%22%27%3b--", 400, "malformed_query", { says: noCursor }),
  refuses(`GET /members?after=${coded({})}`, 400, "malformed_query", { says: noCursor }),
  refuses(`GET /members?after=${coded("x")}`, 400, "malformed_query", { says: noCursor }),
  refuses(`GET /members?after=${coded(null)}`, 400, "malformed_query", { says: noCursor }),
  refuses(`GET /members?before=${coded([1])}`, 400, "malformed_query", { says: noCursor }),
  refuses(`GET /members?before=${"A".repeat(4_000)}`, 400, "malformed_query", { says: noCursor }),
  refuses(`GET /members?after=${enc("é".repeat(9))}`, 400, "malformed_query", { says: noCursor }),
  refuses(`GET /members?after=${coded({ of: "other", at: { 0: 1 } })}`, 400, "malformed_query", {
    says: /another list/,
  }),
  refuses("GET /members?tracks.after=x", 400, "unknown_relation"),
  refuses("GET /group_sizes?after=x", 400, "malformed_query", { says: noCursor }),
  refuses(`GET /group_sizes?after=${coded({ of: "x" })}`, 400, "malformed_query", { says: /is a view/ }),
  refuses(`GET /members?select=count()&after=${coded({ of: "x" })}`, 400, "malformed_query", { says: /groups/ }),
  refuses("GET /members?select=groups(*)&groups.after=x", 400, "unknown_column"),
  refuses(`GET /logs?before=${coded({ of: "x" })}`, 400, "malformed_query", { says: /without a primary key/ }),
  ...(["after=…&offset=1", "offset=0&before=…"] as const).map((query) =>
    refusesCursor(`GET /members?${query}`, one, (it) => `/members?${query.replace("…", it)}`, /cursor or at an offset/),
  ),
  ...(["after=…&before=…", "after=…&after=…"] as const).map((query) =>
    refusesCursor(`GET /members?${query}`, one, (it) => `/members?${query.replaceAll("…", it)}`, /one beginning/),
  ),
  ...[
    ["GET /members?after=… of another order", one, "/members?order-by=age&after="],
    [
      "GET /members?after=… of the other direction",
      "/members?order-by=age&limit=1",
      "/members?order-by=age:asc&after=",
    ],
    ["GET /venues?after=… of another table", one, "/venues?after="],
    ["GET /members?after=… of other filters", "/members?id=gt:1&limit=1", "/members?id=gt:2&after="],
    ["GET /members?after=… of more filters", one, "/members?id=gt:2&after="],
    [
      "GET /countries/2/members?after=… of another parent",
      "/countries/1/members?limit=1",
      "/countries/2/members?after=",
    ],
    [
      "GET /members?select=name,country!inner(*)&after=… of another relation's filters",
      "/members?select=name,country!inner(*)&country.id=lt:3&limit=1",
      "/members?select=name,country!inner(*)&country.id=lt:2&after=",
    ],
    [
      "GET /places?after=… of another place in JSON",
      "/places?order-by=address->rank&limit=1",
      "/places?order-by=address->city&after=",
    ],
  ].map(([title = "", list = "", asked]) => refusesCursor(title, list, (it) => asked + it, /another list/)),
  ...[
    ["the same filters the other way round", "/members?id=gt:1&age=gt:9&limit=2", "/members?age=gt:9&id=gt:1&after="],
    ["another select and another limit", "/members?id=gt:1&select=id,name&limit=1", "/members?limit=2&id=gt:1&after="],
  ].map(([title, list = "", asked]) => ({
    title: `GET ${asked}… of ${title}`,
    run: async (api: Subject) => is(200, await api.ask(`GET ${asked}${await cursorIn(api, list)}`)),
  })),
  refusesCursor("GET /members?after=… cut short", one, (it) => `/members?after=${it.slice(0, -3)}`, noCursor),
  ...[
    {},
    { 0: {} },
    { 0: [] },
    { 0: "x" },
    { 0: true },
    { 0: 1, 1: 2 },
    { 1: 1 },
    { 0: 1.5 },
    { 0: "\0" },
    [],
    [1],
    "x",
    7,
  ]
    .filter((at) => JSON.stringify(at) !== "[1]")
    .map((at) => forgery(`GET /members?after=… of ${JSON.stringify(at)}`, "/members?limit=1", at)),
  ...columns
    .filter((column) => column !== "id")
    .flatMap((column) =>
      ["'; DROP TABLE members; --", "", "\0", -1e300, 1e300, true, {}, { base64: 5 }, { base64: "!" }, null].map(
        (value) =>
          forgery(
            `GET /samples?order-by=${column}&after=… of ${JSON.stringify(value)}`,
            `/samples?order-by=${column}&limit=1`,
            { 0: value, 1: 1 },
          ),
      ),
    ),
];

function longTexts(length: number): Case {
  return {
    title: `GET /samples?order-by=body of texts that differ behind ${length} characters, in pages`,
    writes: true,
    async run(api) {
      for (const [i, last] of ["c", "b", "a"].entries())
        is(201, await api.ask("POST /samples", { body: { id: 101 + i, body: "~".repeat(length) + last } }));
      for (const order of ["asc", "desc"]) {
        const whole = await api.ask(`GET /samples?order-by=body:${order}`);
        for (const size of [1, 2]) {
          const pages = await walk(get(api), `${api.prefix}/samples?order-by=body:${order}&limit=${size}`);
          expect(pages.flatMap(({ json }) => json)).toEqual(whole.json);
          for (const page of pages) expect(String(page.headers.link).length).toBeLessThan(4_000);
        }
      }
    },
  };
}

/** Values that no list has told: an answer, or a 400 that says what is wrong, and never another's fault. */
function forgery(title: string, list: string, at: unknown): Case {
  return {
    title,
    async run(api) {
      const query = forged(at)(await cursorIn(api, list));
      const answer = await api.ask(`GET ${list}&${query}`);
      if (answer.status === 200) return;
      expect([answer.status, answer.json?.code, answer.text]).toEqual([400, "malformed_query", answer.text]);
      expect(answer.json.detail).toMatch(noCursor);
    },
  };
}
