// select: columns, aliases and embedded relations of every kind and depth, the same on every database.
import { isLosslessNumber, parse, stringify } from "lossless-json";
import { expect } from "vitest";
import { asks, enc, is, lists, refuses, shows } from "../case.js";

const selects = (path: string, select: string, expected: unknown, more = "") =>
  shows(`GET ${path}${path.includes("?") ? "&" : "?"}select=${enc(select)}${more}`, expected);
const refused = (path: string, code: string, says: string | RegExp) => refuses(`GET ${path}`, 400, code, { says });

const columns = [
  selects("/members?id=1", "id,name", [{ id: 1, name: "Ada" }]),
  selects("/members?id=1", "who:name", [{ who: "Ada" }]),
  selects("/countries?id=lt:3", "*", [
    { id: 1, name: "Norway", code: "NO" },
    { id: 2, name: "Finland", code: "FI" },
  ]),
  selects("/countries/1", "code,*", { id: 1, name: "Norway", code: "NO" }),
  selects("/countries/1/members?order-by=id:asc&limit=2", "name,born:joined", [
    { name: "Ada", born: "2024-01-15" },
    { name: "Bjørn", born: "2024-02-29" },
  ]),
  selects("/groups/3/members", "name", [{ name: "Dee 🌲" }, { name: 'Hal "Hat", (Jr)' }]),
  selects("/stocks/north,nut", "sku", { sku: "nut" }),
  selects("/logs?level=is:null", "message", [{ message: "odd" }]),
  // Filters and sorting need not be shown.
  selects("/members?age=gt:45&order-by=age:asc", "name", [{ name: 'Hal "Hat", (Jr)' }, { name: "100% Finn" }]),
];

const relations = [
  selects("/members?id=in:4,5", "name,country(name)", [
    { name: "Dee 🌲", country: { name: "Côte d'Ivoire" } },
    { name: "Emil", country: null },
  ]),
  selects("/countries/3", "name,members(name),venues(*)", {
    name: "Côte d'Ivoire",
    members: [{ name: "Dee 🌲" }, { name: 'Hal "Hat", (Jr)' }, { name: "Kofi" }],
    venues: [{ id: 4, name: "Café 100%", country_id: 3, capacity: 30 }],
  }),
  selects("/members?id=in:2,11", "name,groups(name)", [
    { name: "Bjørn", groups: [{ name: "Readers" }, { name: "Climbers" }] },
    { name: "Kofi", groups: [] },
  ]),
  // Columns before, between and behind relations, each once.
  selects("/meetups/6", "title,venue(name,country(code)),seats,group(members(id)),id", {
    title: "Bread",
    venue: { name: "Kirjasto", country: { code: "FI" } },
    seats: 8,
    group: { members: [{ id: 4 }, { id: 10 }] },
    id: 6,
  }),
  selects("/meetups/5", "venue(name,meetups(id)),group(name)", { venue: null, group: { name: "Climbers" } }),
  selects("/employees/2", "name,manager(name,employees(id)),employees(name,employees(name))", {
    name: "Left",
    manager: { name: "Root", employees: [{ id: 2 }, { id: 3 }] },
    employees: [
      { name: "Leaf", employees: [] },
      { name: "Other leaf", employees: [] },
    ],
  }),
  selects("/airports/OSL", "code,origin_flights(number,destination(name)),destination_flights(number)", {
    code: "OSL",
    origin_flights: [
      { number: "SK1", destination: { name: "Helsinki" } },
      { number: "SK3", destination: { name: "Awkward" } },
    ],
    destination_flights: [{ number: "SK2" }, { number: "SK4" }],
  }),
  selects("/stocks/north,bolt", "quantity,stock_moves(delta,moved:stock(sku,warehouse))", {
    quantity: 10,
    stock_moves: [
      { delta: 12, moved: { sku: "bolt", warehouse: "north" } },
      { delta: -2, moved: { sku: "bolt", warehouse: "north" } },
    ],
  }),
  selects("/countries/1", "home:venues(id),away:venues(name)", {
    home: [{ id: 1 }, { id: 2 }],
    away: [{ name: "Harbour Hall" }, { name: "The Loft" }],
  }),
  // Five levels, and a list within each.
  selects("/countries/3", "venues(meetups(group(members(country(id,name)))))", {
    venues: [
      {
        meetups: [
          {
            group: {
              members: [{ country: { id: 3, name: "Côte d'Ivoire" } }, { country: { id: 3, name: "Côte d'Ivoire" } }],
            },
          },
        ],
      },
    ],
  }),
  selects("/groups/2/members?limit=1", "id,meetups(title)", [
    { id: 2, meetups: [{ title: "Spring reading" }, { title: "First climb" }] },
  ]),
  selects("/countries/2/members?id=7", "groups(id,meetups(id))", [
    { groups: [{ id: 2, meetups: [{ id: 3 }, { id: 4 }, { id: 5 }] }] },
  ]),
  refuses("GET /members/5/country?select=name", 404, "not_found"),
];

