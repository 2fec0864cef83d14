// Full-text search. Stems, stop words and accents are the database's affair; what is asked for here is the same to all of them.
import { expect } from "vitest";
import { asks, type Case, enc, lists, refuses, shows } from "../case.js";

const found = (filter: string, expected: readonly number[]): Case => lists(`GET /articles?${filter}`, expected);
const body = (query: string, expected: readonly number[]): Case => found(`body=fts:${enc(query)}`, expected);

const queries = [
  body("black", [1, 2, 3]),
  body("BLACK", [1, 2, 3]),
  body("black cat", [1, 2]),
  body('"black cat"', [2]),
  body("black-cat", [2]),
  body('"black dog" -mice', [1]),
  body("black -cat", [3]),
  body('black -"white cat"', [2, 3]),
  body("black -cat -pepper", []),
  body("mice or onion", [2, 3]),
  body("mice OR onion", [2, 3]),
  body('"black dog" or fish -soup or crème', [1, 3, 5]),
  body('"mice or onion"', []),
  body("snake_case", [5]),
  body("zebra", []),
  body("zebra or black pepper", [3]),
  body('"black cat', [2]),
  body("black & (cat) | !dog *", [1]),
  body("table articles", [5]),
];

const around = [
  found("body=not.fts:black", [5]),
  found(`title=fts:${enc("cats -dogs")}`, [2]),
  found("title=fts:cats&body=fts:mice", [2]),
  found("or=(body=fts:mice,title=fts:biscuits)", [2, 4]),
  found(`or=(body=fts:${enc('"black cat" or "fresh fish"')},id=5)`, [2, 3, 5]),
  found(`or=(id=1,body=fts:${enc('"mice, (onion)" or zebra')})`, [1]),
  found("and=(body=fts:black,not.or=(title=fts:cats,id=9))", [3]),
  found("not.or=(body=fts:black,id=9)", [5]),
  found("not.and=(body=fts:black,id=lt:9)", [5]),
  found("not.and=(body=not.fts:black,id=lt:9)", [1, 2, 3]),
  found("section.name=Animals&body=fts:mice", [2]),
  found("body=fts:black&order-by=id:desc&limit=2", [3, 2]),
  lists("GET /sections?articles.body=fts:mice", [1]),
  lists("GET /sections?not.and=(articles.body=fts:mice)", [2, 3]),
  lists("GET /sections/1/articles?body=fts:mice", [2]),
  shows("GET /sections?select=name,articles(id)&articles.body=fts:mice+or+fish", [
    { name: "Animals", articles: [{ id: 2 }] },
    { name: "Kitchen", articles: [{ id: 3 }] },
    { name: "Weather", articles: [] },
  ]),
  lists("GET /sections?select=id,articles!inner(id)&articles.body=fts:pepper", [2]),
  shows("GET /articles?select=count()&body=fts:black", [{ count: 3 }]),
  asks("GET /articles?body=fts:black&count=exact&limit=1", (answer) => {
    expect(answer.headers["x-total-count"]).toBe("3");
  }),
];

const refused = [
  refuses("GET /articles?body=fts:", 400, "invalid_filter", { says: /^fts: looks for words, as in fts:cats/ }),
  refuses("GET /articles?body=fts:%22%22", 400, "invalid_filter"),
  refuses("GET /articles?body=fts:-mice", 400, "invalid_filter", { says: "only takes away" }),
  refuses("GET /articles?body=fts:cat+or+-mice", 400, "invalid_filter"),
  refuses("GET /articles?body=fts:!!!", 400, "invalid_filter"),
  refuses(`GET /articles?body=fts:${"a".repeat(201)}`, 400, "too_complex", { says: "at most 200 characters" }),
  refuses(`GET /articles?body=fts:${"a+".repeat(51)}`, 400, "too_complex", {
    says: "at most 50 words, and this has 51",
  }),
  refuses(`GET /articles?body=fts:${"cat/".repeat(501)}`, 400, "too_complex", { says: "at most 2000 characters" }),
  refuses("GET /articles?note=fts:black", 400, "invalid_filter", {
    says: /^fts: cannot search note: it has no full-text index of its own\. Of articles it can search these: title, body\.$/,
  }),
  refuses("GET /articles?id=fts:1", 400, "invalid_filter", { says: /cannot search id: .* these: title, body/ }),
  refuses("GET /sections?id=fts:1", 400, "invalid_filter", { says: /Of sections it can search / }),
  refuses("GET /places?address->city=fts:Paris", 400, "invalid_filter", { says: "no places in JSON" }),
  refuses("GET /articles?body=fts(klingon):cat", 400, "invalid_filter", {
    says: /^fts\(klingon\): is no language here\./,
  }),
  refuses("GET /articles?select=title,count()&having=title=fts:cats", 400, "invalid_filter", {
    says: "not the groups",
  }),
  refuses("GET /articles?or=(body=fts(a(b):c)", 400, "malformed_query", { says: "a language stands as fts(english)" }),
];

/** Whatever stands in a search box is a search or a 400. */
const boxes = [
  "'",
  "''",
  '"',
  '""',
  '"""',
  "(",
  ")",
  "()",
  "((cat",
  "cat)",
  "cat AND",
  "AND",
  "OR",
  "NOT",
  "NEAR(cat dog)",
  "cat*",
  "*",
  "^cat",
  "cat:dog",
  "body:cat",
  "{body}: cat",
  "-",
  "--",
  "- cat",
  "cat -",
  "+cat",
  "+-cat",
  "~cat",
  ">cat <dog",
  "@5",
  '"cat dog" @5',
  "&",
  "|",
  "!",
  "!cat",
  "cat & dog",
  "cat | dog",
  "cat <-> dog",
  "cat:*",
  "cat:AB",
  "\\",
  "\\'",
  'cat\\"dog',
  "cat\0dog",
  "%",
  "_",
  "__",
  "or",
  "or or",
  "cat or",
  "or cat",
  "';DROP TABLE articles;--",
  "a",
  "the",
  "the of and",
  "🌲",
  "é",
  "日本語",
  "\u0301",
  "\u200b",
  "²",
  "½",
  "cat\tdog\ncow",
  "{",
  "}",
  "[",
  "]",
  "$1",
  "?",
  ":name",
  "@p1",
  "%s",
  "1e5",
  "-1",
  "3.14",
  "http://example.org/a?b=c",
  "a@b.c",
  "a".repeat(200),
  "cat ".repeat(50),
  `http://a/${"é".repeat(200)}${`/${"é".repeat(150)}`.repeat(11)}`,
];

const box: Case = {
  title: "GET /articles?body=fts: of whatever stands in a search box",
  async run(api) {
    for (const text of boxes) {
      for (const line of [`GET /articles?body=fts:${enc(text)}`, `GET /articles?body=not.fts:${enc(text)}`]) {
        const answer = await api.ask(line);
        expect([200, 400], `${line} ${answer.text}`).toContain(answer.status);
      }
      const quoted = await api.ask(`GET /articles?or=(body=fts:${enc(text)},id=1)`);
      expect([200, 400], `${text} ${quoted.text}`).toContain(quoted.status);
    }
  },
};

export const search = [...queries, ...around, ...refused, box];
