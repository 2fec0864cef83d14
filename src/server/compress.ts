// Answers made smaller for clients that take gzip or brotli.
import compression from "compression";
import type { Wrapper } from "./listener.js";

/**
 * A strong entity tag belongs to the bytes that it came with (RFC 9110, 8.8.1), and rows are written by it (`If-Match`):
 * answers that have one, which are single rows, go out as they are.
 */
export function createCompression(): Wrapper {
  const compress = compression({
    filter: (req, res) => !String(res.getHeader("etag") ?? "").startsWith('"') && compression.filter(req, res),
  });
  return (req, res, next) => compress(req as never, res as never, next);
}
