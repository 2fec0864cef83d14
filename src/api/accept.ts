// Accept → may the answer be JSON? (RFC 9110, 12.5.1)
import type { ApiRequest } from "./message.js";
import { problem } from "./problem.js";

export function requireJsonAccepted(request: ApiRequest): void {
  const accept = request.header("accept");
  if (accept === undefined || accept === "" || accept.includes("*/*")) return;
  const ranges = accept.split(",").map((range) => range.trim().toLowerCase());
  if (
    ranges.some(
      (range) => /^application\/(\*|json|problem\+json)\s*(;|$)/.test(range) && !/;\s*q=0(\.0*)?\s*(;|$)/.test(range),
    )
  )
    return;
  throw problem("not_acceptable", "Answers are application/json: accept that, or */*.");
}
