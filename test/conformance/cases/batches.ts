// POST /batch: many requests in one transaction, later ones using what earlier ones answered.
import { expect } from "vitest";
import type { Answer } from "../../support/http.js";
import { asks, type Case, changes, enc, is, isProblem, refuses } from "../case.js";
import type { Subject } from "../subject.js";

type Entry = Record<string, unknown>;

const get = (path: string): Entry => ({ method: "GET", path });
const post = (path: string, body?: unknown): Entry => ({
  method: "POST",
  path,
  ...(body === undefined ? {} : { body }),
});
const patch = (path: string, body: unknown): Entry => ({ method: "PATCH", path, body });

/** 200 and an answer to each entry. */
const batches = (
  title: string,
  entries: readonly Entry[],
  check: (answers: Entry[], api: Subject, answer: Answer) => unknown,
): Case =>
  changes(`POST /batch ${title}`, entries, async (answer, api) => {
    is(200, answer);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.json).toHaveLength(entries.length);
    await check(answer.json, api, answer);
  });

/** A problem that names its entry, and no row changed. */
const fails = (
  title: string,
  entries: unknown,
  index: number,
  status: number,
  code: string,
  says?: string | RegExp,
): Case => ({
  title: `POST /batch ${title}`,
  async run(api) {
    const before = await api.rows();
    const answer = await api.ask("POST /batch", { body: entries });
    isProblem(answer, status, code, JSON.stringify(entries));
    expect(answer.json.index).toBe(index);
    expect(answer.json.detail).toMatch(new RegExp(`^Entry ${index}\\b`));
    if (says !== undefined) expect(answer.json.detail).toMatch(says);
    expect(await api.rows()).toEqual(before);
  },
});

const refusesQueries: readonly Case[] = [
  fails(
    "of a query with a slip",
    [{ method: "QUERY", path: "/members", body: { aeg: 5 } }],
    0,
    400,
    "unknown_column",
    /age/,
  ),
  fails("of a query of no object", [post("/members/query", [1])], 0, 400, "invalid_body"),
  fails(
    "of a query of another type",
    [{ ...post("/members/query", "age=5"), headers: { "content-type": "text/plain" } }],
    0,
    415,
    "unsupported_media_type",
  ),
  fails(
    "of QUERY where nothing is asked",
    [{ method: "QUERY", path: "/groups/5/members/1/add" }],
    0,
    405,
    "method_not_allowed",
  ),
];

const refusesBody = (title: string, body: unknown, says: string | RegExp, code = "invalid_body"): Case =>
  refuses(`POST /batch ${title}`, 400, code, { body, says });

