// POST, PUT, PATCH and DELETE that succeed, at the top and below a parent.

import { expect } from "vitest";
import { ada } from "../../fixtures/community.js";
import type { Answer } from "../../support/http.js";
import { type Case, changes, enc, is } from "../case.js";
import type { Subject } from "../subject.js";

const nina = { name: "Nina", email: "nina@example.org" };

/** 201, and where `Location` points the same row is read. */
async function created(answer: Answer, api: Subject, path: string): Promise<void> {
  is(201, answer);
  expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
  expect(answer.headers.location).toBe(api.prefix + path);
  const read = await api.ask(`GET ${path}`);
  is(200, read);
  expect(read.text).toBe(answer.text);
}

const posts = (path: string, body: object, row: object, address?: string): Case =>
  changes(`POST ${path} of ${JSON.stringify(body)}`, body, async (answer, api) => {
    is(201, answer);
    expect(answer.json).toMatchObject(row);
    await created(answer, api, address ?? `${path.replace(/\/$/, "")}/${answer.json.id}`);
  });

const puts = (path: string, body: object, row: object): Case =>
  changes(`PUT ${path} of ${JSON.stringify(body)}`, body, async (answer, api) => {
    is(200, answer);
    expect(answer.json).toEqual(row);
    expect((await api.ask(`GET ${path}`)).text).toBe(answer.text);
  });

const patches = (path: string, body: object, row: object, address = path): Case =>
  changes(`PATCH ${path} of ${JSON.stringify(body)}`, body, async (answer, api) => {
    is(200, answer);
    expect(answer.json).toEqual(row);
    expect((await api.ask(`GET ${address}`)).text).toBe(answer.text);
  });

const deletes = (path: string): Case =>
  changes(`DELETE ${path}`, undefined, async (answer, api) => {
    is(204, answer);
    expect(answer.text).toBe("");
    expect(answer.headers).not.toHaveProperty("content-type");
    is(404, await api.ask(`GET ${path}`));
    is(404, await api.ask(`DELETE ${path}`));
  });

const spring = {
  id: 1,
  title: "Spring reading",
  venue_id: 1,
  group_id: 1,
  seats: 40,
  start_at: "2024-03-20T18:00:00",
};

const post = [
  posts("/members", nina, { ...nina, country_id: null, age: null, joined: "2024-01-01", balance: 0 }),
  posts("/members/", nina, nina),
  posts(
    "/members",
    { ...nina, id: 500, age: 3, joined: "2024-02-29", balance: 99999999.99, country_id: 2 },
    { id: 500, age: 3, joined: "2024-02-29", balance: 99999999.99, country_id: 2 },
  ),
  posts("/members", { ...nina, id: null, age: null }, { ...nina, age: null }),
  posts("/members", { ...nina, balance: "7.5", age: "30" }, { balance: 7.5, age: 30 }),
  posts("/groups", { name: "Żółw 🐢", is_open: false }, { name: "Żółw 🐢", description: null, is_open: false }),
  posts("/groups", { name: "open" }, { is_open: true }),
  posts("/countries/2/members", nina, { country_id: 2 }),
  posts("/countries/2/members", { ...nina, country_id: 2 }, { country_id: 2 }),
  posts("/venues/3/meetups", { title: "x", group_id: 2 }, { venue_id: 3, seats: 20, start_at: null }),
  posts("/employees/5/employees", { name: "New leaf" }, { manager_id: 5 }),
  posts(
    "/airports/OSL/origin_flights",
    { number: "SK9", destination_id: "HEL" },
    { origin_id: "OSL", destination_id: "HEL" },
  ),
  posts(
    `/airports/${enc("A/B, 1%")}/destination_flights`,
    { number: "SK8", origin_id: "OSL" },
    { origin_id: "OSL", destination_id: "A/B, 1%" },
  ),
  posts("/stocks/north,bolt/stock_moves", { delta: 5 }, { warehouse: "north", sku: "bolt", delta: 5 }),
  posts("/stocks/a%2Cb,50%25%2Fc/stock_moves", { delta: 5 }, { warehouse: "a,b", sku: "50%/c" }),
  posts(
    "/stocks",
    { warehouse: "x/y", sku: "a,b %" },
    { warehouse: "x/y", sku: "a,b %", quantity: 0 },
    "/stocks/x%2Fy,a%2Cb%20%25",
  ),
  posts(
    "/meetups/1/meetups_members",
    { member_id: 12 },
    { meetup_id: 1, member_id: 12, rsvp: "yes" },
    "/meetups/1/meetups_members/1,12",
  ),
  changes("POST /logs into a table without a key", { message: "new" }, (answer) => {
    is(201, answer);
    expect(answer.json).toEqual({ message: "new", level: null });
    expect(answer.headers).not.toHaveProperty("location");
  }),
  changes("POST /badges of keys that the database makes up", { name: "same" }, async (first, api) => {
    const rest = [{ name: "same" }, {}, {}].map((body) => api.ask("POST /badges", { body }));
    const answers = [first, ...(await Promise.all(rest))];
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(4);
    for (const answer of answers) await created(answer, api, `/badges/${answer.json.id}`);
    expect((await api.ask("GET /badges")).json).toHaveLength(4);
  }),
  changes("POST /members twenty at once", nina, async (_, api) => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => api.ask("POST /members", { body: { ...nina, email: `n${i}@example.org` } })),
    );
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(20);
    for (const { json, status } of answers) expect({ status, name: json.name }).toEqual({ status: 201, name: "Nina" });
  }),
];

