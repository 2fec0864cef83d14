// A request that a program makes in its own process.
import type { ApiRequest } from "./message.js";

export interface JsonRequestParts {
  /** Any JSON. */
  readonly body?: unknown;
  /** By any spelling of their names: `{ authorization: "Bearer …" }`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** `jsonRequest("POST /orders?on-conflict=merge", { body })`, for `handle`. The path begins below the API's mount point. */
export function jsonRequest(line: string, { body, headers = {} }: JsonRequestParts = {}): ApiRequest {
  const [method = "GET", target = "/"] = line.split(" ");
  const mark = target.indexOf("?");
  const said = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method,
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? "" : target.slice(mark + 1),
    prefix: "",
    header: (name) => said.get(name),
    body: async () =>
      body === undefined ? { kind: "bytes", bytes: Buffer.alloc(0) } : { kind: "parsed", value: body },
    raw: undefined,
  };
}
