// What an answer says of a name that is not to be used any more: `Deprecation` (RFC 9745), `Sunset` (RFC 8594), and where the
// successor is (RFC 5829).
import type { ApiResponse } from "./message.js";

export interface OutdatedName {
  /** ISO 8601. */
  readonly since: string;
  readonly sunset?: string;
}

/** `successor` is an address. */
export function withDeprecation(
  response: ApiResponse,
  { since, sunset }: OutdatedName,
  successor: string,
): ApiResponse {
  const link = `<${successor}>; rel="successor-version"`;
  const headers = {
    ...response.headers,
    deprecation: `@${Math.floor(Date.parse(since) / 1000)}`,
    ...(sunset !== undefined && { sunset: new Date(sunset).toUTCString() }),
    link: response.headers.link === undefined ? link : `${response.headers.link}, ${link}`,
  };
  return { ...response, headers };
}
