// A response's pieces → node's streams: what is slow to read is slow to be asked for.
import type { ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { isLongText, slicesOf, textBytes } from "../base/slices.js";
import type { ApiResponse } from "./message.js";

/** A long text is written in parts, with its length: made bytes and written in one piece, it would hold up everybody else. */
export const inSlices = (response: ApiResponse): ApiResponse | Promise<ApiResponse> =>
  response.body !== undefined && isLongText(response.body) ? sliced(response, response.body) : response;

async function sliced({ body: _, ...response }: ApiResponse, text: string): Promise<ApiResponse> {
  const headers = { ...response.headers, "content-length": String(await textBytes(text)) };
  return { ...response, headers, pieces: slicesOf(text) };
}

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
