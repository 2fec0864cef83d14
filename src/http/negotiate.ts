// Accept → the form of the answer (RFC 9110, 12.5.1). JSON is what everything has; lists have CSV too.
import type { ApiRequest } from "./message.js";
import { problem } from "./problem.js";

/** Ranges that JSON is in; of those that are named the closest one holds. */
const JSON_RANGES = ["application/json", "application/*", "*/*"];
const CSV_RANGES = ["text/csv", "text/*", "*/*"];
/** With a weight, which may be 0: nothing of it is wanted. */
const WEIGHED = /;\s*q\s*=/i;

/** Throws 406. */
export function requireAcceptable(request: ApiRequest, isList: boolean): void {
  const accept = request.header("accept");
  if (accept === undefined || accept === "" || (accept.includes("*/*") && !WEIGHED.test(accept))) return;
  const weights = weightsIn(accept);
  if (closest(weights, JSON_RANGES).weight > 0 || (weights.get("application/problem+json") ?? 0) > 0) return;
  if (isList && wantsCsv(request)) return;
  throw problem("not_acceptable", `Answers are application/json${isList ? " or text/csv" : ""}: accept that, or */*.`);
}

/** CSV has the greater weight; or the same, and is named where JSON is only not excluded. */
export function wantsCsv(request: ApiRequest): boolean {
  const accept = request.header("accept");
  if (accept === undefined || !/text\/(csv|\*)/i.test(accept)) return false;
  const weights = weightsIn(accept);
  const [csv, json] = [closest(weights, CSV_RANGES), closest(weights, JSON_RANGES)];
  return csv.weight > json.weight || (csv.weight > 0 && csv.weight === json.weight && csv.at < json.at);
}

/** The first of the ranges that is named, and its weight (RFC 9110, 12.5.1: the most specific one has precedence). */
function closest(weights: ReadonlyMap<string, number>, ranges: readonly string[]): { at: number; weight: number } {
  const at = ranges.findIndex((range) => weights.has(range));
  return { at, weight: weights.get(ranges[at] ?? "") ?? 0 };
}

/** By media ranges, in lower case. */
function weightsIn(accept: string): ReadonlyMap<string, number> {
  return new Map(
    accept
      .toLowerCase()
      .split(",")
      .map((range) => {
        const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
        const [, weight = "1"] = parameters.map((text) => /^q\s*=\s*([\d.]+)$/.exec(text)).find(Boolean) ?? [];
        return [type, Number(weight)];
      }),
  );
}
