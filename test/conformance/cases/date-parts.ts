// `joined.month`: parts of dates and times, in groups, in rows and in their order.
import { expect } from "vitest";
import { asks, enc, is, lists, refuses, shows } from "../case.js";

const selects = (path: string, select: string, expected: unknown, more = "") =>
  shows(`GET ${path}?select=${enc(select)}${more}`, expected);
const refused = (request: string, code: string, says: string) => refuses(`GET ${request}`, 400, code, { says });

/** The last of December 2023 is a Sunday; the last of 2024 is a Tuesday, of the first week of 2025. */
const rows = [
  selects("/members/3", "joined.year,joined.quarter,joined.month,joined.week,joined.day,joined.dow", {
    ...{ year: 2023, quarter: 4, month: 12, week: 52, day: 31, dow: 7 },
  }),
  selects("/meetups/8", "start_at.year,start_at.week,start_at.dow,start_at.hour,start_at.quarter", {
    ...{ year: 2024, week: 1, dow: 2, hour: 23, quarter: 4 },
  }),
  selects("/meetups/5", "id,start_at.year,start_at.hour,day:start_at.dow", {
    id: 5,
    year: null,
    hour: null,
    day: null,
  }),
  selects(
    "/samples",
    "id,day.year,day.week,clock.hour,at:instant.hour,on:moment.day",
    [
      { id: 1, year: 2024, week: 9, hour: 12, at: 12, on: 29 },
      { id: 2, year: 1970, week: 1, hour: 0, at: 0, on: 1 },
    ],
    "&id=in:1,2",
  ),
  selects("/members/10", "joined.week,joined.dow", { week: 5, dow: 7 }),
  selects("/meetups/6", "title,...group(name),start_at.month", { title: "Bread", name: "Cooks & Bakers", month: 2 }),
  selects(
    "/meetups_members",
    "rsvp,...meetup(start_at.month)",
    [{ rsvp: "maybe", month: 2 }],
    "&member_id=4&meetup_id=6",
  ),
  selects("/members/3", "joined.month,joined.month,*,-id,-name,-email,-country_id,-age,-balance", {
    month: 12,
    joined: "2023-12-31",
  }),
];

const groups = [
  selects("/members", "joined.year,count()", [
    { year: 2020, count: 1 },
    { year: 2021, count: 1 },
    { year: 2022, count: 1 },
    { year: 2023, count: 1 },
    { year: 2024, count: 8 },
  ]),
  selects(
    "/members",
    "joined.year,joined.month,people:count(),age.max()",
    [
      { year: 2024, month: 5, people: 2, max: 28 },
      { year: 2024, month: 1, people: 2, max: 36 },
    ],
    "&having=people=gt:1&order-by=month",
  ),
  selects(
    "/members",
    "month:joined.month,count()",
    [
      { month: 12, count: 1 },
      { month: 11, count: 1 },
      { month: 8, count: 1 },
    ],
    "&order-by=joined.month&limit=3",
  ),
  selects(
    "/members",
    "joined.quarter,count()",
    [
      { quarter: 1, count: 5 },
      { quarter: 2, count: 3 },
    ],
    "&having=quarter=lt:3",
  ),
  selects("/meetups", "start_at.hour,count()", [
    { hour: null, count: 1 },
    { hour: 9, count: 2 },
    { hour: 10, count: 1 },
    { hour: 12, count: 1 },
    { hour: 18, count: 2 },
    { hour: 23, count: 1 },
  ]),
  selects(
    "/members",
    "distinct.joined.year",
    [2024, 2023].map((year) => ({ year })),
    "&order-by=year&limit=2",
  ),
  selects("/members", "joined,count()", [{ joined: "2023-12-31", count: 1 }], "&order-by=joined.month,joined&limit=1"),
  selects("/groups/1/members", "joined.year,count()", [
    { year: 2022, count: 1 },
    { year: 2023, count: 1 },
    { year: 2024, count: 4 },
  ]),
  selects(
    "/groups",
    "id,meetups(start_at.month,count())",
    [
      {
        id: 1,
        meetups: [
          { month: 3, count: 1 },
          { month: 9, count: 1 },
        ],
      },
      {
        id: 2,
        meetups: [
          { month: null, count: 1 },
          { month: 4, count: 2 },
        ],
      },
    ],
    "&id=lt:3",
  ),
  asks(`GET /members?select=${enc("joined.year,count()")}&count=exact&limit=1`, (answer) => {
    is(200, answer);
    expect(answer.headers["x-total-count"]).toBe("5");
  }),
];

const sorted = [
  lists("GET /members?order-by=joined.month:asc,joined.day:desc,id:asc&limit=4", [1, 6, 2, 10]),
  lists("GET /meetups?order-by=start_at.hour:asc:nullslast,id:asc", [3, 4, 6, 7, 1, 2, 8, 5]),
  lists("GET /meetups_members?select=meetup_id&member_id=4&order-by=meetup.start_at.month:desc", [7, 6], "meetup_id"),
  lists("GET /groups?select=id,members(id)&id=3&members.order-by=joined.year:asc", [3]),
  asks("GET /members?order-by=joined.dow:asc&select=id&limit=5", async (answer, api) => {
    is(200, answer);
    const [next = ""] = /(?<=<[^?>]*)\?[^>]*(?=>; rel="next")/.exec(String(answer.headers.link)) ?? [];
    const rest = await api.ask(`GET /members${next.replace("limit=5", "limit=9")}`);
    const all = await api.ask("GET /members?order-by=joined.dow:asc&select=id");
    expect([...answer.json, ...rest.json]).toEqual(all.json);
  }),
];

const mistakes = [
  refused("/members?select=joined.hour,count()", "unknown_column", "year, quarter, month, week, day, dow"),
  refused("/samples?select=clock.day", "unknown_column", "the parts of clock are hour"),
  refused("/members?select=joined.mnth", "unknown_column", "Perhaps you meant 'month'"),
  refused("/members?select=name.month", "unknown_column", "neither dates nor times"),
  refused("/members?select=jioned.month", "unknown_column", "Perhaps you meant 'joined.month'"),
  refused("/members?order-by=joined.hour", "unknown_column", "the parts of joined are"),
  refused("/members?joined.month=3", "malformed_query", "joined=gte:"),
  refused("/members?select=joined.year,count()&order-by=joined.month", "malformed_query", "fields of select"),
  refused("/meetups?select=id,start_at.day,day:seats", "malformed_query", "two things as 'day'"),
  refused("/members?select=joined.month.max()", "unknown_column", "joined"),
];

export const partsOfDates = [...rows, ...groups, ...sorted, ...mistakes];