const ids = (...all: number[]) => all.map((id) => ({ id }));

const cuts = [
  selects(
    "/groups?id=lt:3",
    "id,members(id)",
    [
      { id: 1, members: ids(1, 2) },
      { id: 2, members: ids(2, 7) },
    ],
    "&members.limit=2",
  ),
  selects(
    "/groups/1",
    "members(id)",
    { members: ids(5, 4, 3) },
    "&members.limit=3&members.offset=1&members.order-by=id:desc",
  ),
  selects("/groups/1", "members(id)", { members: [] }, "&members.limit=0"),
  selects("/groups/1", "members(meetups(id))", { members: [] }, "&members.limit=0"),
  selects("/groups/1", "who:members(id)", { who: ids(5) }, "&who.name=Emil"),
  selects("/countries/1", "members(id)", { members: ids(2, 1) }, "&members.age=gt:30&members.order-by=age"),
  selects("/countries/1", "members(id)", { members: ids(2, 12) }, `&members.or=${enc("(name=Bjørn,age=22)")}`),
  selects("/countries/1", "members(id)", { members: ids(8, 9) }, "&members.groups.name=Climbers&members.id=gt:2"),
  selects(
    "/countries/1",
    "venues(id,meetups(id))",
    {
      venues: [
        { id: 2, meetups: ids(4) },
        { id: 1, meetups: ids(8) },
      ],
    },
    "&venues.order-by=id:desc&venues.meetups.limit=1&venues.meetups.order-by=id:desc",
  ),
  // A list behind a relation to one row.
  selects("/meetups/3", "group(members(id))", { group: { members: ids(9) } }, "&group.members.id=9"),
  // The list is filtered, not the rows that hold it; `!inner` keeps those that have one.
  selects(
    "/countries",
    "id,members(id)",
    [
      { id: 1, members: [] },
      { id: 2, members: ids(7) },
      { id: 3, members: ids(10) },
    ],
    "&members.age=gt:45",
  ),
  selects(
    "/countries",
    "id,members!inner(id)",
    [
      { id: 2, members: ids(7) },
      { id: 3, members: ids(10) },
    ],
    "&members.age=gt:45",
  ),
  selects("/members?id=gt:10", "id,groups!inner(id)", []),
  selects("/meetups?id=in:4,5,6", "id,venue!inner(id)", [
    { id: 4, venue: { id: 2 } },
    { id: 6, venue: { id: 3 } },
  ]),
  lists(`GET /groups?select=${enc("id,members!inner(country!inner(id))")}&members.country.code=CI`, [1, 3]),
  lists(`GET /groups?select=${enc("id,members!inner(id)")}&count=exact&members.age=gt:60`, [2]),
  // A relation to one row has no list to cut: its filter is the row's own.
  lists(`GET /members?select=${enc("id,country(name)")}&country.code=CI`, [4, 10, 11]),
  lists(`GET /meetups?select=${enc("id,venue(country(name))")}&venue.country.code=NO`, [1, 2, 3, 4, 8]),
  // Sorted through a relation that is embedded too.
  lists(`GET /members?select=${enc("id,country(name)")}&order-by=country.name:asc,id:asc&id=lt:5`, [4, 3, 1, 2]),
  asks(`GET /groups?select=${enc("id,members(id)")}&members.limit=3`, (answer) => {
    is(200, answer);
    expect(answer.json.map((row: { members: unknown[] }) => row.members.length)).toEqual([3, 3, 2, 2, 0]);
  }),
];

