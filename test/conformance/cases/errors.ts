// What cannot be understood: each a problem document that says what to do.
import { expect } from "vitest";
import { asks, is, isProblem, refuses } from "../case.js";

const nina = '{"name":"Nina","email":"nina@example.org"}';

const queries = [
  refuses("GET /members?agee=36", 400, "unknown_column", { says: "'age'" }),
  refuses("GET /members?emial=x", 400, "unknown_column", { says: "'email'" }),
  refuses("GET /members?lmit=3", 400, "unknown_column", { says: "'limit'" }),
  refuses("GET /members?order_by=id", 400, "unknown_column", { says: "'order-by'" }),
  refuses("GET /members?NAME=x", 400, "unknown_column", { says: "'name'" }),
  refuses("GET /members?__proto__=1", 400, "unknown_column"),
  refuses("GET /members?=1", 400, "unknown_column"),
  refuses("GET /members?order-by=nme:asc", 400, "unknown_column", { says: "'name'" }),
  refuses("GET /members?order-by=constructor", 400, "unknown_column"),
  refuses("GET /members?order-by=", 400, "malformed_query"),
  refuses("GET /members?order-by=age:up", 400, "malformed_query"),
  refuses("GET /members?order-by=age:ascc", 400, "malformed_query", { says: "'asc'" }),
  refuses("GET /members?order-by=age:nullsfirst:asc", 400, "malformed_query"),
  refuses("GET /members?age=gtt:3", 400, "unknown_operator", { says: "'gt'" }),
  refuses("GET /members?age=foo:3", 400, "unknown_operator"),
  refuses("GET /members?name=contians:A", 400, "unknown_operator", { says: "name=contains:A" }),
  refuses("GET /members?name=eq.active", 400, "unknown_operator", { says: "name=eq:active" }),
  refuses("GET /members?sort=name", 400, "unknown_column", { says: "order-by=name:asc" }),
  refuses("GET /members?name=match:(", 400, "invalid_filter", { says: "regular expression" }),
  refuses("GET /members?name=imatch:[b-a]", 400, "invalid_filter", { says: "regular expression" }),
  refuses(`GET /members?name=match:${"a".repeat(1001)}`, 400, "too_complex"),
  refuses(`GET /members?name=like.any:${Array(500).fill("a").join(",")}`, 400, "too_complex"),
  refuses("GET /members?age=abc", 400, "invalid_filter", { fields: ["age"] }),
  refuses("GET /members?age=gt:abc", 400, "invalid_filter"),
  refuses("GET /members?age=", 400, "invalid_filter"),
  refuses("GET /members?age=1.5", 400, "invalid_filter"),
  refuses("GET /members?age=in:1,x", 400, "invalid_filter"),
  refuses("GET /members?age=between:1", 400, "malformed_query"),
  refuses("GET /members?age=between:1,2,3", 400, "malformed_query"),
  refuses("GET /members?age=is:maybe", 400, "invalid_filter"),
  refuses("GET /members?age=99999999999999999999", 400, "invalid_filter", { says: "range" }),
  refuses("GET /samples?big=9223372036854775808", 400, "invalid_filter", { says: "range" }),
  refuses("GET /samples?token=nope", 400, "invalid_filter", { says: "UUID" }),
  refuses("GET /samples?mood=hapy", 400, "invalid_filter", { says: "'happy'" }),
  refuses("GET /members?joined=2023-02-29", 400, "invalid_filter"),
  refuses("GET /groups?is_open=perhaps", 400, "invalid_filter"),
  refuses("GET /members?name=like:%5C", 400, "invalid_filter"),
  refuses("GET /members?name=in:%22a", 400, "malformed_query"),
  refuses("GET /members?age", 400, "malformed_query"),
  refuses("GET /members?limit=-1", 400, "malformed_query", { says: "limit" }),
  refuses("GET /members?limit=", 400, "malformed_query"),
  refuses("GET /members?limit=1.5", 400, "malformed_query"),
  refuses("GET /members?limit=ten", 400, "malformed_query"),
  refuses("GET /members?limit=1e3", 400, "malformed_query"),
  refuses("GET /members?limit=1&limit=2", 400, "malformed_query"),
  refuses("GET /members?offset=-1", 400, "malformed_query", { says: "offset" }),
  refuses("GET /members?count=perhaps", 400, "malformed_query"),
  refuses("GET /members?name=%", 400, "malformed_query"),
  refuses("GET /members?name=%zz", 400, "malformed_query"),
  refuses("GET /members?%zz=1", 400, "malformed_query"),
  refuses("GET /members?name=%FF", 400, "malformed_query"),
  refuses("GET /members?name=%ED%A0%80", 400, "malformed_query"),
  refuses("GET /members?name=a%00b", 400, "invalid_filter", { says: "NUL" }),
  refuses("GET /members?name=like:%00", 400, "invalid_filter"),
  refuses("GET /members?name%00=a", 400, "unknown_column"),
  refuses("GET /members?order-by=name%00", 400, "unknown_column"),
  refuses(`GET /members?${"age=gt:1&".repeat(51)}limit=1`, 400, "too_complex"),
  refuses(`GET /members?age=in:${"1,".repeat(1000)}1`, 400, "too_complex"),
  refuses(`GET /members?order-by=${"id,".repeat(60)}id`, 400, "too_complex"),
];

