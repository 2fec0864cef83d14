// The last step of each answer: what every kind of request has in common.
import type { ApiRequest, ApiResponse } from "./message.js";
import { type HttpError, problemResponse } from "./problem.js";

/** HEAD is GET without the body, but with its length where that is known (RFC 9110, 9.3.2). */
export function finish(request: ApiRequest, response: ApiResponse): ApiResponse {
  if (request.method !== "HEAD") return response;
  const { status, headers } = response;
  const body = response.body ?? response.bytes;
  if (body === undefined) return { status, headers };
  return { status, headers: { ...headers, "content-length": String(Buffer.byteLength(body)) } };
}

/** The answer to a request that is refused. What the database is to blame for is found in the log by the request's id. */
export function refuse(request: ApiRequest, error: HttpError, requestId = request.id): ApiResponse {
  const isLogged = error.cause !== undefined && error.status >= 500;
  return finish(request, problemResponse(error, isLogged ? requestId : undefined));
}
