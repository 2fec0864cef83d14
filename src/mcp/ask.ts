// A tool's request to the API, in the same process. It has the credentials of the agent's user, and so their rights and limits.
import type { Api } from "../api/api.js";
import type { Logger } from "../base/logger.js";
import { excerpt } from "../base/suggest.js";
import { type ApiResponse, requestFrom } from "../http/message.js";
import { HttpError, problem } from "../http/problem.js";
import { whereabouts } from "../routes/whereabouts.js";

export interface Talk {
  readonly api: Pick<Api, "match" | "find" | "handle" | "as" | "identify">;
  readonly logger: Pick<Logger, "error">;
  /** May a tool change anything? */
  readonly writes: boolean;
  /** A header of whoever talks: of credentials alone. */
  header(name: string): string | undefined;
}

export interface ToolQuestion {
  readonly method: string;
  /** `/members/1/groups`, perhaps with its query behind a `?`. */
  readonly path: string;
  readonly query?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** The most characters of one answer that an agent gets. */
export const MOST_CHARACTERS = 40_000;

/** Returns the answer's status and text. Throws an `HttpError` where no route has the path. */
export async function askTool(
  talk: Talk,
  { method, path: said, query = "", body, signal }: ToolQuestion,
): Promise<ToolAnswer> {
  const [path = "", own = ""] = said.split(/\?(.*)/s);
  if (!path.startsWith("/")) throw problem("malformed_path", "A path begins with /, as /members/1/groups.");
  const whole = [own, query.replace(/^\?/, "")].filter((part) => part !== "").join("&");
  const matched = talk.api.match(path) ?? (await talk.api.find(path, whole));
  // Pages are for people, and sign-in is not for tools.
  if (matched?.type !== "route") {
    const near = whereabouts((await shownToTalker(talk)).tree, path) ?? "list_tables names what there is.";
    throw problem("no_route", `There is nothing at ${excerpt(path)}. ${near}`);
  }
  const request = requestFrom(
    {
      ...{ method, path, query: whole, prefix: "", raw: undefined },
      header: (name) => (name === "content-type" && body !== undefined ? "application/json" : talk.header(name)),
      body: async () =>
        body === undefined ? { kind: "bytes", bytes: Buffer.alloc(0) } : { kind: "parsed", value: body },
    },
    () => signal,
  );
  const response = await talk.api.handle(request, matched);
  if (response === undefined) throw problem("no_route", `There is nothing at ${path} any more.`);
  return { status: response.status, text: await textOf(response), headers: response.headers };
}

export interface ToolAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Reads no more of a long body than is shown. */
async function textOf({ body, bytes, pieces }: ApiResponse): Promise<string> {
  if (bytes !== undefined) return `${bytes.length} bytes, which are no text.`;
  if (pieces === undefined) return body ?? "";
  let text = "";
  for await (const piece of pieces) {
    text += piece;
    if (text.length > MOST_CHARACTERS) break;
  }
  return text;
}

/** The caller as the API knows them. Tools tell only of the tables of their role. */
export const shownToTalker = async ({ api, header }: Talk) => {
  const request = requestFrom(
    {
      ...{ method: "GET", path: "/", query: "", prefix: "", raw: undefined, header },
      body: async () => ({ kind: "bytes", bytes: Buffer.alloc(0) }),
    },
    () => undefined,
  );
  return api.as(await api.identify?.(request));
};

export const isRefusal = (error: unknown): error is HttpError => error instanceof HttpError;
