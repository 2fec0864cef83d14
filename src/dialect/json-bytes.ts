// What bytes are to JSON (RFC 8259): those of numbers, and those that a string has not bare.

/** The highest bit of each byte of a word. */
export const BEYOND = 0x80808080;
/** Nothing in three of a word's bytes that is to be escaped. */
export const SPACES = 0x20202000;
const [ZERO, MINUS, PLUS, POINT, E] = [0x30, 0x2d, 0x2b, 0x2e, 0x65];

/** What may stand behind a whole number: a fraction, an exponent, or both. */
export function isFraction(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  if (bytes[at] === POINT) {
    at = pastDigits(bytes, from + 1, to);
    if (at === from + 1) return false;
  }
  if (at === to) return true;
  if (((bytes[at] as number) | 0x20) !== E) return false;
  const exponent = at + (bytes[at + 1] === MINUS || bytes[at + 1] === PLUS ? 2 : 1);
  at = pastDigits(bytes, exponent, to);
  return at > exponent && at === to;
}

export const isDigit = (byte: number): boolean => byte >= ZERO && byte <= 0x39;

function pastDigits(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at] as number)) at++;
  return at;
}

/**
 * Has one of four bytes to be escaped? Where a byte is less than another one, their difference borrows its highest bit, which
 * those below 128 have not themselves; equal to one is: less than 1 when their bits are taken apart.
 */
export function needsEscape(word: number): boolean {
  const [quotes, backslashes] = [word ^ 0x22222222, word ^ 0x5c5c5c5c];
  const control = (word - 0x20202020) & ~word;
  const equal = ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes);
  return ((control | equal) & BEYOND) !== 0;
}

/** By the byte: those that JSON has no bare. */
export const escapes: readonly (Buffer | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const quoted = JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
  return quoted.length > 1 ? Buffer.from(quoted) : undefined;
});