const small = {
  title: "GET /groups/1?select=members(id) is cut like any list",
  run: async (api: Parameters<ReturnType<typeof asks>["run"]>[0]) => {
    const cut = await api.askSmall(`GET /groups/1?select=${enc("members(id)")}`);
    expect(cut.json).toEqual({ members: ids(1, 2, 3) });
    const most = await api.askSmall(`GET /groups/1?select=${enc("members(id)")}&members.limit=99`);
    expect(most.json).toEqual({ members: ids(1, 2, 3, 4, 5) });
  },
};

/** Numbers as their digits. */
const digits = (text: string): unknown =>
  JSON.parse(stringify(parse(text), (_, item) => (isLosslessNumber(item) ? `#${item}` : item)) as string);

const everyValue = asks(
  `GET /sample_notes?select=${enc("sample(*,sample_notes(id,sample(*)))")}`,
  async (answer, api) => {
    is(200, answer);
    const rows = digits((await api.ask("GET /samples")).text) as { id: string }[];
    const nested = rows.map((row) => ({ sample: { ...row, sample_notes: [{ id: row.id, sample: row }] } }));
    expect(digits(answer.text)).toEqual(nested);
  },
);

const deep = `venues(meetups(${"group(meetups(".repeat(2)}id${"))".repeat(2)}))`;

const mistakes = [
  refused("/members?select=nmae", "unknown_column", "Perhaps you meant 'name'"),
  refused("/members?select=contry(name)", "unknown_relation", "Perhaps you meant 'country'"),
  refused("/members?select=country", "malformed_query", "country(*)"),
  refused("/members?select=country()", "malformed_query", "country(*)"),
  refused("/members?select=country(nmae)", "unknown_column", "Perhaps you meant 'name'"),
  refused("/members?select=count(age)", "malformed_query", "'count' stands behind its column: price.count()"),
  refused("/flights?select=airports(name)", "unknown_relation", "'origin' or 'destination'"),
  refused("/members?select=countries(name)", "unknown_relation", "reached as 'country'"),
  refused("/members?select=", "malformed_query", "missing"),
  refused("/members?select=id,", "malformed_query", "missing"),
  refused("/members?select=id)", "malformed_query", "comma or the end"),
  refused("/members?select=country(name", "malformed_query", "closing )"),
  refused(`/members?select=${enc("a b:name")}`, "malformed_query", "alias"),
  refused(`/members?select=${enc(`${"x".repeat(61)}:name`)}`, "malformed_query", "alias"),
  refused(`/members?select=${enc('"a;--":name')}`, "malformed_query", "alias"),
  refused("/members?select=id:name,id", "malformed_query", "two things as 'id'"),
  refused("/members?select=country(name),country(code)", "malformed_query", "two things as 'country'"),
  refused("/members?select=id&select=name", "malformed_query", "twice"),
  refused(`/countries?select=${enc(deep)}`, "too_complex", "5 levels"),
  refused(
    `/countries?select=${enc(Array.from({ length: 21 }, (_, i) => `v${i}:venues(id)`).join(","))}`,
    "too_complex",
    "20 relations",
  ),
  refused("/members?select=country(name)&country.limit=1", "malformed_query", "leads to one row"),
  refused("/groups?select=members(id)&members.limit=-1", "malformed_query", "whole number"),
  refused("/groups?select=members(id)&members.agee=1", "unknown_column", "Perhaps you meant 'age'"),
  refused(
    `/groups?select=members(id)&${Array.from({ length: 51 }, () => "members.id=gt:1").join("&")}`,
    "too_complex",
    "50 filters",
  ),
  refused("/members/1?select=id&name=Ada", "unknown_parameter", "belongs to a list"),
  refused("/members/1?select=country(id)&country.name=Norway", "unknown_parameter", "belongs to a list"),
  refused("/members/1?limit=1", "unknown_parameter", "belongs to a list"),
];

export const embedding = [...columns, ...relations, ...cuts, small, everyValue, ...mistakes];
