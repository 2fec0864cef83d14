// What is asked of whole rows: all columns but some, a text in any of them, and whether there is a related row.
import { expect } from "vitest";
import { asks, changes, enc, is, lists, refuses, shows } from "../case.js";

const selects = (path: string, select: string, expected: unknown, more = "") =>
  shows(`GET ${path}?select=${enc(select)}${more}`, expected);
const members = (query: string, expected: readonly number[]) => lists(`GET /members?${query}`, expected);

const norway = { id: 1, name: "Norway" };

const leftOut = [
  selects("/countries/1", "-code", norway),
  selects("/countries/1", "*,-code", norway),
  selects("/countries/1", "-code,-id", { name: "Norway" }),
  selects("/countries/1", '-"code"', norway),
  selects("/countries/1", "short:code,-code", { ...norway, short: "NO" }),
  selects("/countries/1", "-code,venues(-country_id,-capacity)", {
    ...norway,
    venues: [
      { id: 1, name: "Harbour Hall" },
      { id: 2, name: "The Loft" },
    ],
  }),
  selects("/venues/4", "-country_id,country(-id,-name)", {
    ...{ id: 4, name: "Café 100%", capacity: 30 },
    country: { code: "CI" },
  }),
  selects("/stocks", "distinct.-sku,-warehouse", [{ quantity: 0 }, { quantity: 3 }, { quantity: 7 }, { quantity: 10 }]),
  selects("/members", "-email,-balance,-joined", [{ id: 4, name: "Dee 🌲", country_id: 3, age: 36 }], "&id=4"),
];

const searched = [
  members("search=ADA", [1, 6]),
  members("search=example.org&id=lt:3", [1, 2]),
  members("search=100%25", [7]),
  members("search=_", [8]),
  members(`search=${enc("o'neil")}`, [3]),
  members(`search=${enc('"hat", (J')}`, [10]),
  members("search=contians:A", []),
  members("search=a&search=n&search=livi", []),
  members("search=livia&search=org", [12]),
  members("search=zebra", []),
  members("search=ada&order-by=id:desc", [6, 1]),
  lists("GET /countries/1/members?search=UNDER", [8, 9]),
  lists("GET /groups/2/members?search=UNDER", [8, 9]),
  lists("GET /articles?search=MENU", [5]),
  lists("GET /articles?search=dogs", [1]),
  shows("GET /sections?select=id,articles(id)&articles.search=MICE", [
    { id: 1, articles: [{ id: 2 }] },
    { id: 2, articles: [] },
    { id: 3, articles: [] },
  ]),
  lists("GET /sections?select=id,articles!inner(id)&articles.search=pepper", [2]),
  lists("GET /meetups?select=id,venue(name)&venue.search=LOFT", [3, 4]),
  shows("GET /members?select=count()&search=ada", [{ count: 2 }]),
  asks("GET /members?search=ada&count=exact&limit=1", (answer) => {
    expect(answer.headers["x-total-count"]).toBe("2");
    expect(answer.headers.link).toContain("search=ada");
  }),
  asks("GET /members?search=ada&envelope=true", (answer) => {
    expect(answer.json).toMatchObject({ total: 2, filters: { search: ["ada"] } });
  }),
];

const present = [
  members("country=is:null", [5]),
  members("country=is:notnull&id=gt:9", [10, 11, 12]),
  members("country=not.is:notnull", [5]),
  members("groups=is:null", [11, 12]),
  members("groups=not.is:null&id=gt:7", [8, 9, 10]),
  members("groups=is:notnull&country=is:null", [5]),
  members(`or=${enc("(country=is:null,groups=is:null)")}`, [5, 11, 12]),
  members(`not.or=${enc("(country=is:null,groups=is:null,id=lt:9)")}`, [9, 10]),
  members("country.venues=is:null&id=gt:0", []),
  lists("GET /employees?manager=is:null", [1]),
  lists("GET /employees?employees=is:null", [3, 4, 5]),
  lists("GET /employees?manager.manager=is:null", [2, 3]),
  lists("GET /groups?members=is:null", [5]),
  lists("GET /groups/1/members?groups.meetups=is:notnull&id=lt:3", [1, 2]),
  lists("GET /airports?origin_flights=is:null", ["A/B, 1%"], "code"),
  shows("GET /groups?id=in:1,5&select=id,members(id)&members.country=is:null", [
    { id: 1, members: [{ id: 5 }] },
    { id: 5, members: [] },
  ]),
];