const paths = [
  refuses("GET /members/%", 400, "malformed_path"),
  refuses("GET /members/%zz", 400, "malformed_path"),
  refuses("GET /airports/%FF", 400, "malformed_path"),
  refuses("GET /countries/%E0%A4/members", 400, "malformed_path"),
  refuses("DELETE /members/%zz", 400, "malformed_path"),
  refuses("POST /groups/%zz/members/1/add", 400, "malformed_path"),
  refuses("GET /airports/%00", 404, "not_found", { says: "NUL" }),
  refuses("GET /airports/OSL%00", 404, "not_found"),
  refuses("GET /members/1%00", 404, "not_found"),
  asks("GET /membes", (answer) => is(404, answer)),
  asks("GET /members//1", (answer) => is(404, answer)),
  asks("GET /members/1//", (answer) => is(404, answer)),
  asks("GET /__proto__", (answer) => is(404, answer)),
  asks("GET /constructor/1", (answer) => is(404, answer)),
  asks("GET /members/1/constructor", (answer) => is(404, answer)),
  asks("GET /%zz", (answer) => expect([400, 404]).toContain(answer.status)),
];

const broken = ["{", '{"name":}', "nope", "{'name':'x'}", '{"name":"x",}', '{"name":"\u0001"}', "[1", '"', "\u00ef"];
const bodies = [
  ...broken.map((body) => refuses(`POST /members of ${JSON.stringify(body)}`, 400, "malformed_json", { body })),
  refuses("POST /members of bytes that are no UTF-8", 400, "malformed_json", {
    body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
  }),
  refuses("POST /members of a broken long number", 400, "malformed_json", { body: '{"age":12345678901234567890.}' }),
  refuses("PATCH /members/1 of half an object", 400, "malformed_json", { body: '{"age":' }),
  refuses("PUT /members/1 of half an object", 400, "malformed_json", { body: '{"age":' }),
  refuses("POST /groups/1/members/7/add of half an object", 400, "malformed_json", { body: "{" }),
  ...['"text"', "5", "null", "true"].map((body) => refuses(`POST /members of ${body}`, 400, "invalid_body", { body })),
  refuses("PATCH /members/1 of an array", 400, "invalid_body", { body: "[]" }),
  refuses("POST /members of an unknown column", 400, "unknown_column", {
    body: '{"nmae":"Nina","email":"e"}',
    says: "'name'",
  }),
  refuses("POST /members of __proto__", 400, "unknown_column", { body: '{"__proto__":{"name":"x"},"email":"e"}' }),
  refuses("POST /members of __proto__ and a long number", 400, "unknown_column", {
    body: '{"__proto__":{"name":12345678901234567890},"email":"e"}',
  }),
  refuses("POST /members of constructor", 400, "unknown_column", { body: '{"constructor":1,"email":"e"}' }),
  refuses("POST /members of 5 MB", 413, "body_too_large", { body: `{"name":"${"x".repeat(5_000_000)}"}` }),
  refuses("POST /members of 5 MB in chunks", 413, "body_too_large", {
    body: `{"name":"${"x".repeat(5_000_000)}"}`,
    headers: { "transfer-encoding": "chunked" },
  }),
  refuses("PATCH /members/1 of 5 MB", 413, "body_too_large", { body: `{"name":"${"x".repeat(5_000_000)}"}` }),
  asks(
    "POST /samples of 100,000 arrays in each other",
    (answer) => {
      expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
      expect(answer.status, answer.text).toBeLessThan(500);
    },
    { body: `{"id":100,"document":${"[".repeat(100_000)}${"]".repeat(100_000)}}` },
  ),
];

const types = [
  ...["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "x"].map(
    (type) =>
      refuses(`POST /members as ${type}`, 415, "unsupported_media_type", {
        body: nina,
        headers: { "content-type": type },
      }),
  ),
  ...["text/html", "image/*", "application/xml, image/*;q=0.5", "application/json;q=0"].map((accept) =>
    refuses(`GET /members for ${accept}`, 406, "not_acceptable", { headers: { accept } }),
  ),
  refuses("POST /members for text/html", 406, "not_acceptable", { body: nina, headers: { accept: "text/html" } }),
  asks("GET /members?agee=1 for application/problem+json", (answer) => isProblem(answer, 400, "unknown_column"), {
    headers: { accept: "application/problem+json" },
  }),
];

export const errors = [...queries, ...paths, ...bodies, ...types];
