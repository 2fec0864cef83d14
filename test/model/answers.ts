// One request, one answer.
import type { Api } from "../../src/api/api.js";
import type { ApiResponse } from "../../src/http/message.js";
import { anyAsk } from "./any-ask.js";
import type { Property } from "./cases.js";
import { type Answer, evaluate } from "./evaluate.js";
import { type Ask, parametersOf, pathOf, queryOf } from "./query.js";
import { shownJson } from "./value.js";

export const answers: Property<Ask> = {
  any: anyAsk,
  found: async (api, ask) => answerOf(await get(api, pathOf(ask), queryOf(ask))),
  wanted: evaluate,
  told,
};

/** Once for reading, and once as it is sent. */
export function told(ask: Ask): string {
  const parameters = parametersOf(ask).map((pair) => `  ${pair.join("=")}`);
  return [`GET ${pathOf(ask)}`, ...parameters, `GET ${pathOf(ask)}?${queryOf(ask)}`].join("\n");
}

export async function get(api: Api, path: string, query: string): Promise<ApiResponse> {
  const request = {
    method: "GET",
    path,
    query,
    prefix: "",
    header: () => undefined,
    body: async () => ({ kind: "bytes", bytes: Buffer.alloc(0) }) as const,
    raw: undefined,
  };
  return (await api.handle(request)) ?? { status: 404, headers: {}, body: "no route" };
}

/** What is refused although it makes sense is told by its problem document. */
export function answerOf({ status, headers, body }: ApiResponse): Answer & { problem?: string } {
  if (status === 404) return { status };
  if (status !== 200) return { status, problem: String(body) };
  const [total, range] = [headers["x-total-count"], headers["content-range"]];
  return {
    status,
    body: shownJson(String(body ?? "")),
    ...(total === undefined && range === undefined ? {} : { total, range }),
  };
}
