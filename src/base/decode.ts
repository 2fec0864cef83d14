// Bytes and the name of their character set → the text.

/**
 * Throws where the name is unknown, and with `fatal` where the bytes are no such text. As a stream: in one call Node 20 takes bytes of
 * windows-1252 for Latin 1, and its € for a control character (https://github.com/nodejs/node/issues/56542).
 */
export function decode(bytes: Uint8Array, charset: string, { fatal = false } = {}): string {
  const decoder = new TextDecoder(charset, { fatal });
  return decoder.decode(bytes, { stream: true }) + decoder.decode();
}
