// count, sum, avg, min, max, groups, having and distinct: the same on every database, with every digit.
import { expect } from "vitest";
import { asks, enc, refuses, shows } from "../case.js";

const selects = (path: string, select: string, expected: unknown, more = "") =>
  shows(`GET ${path}${path.includes("?") ? "&" : "?"}select=${enc(select)}${more}`, expected);
const refused = (path: string, code: string, says: string | RegExp) => refuses(`GET ${path}`, 400, code, { says });

const totals = [
  selects("/members", "count()", [{ count: 12 }]),
  selects("/members?id=0", "count(),age.max(),age.sum()", [{ count: 0, max: null, sum: null }]),
  selects("/members", "people:count(),known:age.count(),oldest:age.max(),youngest:age.min()", [
    { people: 12, known: 10, oldest: 64, youngest: 19 },
  ]),
  selects("/members", "age.sum(),age.avg()", [{ sum: 357, avg: 35.7 }]),
  selects("/members?id=in:1,2,3", "age.avg()", [{ avg: 35 }]),
  selects("/members?id=in:1,2,8", "mean:age.avg()", [{ mean: 35 }]),
  selects("/members?id=in:1,2,6", "mean:age.avg()", [{ mean: 32 }]),
  selects("/members?id=in:1,2,7,12", "mean:age.avg()", [{ mean: 40.75 }]),
  selects("/members?id=in:1,2,11", "mean:age.avg()", [{ mean: 36.666667 }]),
  selects("/members?id=in:6,12", "balance.sum()", [{ sum: 0.11 }]),
  selects("/members", "balance.sum(),balance.min(),balance.max()", [{ sum: 1234708.12, min: -3.25, max: 1234567.89 }]),
  selects("/members?id=in:1,3,6", "balance.avg()", [{ avg: 2.45 }]),
  selects("/members?id=in:1,2,3,6,7,8,9", "balance.avg()", [{ avg: 3.98428571 }]),
  selects("/members", "joined.min(),last:joined.max()", [{ min: "2020-02-02", last: "2024-08-08" }]),
  selects("/meetups", "start_at.min(),last:start_at.max()", [
    { min: "2024-02-29T10:15:30", last: "2024-12-31T23:59:59" },
  ]),
  selects("/groups", "name.min()", [{ min: "Climbers" }]),
  selects("/countries/1/members", "count(),age.sum()", [{ count: 5, sum: 127 }]),
  selects("/groups/1/members", "age.max()", [{ max: 41 }]),
  selects("/logs", "count()", [{ count: 3 }]),
  selects("/group_sizes", "size.max()", [{ max: 6 }]),
];

const groups = [
  selects("/members", "country_id,count()", [
    { country_id: null, count: 1 },
    { country_id: 1, count: 5 },
    { country_id: 2, count: 3 },
    { country_id: 3, count: 3 },
  ]),
  selects(
    "/members?country_id=is:notnull",
    "country_id,n:count(),mean:age.avg()",
    [
      { country_id: 1, n: 5, mean: 31.75 },
      { country_id: 2, n: 3, mean: 37 },
      { country_id: 3, n: 3, mean: 39.666667 },
    ],
    "&order-by=mean:asc",
  ),
  selects(
    "/members",
    "country_id,count()",
    [
      { country_id: 1, count: 5 },
      { country_id: 2, count: 3 },
    ],
    "&order-by=count,country_id:asc&limit=2",
  ),
  selects(
    "/members",
    "country_id,count()",
    [{ country_id: 3, count: 3 }],
    "&order-by=count,country_id:asc&limit=1&offset=2",
  ),
  selects("/members", "country_id,count()", [{ country_id: 1, count: 5 }], "&having=count=gt:3"),
  selects("/members", "country_id,n:count()", [{ country_id: null, n: 1 }], "&having=n=lt:3&having=n=gt:0"),
  selects(
    "/members",
    "country_id,n:count(),oldest:age.max()",
    [
      { country_id: null, n: 1, oldest: null },
      { country_id: 2, n: 3, oldest: 64 },
    ],
    `&having=${enc("or(oldest=gt:60,n=1)")}`,
  ),
  selects("/members", "country_id,balance.sum()", [{ country_id: 3, sum: 1234580.23 }], "&having=sum=1234580.23"),
  selects("/members", "country_id,balance.sum()", [{ country_id: 2, sum: 1.85 }], "&having=sum=between:1.85,1.9"),
  selects("/members", "c:country_id,age.avg()", [{ c: 1, avg: 31.75 }], "&having=avg=31.75"),
  selects("/countries/1/members?age=gt:20", "age,count()", [
    { age: 22, count: 1 },
    { age: 28, count: 1 },
    { age: 36, count: 1 },
    { age: 41, count: 1 },
  ]),
  selects("/members?country.code=FI", "country_id,count()", [{ country_id: 2, count: 3 }]),
  selects("/groups/1/members", "country_id,count()", [
    { country_id: null, count: 1 },
    { country_id: 1, count: 2 },
    { country_id: 2, count: 2 },
    { country_id: 3, count: 1 },
  ]),
  selects("/groups", "is_open,count()", [
    { is_open: false, count: 2 },
    { is_open: true, count: 3 },
  ]),
  selects("/logs", "level,message,count()", [
    { level: null, message: "odd", count: 1 },
    { level: "info", message: "started", count: 2 },
  ]),
];

