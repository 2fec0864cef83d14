// The pages about an API: Swagger UI, the OpenAPI document, the picture of the tables. A fixed list of paths, each with its answer.

import { once } from "../base/once.js";
import { etagOf, notModified } from "../http/conditional.js";
import { finish } from "../http/finish.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";
import { problem, problemResponse } from "../http/problem.js";
import type { DocumentParts } from "../openapi/document.js";
import type { DocsPlace, RouteTree } from "../routes/tree.js";
import { fileAnswer, html, keptHeaders, textAnswer } from "./answers.js";
import { start, style } from "./asset.js";
import { coded } from "./coded.js";
import { diagramPages } from "./diagram-pages.js";
import { diagramScript } from "./diagram-script.js";
import { errorsHtml } from "./errors-html.js";
import { swaggerHtml } from "./html.js";
import type { KeptDocument } from "./kept-document.js";
import { yaml } from "./notation.js";
import type { Shelf } from "./shelf.js";
import { type SwaggerFile, swaggerFile, swaggerFiles } from "./swagger-files.js";

export interface DocsSettings extends DocsPlace {
  /** Where the resources are, beside the document: `/api`, or empty where they are at the same place. */
  readonly resources: string;
  /** The resources' addresses, in place of all that a request tells. */
  readonly servers?: readonly string[];
  /** The whole address of what stands before `document`, where the request tells it and is believed. */
  origin?(request: ApiRequest): string | undefined;
}

export type DocsPage = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>;

/** The same document as YAML (RFC 9512) is beside it: `/openapi.yaml`. */
export const yamlPath = (document: string): string => document.replace(/\.json$/, ".yaml");

/** A tree's document, and where it is kept. The parts say no servers: the pages do. */
export interface DocumentSource {
  readonly shelf: Shelf;
  toParts(servers: readonly string[]): DocumentParts;
}

/** The pages by their paths. They are those of one tree, and what is costly in them is made when it is first asked for. */
export function docsPages(
  tree: RouteTree,
  { shelf, toParts }: DocumentSource,
  settings: DocsSettings,
): ReadonlyMap<string, DocsPage> {
  const { page, document: path, resources, servers = [`.${resources}`] } = settings;
  const here = page.slice(page.lastIndexOf("/") + 1);
  const parts = once(() => toParts(servers));
  const ofDocument = {};
  const document = () => shelf.documentOf(ofDocument, () => toParts(servers));
  const ofOutline = {};
  const ofYaml = {};
  const asYaml = () => shelf.documentOf(ofYaml, () => toParts(servers), yaml);
  const outline = () => shelf.documentOf(ofOutline, () => toParts(servers).outline());
  const diagram = diagramPages(tree, here, () => parts().lists());
  const pages: Readonly<Record<string, DocsPage>> = {
    [page]: once(() => html(swaggerHtml(here, "../".repeat(page.split("/").length - 2) + path.slice(1), tree.profile))),
    // The addresses in the page are relative to the one without a slash at its end.
    [`${page}/`]: () => ({ status: 308, headers: { location: `../${here}` } }),
    ...Object.fromEntries(Object.entries(diagram).map(([end, answer]) => [page + end, answer])),
    [`${page}/errors`]: once(() => html(errorsHtml(here))),
    [`${page}/diagram.js`]: () => fileAnswer(diagramScript),
    [`${page}/start.js`]: () => fileAnswer(start),
    [`${page}/pages.css`]: () => fileAnswer(style),
    ...Object.fromEntries(
      (Object.keys(swaggerFiles) as SwaggerFile[]).map((name): [string, DocsPage] => [
        `${page}/${name}`,
        async (request) => coded(request, await swaggerFile(name), swaggerFiles[name]),
      ]),
    ),
  };
  return new Map<string, DocsPage>([
    ...Object.entries(pages).map(([path, answer]) => [path, shownPage(answer)] as const),
    [path, shownPage(documentAnswer(document, settings))],
    [yamlPath(path), shownPage(documentAnswer(asYaml, settings, "application/yaml"))],
    [`${page}/outline.json`, shownPage(documentAnswer(outline, settings))],
    [`${page}/tag.json`, shownPage(({ query }) => partAnswer(parts().tagAt, query, "tag"))],
    [
      `${page}/tags.json`,
      shownPage(({ query }) => partAnswer((words) => parts().tagsHolding(words), query, "holding")),
    ],
    [`${page}/path.json`, shownPage(({ query }) => partAnswer(parts().pathAt, query, "path"))],
  ]);
}

/** A page can only be read, and a client that has it already is told so. */
export function shownPage(answer: DocsPage): DocsPage {
  const allow = "GET, HEAD, OPTIONS";
  return async (request) => {
    const { method } = request;
    if (method === "OPTIONS") return { status: 204, headers: { allow } };
    if (method === "GET" || method === "HEAD") return finish(request, notModified(request, await answer(request)));
    const detail = `${method} is not one of ${allow}: this page can only be read.`;
    return problemResponse(problem("method_not_allowed", detail, { headers: { allow } }));
  };
}

/** The resources' address is relative to the document's own (OpenAPI 3.1, "Server Object"), but where the whole one is known. */
function documentAnswer(
  document: () => Promise<KeptDocument>,
  { resources, servers, origin }: DocsSettings,
  type = "application/json; charset=utf-8",
): DocsPage {
  if (origin === undefined || servers !== undefined) return async (request) => coded(request, await document(), type);
  return async (request) => {
    const kept = await document();
    const whole = origin(request);
    const response = whole === undefined ? coded(request, kept, type) : at(whole + resources, kept, type);
    return withVary(response, "Accept-Encoding, Host, X-Forwarded-Host, X-Forwarded-Proto, X-Forwarded-Prefix");
  };
}

/** What opening a tag or unfolding an operation needs: a part of the document. */
function partAnswer(
  partAt: (wanted: string) => object | undefined,
  query: string,
  kind: "tag" | "path" | "holding",
): ApiResponse {
  const found = partAt(new URLSearchParams(query).get(kind) ?? "");
  if (found === undefined) return problemResponse(problem("no_route", `The document has no such ${kind}.`));
  return textAnswer("application/json; charset=utf-8", JSON.stringify(found));
}

const withVary = (response: ApiResponse, vary: string): ApiResponse => ({
  ...response,
  headers: { ...response.headers, vary },
});

/** The same with another address of the resources in it. */
function at(url: string, { bytes, servers: [from, to], tag }: KeptDocument, type: string): ApiResponse {
  const servers = JSON.stringify([{ url }]);
  const own = etagOf(tag + servers).slice(1, -1);
  return whole(Buffer.concat([bytes.subarray(0, from), Buffer.from(servers), bytes.subarray(to)]), own, type);
}

const whole = (bytes: Buffer, tag: string, type: string): ApiResponse => ({
  status: 200,
  headers: { ...keptHeaders, "content-type": type, etag: `"${tag}"` },
  bytes,
});
