// Which of several schemas a request is for, by the headers of PostgREST: `Accept-Profile` where it reads, `Content-Profile` where it writes.

import { excerpt } from "../base/suggest.js";
import type { ApiRequest, ApiResponse } from "./message.js";
import { type HttpError, problem } from "./problem.js";
import { joiningVary } from "./vary.js";

/** What of a request tells its profile. */
export type ProfileAsking = Pick<ApiRequest, "method" | "header">;

const reading: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "QUERY"]);
const VARY = "Accept-Profile";

/** The name that it says; `undefined` where it says none. `asks`: it reads, whatever its method. */
export function profileSaid(request: ProfileAsking, asks = false): string | undefined {
  const accepted = textOf(request.header("accept-profile"));
  if (reading.has(request.method)) return accepted;
  return (asks ? accepted : undefined) ?? textOf(request.header("content-profile"));
}

const textOf = (said: string | undefined): string | undefined => said?.trim() || undefined;

/** An answer of a profile. Left out, it is an answer that no profile has made, and that would be another one with another name. */
export function ofProfile(response: ApiResponse, name?: string): ApiResponse {
  const { vary, ...headers } = response.headers;
  const joined = joiningVary({ ...headers, vary: VARY }, vary);
  return { ...response, headers: { ...joined, ...(name !== undefined && { "content-profile": name }) } };
}

export const noSuchProfile = (said: string, names: readonly string[]): HttpError =>
  problem("not_acceptable", `There is no profile '${excerpt(said)}'. The profiles are ${names.join(", ")}.`, {
    headers: { vary: VARY },
    further: { profiles: names },
  });
