// Texts and files → answers that clients keep, and ask for again each time.
import { etagOf } from "../http/conditional.js";
import type { ApiResponse } from "../http/message.js";
import type { Asset } from "./asset.js";
import { policy } from "./html.js";

/** What they show changes with the schema and with the version of this package. */
export const keptHeaders = { "x-content-type-options": "nosniff", "cache-control": "no-cache" };

export const textAnswer = (type: string, body: string): ApiResponse => ({
  status: 200,
  headers: { ...keptHeaders, "content-type": type, etag: etagOf(body) },
  body,
});

export const fileAnswer = ({ type, text: body, etag }: Asset): ApiResponse => ({
  status: 200,
  headers: { ...keptHeaders, "content-type": type, etag },
  body,
});

export const html = (body: string): ApiResponse => withPolicy(textAnswer("text/html; charset=utf-8", body));

export const image = (svg: string): ApiResponse => withPolicy(textAnswer("image/svg+xml; charset=utf-8", svg));

function withPolicy(response: ApiResponse): ApiResponse {
  const headers = { ...response.headers, "content-security-policy": policy, "referrer-policy": "no-referrer" };
  return { ...response, headers };
}