const works: readonly Case[] = [
  batches(
    "of queries in bodies, which answer as GET does",
    [
      get("/members?select=id,name&age=gt:30&limit=2"),
      { method: "QUERY", path: "/members", body: { select: "id,name", age: "gt:30", limit: 2 } },
      post("/members/query", { select: "id,name", age: "gt:30", limit: 2 }),
      {
        ...post("/members/query?select=id,name", "age=gt:30&limit=2"),
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
      },
      { method: "QUERY", path: "/members/$0.0.id", body: { select: "name" } },
      { method: "QUERY", path: "/groups/1/members", body: { select: "id", limit: 1 } },
    ],
    ([got, ...others]) => {
      expect(got?.status).toBe(200);
      const rows = got?.body as Entry[];
      expect(rows).toHaveLength(2);
      for (const other of others.slice(0, 3)) expect(other).toMatchObject({ status: 200, body: rows });
      expect(others[3]).toMatchObject({ status: 200, body: { name: rows[0]?.name } });
      expect(others[4]?.body).toHaveLength(1);
    },
  ),
  batches(
    "of a write and a query that sees it",
    [
      post("/countries", { name: "Ghana", code: "GH" }),
      post("/countries/query", { code: "$0.code", select: "name" }),
      {
        method: "QUERY",
        path: "/countries",
        body: { code: "GH", select: "name" },
        headers: { prefer: "return=minimal" },
      },
    ],
    ([, asked, queried]) => {
      expect(asked?.body).toEqual([{ name: "Ghana" }]);
      expect(queried?.body).toEqual([{ name: "Ghana" }]);
    },
  ),
  batches(
    "of every kind of request",
    [
      post("/countries", { name: "Ghana", code: "GH" }),
      get("/countries/3"),
      patch("/members/1", { age: 37 }),
      { method: "PUT", path: "/members/2", body: { name: "B", email: "b@example.org" } },
      { method: "DELETE", path: "/flights/1" },
      post("/groups/5/members/1/add"),
      post("/groups/5/members/1/add", {}),
      post("/groups/1/members/1/delete"),
      post("/countries/1/venues/", { name: "Barn" }),
    ],
    async (answers, api) => {
      expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200, 204, 201, 200, 204, 201]);
      const [made, read, changed, , gone, , , , venue] = answers as { headers: Entry; body: Entry }[];
      expect(made).toMatchObject({ body: { name: "Ghana", code: "GH" } });
      expect(made?.headers).toEqual({
        etag: expect.stringMatching(/./),
        location: `${api.prefix}/countries/${made?.body.id}`,
      });
      expect(read?.body).toMatchObject({ id: 3, code: "CI" });
      expect(gone).toEqual({ status: 204, headers: {}, body: null });
      expect(venue?.headers.location).toBe(`${api.prefix}/countries/1/venues/${venue?.body.id}`);
      const single = await api.ask("GET /members/1");
      expect(changed).toEqual({ status: 200, headers: { etag: single.headers.etag }, body: single.json });
      is(404, await api.ask("GET /flights/1"));
      is(404, await api.ask("GET /groups/1/members/1"));
      is(200, await api.ask("GET /groups/5/members/1"));
      is(200, await api.ask(`GET ${made?.headers.location?.toString().slice(api.prefix.length)}`));
    },
  ),
  batches("of nothing", [], (_, __, { text }) => expect(text).toBe("[]")),
  batches(
    "whose later entries use what earlier ones answered",
    [
      post("/countries", { name: "Ghana", code: "GH" }),
      post("/countries/$0.id/venues", { name: "Accra Hall" }),
      post("/groups", { name: "Highlife" }),
      post("/meetups", { title: "Opening", venue_id: "$1.id", group_id: "$2.id" }),
      get("/countries/$0.id/venues?name=$1.name"),
      patch("/venues/$4.0.id", { capacity: 300 }),
      get("/meetups?venue_id=in:$1.id,1&order-by=id:asc"),
      get("/meetups/$3.id/venue"),
    ],
    (answers) => {
      const bodies = answers.map(({ body }) => body) as Entry[];
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 200, 200, 200, 200]);
      expect(bodies[1]).toMatchObject({ country_id: bodies[0]?.id });
      expect(bodies[3]).toMatchObject({ venue_id: bodies[1]?.id, group_id: bodies[2]?.id });
      expect(bodies[4]).toEqual([bodies[1]]);
      expect(bodies[5]).toEqual({ ...bodies[1], capacity: 300 });
      expect((bodies[6] as unknown as Entry[]).map(({ id }) => id)).toEqual([1, 2, 8, bodies[3]?.id]);
      expect(bodies[7]).toEqual(bodies[5]);
    },
  ),
  batches(
    "with values that a path must encode",
    [
      get(`/airports/${enc("A/B, 1%")}`),
      get("/airports/$0.code"),
      get("/airports?code=eq:$0.code"),
      get("/airports?name=in:$0.name,Oslo&order-by=name:asc"),
      get("/stocks?warehouse=a,b"),
      get("/stocks/$4.0.warehouse,$4.0.sku"),
      get("/flights?origin_id=eq:$0.code"),
    ],
    (answers) => {
      const bodies = answers.map(({ body }) => body) as Entry[];
      expect(bodies[1]).toEqual({ code: "A/B, 1%", name: "Awkward" });
      expect(bodies[2]).toEqual([bodies[0]]);
      expect(bodies[3]).toMatchObject([{ name: "Awkward" }, { name: "Oslo" }]);
      expect(bodies[5]).toEqual({ warehouse: "a,b", sku: "50%/c", quantity: 3 });
      expect(bodies[6]).toEqual([]);
    },
  ),
  batches(
    "with texts that only look like references",
    [
      post("/logs", { message: "$$0.id", level: "$5" }),
      post("/logs", { message: "costs $1.50", level: "$" }),
      post("/logs", { message: "$$$0.id", level: "$$" }),
      post("/logs", { message: "$0.message", level: "$2.level" }),
    ],
    (answers) => {
      const said = answers.map(({ body }) => body as { message: string; level: string });
      expect(said.map(({ message, level }) => [message, level])).toEqual([
        ["$0.id", "$5"],
        ["costs $1.50", "$"],
        ["$$0.id", "$"],
        ["$0.id", "$"],
      ]);
    },
  ),
  {
    title: "POST /batch with numbers of many digits",
    writes: true,
    async run(api) {
      const entries = `[
        { "method": "POST", "path": "/samples", "body": { "id": 901, "big": 9223372036854775807, "amount": 1234567.8901 } },
        { "method": "POST", "path": "/samples", "body": { "id": 902, "big": "$0.big", "amount": "$0.amount" } },
        { "method": "GET", "path": "/samples?big=$1.big&amount=$0.amount&order-by=id:asc" }
      ]`;
      const answer = await api.ask("POST /batch", { body: entries });
      is(200, answer);
      expect(answer.text.match(/"big": ?9223372036854775807[,}]/g)).toHaveLength(4);
      expect(answer.text.match(/"amount": ?1234567.8901[,}]/g)).toHaveLength(4);
      expect(answer.text).not.toContain("9223372036854775808");
    },
  },
  batches(
    "with a document and one of its parts",
    [
      post("/samples", { id: 901, document: { a: [1, { "b c": null }], n: 12 } }),
      post("/samples", { id: 902, document: { copy: "$0.document", part: "$0.document.a.1", n: ["$0.document.n"] } }),
    ],
    (answers) =>
      expect(answers[1]?.body).toMatchObject({
        document: {
          copy: { a: [1, { "b c": null }], n: 12 },
          part: { "b c": null },
          n: [12],
        },
      }),
  ),
  batches(
    "with headers of its entries",
    [
      { ...patch("/members/1", { age: 60 }), headers: { Prefer: "return=minimal" } },
      { ...post("/groups", { name: "Quiet" }), headers: { prefer: "return=minimal" } },
      patch("/groups/$1.id", { name: "Still quiet" }),
      { ...get("/members"), headers: { range: "items=0-1", accept: "application/json" } },
      { ...get("/members/2"), headers: { "if-none-match": "*" } },
    ],
    (answers, api) => {
      expect(answers[0]).toMatchObject({
        status: 204,
        headers: { "preference-applied": "return=minimal" },
        body: null,
      });
      expect(answers[1]).toMatchObject({
        status: 201,
        headers: { location: expect.stringContaining(api.prefix) },
        body: null,
      });
      expect(answers[2]).toMatchObject({ status: 200, body: { name: "Still quiet" } });
      expect(answers[3]).toMatchObject({
        status: 206,
        headers: { "content-range": "items 0-1/*" },
        body: [{ id: 1 }, { id: 2 }],
      });
      expect(answers[4]).toMatchObject({ status: 304, body: null });
    },
  ),
  {
    title: "POST /batch with Prefer: return=minimal",
    writes: true,
    async run(api) {
      const answer = await api.ask("POST /batch", {
        body: [patch("/members/1", { age: 61 })],
        headers: { prefer: "return=minimal" },
      });
      expect([answer.status, answer.text, answer.headers["preference-applied"]]).toEqual([204, "", "return=minimal"]);
      expect((await api.ask("GET /members/1")).json.age).toBe(61);
    },
  },
  {
    title: "POST /batch with Prefer: tx=rollback",
    async run(api) {
      const before = await api.rows();
      const entries = [post("/groups", { name: "Trial" }), get("/groups/$0.id"), patch("/members/1", { age: 61 })];
      const answer = await api.ask("POST /batch", { body: entries, headers: { prefer: "tx=rollback" } });
      is(200, answer);
      expect(answer.headers["preference-applied"]).toBe("tx=rollback");
      expect(answer.json).toMatchObject([{ status: 201 }, { body: { name: "Trial" } }, { body: { age: 61 } }]);
      expect(await api.rows()).toEqual(before);
    },
  },
];

