// CSV: lists as text/csv, and rows that come as it.
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { expect } from "vitest";
import { asks, type Case, enc, is, isProblem, refuses } from "../case.js";

const CSV = "text/csv; charset=utf-8";
const accept = { accept: "text/csv" };

/** Exactly these lines. */
const tells = (title: string, ...lines: readonly string[]): Case =>
  asks(
    title,
    (answer) => {
      is(200, answer);
      expect(answer.headers["content-type"]).toBe(CSV);
      expect(answer.text).toBe(lines.map((line) => `${line}\r\n`).join(""));
    },
    { headers: accept },
  );

const cellOf = (value: unknown): string =>
  value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** What the JSON of the same list says, cell by cell. */
const agrees = (title: string): Case => ({
  title: `${title} as CSV`,
  async run(api) {
    const [json, csv] = [await api.ask(title), await api.ask(title, { headers: accept })];
    is(json.status, csv);
    const [names, ...rows] = parse(csv.text);
    expect(json.json.length).toBeGreaterThan(0);
    expect(names).toEqual(Object.keys(json.json[0]));
    const numbers = (cells: readonly string[]) =>
      cells.map((cell) => (/^-?\d+\.\d+$/.test(cell) ? String(Number(cell)) : cell));
    expect(rows.map(numbers)).toEqual(json.json.map((row: object) => Object.values(row).map(cellOf)));
    for (const header of ["x-total-count", "content-range", "link"])
      expect(csv.headers[header]).toBe(json.headers[header]);
  },
});

const lists = [
  tells(
    "GET /groups?select=id,name,description,is_open",
    "id,name,description,is_open",
    "1,Readers,A book a month,true",
    "2,Climbers,,true",
    '3,Cooks & Bakers,"",false',
    '4,snake_case fans,"We say ""hello"", (world); a=b",true',
    "5,Nobody yet,,false",
  ),
  tells("GET /samples?select=id,body&id=1", "id,body", '1,"two\nlines"'),
  tells("GET /members?id=0&select=id,called:name", "id,called"),
  tells("GET /countries?id=0", "id,name,code"),
  tells("GET /countries?limit=0&select=country:name", "country"),
  tells("GET /members?select=country_id,n:count()&id=in:1,2,3&order-by=n", "country_id,n", "1,2", "2,1"),
  tells("GET /groups?select=name,meetups(id)&id=1&meetups.limit=1", "name,meetups", 'Readers,"[{""id"":1}]"'),
  tells("GET /members?select=name,country(code)&id=in:1,5", "name,country", 'Ada,"{""code"":""NO""}"', "Emil,"),
  ...[
    "GET /members",
    "GET /members?limit=3&offset=2&order-by=age:asc,name:desc",
    "GET /members?age=gt:30&count=exact&limit=2",
    "GET /members?or=(name=like:A%25,country.code=FI)&select=name,country_id",
    "GET /countries/1/members",
    "GET /groups/1/members?select=id,name",
    "GET /members/1/groups?order-by=name:asc",
    "GET /group_sizes",
    "GET /logs",
    "GET /places?select=id,name",
    "GET /members?select=country_id,count(),age.avg(),balance.sum()&order-by=country_id:asc",
    "GET /members?select=distinct.age",
    "GET /groups?select=name,members(name),meetups(title,venue(name))",
  ].map(agrees),
  asks(
    "GET /members",
    (answer) => {
      is(206, answer);
      expect(answer.headers["content-range"]).toBe("items 1-2/*");
      expect(parse(answer.text).map(([id]) => id)).toEqual(["id", "2", "3"]);
    },
    { headers: { ...accept, range: "items=1-2" } },
  ),
];

const head: Case = {
  title: "HEAD /countries as CSV",
  async run(api) {
    const [get, head] = [
      await api.ask("GET /countries", { headers: accept }),
      await api.ask("HEAD /countries", { headers: accept }),
    ];
    expect([head.status, head.text, head.headers["content-type"]]).toEqual([200, "", CSV]);
    expect(head.headers["content-length"]).toBe(String(Buffer.byteLength(get.text)));
  },
};

/** Which form an Accept gets. */
const accepts: readonly (readonly [accept: string, type: string])[] = [
  ["*/*", "application/json"],
  ["text/csv", "text/csv"],
  ["TEXT/CSV ; q=1", "text/csv"],
  ["text/*", "text/csv"],
  ["application/json, text/csv", "application/json"],
  ["text/csv, application/json;q=0.9", "text/csv"],
  ["text/csv;q=0.5, application/json;q=0.9", "application/json"],
  ["text/csv, */*;q=0.1", "text/csv"],
  ["text/csv, */*", "text/csv"],
  ["text/csv;q=0, */*", "application/json"],
  ["text/csv, application/problem+json", "text/csv"],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"],
];

