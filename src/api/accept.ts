// Accept → the form of the answer (RFC 9110, 12.5.1). JSON is what everything has; lists have CSV too.
import type { ApiRequest } from "./message.js";
import { problem } from "./problem.js";

const JSON_RANGES = ["application/json", "application/problem+json", "application/*"];

/** Throws 406. */
export function requireAcceptable(request: ApiRequest, isList: boolean): void {
  const accept = request.header("accept");
  if (accept === undefined || accept === "" || accept.includes("*/*")) return;
  const weights = weightsIn(accept);
  if (JSON_RANGES.some((range) => (weights.get(range) ?? 0) > 0)) return;
  if (isList && wantsCsv(request)) return;
  throw problem("not_acceptable", `Answers are application/json${isList ? " or text/csv" : ""}: accept that, or */*.`);
}

/** CSV has the greater weight; or the same, and is named where JSON is only not excluded. */
export function wantsCsv(request: ApiRequest): boolean {
  const accept = request.header("accept");
  if (accept === undefined || !/text\/(csv|\*)/i.test(accept)) return false;
  const weights = weightsIn(accept);
  const best = (...types: readonly string[]) => {
    const at = types.findIndex((type) => weights.has(type));
    return { at, weight: weights.get(types[at] ?? "") ?? 0 };
  };
  const csv = best("text/csv", "text/*", "*/*");
  const json = best("application/json", "application/*", "*/*");
  return csv.weight > json.weight || (csv.weight > 0 && csv.weight === json.weight && csv.at < json.at);
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