const distinct = [
  selects("/members", "distinct.country_id", [
    { country_id: null },
    { country_id: 1 },
    { country_id: 2 },
    { country_id: 3 },
  ]),
  selects(
    "/members?age=in:28,36",
    "distinct.age,country_id",
    [
      { age: 36, country_id: 3 },
      { age: 36, country_id: 1 },
      { age: 28, country_id: 2 },
      { age: 28, country_id: 1 },
    ],
    "&order-by=age,country_id",
  ),
  selects(
    "/logs",
    "distinct.*",
    [
      { message: "odd", level: null },
      { message: "started", level: "info" },
    ],
    "&order-by=message:asc",
  ),
  selects("/groups/1/members", "distinct.balance", [{ balance: 10.5 }], "&limit=1&order-by=balance:desc&balance=lt:90"),
];

const embedded = [
  selects("/groups", "name,members(count())", [
    { name: "Readers", members: [{ count: 6 }] },
    { name: "Climbers", members: [{ count: 4 }] },
    { name: "Cooks & Bakers", members: [{ count: 2 }] },
    { name: "snake_case fans", members: [{ count: 2 }] },
    { name: "Nobody yet", members: [{ count: 0 }] },
  ]),
  selects(
    "/countries",
    "code,members(age,n:count())",
    [
      { code: "NO", members: [{ age: 36, n: 1 }] },
      { code: "FI", members: [] },
      { code: "CI", members: [{ age: 36, n: 1 }] },
    ],
    "&members.age=36",
  ),
  selects(
    "/countries/1",
    "members(age,count())",
    {
      members: [
        { age: 41, count: 1 },
        { age: 36, count: 1 },
      ],
    },
    "&members.order-by=age&members.limit=2&members.having=count=1",
  ),
  selects("/countries/1", "venues(name,meetups(count(),seats.sum()))", {
    venues: [
      { name: "Harbour Hall", meetups: [{ count: 3, sum: 100 }] },
      { name: "The Loft", meetups: [{ count: 2, sum: 24 }] },
    ],
  }),
  // Of no rows there is one group, which `having`, `limit` and `offset` may leave out.
  selects(
    "/groups?id=gte:4",
    "name,members(count())",
    [
      { name: "snake_case fans", members: [] },
      { name: "Nobody yet", members: [{ count: 0 }] },
    ],
    "&members.having=count=lt:1",
  ),
  selects("/groups?id=1", "members(count())", [{ members: [] }], "&members.offset=1"),
  selects("/groups?id=1", "members(count())", [{ members: [] }], "&members.limit=0"),
  // Both tables have an `id`.
  selects("/countries/1", "members(id,count())", { members: [{ id: 1, count: 1 }] }, "&members.having=id=lte:1"),
];

const mistakes = [
  refused("/members?select=country_id&having=country_id=1", "malformed_query", "having is for groups"),
  refused("/members?select=age.average()", "malformed_query", "count(), sum(), avg(), min(), max()"),
  refused("/members?select=agee.avg()", "unknown_column", "Perhaps you meant 'age'"),
  refused("/members?select=sum()", "malformed_query", "sum() stands behind a column"),
  refused("/members?select=name.sum()", "malformed_query", "numbers"),
  refused("/groups?select=is_open.max()", "malformed_query", "numbers, text"),
  refused("/samples?select=distinct.document", "malformed_query", "no equality"),
  refused("/members?select=age.min(),joined.min()", "malformed_query", "two things as 'min'"),
  refused("/members?select=count(),country(name)", "malformed_query", "plain columns only"),
  refused("/members?select=country_id,country(count())", "malformed_query", "leads to one row"),
  refused("/members?select=country_id,count()&order-by=age", "unknown_column", "country_id, count"),
  refused("/members?select=country_id,age.sum()&order-by=age.sum():desc", "malformed_query", "as in order-by=sum:desc"),
  refused("/members?select=country_id,count()&order-by=count():desc", "malformed_query", "the names that select shows"),
  refused("/members?select=country_id,age.sum()&having=age.sum()=gt:5", "malformed_query", "as in order-by=sum:desc"),
  refused("/members?select=country_id,count()&having=coun=gt:1", "unknown_column", "Perhaps you meant 'count'"),
  refused("/members?select=country_id,count()&having=count=gt:x", "invalid_filter", "whole number"),
  refused("/members?select=country_id,count()&having=count", "malformed_query", "having=count=gt:5"),
  refused("/members/1?select=count()", "unknown_parameter", "belongs to a list"),
];

/** How many zeros stand behind the point is each database's affair. */
const digits = (query: string, text: string) =>
  asks(`GET /samples?${query}`, (answer) => expect(answer.text.replaceAll(/ |\.0+\b/g, "")).toBe(text));

const exact = [
  digits("select=big.max()", '[{"max":9223372036854775807}]'),
  digits("select=big.min()", '[{"min":-9223372036854775808}]'),
  digits("select=big.sum()&big=gt:9007199254740993", '[{"sum":9223372036854775807}]'),
  digits("select=big.avg()&big=9007199254740993", '[{"avg":9007199254740993}]'),
  digits("select=big.avg()&big=gt:9007199254740992", '[{"avg":4616189618054758400}]'),
  // Past 64 bits.
  digits("select=big.sum()&big=gte:9007199254740992", '[{"sum":9232379236109516800}]'),
  digits("select=big.sum()&big=gte:9007199254740992&having=sum=9232379236109516800", '[{"sum":9232379236109516800}]'),
];

const counted = [
  asks(
    "GET /samples?instant=gte:2000-01-01T00:00:00Z&select=flag,count()&having=flag=true&count=exact filters both",
    (answer) => {
      expect(answer.json, answer.text).toEqual([{ flag: true, count: 2 }]);
      expect(answer.headers["x-total-count"]).toBe("1");
    },
  ),
  asks("GET /members?select=country_id,count()&count=exact&limit=1&having=count=gt:1 counts the groups", (answer) => {
    expect(answer.headers["content-range"]).toBe("items 0-0/3");
  }),
];

export const aggregates = [...totals, ...groups, ...distinct, ...embedded, ...mistakes, ...exact, ...counted];
