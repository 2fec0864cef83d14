// CSV is read no further than the first thing too many: what stands behind it, here a quote that is not closed, is never seen.
import { describe, expect, test } from "vitest";
import type { ApiRequest } from "../../src/http/message.js";
import { HttpError } from "../../src/http/problem.js";
import { readCsv } from "../../src/request/csv.js";

const room = { maxRows: 1_000, columns: 3 };
const UNREAD = '\n"never closed';

const request = (text: string): ApiRequest => ({
  ...{ method: "POST", path: "/members", query: "", prefix: "", raw: undefined },
  header: (name) => (name === "content-type" ? "text/csv" : undefined),
  body: async () => ({ kind: "bytes", bytes: Buffer.from(text) }),
});

async function refusal(text: string): Promise<string> {
  try {
    const { names, rows } = await readCsv(request(text), room);
    return `no refusal: ${names.length} names, ${rows.length} rows`;
  } catch (error) {
    if (error instanceof HttpError) return `${error.status} ${error.code} ${error.message}`;
    throw error;
  }
}

describe("stops at", () => {
  test.each([
    [
      "a row too many",
      `a,b\n${"1,2\n".repeat(1_001)}`,
      "400 too_complex A body has at most 1000 rows, and this has more",
    ],
    ["a million rows", `a,b\n${"1,2\n".repeat(250_000)}`, "400 too_complex A body has at most 1000 rows"],
    ["a million empty lines", `a,b\n${"\n".repeat(1_000_000)}`, "400 too_complex A body has at most 1000 empty lines"],
    [
      "a million empty lines of one column",
      `a\n${"\n".repeat(1_000_000)}`,
      "400 too_complex A body has at most 1000 rows",
    ],
    ["a million empty lines and no name", "\n".repeat(1_000_000), "400 too_complex A body has at most 1000 rows"],
    [
      "a line of a million commas",
      `a,b\n${",".repeat(1_000_000)}`,
      "400 malformed_csv The body is not valid CSV: line 2 has 3 cells or more",
    ],
    [
      "a first line of a million commas",
      ",".repeat(1_000_000),
      "400 malformed_csv The body is not valid CSV: the first line names '' twice",
    ],
    ["a line that is too short", "a,b\n1\n", "400 malformed_csv The body is not valid CSV: line 2 has 1 cells"],
  ])("%s", async (_title, text, words) => {
    expect(await refusal(text + UNREAD)).toMatch(new RegExp(`^${words}`));
  });

  test("a name too many, which is unknown or stands twice", async () => {
    const { names, rows } = await readCsv(request(`a,b,c,d,e${UNREAD}`), room);
    expect([names, rows]).toEqual([["a", "b", "c", "d"], []]);
  });
});

describe("takes", () => {
  test.each([
    ["as many rows as there may be", `a,b\n${"1,2\n\n".repeat(1_000)}`, "no refusal: 2 names, 1000 rows"],
    ["a cell of a million characters", `a,b\n${"x".repeat(1_000_000)},2`, "no refusal: 2 names, 1 rows"],
    ["a cell of 300,000 quotes", `a,b\n"${'""'.repeat(300_000)}",2`, "no refusal: 2 names, 1 rows"],
  ])("%s", async (_title, text, words) => expect(await refusal(text)).toBe(words));

  test.each([
    ["a quote that is not closed for a million characters", `a,b\n"${"x,\n".repeat(300_000)}`],
    ["a million quotes and no end", `a,b\n"${'"'.repeat(1_000_000)}`],
  ])("not %s", async (_title, text) =>
    expect(await refusal(text)).toMatch(/^400 malformed_csv .* a quote is not closed/),
  );
});
