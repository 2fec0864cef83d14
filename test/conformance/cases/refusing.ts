// Writes that cannot be: the problem says why, and nothing is left behind.
import { refuses } from "../case.js";

const nina = { name: "Nina", email: "nina@example.org" };
const sample = (body: object) => ({ body: { id: 100, ...body } });

const values = [
  refuses("POST /members of a text for a number", 422, "invalid_value", {
    body: { ...nina, age: "old" },
    fields: ["age"],
  }),
  refuses("POST /members of a number for a text", 422, "invalid_value", {
    body: { ...nina, name: 5 },
    fields: ["name"],
  }),
  refuses("POST /members of two wrong values", 422, "invalid_value", {
    body: { ...nina, age: true, joined: "yesterday" },
    fields: ["age", "joined"],
  }),
  refuses("POST /members of an object for a number", 422, "invalid_value", { body: { ...nina, age: {} } }),
  refuses("POST /members of an array for a text", 422, "invalid_value", { body: { ...nina, name: ["x"] } }),
  refuses("POST /members of a fraction for a whole number", 422, "invalid_value", { body: { ...nina, age: 1.5 } }),
  refuses("POST /members of an integer out of range", 422, "invalid_value", {
    body: { ...nina, age: 2_147_483_648 * 4_294_967_296 },
    fields: ["age"],
  }),
  refuses("POST /members of a huge integer", 422, "invalid_value", {
    body: `{"name":"n","email":"e","age":${"9".repeat(400)}}`,
  }),
  refuses("POST /members of a decimal out of range", 422, "invalid_value", {
    body: { ...nina, balance: 123456789.12 },
    fields: ["balance"],
  }),
  refuses("POST /members of a day that no calendar has", 422, "invalid_value", {
    body: { ...nina, joined: "2023-02-29" },
  }),
  refuses("POST /members of too long a text", 422, "invalid_value", { body: { ...nina, name: "x".repeat(61) } }),
  refuses("POST /members of a NUL character", 422, "invalid_value", {
    body: { ...nina, name: "a\0b" },
    fields: ["name"],
  }),
  refuses("POST /members of half a surrogate pair", 422, "invalid_value", { body: '{"name":"\\ud83c","email":"e"}' }),
  refuses("POST /samples of an invalid UUID", 422, "invalid_value", {
    ...sample({ token: "nope" }),
    fields: ["token"],
  }),
  refuses("POST /samples of an unknown enum value", 422, "invalid_value", { ...sample({ mood: "hapy" }) }),
  refuses("POST /samples of a big integer out of range", 422, "invalid_value", {
    body: '{"id":100,"big":9223372036854775808}',
    fields: ["big"],
  }),
  refuses("POST /samples of a float out of range", 422, "invalid_value", { body: '{"id":100,"ratio":1e999}' }),
  refuses("POST /samples of no base64", 422, "invalid_value", sample({ bytes: "%%%" })),
  refuses("POST /samples of a time that no clock has", 422, "invalid_value", sample({ clock: "12:60:00" })),
  refuses("POST /samples of a moment that is none", 422, "invalid_value", sample({ moment: "2024-13-01T00:00:00" })),
  refuses("POST /samples of no boolean", 422, "invalid_value", sample({ flag: "perhaps" })),
];

