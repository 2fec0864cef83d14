// One row by its key, whatever the key.

import { expect } from "vitest";
import { ada } from "../../fixtures/community.js";
import { asks, changes, enc, is, refuses, shows } from "../case.js";

const awkward = { code: "A/B, 1%", name: "Awkward" };

/** A key is sent as text, found again by its address, and changed and removed there. */
const key = (code: string) =>
  changes(`POST /airports with the key ${JSON.stringify(code)}`, { code, name: "new" }, async (answer, api) => {
    is(201, answer);
    // A browser takes `.` and `..` out of a path, so that these have a mark before them.
    const location = `${api.prefix}/airports/${/^\.{1,2}$/.test(code) ? `~${code}` : enc(code)}`;
    expect(answer.headers.location).toBe(location);
    const path = location.slice(api.prefix.length);
    expect((await api.ask(`GET ${path}`)).json).toEqual({ code, name: "new" });
    expect((await api.ask(`PATCH ${path}`, { body: { name: "old" } })).json).toEqual({ code, name: "old" });
    expect((await api.ask(`GET ${path}/origin_flights`)).json).toEqual([]);
    is(204, await api.ask(`DELETE ${path}`));
    is(404, await api.ask(`GET ${path}`));
  });

export const single = [
  shows("GET /members/1", ada),
  shows("GET /members/1/", ada),
  shows("GET /members/01", ada),
  shows("GET /members/%31", ada),
  shows("GET /%6dembers/1", ada),
  shows("GET /groups/2", { id: 2, name: "Climbers", description: null, is_open: true }),
  shows("GET /airports/OSL", { code: "OSL", name: "Oslo" }),
  shows("GET /airports/lt:5", { code: "lt:5", name: "Operator" }),
  shows("GET /airports/lt%3A5", { code: "lt:5", name: "Operator" }),
  shows(`GET /airports/${enc("A/B, 1%")}`, awkward),
  shows("GET /airports/A%2FB,%201%25", awkward),
  shows("GET /airports/a%2fb%2c%201%25".replace("a%2fb", "A%2fB"), awkward),
  shows("GET /stocks/north,bolt", { warehouse: "north", sku: "bolt", quantity: 10 }),
  shows("GET /stocks/a%2Cb,50%25%2Fc", { warehouse: "a,b", sku: "50%/c", quantity: 3 }),
  shows("GET /meetups_members/1,2", { meetup_id: 1, member_id: 2, rsvp: "no" }),
  key("🌲 a/b"),
  key("a,b%2C"),
  key("50% +&=?#"),
  key("."),
  key(".."),
  key("'\"\\;--"),
  key("add"),
  refuses("GET /members/99", 404, "not_found"),
  refuses("GET /members/0", 404, "not_found"),
  refuses("GET /members/-1", 404, "not_found"),
  refuses("GET /members/abc", 404, "not_found"),
  refuses("GET /members/1.5", 404, "not_found"),
  refuses("GET /members/99999999999999999999", 404, "not_found"),
  refuses("GET /members/9223372036854775808", 404, "not_found"),
  refuses("GET /members/1%20OR%201=1", 404, "not_found"),
  refuses("GET /members/%F0%9F%8C%B2", 404, "not_found"),
  refuses("GET /airports/nowhere", 404, "not_found"),
  refuses(`GET /airports/${"x".repeat(3000)}`, 404, "not_found"),
  refuses("GET /stocks/north", 404, "not_found", { says: "warehouse,sku" }),
  refuses("GET /stocks/north,bolt,3", 404, "not_found"),
  refuses("GET /stocks/north,", 404, "not_found"),
  refuses("GET /stocks/bolt,north", 404, "not_found"),
  refuses("GET /members/1?name=Ada", 400, "unknown_parameter"),
  asks("GET /group_sizes/1 of a view without a key", (answer) => is(404, answer)),
  asks("GET /logs/1 of a table without a key", (answer) => is(404, answer)),
  asks("GET /groups_members of a mere link table", (answer) => is(404, answer)),
];
