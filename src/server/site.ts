// Which part of the server answers a request: a page of its own (`/`, `/health`), a database's API below its prefix, or nobody.
import type { IncomingMessage } from "node:http";
import { profileName } from "../api/profiled.js";
import { didYouMean, excerpt } from "../base/suggest.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";
import { HttpError, problem, problemResponse } from "../http/problem.js";
import { ofProfile } from "../http/profile.js";
import { safeHeaders } from "../http/safe-headers.js";
import { nameSpan } from "../http/span.js";
import { below, splitUrl, type Target } from "../http/target.js";
import { matchPath } from "../routes/match.js";
import type { RouteTree } from "../routes/tree.js";
import { whereabouts } from "../routes/whereabouts.js";
import { asksWho, forAdmins } from "./callers.js";
import { unforeseen } from "./internal-error.js";
import { type Mount, shownByMount } from "./mount.js";
import { findPage, type ServedPage, type Site, showPage } from "./page.js";
import { createDocs } from "./pages/docs-page.js";
import { createHealthPage } from "./pages/health-page.js";
import { createIndex } from "./pages/index-page.js";
import { createMcpPages } from "./pages/mcp-page.js";
import { createMetadataPage } from "./pages/metadata-page.js";
import { createMetricsPage } from "./pages/metrics-page.js";
import { createProbes } from "./pages/probe-pages.js";
import { createRefresh } from "./pages/refresh-page.js";
import { madeDocuments } from "./pages/schema-document.js";
import { createSchemaPages } from "./pages/schema-pages.js";
import { seenOf } from "./request-record.js";
import { toApiRequest } from "./translate.js";

/** The server's own pages. Another one is another line. */
const pagesOf = (site: Site): readonly ServedPage[] => [
  { path: "/", get: createIndex(site) },
  { path: "/health", get: createHealthPage(site) },
  ...createProbes(site),
  ...createDocs(site),
  { path: "/admin/refresh", post: forAdmins(site, createRefresh(site)) },
  { path: "/metadata", get: createMetadataPage(site) },
  ...createSchemaPages(site),
  ...createMcpPages(site),
  ...(site.registry === undefined
    ? []
    : [{ path: "/metrics", get: forAdmins(site, createMetricsPage(site.registry, site.peers)) }]),
];

/** Answers every request, and never rejects. */
export function createSite(site: Site): (req: IncomingMessage) => Promise<ApiResponse> {
  const pages = pagesOf(site);
  const bodyLimit = bodyLimitOf(site);
  const safe = safeHeaders(asksWho(site), site.keyHeaders);
  const documents = madeDocuments(site);
  refuseClash(site, pages);
  return async (req) => {
    const target = splitUrl(req.url);
    try {
      return await answer(req, target);
    } catch (error) {
      return error instanceof HttpError ? problemResponse(error) : unforeseen(req, error);
    }
  };

  async function answer(req: IncomingMessage, target: Target): Promise<ApiResponse> {
    const found = findPage(pages, target.path);
    if (found !== undefined) {
      const { page, rest } = found;
      note(req, page.path);
      const request = toApiRequest(req, page.path, { ...target, path: rest }, bodyLimit);
      return safe(request, toldProfile(site, request, await showPage(page, request)));
    }
    for (const mount of [...topOf(site, target.path), ...site.mounts]) {
      const { prefix, api } = mount;
      const path = below(prefix, target.path);
      if (path === undefined) continue;
      const request = toApiRequest(req, prefix, { ...target, path }, api.limits.bodyLimit);
      const matched = api.match(path, request) ?? (await api.find(path, target.query, request));
      if (matched === undefined) continue;
      note(req, prefix + matched.pattern, true);
      nameSpan(prefix, matched.pattern);
      const own = matched.type === "page" ? await documents(mount, path, request) : undefined;
      if (own !== undefined) return safe(request, own);
      const response = await api.handle(request, matched);
      if (response !== undefined) return response;
    }
    const off = site.off.find((name) => below(`${site.prefix}/${name}`, target.path) !== undefined);
    if (off !== undefined)
      throw problem("no_route", `The database ${off} is switched off (active: false). The others are listed at /.`);
    const trees = site.mounts.map(async (mount) => {
      // The query is not one of a page about the API, where it might say a profile.
      const { tree } = await shownByMount(toApiRequest(req, mount.prefix, { ...target, query: "" }, bodyLimit), mount);
      return { ...mount, tree };
    });
    const known = await Promise.all(trees);
    throw problem("no_route", `There is nothing at ${excerpt(target.path)}. ${hint(site.prefix, known, target.path)}`);
  }
}

