// The pages that OAuth 2 clients use: fields in, and answers as RFC 6749 has them, beside the project's problem documents.
import { finish } from "../http/finish.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";
import { HttpError, type ProblemCode, problemResponse } from "../http/problem.js";
import { type FormFields, readFields } from "./form.js";

/** RFC 6749, 5.1: nobody may keep what has a token in it. */
export const unkept = { "cache-control": "no-store", pragma: "no-cache" } as const;

export const oauthJson = (
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): ApiResponse => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...unkept, ...headers },
  body: JSON.stringify(value),
});

/** The page of such an answer. */
export const oauthPage =
  (work: (fields: FormFields, request: ApiRequest) => Promise<ApiResponse>) =>
  async (request: ApiRequest): Promise<ApiResponse> => {
    try {
      return await work(await readFields(request, { form: true }), request);
    } catch (error) {
      if (error instanceof HttpError) return finish(request, refused(error));
      throw error;
    }
  };

/** RFC 6749, 5.2. A client reads `error` only in `application/json`; the other members are the problem document's. */
function refused(error: HttpError): ApiResponse {
  const { status, headers, body = "{}" } = problemResponse(error);
  const members = { error: errorOf(error), error_description: error.message, ...JSON.parse(body) };
  return oauthJson(members, status, { ...headers, "content-type": "application/json; charset=utf-8" });
}

function errorOf({ code, status }: HttpError): string {
  const own: readonly ProblemCode[] = ["invalid_grant", "unsupported_grant_type"];
  if ((own as readonly string[]).includes(code)) return code;
  if (status === 403) return "access_denied";
  return status === 429 || status >= 500 ? "temporarily_unavailable" : "invalid_request";
}
