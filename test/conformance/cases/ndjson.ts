// NDJSON: lists as a JSON text a line, and rows that come so.
import { expect } from "vitest";
import { asks, type Case, is, refuses } from "../case.js";

const NDJSON = "application/x-ndjson";
const accept = { accept: NDJSON };
const sent = { "content-type": NDJSON };

/** Line by line what the JSON of the same list says. */
const agrees = (title: string): Case => ({
  title: `${title} as NDJSON`,
  async run(api) {
    const [json, lines] = [await api.ask(title), await api.ask(title, { headers: accept })];
    is(json.status, lines);
    expect(lines.headers["content-type"]).toBe(`${NDJSON}; charset=utf-8`);
    expect(lines.headers.vary).toContain("Accept");
    const rows = lines.text.split("\n");
    expect(rows.pop()).toBe("");
    expect(rows.map((row) => JSON.parse(row))).toEqual(json.json);
    for (const header of ["x-total-count", "content-range", "link"])
      expect(lines.headers[header]).toBe(json.headers[header]);
  },
});

const lists = [
  ...[
    "GET /members?age=gt:30&count=exact&limit=2",
    "GET /groups?select=name,members(name),meetups(title,venue(name))",
    "GET /groups/1/members?select=id,name",
    "GET /samples",
    "GET /places",
    "GET /members?select=country_id,count(),age.avg()&order-by=country_id:asc",
  ].map(agrees),
  asks(
    "GET /members?id=0",
    (answer) => {
      is(200, answer);
      expect([answer.text, answer.headers["content-type"]]).toEqual(["", `${NDJSON}; charset=utf-8`]);
    },
    { headers: accept },
  ),
  asks("HEAD /members", (answer) => expect(answer.headers["content-type"]).toBe(`${NDJSON}; charset=utf-8`), {
    headers: accept,
  }),
  ...(
    [
      ["application/*", "application/json"],
      ["application/json, application/x-ndjson", "application/json"],
      ["Application/X-NDJSON, application/json;q=0.9", NDJSON],
      ["application/x-ndjson, */*", NDJSON],
      ["text/csv;q=0.5, application/x-ndjson", NDJSON],
      ["application/x-ndjson;q=0, */*", "application/json"],
    ] as const
  ).map(([accept, type]) => ({
    ...asks("GET /countries", (answer) => expect(answer.headers["content-type"]).toContain(type), {
      headers: { accept },
    }),
    title: `GET /countries with Accept: ${accept}`,
  })),
];

const refused = [
  refuses("GET /members/1", 406, "not_acceptable", { headers: accept, says: /^Answers are application\/json:/ }),
  refuses("GET /members?id=1", 406, "not_acceptable", {
    headers: { accept: "application/x-ndjson;q=0" },
    says: "text/csv or application/x-ndjson",
  }),
  refuses("GET /members?envelope=true", 406, "not_acceptable", {
    headers: accept,
    says: "Only plain rows can be NDJSON",
  }),
];

const posts = (title: string, body: string, rows: readonly object[], status = 201): Case => ({
  ...asks(
    title,
    (answer) => {
      is(status, answer);
      expect(answer.json).toHaveLength(rows.length);
      expect(answer.json).toMatchObject(rows);
    },
    { body, headers: sent },
  ),
  writes: true,
});

const spoils = (title: string, body: string, status: number, code: string, more: object = {}): Case =>
  refuses(title, status, code, { body, headers: sent, ...more });

const rows = [
  posts(
    "POST /members of NDJSON",
    '{"name":"A","email":"a@lines.example"}\r\n\n  {"name":"B","email":"b@lines.example","age":3}',
    [
      { name: "A", age: null },
      { name: "B", age: 3 },
    ],
  ),
  posts("POST /countries/2/members of NDJSON of one line", '{"name":"A","email":"a@lines.example"}\n', [
    { country_id: 2 },
  ]),
  posts(
    "POST /groups of NDJSON with related rows",
    '{"name":"A","meetups":[{"title":"M","start_at":"2024-01-01T10:00:00"}]}',
    [{ name: "A", meetups: [{ title: "M" }] }],
  ),
  posts("POST /members of NDJSON without a line", "\n", []),
  spoils("POST /members of NDJSON with a broken line", '{"name":"A"}\n{"name"\n', 400, "malformed_json", {
    says: "The body is not valid JSON: line 2: ",
  }),
  spoils("POST /members of NDJSON with a line that is no object", "{}\n[1]", 400, "invalid_body", {
    says: "[1] is an array",
  }),
  spoils(
    "POST /members of NDJSON with a value that does not fit",
    '{"name":"A"}\n{"name":"B","age":"x"}',
    422,
    "invalid_value",
    { fields: ["[1].age"] },
  ),
  spoils("POST /groups of too many lines", '{"name":"x"}\n'.repeat(1001), 400, "too_complex", {
    says: "at most 1000 rows",
  }),
  spoils("PATCH /members/1 of NDJSON", '{"name":"A"}', 415, "unsupported_media_type"),
];

const inBatch: Case = {
  title: "GET /groups as NDJSON in a batch",
  async run(api) {
    const entry = { method: "GET", path: "/groups?limit=2&select=id", headers: accept };
    const answer = await api.ask("POST /batch", { body: [entry] });
    is(200, answer);
    expect(answer.json[0].body).toBe('{"id":1}\n{"id":2}\n');
  },
};

export const ndjson = [...lists, ...refused, ...rows, inBatch];
