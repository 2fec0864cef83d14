// What the server shows beside the resources. A page answers to some methods at one path, or at all paths below it too.
import type { Logger } from "../base/logger.js";
import type { Peers } from "../base/peers.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";
import { problem, problemResponse } from "../http/problem.js";
import { below } from "../http/target.js";
import type { McpMode } from "../mcp/modes.js";
import type { MetricsRegistry } from "../observe/metrics-options.js";
import type { DocsPlace } from "../routes/tree.js";
import type { Mount } from "./mount.js";

/** What the pages are about. */
export interface Site {
  /** Where the resources are: `/api`, or empty for the top. With several databases, each is below it by its name. */
  readonly prefix: string;
  /** One without a name, or several with theirs. */
  readonly mounts: readonly Mount[];
  /** Names of databases that are switched off. */
  readonly off: readonly string[];
  /** Have all of several databases the same accounts? */
  readonly oneAuth: boolean;
  readonly document: DocumentSettings;
  /** Left out where there are none. */
  readonly docs?: DocsPlace;
  readonly trustProxy?: boolean;
  /** The roles that may see and do what is about the server, where callers sign in. */
  readonly adminRoles: readonly string[];
  /** In which API keys are sent, in lower case. */
  readonly keyHeaders: readonly string[];
  /** Are there pages that make and change tables, databases and users? */
  readonly schemaRoutes: boolean;
  /** What agents may do at `/mcp`; left out where there is no such page. */
  readonly mcp?: McpMode;
  readonly logger?: Logger;
  /** What `/metrics` shows, where it is there. */
  readonly registry?: MetricsRegistry;
  /** Other workers of this server, where there are such. */
  readonly peers?: Peers;
  /** Has the server been told to stop? */
  isStopping(): boolean;
}

/** What the API's document says of the API as a whole. */
export interface DocumentSettings {
  readonly title?: string;
  readonly apiVersion?: string;
  /** Whole addresses: where there is none, the prefix is the address. */
  readonly server?: readonly string[];
}

export type PageAnswer = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>;

export interface ServedPage {
  readonly path: string;
  /** Answers what is below `path` too: the request's `path` is what stands behind it, perhaps nothing, its `prefix` is `path`. */
  readonly folder?: true;
  /** HEAD is GET without its body. */
  readonly get?: PageAnswer;
  readonly post?: PageAnswer;
  readonly patch?: PageAnswer;
  readonly delete?: PageAnswer;
}

/** JSON that nobody may keep. */
export const jsonPage = (value: unknown): ApiResponse => ({
  status: 200,
  headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
  body: JSON.stringify(value),
});

/** The page at a path, and what of the path stands behind it. */
export function findPage(pages: readonly ServedPage[], path: string): { page: ServedPage; rest: string } | undefined {
  for (const page of pages) {
    if (page.path === path) return { page, rest: "" };
    const rest = page.folder === true ? below(page.path, path) : undefined;
    if (rest !== undefined) return { page, rest };
  }
  return undefined;
}

const answersOf = ({
  get,
  post,
  patch,
  delete: remove,
}: ServedPage): Readonly<Record<string, PageAnswer | undefined>> => ({
  GET: get,
  HEAD: get,
  POST: post,
  PATCH: patch,
  DELETE: remove,
});

/** A page's answer, which for other methods is 405. */
export function showPage(page: ServedPage, request: ApiRequest): ApiResponse | Promise<ApiResponse> {
  const { method } = request;
  const answers = answersOf(page);
  const answer = Object.hasOwn(answers, method) ? answers[method] : undefined;
  if (answer !== undefined) return answer(request);
  const allow = [...Object.keys(answers).filter((name) => answers[name] !== undefined), "OPTIONS"].join(", ");
  if (method === "OPTIONS") return { status: 204, headers: { allow } };
  const detail = `${method} is not one of ${allow}, which this page of the server takes.`;
  return problemResponse(problem("method_not_allowed", detail, { headers: { allow } }));
}
