// QUERY on a list, and POST below it: what a GET answers, asked in a body.
import { expect } from "vitest";
import { type Case, is, refuses } from "../case.js";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** All three forms answer as GET does, and change nothing. */
const asks = (path: string, query: string, body: object): Case => ({
  title: `QUERY ${path} of ${JSON.stringify(body)}`,
  async run(api) {
    const before = await api.rows();
    const got = await api.ask(`GET ${path}?${query}`);
    is(200, got);
    const answers = await Promise.all([
      api.ask(`QUERY ${path}`, { body }),
      api.ask(`QUERY ${path}`, { body: query, headers: FORM }),
      api.ask(`POST ${path}/query`, { body }),
      api.ask(`POST ${path}/query`, { body: query, headers: FORM }),
      api.ask(`QUERY ${path}?${query}`, { body: {} }),
    ]);
    for (const answer of answers) {
      is(200, answer);
      expect(answer.text).toBe(got.text);
      for (const name of ["content-type", "content-range", "x-total-count"])
        expect(answer.headers[name]).toBe(got.headers[name]);
    }
    expect(await api.rows()).toEqual(before);
  },
});

const paging: Case = {
  title: "QUERY /members a page after the other, by links and the same body",
  async run(api) {
    const ids: number[] = [];
    const body = { select: "id", limit: 5, "order-by": "name:asc,id:asc" };
    let path = "/members";
    for (let page = 0; page < 3; page++) {
      const answer = await api.ask(`QUERY ${path}`, { body });
      is(200, answer);
      ids.push(...answer.json.map(({ id }: { id: number }) => id));
      const [, next] = /<[^>]*(\/members\?after=[^>&]*)>; rel="next"/.exec(String(answer.headers.link)) ?? [];
      expect(next === undefined).toBe(page === 2);
      path = next ?? "";
    }
    const all = await api.ask("GET /members?select=id&order-by=name:asc,id:asc");
    expect(ids).toEqual(all.json.map(({ id }: { id: number }) => id));
  },
};

const long: Case = {
  title: "QUERY /members of more values than an address could hold",
  async run(api) {
    const names = Array.from({ length: 990 }, (_, i) => `${"x".repeat(100)}${i}`);
    const answer = await api.ask("QUERY /members", { body: { name: `in:Ada,${names.join(",")}` } });
    is(200, answer);
    // Where the column's collation ignores the case, "ada" is found as well.
    const found = new Set(answer.json.map(({ name }: { name: string }) => name.toLowerCase()));
    expect(found).toEqual(new Set(["ada"]));
  },
};

/** A row takes `select`, and filters of its related rows. */
const row: Case = {
  title: "QUERY /groups/1 as GET answers it, and OPTIONS tells the forms",
  async run(api) {
    const got = await api.ask(
      "GET /groups/1?select=name,members(name)&members.name=startswith:A&members.order-by=name:asc",
    );
    is(200, got);
    const body = { select: "name,members(name)", "members.name": "startswith:A", "members.order-by": "name:asc" };
    const queried = await api.ask("QUERY /groups/1", { body });
    expect([queried.status, queried.text, queried.headers.etag]).toEqual([200, got.text, got.headers.etag]);
    const known = await api.ask("QUERY /groups/1", { body, headers: { "if-none-match": String(got.headers.etag) } });
    is(304, known);
    for (const method of ["OPTIONS", "GET", "HEAD"])
      for (const path of ["/groups", "/groups/1"])
        expect((await api.ask(`${method} ${path}`)).headers["accept-query"]).toBe(
          "application/json, application/x-www-form-urlencoded",
        );
    expect((await api.ask("OPTIONS /batch")).headers["accept-query"]).toBeUndefined();
  },
};

/** There is nothing: the host says so. */
const elsewhere = (title: string): Case => ({
  title,
  async run(api) {
    expect((await api.ask(title, { body: {} })).status).toBe(404);
  },
});

const query = (what: string, status: number, code: string, parts: object): Case =>
  refuses(`QUERY /members of ${what}`, status, code, parts);

export const longQueries: readonly Case[] = [
  asks("/members", "age=gt:30&age=lt:60&order-by=age:desc,id:asc&limit=3&count=exact", {
    age: ["gt:30", "lt:60"],
    "order-by": "age:desc,id:asc",
    limit: 3,
    count: "exact",
  }),
  asks("/countries/1/members", "or=(age=is:null,name=like:A%25)&select=id,name,country(code)", {
    or: "(age=is:null,name=like:A%)",
    select: "id,name,country(code)",
  }),
  asks("/groups/1/members", "select=country_id,count()&order-by=count:desc,country_id:asc", {
    select: "country_id,count()",
    "order-by": "count:desc,country_id:asc",
  }),
  asks("/logs", "level=info", { level: "info" }),
  asks("/members", "name=100%25%20Finn&limit=0", { name: "100% Finn", limit: 0 }),
  asks("/members", "", {}),
  paging,
  long,
  row,
  query("an unknown column", 400, "unknown_column", { body: { agee: "1" }, says: /'age'/ }),
  query("NULL", 400, "invalid_body", { body: { age: null }, says: /is:null/ }),
  query("an object in an object", 400, "invalid_body", { body: { age: { gt: 5 } } }),
  query("an array", 400, "invalid_body", { body: [1] }),
  query("what is no JSON", 400, "malformed_json", { body: "{", headers: { "content-type": "application/json" } }),
  query("text", 415, "unsupported_media_type", { body: "age=1", headers: { "content-type": "text/plain" } }),
  query("too many filters", 400, "too_complex", { body: { age: Array.from({ length: 51 }, () => "gt:1") } }),
  query("select twice", 400, "malformed_query", { body: { select: ["id", "name"] } }),
  refuses("QUERY /members?select=id and once more in the body", 400, "malformed_query", { body: { select: "id" } }),
  refuses("QUERY /countries/999/members of nothing", 404, "parent_not_found", { body: {} }),
  elsewhere("POST /members/1/query"),
  elsewhere("PUT /logs/query"),
  refuses("POST /members/1", 405, "method_not_allowed", { body: {} }),
  refuses("QUERY /batch", 405, "method_not_allowed", { body: {} }),
];