const change = [
  puts(
    "/meetups/1",
    { title: "x", group_id: 2 },
    { ...spring, title: "x", group_id: 2, venue_id: null, seats: 20, start_at: null },
  ),
  puts("/meetups/1", { ...spring, title: "y" }, { ...spring, title: "y" }),
  puts("/venues/1/meetups/1", { title: "z", group_id: 1 }, { ...spring, title: "z", seats: 20, start_at: null }),
  puts("/members/1", nina, { ...ada, ...nina, country_id: null, age: null, joined: "2024-01-01", balance: 0 }),
  puts("/countries/1/members/1", nina, { ...ada, ...nina, age: null, joined: "2024-01-01", balance: 0 }),
  puts("/stocks/north,bolt", {}, { warehouse: "north", sku: "bolt", quantity: 0 }),
  puts("/stocks/north,bolt", { quantity: 4 }, { warehouse: "north", sku: "bolt", quantity: 4 }),
  puts(`/airports/${enc("A/B, 1%")}`, { name: "n" }, { code: "A/B, 1%", name: "n" }),
  puts("/groups/1", { name: "n" }, { id: 1, name: "n", description: null, is_open: true }),
  patches("/members/1", { age: 37 }, { ...ada, age: 37 }),
  patches("/members/1", { age: null, country_id: null }, { ...ada, age: null, country_id: null }),
  patches("/members/1", {}, ada),
  patches("/members/1", { name: "Ada" }, ada),
  patches("/countries/1/members/1", { balance: 0.05 }, { ...ada, balance: 0.05 }),
  patches("/venues/1/meetups/1", { venue_id: 2 }, { ...spring, venue_id: 2 }, "/venues/2/meetups/1"),
  patches("/venues/1/meetups/1", { venue_id: null }, { ...spring, venue_id: null }, "/meetups/1"),
  patches("/groups/5", { id: 77 }, { id: 77, name: "Nobody yet", description: null, is_open: false }, "/groups/77"),
  patches(
    "/stocks/north,nut",
    { sku: "washer" },
    { warehouse: "north", sku: "washer", quantity: 0 },
    "/stocks/north,washer",
  ),
  patches("/meetups_members/1,2", { rsvp: "yes" }, { meetup_id: 1, member_id: 2, rsvp: "yes" }),
  patches("/meetups/1/meetups_members/1,2", { rsvp: "yes" }, { meetup_id: 1, member_id: 2, rsvp: "yes" }),
  patches(
    "/groups/4",
    { is_open: false },
    {
      id: 4,
      name: "snake_case fans",
      description: 'We say "hello", (world); a=b',
      is_open: false,
    },
  ),
];

export const writing = [
  ...post,
  ...change,
  deletes("/meetups/8"),
  deletes("/venues/1/meetups/1"),
  deletes("/members/12"),
  deletes("/meetups_members/1,2"),
  deletes("/meetups/1/meetups_members/1,3"),
  deletes("/stocks/north,nut"),
  deletes("/stocks/a%2Cb,50%25%2Fc/stock_moves/4"),
  deletes("/airports/OSL/origin_flights/3"),
  deletes("/employees/2/employees/5"),
];
