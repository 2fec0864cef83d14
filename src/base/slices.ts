// A long text, a part at a time: others have their turn of the event loop in between.
import { turnOver } from "./turn.js";

/** Longer texts than this are looked at and written in parts. */
const LONG = 1_048_576;
/** Characters that are made bytes at once (measured: about 1 ms). */
const SLICE = 131_072;

export const isLongText = (text: string): boolean => text.length > LONG;

export async function* slicesOf(text: string): AsyncGenerator<string, void> {
  for (let at = 0; at < text.length; ) {
    const end = endOfSlice(text, at);
    yield text.slice(at, end);
    at = end;
    await turnOver();
  }
}

/** How many bytes the text is as UTF-8. */
export const textBytes = (text: string): number | Promise<number> =>
  isLongText(text) ? bytesInTurns(text) : Buffer.byteLength(text);

async function bytesInTurns(text: string): Promise<number> {
  let bytes = 0;
  for await (const slice of slicesOf(text)) bytes += Buffer.byteLength(slice);
  return bytes;
}

/** A pair of surrogates stays together: each half alone would be another character. */
function endOfSlice(text: string, at: number): number {
  const end = at + SLICE;
  return isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