const first = post("/groups", { name: "First" });

const goesBack: readonly Case[] = [
  fails(
    "whose last entry is refused",
    [first, patch("/members/1", { age: 1 }), post("/members", { name: "x", email: "ada@example.org" })],
    2,
    409,
    "unique_violation",
    /^Entry 2 \(POST \/members\): /,
  ),
  fails("whose first entry is refused", [post("/groups", {}), first], 0, 422, "not_null_violation"),
  fails("with a value that does not fit", [first, patch("/members/1", { age: "x" })], 1, 422, "invalid_value"),
  fails(
    "with a parent that is not there",
    [first, post("/countries/999/venues", { name: "x" })],
    1,
    404,
    "parent_not_found",
  ),
  fails("with a row that is not there", [first, get("/members/999")], 1, 404, "not_found"),
  fails(
    "with a reference to a parent that is not there",
    [first, post("/members", { name: "x", email: "x@example.org", country_id: 999 })],
    1,
    409,
    "foreign_key_violation",
  ),
  fails("with a path that leads nowhere", [first, get("/nothing/1")], 1, 404, "no_route", "below the mount point"),
  fails("with a misspelt column", [first, get("/members?nmae=x")], 1, 400, "unknown_column", "'name'"),
  fails(
    "with an old entity tag",
    [first, { ...patch("/members/1", { age: 1 }), headers: { "If-Match": '"old"' } }],
    1,
    412,
    "precondition_failed",
  ),
  fails("in a batch", [first, post("/batch", [])], 1, 400, "invalid_body", "cannot hold another"),
  {
    title: "POST /batch with a method that its path has not",
    async run(api) {
      const before = await api.rows();
      const answer = await api.ask("POST /batch", { body: [first, patch("/logs", {})] });
      isProblem(answer, 405, "method_not_allowed");
      expect(answer.json).toMatchObject({
        index: 1,
        detail: expect.stringMatching(/^Entry 1 \(PATCH \/logs\): PATCH is not one of GET/),
      });
      expect(answer.headers.allow).toBe("POST, OPTIONS");
      expect(await api.rows()).toEqual(before);
    },
  },
];

