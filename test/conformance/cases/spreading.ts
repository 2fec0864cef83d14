// `...relation(…)`: a related row's fields in the row itself.
import { expect } from "vitest";
import { asks, enc, is, lists, refuses, shows } from "../case.js";

const selects = (path: string, select: string, expected: unknown, more = "") =>
  shows(`GET ${path}?select=${enc(select)}${more}`, expected);
const refused = (path: string, select: string, code: string, says: string | RegExp) =>
  refuses(`GET ${path}?select=${enc(select)}`, 400, code, { says });

const rows = [
  selects(
    "/meetups",
    "id,...venue(place:name,capacity)",
    [
      { id: 4, place: "The Loft", capacity: 30 },
      { id: 5, place: null, capacity: null },
      { id: 6, place: "Kirjasto", capacity: null },
    ],
    "&id=between:4,6",
  ),
  selects("/meetups/1", "...venue(name)", { name: "Harbour Hall" }),
  selects("/meetups/5", "...venue(name)", { name: null }),
  selects("/venues/4", "*,...country(country:name,code)", {
    ...{ id: 4, name: "Café 100%", country_id: 3, capacity: 30 },
    ...{ country: "Côte d'Ivoire", code: "CI" },
  }),
  selects("/venues/4", "id,...country(-id,-code)", { id: 4, name: "Côte d'Ivoire" }),
  selects("/countries/1/venues", "name,...country(code)", [
    { name: "Harbour Hall", code: "NO" },
    { name: "The Loft", code: "NO" },
  ]),
  selects("/groups/4/members", "name,...country(country:name)", [
    { name: "Ada", country: "Norway" },
    { name: "g_under", country: "Norway" },
  ]),
  selects("/flights/3", "number,...origin(from:name),...destination(to:name)", {
    number: "SK3",
    from: "Oslo",
    to: "Awkward",
  }),
  selects(
    "/meetups_members",
    "rsvp,...member(balance,joined),...meetup(start_at,...group(is_open))",
    [{ rsvp: "maybe", balance: 1234567.89, joined: "2024-03-01", start_at: "2024-02-29T10:15:30", is_open: false }],
    "&member_id=4&meetup_id=6",
  ),
  selects("/stock_moves", "id,...stock(quantity)", [{ id: 1, quantity: 10 }], "&id=1"),
];

const nested = [
  selects(
    "/meetups",
    "id,...venue(place:name,...country(code))",
    [
      { id: 3, place: "The Loft", code: "NO" },
      { id: 5, place: null, code: null },
    ],
    "&id=in:3,5",
  ),
  selects(
    "/employees",
    "name,...manager(boss:name,...manager(above:name))",
    [
      { name: "Root", boss: null, above: null },
      { name: "Left", boss: "Root", above: null },
      { name: "Leaf", boss: "Left", above: "Root" },
    ],
    "&id=in:1,2,4",
  ),
  selects(
    "/meetups",
    "id,...venue(country(code))",
    [
      { id: 4, country: { code: "NO" } },
      { id: 5, country: null },
    ],
    "&id=in:4,5",
  ),
  selects(
    "/meetups",
    "id,...group(group:name,members(id))",
    [
      { id: 6, group: "Cooks & Bakers", members: [{ id: 4 }, { id: 10 }] },
      { id: 7, group: "Cooks & Bakers", members: [{ id: 4 }, { id: 10 }] },
    ],
    "&id=in:6,7",
  ),
  selects(
    "/meetups",
    "id,...venue(...country(members(id)))",
    [
      { id: 5, members: [] },
      { id: 6, members: [{ id: 3 }] },
    ],
    "&id=in:5,6&venue.country.members.limit=1",
  ),
  selects("/groups/3", "name,meetups(title,...venue(place:name))", {
    name: "Cooks & Bakers",
    meetups: [
      { title: "Bread", place: "Kirjasto" },
      { title: "Jollof", place: "Café 100%" },
    ],
  }),
  selects("/members/4", "name,country(name,venues(name,...country(code)))", {
    name: "Dee 🌲",
    country: { name: "Côte d'Ivoire", venues: [{ name: "Café 100%", code: "CI" }] },
  }),
];

const kept = [
  lists(`GET /meetups?select=${enc("id,...venue!inner(name)")}&order-by=id:desc&limit=4`, [8, 7, 6, 4]),
  lists(`GET /meetups?select=${enc("id,...venue(name)")}&venue.name=${enc("The Loft")}`, [3, 4]),
  lists(`GET /meetups?select=${enc("id,...venue!inner(...country!inner(code))")}&venue.country.code=FI`, [6]),
  selects(
    "/members",
    "id,...country(code)",
    [
      { id: 5, code: null },
      { id: 11, code: "CI" },
    ],
    "&order-by=country.code:asc,id:desc&limit=2",
  ),
  selects(
    "/members",
    "name,...country(id)",
    [
      { name: "Ada", id: 1 },
      { name: "Bjørn", id: 1 },
      { name: "Chiara O'Neil", id: 2 },
    ],
    "&limit=3",
  ),
  asks(`GET /members?select=${enc("name,...country(id)")}&limit=2`, async (answer, api) => {
    is(200, answer);
    const [next = ""] = /(?<=<[^?>]*)\?[^>]*(?=>; rel="next")/.exec(String(answer.headers.link)) ?? [];
    expect((await api.ask(`GET /members${next}`)).json).toEqual([
      { name: "Chiara O'Neil", id: 2 },
      { name: "Dee 🌲", id: 3 },
    ]);
  }),
  asks(
    `GET /meetups?select=${enc("title,...venue(place:name,seats_there:capacity)")}&id=in:4,5`,
    (answer) => {
      is(200, answer);
      expect(answer.text).toBe("title,place,seats_there\r\nSecond climb,The Loft,30\r\nNight climb,,\r\n");
    },
    { headers: { accept: "text/csv" } },
  ),
];

const mistakes = [
  refused("/meetups", "title,...venue", "malformed_query", "...album(title)"),
  refused("/meetups", "...(name)", "malformed_query", "name is missing"),
  refused("/meetups", "place:...venue(name)", "malformed_query", "...album(album_title:title)"),
  refused("/meetups", "...place:venue(name)", "malformed_query", "has no name of its own"),
  refused("/meetups", "......venue(name)", "unknown_relation", "has no relation"),
  refused("/meetups", "...count()", "malformed_query", "behind ..."),
  refused("/venues", "name,...country(name)", "malformed_query", "...country(country_name:name)"),
  refused("/venues", "*,...country(*)", "malformed_query", "as in ...country(country_id:id)"),
  refused("/venues", "...country(name),...country(code)", "malformed_query", "shows 'country' twice"),
  refused("/venues", "country(name),...country(code)", "malformed_query", "shows 'country' twice"),
  refused("/countries", "name,...members(name)", "malformed_query", "leads to many rows"),
  refused("/members", "name,...groups(title:name)", "malformed_query", "leads to many rows"),
  refused("/meetups", "title,...venues(name)", "unknown_relation", "venue"),
  refused("/meetups", "title,...venue(nme)", "unknown_column", "Perhaps you meant 'name'"),
  refused("/meetups", "title,...venue(count())", "malformed_query", "leads to one row"),
  refused("/meetups", `...venue(${Array.from({ length: 101 }, (_, i) => `a${i}:name`)})`, "too_complex", "at most 100"),
  refused(
    "/employees",
    "...manager(...manager(...manager(...manager(...manager(...manager(name))))))",
    "too_complex",
    "5 levels",
  ),
];

export const spreading = [...rows, ...nested, ...kept, ...mistakes];