const negotiated = accepts.map(([accept, type]) => ({
  ...asks("GET /countries", (answer) => expect(answer.headers["content-type"]).toContain(type), {
    headers: { accept },
  }),
  title: `GET /countries with Accept: ${accept}`,
}));

const refused = [
  refuses("GET /members/1", 406, "not_acceptable", { headers: accept, says: /^Answers are application\/json:/ }),
  refuses("POST /members", 406, "not_acceptable", { headers: accept, body: {} }),
  refuses("GET /members?id=1", 406, "not_acceptable", {
    headers: { accept: "text/csv;q=0" },
    says: "application/json, text/csv or application/x-ndjson",
  }),
  refuses("GET /members?envelope=true", 406, "not_acceptable", { headers: accept, says: "leave envelope=true out" }),
  refuses("GET /members?agee=1", 400, "unknown_column", { headers: accept }),
  refuses("GET /countries/99/members", 404, "parent_not_found", { headers: accept }),
];

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly says?: string | RegExp;
  readonly fields?: readonly string[];
}

const posts = (
  title: string,
  body: string | Uint8Array,
  rows: readonly object[],
  headers = {},
  status = 201,
): Case => ({
  ...asks(
    title,
    (answer) => {
      is(status, answer);
      expect(answer.json).toHaveLength(rows.length);
      expect(answer.json).toMatchObject(rows);
    },
    { body, headers: { "content-type": "text/csv", ...headers } },
  ),
  writes: true,
});

const spoils = (title: string, body: string | Uint8Array, status: number, code: string, more: Sent = {}): Case =>
  refuses(title, status, code, { body, ...more, headers: { "content-type": "text/csv", ...more.headers } });

const rows = [
  posts(
    "POST /members of CSV",
    'name,email,age,joined,balance\r\n"O\'Neil, ""X""",x@csv.example,36,2024-02-29,1.50\r\nTwo,y@csv.example,,,\r\n',
    [
      { name: 'O\'Neil, "X"', email: "x@csv.example", age: 36, joined: "2024-02-29", balance: 1.5 },
      { name: "Two", age: null, joined: "2024-01-01", balance: 0, country_id: null },
    ],
  ),
  posts("POST /groups of CSV with empty texts and NULL", 'name,description,is_open\nA,,yes\nB,"",false\nC," ",0\n', [
    { name: "A", description: null, is_open: true },
    { name: "B", description: "", is_open: false },
    { name: "C", description: " ", is_open: false },
  ]),
  posts(
    "POST /groups of CSV with line breaks, blank lines and no end",
    '\ufeffname,description\r\n\r\n"A\nB","c\r\nd"\r\n\r\nE,f',
    [
      { name: "A\nB", description: "c\r\nd" },
      { name: "E", description: "f" },
    ],
  ),
  posts("POST /groups of CSV with one column", "name\rA\rB\r", [{ name: "A" }, { name: "B" }]),
  posts("POST /countries/2/members of CSV", "name,email\nA,a@csv.example\nB,b@csv.example", [
    { name: "A", country_id: 2 },
    { name: "B", country_id: 2 },
  ]),
  posts("POST /members of a header alone", "name,email\n", []),
  posts("POST /groups of CSV in another charset", Buffer.from("name\nCaf\xe9", "latin1"), [{ name: "Café" }], {
    "content-type": 'text/csv; header=present; charset="iso-8859-1"',
  }),
  posts("POST /groups of CSV in Windows' charset", Buffer.from("name\n7 \x80", "latin1"), [{ name: "7 €" }], {
    "content-type": "text/csv; charset=windows-1252",
  }),
  posts(
    "POST /members?on-conflict=merge&conflict-columns=email of CSV",
    "name,email\nAda L.,ada@example.org\nNew,new@csv.example",
    [{ id: 1, name: "Ada L.", age: 36 }, { name: "New" }],
    {},
    200,
  ),
  posts("POST /members of formulas", "name,email\n=1+1,@a\n-5,+b", [
    { name: "=1+1", email: "@a" },
    { name: "-5", email: "+b" },
  ]),
  {
    ...asks(
      "POST /groups of CSV, and a minimal answer",
      async (answer, api) => {
        is(201, answer);
        expect(answer.text).toBe("");
        expect((await api.ask("GET /groups?name=A")).json).toHaveLength(1);
      },
      { body: "name\nA", headers: { "content-type": "text/csv", prefer: "return=minimal" } },
    ),
    writes: true,
  },
];

/** Every kind of value comes back as it went out. */
const back: Case = {
  title: "GET /samples as CSV, and POST /samples of it",
  writes: true,
  async run(api) {
    const before = await api.ask("GET /samples");
    const { text } = await api.ask("GET /samples", { headers: accept });
    const cells = parse(text, { cast: (cell, { quoting }) => (cell === "" && !quoting ? null : cell) }) as (
      | string
      | null
    )[][];
    const moved = cells.map(([id, ...rest], i) => [i === 0 ? id : String(Number(id) + 1000), ...rest]);
    const body = stringify(moved, { quoted_match: /^$/ });
    const made = await api.ask("POST /samples", { body, headers: { "content-type": "text/csv" } });
    is(201, made);
    const after = await api.ask("GET /samples?id=gt:1000");
    expect(after.text.replaceAll(/"id":(\d+)/g, (_, id) => `"id":${Number(id) - 1000}`)).toBe(before.text);
  },
};