const references: readonly Case[] = [
  fails("with a reference forward", [get("/members/$1.id"), first], 0, 400, "invalid_body", "does not come before"),
  fails(
    "with a reference forward in a body",
    [post("/logs", { message: ["$1.id"] }), first],
    0,
    400,
    "invalid_body",
    "does not come before",
  ),
  fails(
    "with a reference to itself",
    [first, patch("/groups/1", { name: "$1.name" })],
    1,
    400,
    "invalid_body",
    "refers to itself",
  ),
  fails("with a reference to no entry", [first, get("/groups/$99.id")], 1, 400, "invalid_body", "entry 99"),
  fails(
    "with a reference to no field",
    [first, get("/groups/$0.idd")],
    1,
    400,
    "invalid_body",
    "no 'idd' in it. Perhaps you meant 'id'",
  ),
  fails(
    "with a reference to no field, in a body",
    [first, patch("/groups/1", { name: "$0.nme" })],
    1,
    400,
    "invalid_body",
    "Perhaps you meant 'name'",
  ),
  fails("with a reference beyond a value", [first, get("/groups/$0.id.x")], 1, 400, "invalid_body", "no 'x'"),
  fails(
    "with a reference beyond a list's end",
    [get("/groups?limit=1"), get("/groups/$0.1.id")],
    1,
    400,
    "invalid_body",
    "no '1'",
  ),
  fails(
    "with a reference to what every list has",
    [get("/groups?limit=1"), get("/groups/$0.length")],
    1,
    400,
    "invalid_body",
  ),
  fails(
    "with a reference to what every object has",
    [first, get("/groups/$0.constructor.name")],
    1,
    400,
    "invalid_body",
  ),
  fails(
    "with a reference to an answer without a body",
    [{ method: "DELETE", path: "/flights/1" }, get("/flights/$0.id")],
    1,
    400,
    "invalid_body",
    "without JSON",
  ),
  fails(
    "with a reference to NULL in a path",
    [first, get("/groups?description=$0.description")],
    1,
    400,
    "invalid_body",
    "is null",
  ),
  fails(
    "with a reference to a row in a path",
    [get("/groups?limit=1"), get("/groups/$0.0")],
    1,
    400,
    "invalid_body",
    "is an object",
  ),
  fails(
    "whose references would fill the memory",
    [
      post("/logs", { message: "x".repeat(50_000) }),
      post("/samples", { id: 901, document: Array(30).fill("$0.message") }),
    ],
    1,
    400,
    "too_complex",
  ),
];

