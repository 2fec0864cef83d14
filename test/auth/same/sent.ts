// One request to an API, as one of its roles.
import type { Api } from "../../../src/api/api.js";

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** From the page behind the first row of somebody who sees all. */
  readonly cursor?: boolean;
}

/** With how many statements it took. */
export async function send(api: Api, { method, path, query, headers, body }: Sent, role: unknown = "member") {
  const bytes = Buffer.from(body === undefined ? "" : JSON.stringify(body));
  const all: Readonly<Record<string, string>> =
    body === undefined ? headers : { "content-type": "application/json", ...headers };
  const answer = api.handle({
    ...{ method, path, query, prefix: "" },
    header: (name) => all[name],
    body: async () => ({ kind: "bytes", bytes }),
    raw: role,
  });
  // A defect is told with its request.
  const response = await answer.catch((error: unknown) => ({
    status: 500,
    headers: {},
    body: String(error),
    pieces: undefined,
  }));
  if (response === undefined) return { status: 404, headers: {} as Record<string, string>, body: "no route" };
  const headersOf: Readonly<Record<string, string>> = response.headers;
  const { "server-timing": timing = "", age: _age, ...shown } = headersOf;
  let text = response.body ?? ("bytes" in response ? String(response.bytes ?? "") : "");
  if (response.pieces !== undefined) for await (const piece of response.pieces) text += piece;
  const statements = /desc="(\d+)/.exec(timing)?.[1];
  return { status: response.status, headers: shown as Record<string, string>, body: text, statements };
}