/** What a page says is the profile's that was asked for. Of several databases each may have others. */
function toldProfile({ mounts }: Site, request: ApiRequest, response: ApiResponse): ApiResponse {
  if (mounts.every(({ api }) => api.profiles === undefined)) return response;
  const [{ name, api }] = mounts as readonly [Mount, ...Mount[]];
  return ofProfile(response, name === undefined ? profileName(api, request) : undefined);
}

/** The pages of signing in stand at the top too, where there is one place only to sign in to. */
function topOf({ mounts, oneAuth }: Site, path: string): readonly Mount[] {
  const [only] = mounts as readonly [Mount, ...Mount[]];
  if ((only.name !== undefined && !oneAuth) || !path.startsWith("/auth/")) return [];
  const matched = only.api.match(path);
  return matched?.type === "page" ? [{ ...only, prefix: "" }] : [];
}

function note(req: IncomingMessage, route: string, counted = false): void {
  const seen = seenOf(req);
  if (seen === undefined) return;
  seen.route = route;
  seen.counted = counted;
}

/** The most bytes of a body that anything here takes. */
export const bodyLimitOf = ({ mounts }: Site): number => Math.max(...mounts.map(({ api }) => api.limits.bodyLimit));

/** A mount, and its tree as whoever asks may see it. */
interface Known extends Mount {
  readonly tree: RouteTree;
}

/** Where a path that leads nowhere was meant to lead. */
function hint(prefix: string, mounts: readonly Known[], path: string): string {
  // The prefix was forgotten, or the database's name as well.
  const tried = [path, prefix + path, ...mounts.map((mount) => mount.prefix + path)];
  const inside = tried.flatMap((path) => mounts.flatMap((mount) => insideOf(mount, path) ?? []));
  const [whole] = inside.filter(({ tree, inner }) => matchPath(tree, inner));
  if (whole !== undefined) return `Perhaps you meant ${excerpt(whole.prefix + whole.inner)}.`;
  const [near] = inside.flatMap(({ tree, prefix, inner }) => whereabouts(tree, inner, prefix) ?? []);
  if (near !== undefined) return near;
  const names = mounts.flatMap(({ name }) => name ?? []);
  const name = (below(prefix, path) ?? path).split("/")[1] ?? "";
  const like = names.includes(name) ? "" : didYouMean(name, names);
  return `Resources are below ${mounts.map(({ prefix }) => `${prefix}/`).join(", ")}, listed at /.${like}`;
}

/** The path behind the mount's prefix. */
function insideOf({ prefix, tree }: Known, path: string) {
  const inner = below(prefix, path);
  return inner === undefined ? undefined : { prefix, tree, inner };
}

/** A table called `health` at the top would be hidden by the page: the developer must choose. */
function refuseClash({ mounts }: Site, pages: readonly ServedPage[]): void {
  const taken = (path: string) => findPage(pages, path) !== undefined;
  for (const mount of mounts)
    if (mount.prefix !== "" && taken(mount.prefix))
      throw new Error(`The path ${mount.prefix} is taken by the server's own page: choose another prefix or name.`);
  for (const { prefix, api } of mounts)
    for (const path of Object.keys(api.tree.root.literals).map((name) => `${prefix}/${name}`))
      if (taken(path))
        throw new Error(
          `The table at ${path} would hide behind the server's page ${path}: choose a prefix, or another --docs.`,
        );
}
