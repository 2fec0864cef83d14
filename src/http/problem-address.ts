// Where a problem's `type` leads: instead of a URN an address, with the code behind it.
import { ConfigError } from "../base/config-error.js";
import type { ApiResponse } from "./message.js";
import { PROBLEM_URN } from "./problem.js";

const BEGINNING = `{"type":"${PROBLEM_URN}`;

/** Throws a `ConfigError` for what begins no address. */
export function checkProblemBase(base: unknown, place: string): void {
  if (typeof base === "string" && /^(https?:\/\/[^\s"\\]+|\/[^\s"\\]*)$/.test(base)) return;
  throw new ConfigError(
    place,
    `is what stands before a code in an address, as "/docs/errors#" or "https://shop.example/errors/", not ${JSON.stringify(base)}.`,
  );
}

/** The same answer; a problem document with that `type`. Of a HEAD it has the length that GET has. */
export function problemsAt(base: string | undefined): (response: ApiResponse) => ApiResponse {
  if (base === undefined) return (response) => response;
  const longer = Buffer.byteLength(base) - PROBLEM_URN.length;
  return (response) => {
    const { body, headers } = response;
    if (headers["content-type"]?.startsWith("application/problem+json") !== true) return response;
    if (body?.startsWith(BEGINNING)) return { ...response, body: `{"type":"${base}${body.slice(BEGINNING.length)}` };
    const { "content-length": length } = headers;
    if (length === undefined) return response;
    return { ...response, headers: { ...headers, "content-length": String(Number(length) + longer) } };
  };
}
