// Accept-Encoding → may the answer be gzip? (RFC 9110, 12.5.3)
import type { ApiRequest } from "./message.js";

/** Where it is named, or everything is, and the bytes as they are are not wanted more. */
export function takesGzip(request: ApiRequest): boolean {
  const said = request.header("accept-encoding")?.toLowerCase() ?? "";
  if (!said.includes("gzip") && !said.includes("*")) return false;
  const weights = new Map(said.split(",").map(weightOf));
  const gzip = weights.get("gzip") ?? weights.get("*") ?? 0;
  return gzip > 0 && gzip >= (weights.get("identity") ?? 0);
}

function weightOf(item: string): readonly [string, number] {
  const [coding = "", ...parameters] = item.split(";").map((part) => part.trim());
  const weight = parameters.find((part) => part.startsWith("q="))?.slice(2) ?? "1";
  return [coding, Number(weight) || 0];
}