const constraints = [
  refuses("POST /members of a taken e-mail", 409, "unique_violation", { body: { ...nina, email: "ada@example.org" } }),
  refuses("POST /members of a taken id", 409, "unique_violation", { body: { ...nina, id: 1 } }),
  refuses("POST /stocks of a taken composite key", 409, "unique_violation", {
    body: { warehouse: "north", sku: "bolt" },
  }),
  refuses("POST /meetups/1/meetups_members of a link that stands", 409, "unique_violation", { body: { member_id: 1 } }),
  refuses("POST /members of a country that is not there", 409, "foreign_key_violation", {
    body: { ...nina, country_id: 99 },
  }),
  refuses("POST /stock_moves of a stock that is not there", 409, "foreign_key_violation", {
    body: { warehouse: "north", sku: "screw", delta: 1 },
  }),
  refuses("POST /members of NULL", 422, "not_null_violation", { body: { ...nina, name: null }, fields: ["name"] }),
  refuses("POST /members of nothing", 422, "not_null_violation", { body: {} }),
  refuses("POST /members without a body", 422, "not_null_violation"),
  refuses("POST /meetups of a CHECK", 422, "check_violation", { body: { title: "x", group_id: 1, seats: -1 } }),
  refuses("PATCH /meetups/1 of a CHECK", 422, "check_violation", { body: { seats: -1 }, says: "meetups_seats" }),
  refuses("PATCH /members/2 of a taken e-mail", 409, "unique_violation", { body: { email: "ada@example.org" } }),
  refuses("PATCH /members/1 of NULL", 422, "not_null_violation", { body: { joined: null }, fields: ["joined"] }),
  refuses("PATCH /members/1 of a country that is not there", 409, "foreign_key_violation", {
    body: { country_id: 99 },
  }),
  refuses("PATCH /stocks/north,bolt of a key that others refer to", 409, "foreign_key_violation", {
    body: { sku: "screw" },
  }),
  refuses("PATCH /airports/OSL of a key that others refer to", 409, "foreign_key_violation", { body: { code: "GEN" } }),
  refuses("PUT /members/1 without what has no default", 422, "not_null_violation", { body: { name: "Nina" } }),
  refuses("PUT /members/1 of a taken e-mail", 409, "unique_violation", {
    body: { ...nina, email: "bjorn@example.org" },
  }),
  refuses("DELETE /countries/1 that others refer to", 409, "foreign_key_violation"),
  refuses("DELETE /employees/2 that others refer to", 409, "foreign_key_violation"),
  refuses("DELETE /stocks/north,bolt that others refer to", 409, "foreign_key_violation"),
];

const places = [
  refuses("POST /countries/99/members", 404, "parent_not_found", { body: nina }),
  refuses("POST /countries/abc/members", 404, "not_found", { body: nina }),
  refuses("POST /venues/99/meetups", 404, "parent_not_found", { body: { title: "x", group_id: 1 } }),
  refuses("POST /venues/1/meetups of a group that is not there", 409, "foreign_key_violation", {
    body: { title: "x", group_id: 99 },
  }),
  refuses("POST /stocks/north,screw/stock_moves", 404, "parent_not_found", { body: { delta: 1 } }),
  refuses("POST /countries/1/members of another country", 422, "invalid_value", {
    body: { ...nina, country_id: 2 },
    fields: ["country_id"],
  }),
  refuses("PUT /members/99", 404, "not_found", { body: nina }),
  refuses("PUT /members/1 of another id", 422, "invalid_value", { body: { ...nina, id: 2 }, fields: ["id"] }),
  refuses("PATCH /members/99", 404, "not_found", { body: { age: 1 } }),
  refuses("PATCH /members/99 of nothing", 404, "not_found", { body: {} }),
  refuses("PATCH /members/abc", 404, "not_found", { body: { age: 1 } }),
  refuses("DELETE /members/99", 404, "not_found"),
  refuses("PUT /countries/1/members/3 of another country", 404, "not_found", { body: nina }),
  refuses("PATCH /countries/1/members/3 of another country", 404, "not_found", { body: { age: 1 } }),
  refuses("DELETE /countries/1/venues/3 of another country", 404, "not_found"),
  refuses("PATCH /countries/99/members/1", 404, "parent_not_found", { body: { age: 1 } }),
  refuses("DELETE /countries/99/members/1", 404, "parent_not_found"),
  refuses("PATCH /airports/OSL/destination_flights/1 of another destination", 404, "not_found", {
    body: { number: "x" },
  }),
  refuses("PATCH /members/1 of an unknown column", 400, "unknown_column", { body: { agee: 1 }, says: "'age'" }),
  refuses("PUT /members/1 of an unknown column", 400, "unknown_column", { body: { ...nina, agee: 1 } }),
  refuses("POST /members?limit=1", 400, "unknown_parameter", { body: nina }),
  refuses("DELETE /members/12?name=Ada", 400, "unknown_parameter"),
];

export const refusing = [...values, ...constraints, ...places];
