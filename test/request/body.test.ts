// A body's bytes → JSON values that keep every digit.
import { isLosslessNumber } from "lossless-json";
import { describe, expect, test } from "vitest";
import type { ApiRequest, RequestBody } from "../../src/http/message.js";
import { HttpError } from "../../src/http/problem.js";
import { parseJson, readObject, readObjects } from "../../src/request/body.js";

const parse = (text: string) => parseJson(Buffer.from(text));

function refusal(bytes: Buffer): string {
  try {
    return `no refusal: ${JSON.stringify(parseJson(bytes))}`;
  } catch (error) {
    if (error instanceof HttpError) return `${error.status} ${error.code} ${error.message}`;
    throw error;
  }
}

describe("numbers", () => {
  test.each(["1", "-0.5", "1e3", "123456789012345", "0.1", "1.5e-7"])("%s is a number", (text) =>
    expect(parse(`{"n":${text}}`)).toEqual({ n: Number(text) }),
  );

  test.each([
    "9007199254740993",
    "-9223372036854775808",
    "0.12345678901234567890",
    "1e400",
    "1e-400",
    "123456789012345678e5",
  ])("%s keeps its digits", (text) => {
    const { n } = parse(`{"n":${text}}`) as { n: unknown };
    expect(isLosslessNumber(n) && n.toString()).toBe(text);
  });

  test("digits in a text leave the other numbers alone", () =>
    expect(parse('{"card":"1234567890123456","n":1.5}')).toEqual({ card: "1234567890123456", n: 1.5 }));
});

describe("whether a long number stands in it or not, a body", () => {
  const long = '"x":12345678901234567890';
  test.each(["", `,${long}`])("keeps the last of two values of one name%s", (more) =>
    expect(parse(`{"a":1,"a":2${more}}`)).toMatchObject({ a: 2 }),
  );
  test.each(["", `,${long}`])("has __proto__ as a name like any other%s", (more) => {
    const value = parse(`{"__proto__":{"admin":true}${more}}`) as Record<string, unknown>;
    expect(Object.keys(value)[0]).toBe("__proto__");
    expect(value.admin).toBeUndefined();
    expect({}).not.toHaveProperty("admin");
  });
});

describe("refused with 400 malformed_json", () => {
  test.each([
    "{",
    "{'a':1}",
    '{"a":1,}',
    "undefined",
    "NaN",
    '{"a":01}',
    '"\u0001"',
    "1 2",
    " ",
    "[1234567890123456789",
  ])("%s", (text) => expect(refusal(Buffer.from(text))).toMatch(/^400 malformed_json The body is not valid JSON: /));
  test("what is not UTF-8", () =>
    expect(refusal(Buffer.from([0x22, 0xff, 0x22]))).toBe("400 malformed_json The body is not UTF-8."));
  test("a nesting that no parser can follow", () => {
    const deep = `[1234567890123456789,${"[".repeat(100_000)}${"]".repeat(100_000)}]`;
    expect(refusal(Buffer.from(deep))).toBe("400 malformed_json The body is nested too deeply.");
  });
});

test("a byte order mark is overlooked", () => expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 }));

describe("one object", () => {
  const read = (body: RequestBody, type?: string) =>
    readObject({ body: async () => body, header: () => type } as unknown as ApiRequest);
  const bytes = (text: string): RequestBody => ({ kind: "bytes", bytes: Buffer.from(text) });

  test.each(["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"])("as %s", (type) =>
    expect(read(bytes('{"a":1}'), type)).resolves.toEqual({ a: 1 }),
  );
  test("parsed already", () => expect(read({ kind: "parsed", value: { a: 1 } })).resolves.toEqual({ a: 1 }));
  test("that is empty, where nothing was sent", () => expect(read(bytes(""))).resolves.toEqual({}));

  test.each<[string, RequestBody, string | undefined, number, string]>([
    ["a form", bytes("a=1"), "application/x-www-form-urlencoded", 415, "unsupported_media_type"],
    ["no content type", bytes("{}"), undefined, 415, "unsupported_media_type"],
    ["an array", bytes("[]"), "application/json", 400, "invalid_body"],
    ["null", bytes("null"), "application/json", 400, "invalid_body"],
    ["a text", bytes('"a"'), "application/json", 400, "invalid_body"],
    ["a long number", bytes("12345678901234567890"), "application/json", 400, "invalid_body"],
    ["too much", { kind: "too-large", limit: 9 }, "application/json", 413, "body_too_large"],
  ])("is not %s", (_, body, type, status, code) => expect(read(body, type)).rejects.toMatchObject({ status, code }));
});

test("the media types that a route takes are named", async () => {
  const request = {
    body: async () => ({ kind: "bytes", bytes: Buffer.from("<a/>") }),
    header: () => "application/xml",
  } as unknown as ApiRequest;
  await expect(readObject(request)).rejects.toMatchObject({
    message: "'application/xml' is not understood: send JSON with Content-Type: application/json.",
    headers: { "accept-post": "application/json" },
  });
  await expect(readObjects(request, 1)).rejects.toMatchObject({
    message: expect.stringContaining("CSV with text/csv, or a JSON object a line with application/x-ndjson."),
    headers: { "accept-post": "application/json, text/csv, application/x-ndjson" },
  });
});
