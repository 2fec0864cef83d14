// A request as an adapter hands it to `api.handle`, whose body a parser has read already.
import type { Api } from "../../src/api/api.js";
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

interface Parts {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** `askJson(api, "POST /notes?select=id", body)` → the answer's status, 0 where no route has the path, and its JSON, `null` where it has no body. */
export async function askJson(api: Pick<Api, "handle">, line: string, body?: unknown, parts: Parts = {}) {
  const [method = "", address = ""] = line.split(" ");
  const answer = await api.handle({
    ...jsonRequest(method, address, body, parts.headers),
    ...(parts.signal && { signal: parts.signal }),
  });
  return { status: answer?.status ?? 0, json: JSON.parse((answer?.body as string | undefined) || "null") };
}
