// A long answer goes out in parts, with others in between.
import { expect, test } from "vitest";
import type { ApiResponse } from "../../src/http/message.js";
import { inSlices } from "../../src/http/stream.js";

const answer = (body: string): ApiResponse => ({ status: 200, headers: { "content-type": "application/json" }, body });

async function piecesOf({ pieces }: ApiResponse): Promise<string[]> {
  const all: string[] = [];
  for await (const piece of pieces ?? []) all.push(piece);
  return all;
}

test("a short answer stays as it is", () => {
  const short = answer("[]");
  expect(inSlices(short)).toBe(short);
});

test.each(["a", "é", "🌲", "a🌲"])("a long one of %j is the same bytes, with their number", async (letter) => {
  const text = `"${letter.repeat(2_000_000)}"`;
  const sliced = await inSlices(answer(text));
  expect(sliced.body).toBeUndefined();
  const length = String(Buffer.byteLength(text));
  expect(sliced.headers).toEqual({ "content-type": "application/json", "content-length": length });
  const pieces = await piecesOf(sliced);
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(200_000);
  // Each piece is made bytes by itself.
  expect(Buffer.concat(pieces.map((piece) => Buffer.from(piece))).equals(Buffer.from(text))).toBe(true);
});
