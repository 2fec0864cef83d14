// `/mcp`: the tools of each database for agents, by the Model Context Protocol's streamable HTTP. Off unless it is asked for.
import { profileOf } from "../../api/profiled.js";
import { type Logger, quiet } from "../../base/logger.js";
import type { ApiRequest, ApiResponse } from "../../http/message.js";
import { problem } from "../../http/problem.js";
import { answerOverHttp } from "../../mcp/server.js";
import { readJson } from "../../request/body.js";
import { plainNumbers } from "../../request/rounded.js";
import type { Mount } from "../mount.js";
import type { PageAnswer, ServedPage, Site } from "../page.js";

/** Of several databases each has its own, below its name: `/mcp/main`. */
export function createMcpPages({
  mcp = "off",
  mounts,
  document,
  keyHeaders,
  logger = quiet,
}: Site): readonly ServedPage[] {
  if (mcp === "off") return [];
  const credentials = new Set(["authorization", "cookie", ...keyHeaders]);
  const version = document.apiVersion ?? "1.0.0";
  return mounts.map((mount): ServedPage => {
    const path = mount.name === undefined ? "/mcp" : `/mcp/${mount.name}`;
    return { path, post: answering(mount, { writes: mcp === "write", credentials, version, logger }) };
  });
}

interface Talking {
  readonly writes: boolean;
  readonly credentials: ReadonlySet<string>;
  readonly version: string;
  readonly logger: Pick<Logger, "error">;
}

function answering({ api: all }: Mount, { writes, credentials, version, logger }: Talking): PageAnswer {
  return async (request) => {
    const api = profileOf(all, request);
    const message = plainNumbers(await readJson(request));
    // One after the other is what the protocol's own clients send; many at once would be many requests in one.
    if (Array.isArray(message))
      throw problem("invalid_body", "A message is one JSON object; several are several requests.");
    // Who asks is known before anything is answered, the list of tools too.
    await api.identify?.(request);
    const header = (name: string) => (credentials.has(name) ? request.header(name) : undefined);
    const talk = { api, writes, header, logger };
    return toApiResponse(await answerOverHttp(webRequest(request), message, talk, version));
  };
}

/** Its body was read already. */
function webRequest({ header }: ApiRequest): Request {
  const names = ["accept", "content-type", "mcp-protocol-version", "mcp-session-id"];
  const headers = names.flatMap((name) => {
    const value = header(name);
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
  return new Request("http://sapwood.invalid/mcp", { method: "POST", headers });
}

async function toApiResponse(response: Response): Promise<ApiResponse> {
  const { status } = response;
  const type = response.headers.get("content-type");
  const headers = { "cache-control": "no-store", ...(type !== null && { "content-type": type }) };
  const body = await response.text();
  return body === "" ? { status, headers: { "cache-control": "no-store" } } : { status, headers, body };
}