const deep = (depth: number) =>
  `[{"method":"POST","path":"/logs","body":{"message":${"[".repeat(depth)}1${"]".repeat(depth)}}}]`;

const forms: readonly Case[] = [
  refusesBody("of an object", { method: "GET", path: "/members" }, "an array of"),
  refusesBody("of no body", undefined, "an array of"),
  refusesBody("of texts", ["GET /members"], /^Entry 0: an entry is an object/),
  refusesBody("of a list in a list", [[]], /^Entry 0: an entry is an object/),
  refusesBody("of null", [null], /^Entry 0: an entry is an object/),
  refusesBody("of a number", "[12345678901234567890]", /^Entry 0: an entry is an object/),
  refusesBody("without a method", [{ path: "/members" }], /^Entry 0: its method is one of/),
  refusesBody("with a method of its own", [{ method: "HEAD", path: "/members" }], /^Entry 0: its method is one of/),
  refusesBody("without a path", [first, { method: "GET" }], /^Entry 1: its path begins with/),
  refusesBody(
    "with a whole URL",
    [{ method: "GET", path: "http://localhost/members" }],
    /^Entry 0: its path begins with/,
  ),
  refusesBody("with a misspelt part", [{ metod: "GET", path: "/members" }], "Perhaps you meant 'method'"),
  refusesBody("with headers that are none", [{ ...get("/members"), headers: "x" }], /^Entry 0: its headers are/),
  refusesBody(
    "with a header that is no text",
    [{ ...get("/members"), headers: { prefer: 1 } }],
    /its header 'prefer' is a text/,
  ),
  refusesBody(
    "with a header that says who asks",
    [{ ...get("/members"), headers: { Authorization: "x" } }],
    "the whole batch's to say",
  ),
  refusesBody("with a trial in it", [{ ...first, headers: { prefer: "tx=rollback" } }], "for the whole batch"),
  refusesBody("of too many entries", Array(101).fill(get("/members/1")), /at most 100 entries, not 101/, "too_complex"),
  refuses("POST /batch?limit=1", 400, "unknown_parameter", { body: [] }),
  refuses("POST /batch of broken JSON", 400, "malformed_json", { body: "[{" }),
  refuses("POST /batch of a form", 415, "unsupported_media_type", {
    body: "a=b",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  }),
  refuses("POST /batch of brackets", 400, "malformed_json", { body: deep(100_000), says: "nested too deeply" }),
  asks("GET /batch", (answer) => {
    isProblem(answer, 405, "method_not_allowed");
    expect(answer.headers.allow).toBe("POST, OPTIONS");
  }),
  asks("OPTIONS /batch", (answer) => {
    is(204, answer);
    expect(answer.headers.allow).toBe("POST, OPTIONS");
  }),
  asks("GET /batch/1", (answer) => is(404, answer)),
];

export const batched = [...works, ...goesBack, ...references, ...forms, ...refusesQueries];
