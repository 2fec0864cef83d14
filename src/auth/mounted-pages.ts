// The pages of signing in, at fixed paths below the mount point. They win over rows of the same path.

import { finish, refuse } from "../http/finish.js";
import type { ApiRequest, ApiResponse, Identify } from "../http/message.js";
import type { PageMatch } from "../http/page.js";
import { HttpError, problem } from "../http/problem.js";

/** A page asks itself who asks: one that signs in has no use for it. What it throws as an `HttpError` is its answer. */
export type AuthPage = (request: ApiRequest, identify: Identify) => ApiResponse | Promise<ApiResponse>;

/** Path → method → answer: `{ "/auth/token": { POST: … } }`. Below `/auth` all of them; the last segment may be `:id`. */
export type AuthPages = Readonly<Record<string, Readonly<Record<string, AuthPage>>>>;

const TOP = "/auth/";

/** The page at a path. */
export function pagesOf(pages: AuthPages, identify: Identify): (path: string) => PageMatch | undefined {
  const found = new Map<string, PageMatch>(
    Object.entries(pages).map(([path, answers]) => {
      const page = (request: ApiRequest) => shown(answers, request, identify);
      return [path, { type: "page", pattern: path, page }];
    }),
  );
  return (path) => {
    if (!path.startsWith(TOP)) return undefined;
    return found.get(path) ?? found.get(`${path.slice(0, path.lastIndexOf("/"))}/:id`);
  };
}

async function shown(answers: AuthPages[string], request: ApiRequest, identify: Identify): Promise<ApiResponse> {
  try {
    return finish(request, await answered(answers, request, identify));
  } catch (error) {
    if (error instanceof HttpError) return refuse(request, error);
    throw error;
  }
}

function answered(answers: AuthPages[string], request: ApiRequest, identify: Identify) {
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (Object.hasOwn(answers, method)) return (answers[method] as AuthPage)(request, identify);
  const allow = [...Object.keys(answers), ...("GET" in answers ? ["HEAD"] : []), "OPTIONS"].join(", ");
  if (method === "OPTIONS") return { status: 204, headers: { allow } };
  throw problem("method_not_allowed", `${method} is not one of ${allow}.`, { headers: { allow } });
}
