// `age::text`, `doc->age::integer`: columns and places in JSON, shown as other types; alike on every database.
import { type Case, enc, refuses, shows } from "../case.js";

const selects = (path: string, select: string, expected: unknown, more = ""): Case =>
  shows(`GET ${path}?select=${enc(select)}${more}`, expected);

const columns = [
  selects("/samples/1", "id::text,big::text,amount::text,ratio::text,flag::text", {
    ...{ id: "1", big: "9223372036854775807", amount: "123456789.1234", ratio: "1.5", flag: "true" },
  }),
  selects("/samples/1", "short::text,day::text,clock::text,moment::text,instant::text,token::text,mood::text", {
    ...{ short: "plain", day: "2024-02-29", clock: "12:30:00", moment: "2024-02-29T12:30:00.5" },
    ...{ instant: "2024-02-29T12:30:00.5+00:00", token: "6f1c2b8e-0d3a-4c57-9e21-5b8f0a7d4c13", mood: "happy" },
  }),
  selects("/samples/4", "bytes::text,body::text", {
    bytes: "8J+Msg==",
    body: "tab\tbell\u0007 escape\u001b delete\u007f nel\u0085 line\u2028 <script>&amp;</script> \\n is no line",
  }),
  selects("/samples", "amount::integer,ratio::integer,flag::integer,id::integer", [
    { amount: 123456789, ratio: 1, flag: 1, id: 1 },
    { amount: 0, ratio: 0, flag: 0, id: 2 },
    { amount: null, ratio: null, flag: null, id: 3 },
    { amount: 99999999999, ratio: 0, flag: 1, id: 4 },
    { amount: 0, ratio: 3, flag: 0, id: 5 },
  ]),
  selects("/samples/1", "id::decimal,amount::number,ratio::numeric,flag::decimal,short::decimal", {
    ...{ id: 1, amount: 123456789.1234, ratio: 1.5, flag: 1, short: null },
  }),
  selects("/samples", "big::boolean,flag::boolean,short::integer", [
    { big: true, flag: true, short: null },
    { big: true, flag: false, short: null },
    { big: null, flag: null, short: null },
    { big: true, flag: true, short: null },
    { big: false, flag: false, short: null },
  ]),
  selects("/samples", "day::datetime,moment::date,instant::time,clock::time", [
    { day: "2024-02-29T00:00:00", moment: "2024-02-29", instant: "12:30:00.5", clock: "12:30:00" },
    { day: "1970-01-01T00:00:00", moment: "1970-01-01", instant: "00:00:01", clock: "00:00:00" },
    { day: null, moment: null, instant: null, clock: null },
    { day: "9999-12-31T00:00:00", moment: "2024-03-10", instant: "03:14:07", clock: "23:59:59.25" },
    { day: "1000-01-01T00:00:00", moment: "2024-11-03", instant: "07:00:00.000001", clock: "06:07:08.000009" },
  ]),
  selects("/samples/1", "moment::time,at:moment::timestamp,on:instant::date,instant::datetime,day::date", {
    ...{ moment: "12:30:00.5", at: "2024-02-29T12:30:00.5", on: "2024-02-29" },
    ...{ instant: "2024-02-29T12:30:00.5", day: "2024-02-29" },
  }),
  selects("/members/3", "name,years:age::text,age", { name: "Chiara O'Neil", years: "28", age: 28 }),
  selects("/samples/1", '"id"::text,note:"short"::string', { id: "1", note: "plain" }),
];

const tags = (list: readonly unknown[]) => list.map((value) => ({ value }));

const places = [
  selects("/places", "value:address->rank::integer", tags([5, 5, 5, 50, null, null, 1, null, null, null])),
  selects("/places", "value:address->rank::decimal", tags([5, 5, 5, 50, null, null, 1.5, null, null, null])),
  selects(
    "/places",
    "value:address->open::boolean",
    tags([true, false, true, null, null, null, null, null, null, null]),
  ),
  selects(
    "/places",
    "value:address->open::text",
    tags(["true", "false", "true", null, null, null, null, null, null, null]),
  ),
  selects("/places", "city:address->city::text,address->tags->0::text", [
    { city: "Paris", tags: "a" },
    { city: "paris", tags: "b" },
    { city: "Oslo ", tags: null },
    { city: "Oslo", tags: null },
    ...[5, 6, 7, 8, 9, 10].map(() => ({ city: null, tags: null })),
  ]),
  selects("/places/4", 'address->"2024"->sum::integer,quoted:address->"say \\"hi\\""->"to->all"::text', {
    sum: 7,
    quoted: "yes",
  }),
  selects("/places/8", "address->big::text,exact:address->big::integer", {
    ...{ big: "9007199254740993", exact: Number("9007199254740993") },
  }),
  selects("/visits", "id,place(address->rank::integer,zip:address->zip::text)", [
    { id: 1, place: { rank: 5, zip: "75001" } },
    { id: 2, place: { rank: 50, zip: null } },
    { id: 3, place: { rank: 50, zip: null } },
    { id: 4, place: null },
  ]),
];

const spread = selects("/visits", "id,...place(address->zip::text,name::text)", [
  { id: 1, zip: "75001", name: "place 1" },
  { id: 2, zip: null, name: "place 4" },
  { id: 3, zip: null, name: "place 4" },
  { id: 4, zip: null, name: null },
]);

const groups = [
  selects("/members", "joined::date,count()", [{ joined: "2024-01-15", count: 2 }], "&having=count=gt:1"),
  selects("/members", "distinct.joined::datetime", [{ joined: "2020-02-02T00:00:00" }], "&order-by=joined:asc&limit=1"),
  selects(
    "/samples",
    "flag::text,count()",
    [
      { flag: null, count: 1 },
      { flag: "false", count: 2 },
      { flag: "true", count: 2 },
    ],
    "&order-by=flag:asc",
  ),
  selects("/samples", "ratio::integer,count()", [{ ratio: 0, count: 2 }], "&having=ratio=0"),
];

const refused = (request: string, says: string | RegExp, code = "malformed_query"): Case =>
  refuses(`GET ${request}`, 400, code, { says });

const mistakes = [
  refused(
    "/members?select=age::date",
    "no value of age is of that type. It can be shown as text, integer, decimal, boolean.",
  ),
  refused("/members?select=joined::integer", "It can be shown as text, date, datetime."),
  refused("/samples?select=document::text", "document->key::text"),
  refused("/members?select=age::txt", "Perhaps you meant 'text'"),
  refused("/members?select=age::", "Behind :: stands one of text, integer, decimal, boolean, date, time, datetime."),
  refused("/members?select=agee::text", "Perhaps you meant 'age'", "unknown_column"),
  refused("/places?select=address->city", "address->city::text"),
  refused(`/places?select=${enc('address->"a b"::text')}`, "needs a name in the row"),
  refused("/places?select=address->city::text,count()", "a place in JSON"),
  refused("/members?order-by=age::text:asc", "types stand in select"),
  refused("/members?age::text=5", "types stand in select"),
];

export const casting: readonly Case[] = [...columns, ...places, spread, ...groups, ...mistakes];
