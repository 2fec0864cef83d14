// Accept → the form of the answer (RFC 9110, 12.5.1). JSON is what everything has; lists have CSV and NDJSON too, and what has a geometry GeoJSON.
import type { ApiRequest } from "./message.js";
import { problem } from "./problem.js";

export type Form = "json" | "csv" | "ndjson" | "geojson";

/** The forms of lists of whatever rows. */
export const listForms: readonly Form[] = ["json", "csv", "ndjson"];

/** One JSON text a line (https://github.com/ndjson/ndjson-spec). */
export const NDJSON_TYPE = "application/x-ndjson";
/** RFC 7946. */
export const GEOJSON_TYPE = "application/geo+json";

/** Ranges that a form is in; of those that are named the closest one holds. Of two forms that are wanted alike it is the first. */
const ranges: Readonly<Record<Form, readonly string[]>> = {
  json: ["application/json", "application/*", "*/*"],
  csv: ["text/csv", "text/*", "*/*"],
  ndjson: [NDJSON_TYPE, "application/*", "*/*"],
  geojson: [GEOJSON_TYPE],
};
const mediaTypes: Readonly<Record<Form, string>> = {
  json: "application/json",
  csv: "text/csv",
  ndjson: NDJSON_TYPE,
  geojson: GEOJSON_TYPE,
};
/** With a weight, which may be 0: nothing of it is wanted. */
const WEIGHED = /;\s*q\s*=/i;

/** `forms` are those that the answer may have. Throws 406. */
export function requireAcceptable(request: ApiRequest, forms: readonly Form[]): void {
  const accept = request.header("accept");
  if (accept === undefined || accept === "" || (accept.includes("*/*") && !WEIGHED.test(accept))) return;
  const weights = weightsIn(accept);
  if (closest(weights, "json").weight > 0 || (weights.get("application/problem+json") ?? 0) > 0) return;
  if (formOf(request, forms) !== "json") return;
  const types = forms.map((form) => mediaTypes[form]);
  const named = types.length === 1 ? types[0] : `${types.slice(0, -1).join(", ")} or ${types.at(-1)}`;
  const why =
    weights.has(GEOJSON_TYPE) && !forms.includes("geojson")
      ? ` ${GEOJSON_TYPE} is for rows and lists of tables with a column of geometries.`
      : "";
  throw problem("not_acceptable", `Answers are ${named}: accept that, or */*.${why}`);
}

/** Is this media type wanted? */
export function accepts(request: ApiRequest, type: string): boolean {
  const accept = request.header("accept");
  if (accept === undefined || accept.trim() === "") return true;
  const weights = weightsIn(accept);
  const range = [type, type.replace(/\/.*/, "/*"), "*/*"].find((one) => weights.has(one));
  return (weights.get(range ?? "") ?? 0) > 0;
}

/** The form with the greatest weight; of equal ones that which is named more closely. */
export function formOf(request: ApiRequest, forms: readonly Form[] = listForms): Form {
  const accept = request.header("accept");
  if (accept === undefined || !/text\/(csv|\*)|ndjson|geo\+json/i.test(accept)) return "json";
  const weights = weightsIn(accept);
  const wanted = forms.map((form) => ({ form, ...closest(weights, form) }));
  const [best] = wanted.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight || a.at - b.at);
  return best?.form ?? "json";
}

/** The first of a form's ranges that is named, and its weight (RFC 9110, 12.5.1: the most specific one has precedence). */
function closest(weights: ReadonlyMap<string, number>, form: Form): { at: number; weight: number } {
  const at = ranges[form].findIndex((range) => weights.has(range));
  return { at, weight: weights.get(ranges[form][at] ?? "") ?? 0 };
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