const many = (count: number) => `name\n${"x\n".repeat(count)}`;

const spoiled = [
  spoils("POST /members of CSV with an unknown column", "name,emial\na,b", 400, "unknown_column", {
    says: /^members has no column 'emial'\. Perhaps you meant 'email'\./,
  }),
  spoils("POST /members of CSV with semicolons", "name;email\na;b", 400, "unknown_column"),
  spoils("POST /members of CSV that names a column twice", "name,name\na,b", 400, "malformed_csv", {
    says: "'name' twice",
  }),
  spoils("POST /members of CSV with a cell too many", "name,email\na,b\nc,d,e\n", 400, "malformed_csv", {
    says: "line 3 has 3 cells or more, and the first line names 2",
  }),
  spoils("POST /members of CSV with a cell too few", "name,email\na,b\n\nc\n", 400, "malformed_csv", {
    says: "line 4 has 1 cells",
  }),
  spoils("POST /members of CSV with an open quote", 'name,email\n"a,b\n', 400, "malformed_csv", {
    says: "a quote is not closed",
  }),
  spoils("POST /members of CSV with text behind a quote", 'name,email\n"a"b,c\n', 400, "malformed_csv", {
    says: "something stands behind a closing quote near line 2",
  }),
  spoils("POST /members of CSV with a quote inside", 'name,email\na"b,c\n', 400, "malformed_csv", {
    says: "in the middle of a cell",
  }),
  spoils("POST /members of no CSV at all", "", 400, "malformed_csv", { says: "the first line names the columns" }),
  spoils("POST /members of CSV that is no UTF-8", Buffer.from("name\n\xff", "latin1"), 400, "malformed_csv", {
    says: "no text in utf-8",
  }),
  spoils("POST /members of CSV in no known charset", "name\na", 415, "unsupported_media_type", {
    headers: { "content-type": "text/csv; charset=klingon" },
    says: "'klingon'",
  }),
  spoils("POST /members of CSV with values that do not fit", "name,email,age\na,b,1\nc,d,old\n", 422, "invalid_value", {
    fields: ["[1].age"],
  }),
  spoils("POST /groups of CSV with a boolean that is none", "name,is_open\na,maybe\n", 422, "invalid_value", {
    fields: ["[0].is_open"],
  }),
  spoils("POST /members of CSV without what is needed", "name,email\na,\n", 422, "not_null_violation"),
  spoils(
    "POST /members of CSV with a name that is taken",
    "name,email\na,b@csv.example\nc,ada@example.org\n",
    409,
    "unique_violation",
    {
      fields: ["[1].email"],
    },
  ),
  spoils("POST /groups of too many lines of CSV", many(1001), 400, "too_complex", {
    says: "at most 1000 rows, and this has more",
  }),
  spoils("PUT /members/1 of CSV", "name\na", 415, "unsupported_media_type"),
  spoils("PATCH /members/1 of CSV", "name\na", 415, "unsupported_media_type"),
  spoils("PUT /groups/1/members of CSV", "id\n1", 415, "unsupported_media_type"),
  ...["POST /members", "POST /groups", "POST /groups/1/meetups"].map((target) =>
    spoils(`${target} of text/csvx`, "name\na", 415, "unsupported_media_type", {
      headers: { "content-type": "text/csvx" },
      says: "send JSON with Content-Type: application/json, CSV with text/csv, or a JSON object a line",
    }),
  ),
];

const large: Case = {
  title: "POST /members of a large CSV",
  async run(api) {
    const body = `name\n${"x".repeat(1_100_000)}`;
    const answer = await api.ask("POST /members", { body, headers: { "content-type": "text/csv" } });
    isProblem(answer, 413, "body_too_large");
  },
};

const inBatch: Case = {
  title: "POST /batch with CSV both ways",
  writes: true,
  async run(api) {
    const entries = [
      { method: "POST", path: "/groups", headers: { "content-type": "text/csv" }, body: "name\nA\nB" },
      { method: "GET", path: `/groups?name=${enc("in:A,B")}&select=name`, headers: accept },
    ];
    const answer = await api.ask("POST /batch", { body: entries });
    is(200, answer);
    expect(answer.json[0].body).toMatchObject([{ name: "A" }, { name: "B" }]);
    expect(answer.json[1].body).toBe("name\r\nA\r\nB\r\n");
  },
};

export const csv = [...lists, head, ...negotiated, ...refused, ...rows, back, ...spoiled, large, inBatch];
