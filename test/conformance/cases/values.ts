// The same row reads the same on every database, however it came there, with every digit.
import { isLosslessNumber, parse, stringify } from "lossless-json";
import { expect } from "vitest";
import { expected } from "../../fixtures/values.js";
import { asks, type Case, changes, is } from "../case.js";

type Fields = Record<string, unknown>;

const withId = (row: unknown, id: number) => ({ ...(row as Fields), id });
/** Numbers as their digits, so that `toEqual` shows them. */
const digits = (value: unknown): unknown =>
  JSON.parse(stringify(value, (_, item) => (isLosslessNumber(item) ? `#${item}` : item)) as string);
const same = (text: string, row: unknown) =>
  expect(digits(parse(text))).toEqual(digits(parse(stringify(row) as string)));

const eachRow = (make: (row: unknown, id: number) => Case): Case[] =>
  expected.map((text, i) => make(parse(text), i + 1));

const empty = parse(expected[2] as string) as Fields;

export const values = [
  asks("GET /samples", (answer) => {
    is(200, answer);
    same(answer.text, parse(`[${expected.join(",")}]`));
  }),
  ...eachRow((row, id) =>
    asks(`GET /samples/${id}`, (answer) => {
      is(200, answer);
      same(answer.text, row);
    }),
  ),
  asks("GET /samples/1 with every digit", ({ text }) => {
    expect(text).toMatch(/"big": ?9223372036854775807[,}]/);
    expect(text).toMatch(/"big": ?9007199254740993[,}]/);
    expect(text).toMatch(/"amount": ?123456789\.1234[,}]/);
  }),
  asks("GET /samples/2 with every digit", ({ text }) => expect(text).toMatch(/"big": ?-9223372036854775808[,}]/)),
  asks("GET /samples/4 with every digit", ({ text }) => expect(text).toMatch(/"amount": ?99999999999\.9999[,}]/)),
  ...eachRow((row, id) =>
    changes(`POST /samples of what row ${id} reads as`, stringify(withId(row, 100 + id)), async (answer, api) => {
      is(201, answer);
      same(answer.text, withId(row, 100 + id));
      expect((await api.ask(`GET /samples/${100 + id}`)).text).toBe(answer.text);
      const [listed] = parse((await api.ask(`GET /samples?id=${100 + id}`)).text) as unknown[];
      same(answer.text, listed);
    }),
  ),
  ...eachRow((row, id) =>
    changes(`POST /samples of NULLs, then PATCH to row ${id}`, withId(empty, 200 + id), async (answer, api) => {
      is(201, answer);
      const body = stringify(withId(row, 200 + id)) as string;
      const patched = await api.ask(`PATCH /samples/${200 + id}`, { body });
      is(200, patched);
      same(patched.text, withId(row, 200 + id));
      const put = await api.ask(`PUT /samples/${200 + id}`, { body });
      is(200, put);
      same(put.text, withId(row, 200 + id));
      const cleared = await api.ask(`PUT /samples/${200 + id}`, { body: {} });
      same(cleared.text, withId(empty, 200 + id));
    }),
  ),
  changes("POST /samples of only its key", { id: 300 }, (answer) => same(answer.text, withId(empty, 300))),
  changes(
    "POST /samples of numbers as text",
    { id: 301, big: "9223372036854775807", amount: "0.5", ratio: "2.5" },
    (answer) => {
      is(201, answer);
      expect(answer.text).toMatch(/"big": ?9223372036854775807[,}]/);
      expect(answer.json).toMatchObject({ amount: 0.5, ratio: 2.5 });
    },
  ),
  changes("POST /samples of a moment in another zone", { id: 302, instant: "2024-06-01T12:00:00+05:30" }, ({ json }) =>
    expect(json.instant).toBe("2024-06-01T06:30:00+00:00"),
  ),
  changes(
    "POST /samples of short forms",
    { id: 303, clock: "09:05", moment: "2024-06-01 12:00", token: "6F1C2B8E0D3A4C579E215B8F0A7D4C13" },
    ({ json }) =>
      expect(json).toMatchObject({
        clock: "09:05:00",
        moment: "2024-06-01T12:00:00",
        token: "6f1c2b8e-0d3a-4c57-9e21-5b8f0a7d4c13",
      }),
  ),
  changes(
    "POST /samples of JSON of each kind",
    { id: 304, document: [0, false, "", {}, [], null] },
    async ({ json }, api) => {
      expect(json.document).toEqual([0, false, "", {}, [], null]);
      for (const document of [0, false, "", "null", {}, [], 1.5, 'a\\b"c']) {
        const answer = await api.ask("PATCH /samples/304", { body: { document } });
        is(200, answer);
        expect(answer.json.document).toEqual(document);
      }
    },
  ),
];
