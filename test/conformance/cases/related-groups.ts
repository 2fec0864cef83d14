// Groups by columns of related rows: `select=country.name,count()`, and `...country(name)` beside aggregates.
import { expect } from "vitest";
import { asks, enc, is, refuses, shows } from "../case.js";

const selects = (path: string, select: string, expected: unknown, more = "") =>
  shows(`GET ${path}?select=${enc(select)}${more}`, expected);
const refused = (request: string, code: string, says: string) => refuses(`GET ${request}`, 400, code, { says });

const [NORWAY, FINLAND, IVORY] = ["Norway", "Finland", "Côte d'Ivoire"];

const groups = [
  selects("/members", "country.name,count()", [
    { name: null, count: 1 },
    { name: IVORY, count: 3 },
    { name: FINLAND, count: 3 },
    { name: NORWAY, count: 5 },
  ]),
  selects(
    "/members",
    "...country(name,code),people:count(),age.max()",
    [
      { name: NORWAY, code: "NO", people: 5, max: 41 },
      { name: FINLAND, code: "FI", people: 3, max: 64 },
      { name: IVORY, code: "CI", people: 3, max: 50 },
      { name: null, code: null, people: 1, max: null },
    ],
    "&order-by=people:desc,name:desc",
  ),
  selects("/members", "land:country.name,count()", [{ land: NORWAY, count: 3 }], `&having=land=${NORWAY}&age=gt:22`),
  selects(
    "/members",
    "country.code,count()",
    [
      { code: "NO", count: 5 },
      { code: "FI", count: 3 },
    ],
    "&having=or(count=gt:4,code=FI)&order-by=code:desc",
  ),
  selects("/members", "country.code,count()", [{ code: "FI", count: 3 }], "&country.name=Finland"),
  selects("/meetups", "venue.country.name,count()", [
    { name: null, count: 1 },
    { name: IVORY, count: 1 },
    { name: FINLAND, count: 1 },
    { name: NORWAY, count: 5 },
  ]),
  selects(
    "/meetups",
    "at:venue.name,of:group.name,count()",
    [
      { at: "Harbour Hall", of: "Readers", count: 2 },
      { at: "The Loft", of: "Climbers", count: 2 },
    ],
    "&having=count=gt:1",
  ),
  selects(
    "/meetups_members",
    "meetup.start_at.year,rsvp,count()",
    [{ year: 2024, rsvp: "maybe", count: 2 }],
    "&having=rsvp=maybe&meetup_id=in:1,6,7",
  ),
  selects(
    "/meetups_members",
    "on:meetup.start_at::date,count()",
    [{ on: "2024-03-20", count: 3 }],
    "&order-by=on:asc&limit=1&meetup_id=1",
  ),
  selects("/members", "distinct.country.code", [{ code: null }, { code: "CI" }, { code: "FI" }, { code: "NO" }]),
  selects(
    "/members",
    "distinct.age,...country(code)",
    [
      { age: 64, code: "FI" },
      { age: 50, code: "CI" },
    ],
    "&order-by=age:desc&limit=2",
  ),
  selects(
    "/groups",
    "name,members(country.code,count())",
    [
      { name: "Cooks & Bakers", members: [{ code: "CI", count: 2 }] },
      { name: "snake_case fans", members: [{ code: "NO", count: 2 }] },
    ],
    "&id=in:3,4",
  ),
  selects("/countries/1/members", "country.code,count()", [{ code: "NO", count: 5 }]),
  asks(`GET /members?select=${enc("country.name,count()")}&count=exact&limit=1`, (answer) => {
    is(200, answer);
    expect(answer.headers["x-total-count"]).toBe("4");
  }),
];

const rows = [
  selects("/meetups/1", "title,venue.name", { title: "Spring reading", name: "Harbour Hall" }),
  selects(
    "/meetups",
    "id,land:venue.country.code",
    [
      { id: 4, land: "NO" },
      { id: 5, land: null },
    ],
    "&id=in:4,5",
  ),
  asks(
    "GET /members?select=name,country.code&limit=1",
    (answer) => {
      is(200, answer);
      expect(answer.text).toBe("name,code\r\nAda,NO\r\n");
    },
    { headers: { accept: "text/csv" } },
  ),
];

const mistakes = [
  refused("/members?select=groups.name,count()", "malformed_query", "leads to many rows"),
  refused("/countries?select=members.name,count()", "malformed_query", "As a list it is members(name)."),
  refused("/countries?select=name,members.name", "malformed_query", "As a list it is members(name)."),
  refused("/countries?select=members.count()", "malformed_query", "members(count())"),
  refused("/countries?select=name,members.age.max()", "malformed_query", "members(age.max())"),
  refused("/members?select=Country.name,count()", "unknown_column", "Perhaps you meant 'country.name'."),
  refused("/members?select=country.nme,count()", "unknown_column", "Perhaps you meant 'name'"),
  refused("/members?select=contry.name,count()", "unknown_column", "country"),
  refused("/meetups?select=venue.name,group.name,count()", "malformed_query", "two things as 'name'"),
  refused("/members?select=country(name),count()", "malformed_query", "is a relation"),
];

export const relatedGroups = [...groups, ...rows, ...mistakes];
