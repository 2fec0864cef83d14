// A request as an adapter hands it to `api.handle`, whose body a parser has read already.
import type { ApiRequest } from "../../src/http/message.js";

export function jsonRequest(
  method: string,
  address: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): ApiRequest {
  const [path = "", query = ""] = address.split("?");
  return {
    ...{ method, path, query, prefix: "", raw: undefined },
    header: (name) => headers[name] ?? (name === "content-type" ? "application/json" : undefined),
    body: async () => ({ kind: "parsed", value: body }),
  };
}
