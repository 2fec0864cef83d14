// Which part of the server answers a request: a page of its own (`/`, `/health`), the API below its prefix, or nobody.
import type { IncomingMessage } from "node:http";
import type { Api } from "../api/create.js";
import type { ApiResponse } from "../api/message.js";
import { HttpError, problem, problemResponse } from "../api/problem.js";
import { shown } from "../request/nearest.js";
import { nearestPath } from "../routes/match.js";
import { createHealth } from "./health.js";
import { below, type Target, toApiRequest, toTarget } from "./translate.js";
import { unforeseen } from "./unforeseen.js";

export interface SiteSettings {
  /** Where the resources are: `/api`, or empty for the top. */
  readonly prefix: string;
  readonly bodyLimit: number;
}

type Page = () => ApiResponse | Promise<ApiResponse>;

/** Answers every request, and never rejects. */
export function createSite(api: Api, settings: SiteSettings): (req: IncomingMessage) => Promise<ApiResponse> {
  const pages = new Map<string, Page>([
    ["/", createIndex(api, settings.prefix)],
    ["/health", createHealth(api)],
  ]);
  refuseClash(api, settings.prefix, pages);
  return async (req) => {
    const target = toTarget(req.url ?? "/");
    try {
      return await answer(req, target);
    } catch (error) {
      return error instanceof HttpError ? problemResponse(error) : unforeseen(req, error);
    }
  };

  async function answer(req: IncomingMessage, target: Target): Promise<ApiResponse> {
    const page = pages.get(target.path);
    if (page !== undefined) return show(page, req.method ?? "GET");
    const path = below(settings.prefix, target.path);
    const found =
      path === undefined
        ? undefined
        : await api.handle(toApiRequest(req, settings.prefix, { ...target, path }, settings.bodyLimit));
    return found ?? nothingAt(target.path);
  }

  function nothingAt(path: string): ApiResponse {
    const first = path.split("/")[1] ?? "";
    const known = settings.prefix !== "" && Object.hasOwn(api.tree.root.literals, first);
    const meant = known ? path : nearestPath(api.tree, below(settings.prefix, path) ?? "");
    const hint = meant
      ? `Perhaps you meant ${settings.prefix}${shown(meant)}.`
      : `Resources are below ${settings.prefix}/, listed at /.`;
    return problemResponse(problem("no_route", `There is nothing at ${shown(path)}. ${hint}`));
  }
}

function show(page: Page, method: string): ApiResponse | Promise<ApiResponse> {
  if (method === "GET" || method === "HEAD") return page();
  const headers = { allow: "GET, HEAD, OPTIONS" };
  if (method === "OPTIONS") return { status: 204, headers };
  return problemResponse(
    problem("method_not_allowed", `This page can only be read, with GET or HEAD, not ${method}.`, { headers }),
  );
}

function createIndex(api: Api, prefix: string): Page {
  const resources = api.tree.resources
    .filter(({ root }) => root)
    .map(({ name }) => `${prefix}/${encodeURIComponent(name)}`);
  const body = JSON.stringify({ name: "sapwood", api: prefix === "" ? "/" : prefix, health: "/health", resources });
  return () => ({ status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body });
}

/** At the top, a table called `health` would be hidden by the page: the developer must choose. */
function refuseClash(api: Api, prefix: string, pages: ReadonlyMap<string, Page>): void {
  if (pages.has(prefix)) throw new Error(`The prefix ${prefix} is taken by the server's own page: choose another.`);
  if (prefix !== "") return;
  const clash = Object.keys(api.tree.root.literals).find((name) => pages.has(`/${name}`));
  if (clash !== undefined)
    throw new Error(`The table at /${clash} would hide behind the server's page /${clash}: choose a prefix.`);
}
