// `Range: bytes=0-99` on an answer of bytes: one range (RFC 9110, 14.2). Several at once are overlooked, as the RFC allows.
import type { ApiRequest, ApiResponse } from "./message.js";
import { problem } from "./problem.js";

/** 206 with the part that is asked for, or the whole. Throws 416 for a range behind the end. */
export function inRange(request: ApiRequest, response: ApiResponse & { readonly bytes: Buffer }): ApiResponse {
  const { bytes, headers } = response;
  const asked = request.method === "GET" && holds(request, headers.etag) ? request.header("range") : undefined;
  const match = /^\s*bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/i.exec(asked ?? "");
  if (match === null) return response;
  const [, first, last] = match as unknown as readonly [string, string, string];
  if (first === "" && last === "") return response;
  const { length } = bytes;
  const from = first === "" ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === "" || last === "" ? length - 1 : Math.min(Number(last), length - 1);
  // An end before its beginning is no range (14.1.1).
  if (first !== "" && last !== "" && Number(last) < Number(first)) return response;
  if (from >= length)
    throw problem("range_not_satisfiable", `There are ${length} bytes.`, {
      headers: { "content-range": `bytes */${length}` },
    });
  const range = `bytes ${from}-${to}/${length}`;
  return { status: 206, headers: { ...headers, "content-range": range }, bytes: bytes.subarray(from, to + 1) };
}

/** `If-Range`: a part is of use only beside the other parts of the same bytes (13.1.5). */
function holds(request: ApiRequest, tag: string | undefined): boolean {
  const wanted = request.header("if-range");
  return wanted === undefined || wanted.trim() === tag;
}