const counted = [
  members("groups.count()=2", [1, 2, 4, 8]),
  members("groups.count()=not.gt:0", [11, 12]),
  members("groups.count()=in:0,2&id=gt:3", [4, 8, 11, 12]),
  members("groups.count()=between:0,1&id=gt:8", [9, 10, 11, 12]),
  members("groups.count()=isdistinct:1&id=gt:8", [11, 12]),
  members(`or=${enc("(groups.count()=0,age=gt:60)")}`, [7, 11, 12]),
  members("country.members.count()=gt:3", [1, 2, 8, 9, 12]),
  members("country.count()=0", [5]),
  members("order-by=groups.count():desc,id:asc", [1, 2, 4, 8, 3, 5, 6, 7, 9, 10, 11, 12]),
  members("order-by=country.members.count():asc,id:asc", [5, 3, 4, 6, 7, 10, 11, 1, 2, 8, 9, 12]),
  lists("GET /groups?order-by=members.count()", [1, 2, 3, 4, 5]),
  lists("GET /groups?order-by=meetups.count():desc,members.count():asc", [2, 3, 1, 4, 5]),
  lists("GET /countries/1/members?groups.count()=0", [12]),
  lists("GET /employees?employees.count()=2", [1, 2]),
  lists("GET /stocks?stock_moves.count()=gt:1&select=sku", ["bolt"], "sku"),
  lists("GET /groups?select=id,members(id)&members.count()=lt:1", [5]),
  shows("GET /countries?select=id,members(id)&members.groups.count()=0", [
    { id: 1, members: [{ id: 12 }] },
    { id: 2, members: [] },
    { id: 3, members: [{ id: 11 }] },
  ]),
  shows(
    "GET /countries?select=id,members(id)&members.order-by=groups.count():asc,id:desc&members.limit=2&order-by=venues.count():desc,id:asc",
    [
      { id: 1, members: [{ id: 12 }, { id: 9 }] },
      { id: 2, members: [{ id: 7 }, { id: 6 }] },
      { id: 3, members: [{ id: 11 }, { id: 10 }] },
    ],
  ),
  shows("GET /members?select=count()&groups.count()=2", [{ count: 4 }]),
  changes("DELETE /groups?members.count()=0", undefined, async (answer, api) => {
    is(204, answer);
    expect((await api.ask("GET /groups?select=id")).json).toHaveLength(4);
  }),
  changes("PATCH /employees?employees.count()=0", { name: "Leaf" }, async (answer, api) => {
    expect(answer.status, answer.text).toBeLessThan(300);
    expect((await api.ask("GET /employees?name=Leaf&select=id")).json).toEqual([{ id: 3 }, { id: 4 }, { id: 5 }]);
  }),
];

const refused = [
  refuses(`GET /members?select=${enc("-nme")}`, 400, "unknown_column", { says: "Perhaps you meant 'name'" }),
  refuses(`GET /members?select=${enc("name,-name")}`, 400, "malformed_query", { says: "take 'name' or '-name' away" }),
  refuses(`GET /countries?select=${enc("-id,-name,-code")}`, 400, "malformed_query", { says: "every column" }),
  refuses(`GET /members?select=${enc("-")}`, 400, "malformed_query", { says: "behind - comes the column" }),
  refuses(`GET /members?select=${enc("-country")}`, 400, "unknown_column"),
  refuses(`GET /members?select=${enc("-country(*)")}`, 400, "malformed_query"),
  refuses("GET /members?search=", 400, "malformed_query", { says: "write search=text" }),
  refuses(`GET /members?search=${"a".repeat(201)}`, 400, "too_complex"),
  refuses("GET /members/1?search=a", 400, "unknown_parameter", { says: "'search' belongs to a list" }),
  refuses("DELETE /members?search=ada", 400, "unknown_parameter"),
  refuses("GET /members?groups.search=a", 400, "malformed_query", { says: "select it too" }),
  refuses("GET /members?country=is:nul", 400, "invalid_filter", { says: "null or notnull" }),
  refuses("GET /members?country=null", 400, "malformed_query", { says: "country=is:null" }),
  refuses("GET /members?groups.count()=many", 400, "invalid_filter"),
  refuses("GET /members?groups.sum()=1", 400, "malformed_query", { says: "tracks.count()=gt:5" }),
  refuses("GET /members?count()=1", 400, "malformed_query", { says: "having" }),
  refuses("GET /members?groops.count()=1", 400, "unknown_relation", { says: "Perhaps you meant 'groups'" }),
  refuses("GET /members?order-by=groups.cuont()", 400, "malformed_query", { says: "groups.count()" }),
  refuses("GET /members?order-by=groups.name", 400, "malformed_query", { says: "groups.count()" }),
  refuses(`GET /members?${Array(21).fill("country.count()=1").join("&")}`, 400, "too_complex"),
  refuses("GET /members?contry=is:null", 400, "unknown_column", { says: "Perhaps you meant 'country" }),
];

export const asking = [...leftOut, ...searched, ...present, ...counted, ...refused];
