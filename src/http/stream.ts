// A response's pieces → node's streams: what is slow to read is slow to be asked for.
import type { ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";

/** One piece is made ready while another is written. */
export const streamOf = (pieces: AsyncIterable<string>): Readable => Readable.from(pieces, { highWaterMark: 1 });

/** A client must not take a broken answer for a whole one: what fails cuts the connection, and is handed to `failed`. */
export function writePieces(
  res: ServerResponse,
  pieces: AsyncIterable<string>,
  failed: (error: unknown) => void,
): void {
  pipeline(streamOf(pieces), res, (error) => {
    // A client that left has not failed.
    if (error && (error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") failed(error);
  });
}
